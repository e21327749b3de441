//! Writes promised addresses into the text of a spec. The text around them is
//! kept byte for byte: only the place is taken from the parsed file.

use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::SpecErrors;
use crate::model::Spec;
use crate::parse::parse;

/// Why addresses were not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinError {
    /// The text is no valid spec.
    Spec(SpecErrors),
    /// There is nothing to write.
    NoAddresses,
    /// No spec may hold these addresses; the spans are of no text that the
    /// caller has.
    Addresses(SpecErrors),
    /// The text would say something else than before.
    Different,
}

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(errors) => write!(f, "the spec is not valid: {errors}"),
            Self::NoAddresses => f.write_str("there is no address to write"),
            Self::Addresses(errors) => write!(f, "the addresses cannot be promised: {errors}"),
            Self::Different => {
                f.write_str("the addresses cannot be written without a change to something else")
            }
        }
    }
}

impl std::error::Error for PinError {}

/// The text of a spec with `addresses` in `[egress]`, in the place of those that
/// are there. All else stays as it is, comments, layout and line endings
/// included; a text that has these addresses comes back unchanged.
///
/// # Errors
///
/// Where the text is no valid spec, or would be none with these addresses, or
/// would mean anything else than the same spec with them.
pub fn pin(text: &str, addresses: &[Ipv4Addr]) -> Result<String, PinError> {
    let before = parse(text).map_err(PinError::Spec)?;
    if addresses.is_empty() {
        return Err(PinError::NoAddresses);
    }
    if before.addresses == addresses {
        return Ok(text.to_owned());
    }
    let pinned = Page::of(text)
        .edit(addresses)
        .and_then(|(place, with)| {
            let (before, after) = (text.get(..place.start)?, text.get(place.end..)?);
            Some([before, &with, after].concat())
        })
        .ok_or(PinError::Different)?;
    let wanted = Spec {
        addresses: addresses.to_vec(),
        ..before
    };
    match parse(&pinned) {
        Ok(after) if after == wanted => Ok(pinned),
        Ok(_) => Err(PinError::Different),
        Err(errors) => Err(PinError::Addresses(errors)),
    }
}

/// More than these go on lines of their own.
const ON_ONE_LINE: usize = 4;
const INDENT: &str = "    ";
const NOTE: &str = "# These were given to partners.";

type Value<'d> = Spanned<DeValue<'d>>;

struct Page<'t> {
    text: &'t str,
    eol: &'static str,
}

impl<'t> Page<'t> {
    fn of(text: &'t str) -> Self {
        let first = text.split_inclusive('\n').next().unwrap_or_default();
        let eol = if first.ends_with("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        Self { text, eol }
    }

    /// What is replaced, and by what.
    fn edit(&self, addresses: &[Ipv4Addr]) -> Option<(Range<usize>, String)> {
        let (document, _) = DeTable::parse_recoverable(self.text);
        let top = document.get_ref();
        let Some(egress) = top.get("egress") else {
            return self.new_table(top.get("zone")?, addresses);
        };
        let DeValue::Table(table) = egress.get_ref() else {
            return None;
        };
        if let Some(old) = table.get("addresses") {
            return Some((old.span(), self.replaced(old, addresses)?));
        }
        self.new_key(egress, table, addresses)
    }

    fn new_key(
        &self,
        egress: &Value<'_>,
        table: &DeTable<'_>,
        addresses: &[Ipv4Addr],
    ) -> Option<(Range<usize>, String)> {
        let last = table.iter().max_by_key(|(_, value)| value.span().end);
        let header = egress.span();
        let written = self.text.get(header.clone())?;
        // Of a dotted table the span is the key's.
        let dotted = if written.starts_with('[') {
            ""
        } else {
            "egress."
        };
        let (at, with) = match last {
            Some((_, value)) if written.starts_with('{') => {
                let list = self.list(addresses, self.indent(header.start));
                (value.span().end, format!(", addresses = {list}"))
            }
            None if written.starts_with('{') => {
                let list = self.list(addresses, self.indent(header.start));
                let room = if written == "{}" { " " } else { "" };
                (header.start + 1, format!(" addresses = {list}{room}"))
            }
            _ => {
                let (key, end) = last.map_or((header.start, header.end), |(key, value)| {
                    (key.span().start, value.span().end)
                });
                let (indent, eol) = (self.indent(key), self.eol);
                let list = self.list(addresses, indent);
                let line = format!("{eol}{indent}{dotted}addresses = {list}");
                (self.line_end(end), line)
            }
        };
        Some((at..at, with))
    }

    /// Behind the last zone, where no other table can lose keys to it.
    fn new_table(
        &self,
        zones: &Value<'_>,
        addresses: &[Ipv4Addr],
    ) -> Option<(Range<usize>, String)> {
        let DeValue::Array(items) = zones.get_ref() else {
            return None;
        };
        let last = items.iter().max_by_key(|zone| zone.span().start)?;
        let (header, eol) = (last.span(), self.eol);
        let indent = self.indent(header.start);
        let list = self.list(addresses, indent);
        if !self.text.get(header.clone())?.starts_with('[') {
            // zone = [{ … }], and other keys of the top level may follow.
            let at = self.line_end(zones.span().end);
            let indent = self.indent(zones.span().start);
            let with = format!("{eol}{indent}{NOTE}{eol}{indent}egress.addresses = {list}");
            return Some((at..at, with));
        }
        let DeValue::Table(zone) = last.get_ref() else {
            return None;
        };
        let ends = zone.values().map(|value| value.span().end);
        let at = self.behind_comments(self.line_end(ends.max().unwrap_or(header.end)));
        let lines = [NOTE, "[egress]", &format!("addresses = {list}")];
        let lines = lines.map(|line| format!("{eol}{indent}{line}")).concat();
        let next = self.text.get(at..)?.split_inclusive('\n').nth(1);
        let room = match next {
            Some(line) if !line.trim().is_empty() => eol,
            _ => "",
        };
        Some((at..at, format!("{eol}{lines}{room}")))
    }

    /// White space before what stands at `at` in its line.
    fn indent(&self, at: usize) -> &'t str {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
        line.get(..end).unwrap_or_default()
    }

    /// Where the line of `at` ends, before the characters that end it.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The end of the comments right below a line that ends at `at`, unless the
    /// next table follows at once: then they are about that.
    fn behind_comments(&self, at: usize) -> usize {
        let mut end = at;
        let rest = self.text.get(at..).unwrap_or_default();
        let mut next = at;
        for (index, line) in rest.split_inclusive('\n').enumerate() {
            let start = next;
            next += line.len();
            if index == 0 {
                continue;
            }
            let line = line.trim();
            if line.is_empty() {
                return end;
            }
            if !line.starts_with('#') {
                return at;
            }
            end = self.line_end(start);
        }
        end
    }

    fn list(&self, addresses: &[Ipv4Addr], indent: &str) -> String {
        let quoted = addresses.iter().map(|address| format!("\"{address}\""));
        if addresses.len() <= ON_ONE_LINE {
            let quoted: Vec<_> = quoted.collect();
            return format!("[{}]", quoted.join(", "));
        }
        self.lines(quoted.map(|address| address + ","), indent)
    }

    fn lines(&self, lines: impl Iterator<Item = String>, indent: &str) -> String {
        let eol = self.eol;
        let lines: String = lines
            .map(|line| format!("{indent}{INDENT}{line}{eol}"))
            .collect();
        format!("[{eol}{lines}{indent}]")
    }

    /// The new list, with the comments that are inside the old one: those of an
    /// address that stays go with it, all others to the end.
    fn replaced(&self, old: &Value<'_>, addresses: &[Ipv4Addr]) -> Option<String> {
        let DeValue::Array(items) = old.get_ref() else {
            return None;
        };
        let span = old.span();
        let indent = self.indent(span.start);
        let mut known = BTreeMap::new();
        for item in items {
            let address: Ipv4Addr = item.get_ref().as_str()?.parse().ok()?;
            known.insert(item.span().end, address);
        }
        let mut above: BTreeMap<Ipv4Addr, Vec<&str>> = BTreeMap::new();
        let mut behind = BTreeMap::new();
        let mut loose = Vec::new();
        let mut start = span.start;
        for line in self.text.get(span)?.split_inclusive('\n') {
            let end = start + line.len();
            // An address has no `#`, so none is inside a string.
            if let Some((_, comment)) = line.split_once('#') {
                let comment = comment.trim_end();
                let of = known.range(start..end).next_back();
                let next = known.range(end..).next();
                match (of, next) {
                    (Some((_, of)), _) => {
                        behind.insert(*of, comment);
                    }
                    (None, Some((_, next))) => above.entry(*next).or_default().push(comment),
                    (None, None) => loose.push(comment),
                }
            }
            start = end;
        }
        if above.is_empty() && behind.is_empty() && loose.is_empty() {
            return Some(self.list(addresses, indent));
        }
        let mut lines = Vec::new();
        for address in addresses {
            let notes = above.remove(address).unwrap_or_default();
            lines.extend(notes.iter().map(|note| format!("#{note}")));
            lines.push(match behind.remove(address) {
                Some(note) => format!("\"{address}\", #{note}"),
                None => format!("\"{address}\","),
            });
        }
        for address in known.values() {
            let notes = above.remove(address).unwrap_or_default();
            let notes = notes.into_iter().chain(behind.remove(address));
            lines.extend(notes.map(|note| format!("#{note}")));
        }
        lines.extend(loose.iter().map(|note| format!("#{note}")));
        Some(self.lines(lines.into_iter(), indent))
    }
}
