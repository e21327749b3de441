//! From TOML text to the raw file: known keys of the right type, with spans.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::check;
use crate::error::{SpecError, SpecErrors, nearest, quote};
use crate::model::Spec;
use crate::shape::{EGRESS, FUNCTION, Key, NETWORK, PLACES, Place, TOP, ZONE, example};

/// Reads and checks a spec.
///
/// # Errors
///
/// All errors of the text at once, in file order. Where the text is not TOML
/// these are the syntax errors alone, because the rest would be guesswork.
pub fn parse(text: &str) -> Result<Spec, SpecErrors> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    let mut errors: Vec<_> = syntax.iter().map(|e| syntax_error(text, e)).collect();
    let mut spec = None;
    if errors.is_empty() {
        let raw = Reader {
            text,
            errors: &mut errors,
        }
        .raw(document.get_ref());
        spec = check(&raw, &mut errors);
    }
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    match spec {
        Some(spec) if errors.is_empty() => Ok(spec),
        _ => Err(SpecErrors { errors }),
    }
}

fn syntax_error(text: &str, error: &toml::de::Error) -> SpecError {
    let span = error.span().unwrap_or_default();
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end).max(start);
    let message = error.message();
    let hint = if message.contains("duplicate key") {
        "keep one of the two; a table that repeats is written in double brackets, such as [[zone]]"
    } else if message.contains("must be quoted") {
        "write the value in double quotes"
    } else {
        "correct the TOML here; all else is checked once it can be read"
    };
    SpecError::new(&(start..end), format!("invalid TOML: {message}")).hint(hint)
}

/// A string of the file and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<'d> {
    pub(crate) value: &'d str,
    pub(crate) span: Range<usize>,
}

/// The file as far as its shape is right. What is absent here has been reported
/// already if it is required.
#[derive(Debug)]
pub(crate) struct Raw<'d> {
    pub(crate) stack: Option<At<'d>>,
    pub(crate) region: Option<At<'d>>,
    pub(crate) account: Option<At<'d>>,
    pub(crate) cidr: Option<At<'d>>,
    pub(crate) zones: Vec<RawZone<'d>>,
    pub(crate) nat: Option<At<'d>>,
    pub(crate) nat_zone: Option<At<'d>>,
    /// The names of the functions.
    pub(crate) functions: Vec<At<'d>>,
    /// In file order.
    pub(crate) tags: Vec<(At<'d>, At<'d>)>,
    /// `nat` or a table that could hold it has a wrong type.
    pub(crate) nat_unread: bool,
}

#[derive(Debug)]
pub(crate) struct RawZone<'d> {
    pub(crate) header: Range<usize>,
    pub(crate) name: Option<At<'d>>,
    pub(crate) public: Option<At<'d>>,
    pub(crate) private: Option<At<'d>>,
}

type Value<'d> = Spanned<DeValue<'d>>;

struct Reader<'r> {
    text: &'r str,
    errors: &'r mut Vec<SpecError>,
}

impl Reader<'_> {
    fn raw<'d>(mut self, top: &'d DeTable<'_>) -> Raw<'d> {
        self.keys(&TOP, top, &(0..0));
        let network = self.table(top, "network", &NETWORK);
        let egress = self.table(top, "egress", &EGRESS);
        let zones = self.list(top, "zone", &ZONE);
        let functions = self.list(top, "function", &FUNCTION);
        let nat = egress.and_then(|egress| self.string(egress, "nat"));
        let given = egress.map_or(top.contains_key("egress"), |e| e.contains_key("nat"));
        Raw {
            stack: self.string(top, "stack"),
            region: self.string(top, "region"),
            account: self.string(top, "account"),
            cidr: network.and_then(|network| self.string(network, "cidr")),
            zones: zones
                .into_iter()
                .map(|(header, zone)| RawZone {
                    header,
                    name: self.string(zone, "name"),
                    public: self.string(zone, "public"),
                    private: self.string(zone, "private"),
                })
                .collect(),
            nat_unread: given && nat.is_none(),
            nat,
            nat_zone: egress.and_then(|egress| self.string(egress, "nat_zone")),
            functions: functions
                .into_iter()
                .filter_map(|(_, function)| self.string(function, "name"))
                .collect(),
            tags: self.tags(top),
        }
    }

    /// Reports the keys that `place` does not take and those that it lacks.
    fn keys(&mut self, place: &Place, table: &DeTable<'_>, header: &Range<usize>) {
        let mut meant = Vec::new();
        for key in table.keys() {
            let name: &str = key.get_ref();
            if place.keys.iter().any(|known| known.name == name) {
                continue;
            }
            let message = format!("unknown key {} {}", quote(name), place.at);
            let error = SpecError::new(&key.span(), message).label("unknown key");
            let free = |known: &&Key| !table.contains_key(known.name);
            let lacking = place.keys.iter().filter(free).map(|known| known.name);
            let home = PLACES
                .iter()
                .find(|other| other.keys.iter().any(|known| known.name == name));
            self.errors
                .push(if let Some(near) = nearest(name, lacking) {
                    meant.push(near);
                    error.hint(format!("did you mean `{near}`?"))
                } else if let Some(home) = home {
                    let above = if home.header.is_empty() {
                        ", above the first table"
                    } else {
                        ""
                    };
                    error.hint(format!("`{name}` belongs {}{above}", home.at))
                } else {
                    let known: Vec<_> = place.keys.iter().map(|known| known.name).collect();
                    error.hint(format!("remove it; known here: {}", known.join(", ")))
                });
        }
        for key in place.keys {
            // A misspelled key is one error, not two.
            if key.required && !table.contains_key(key.name) && !meant.contains(&key.name) {
                let message = format!("`{}` is missing {}", key.name, place.at);
                let error = SpecError::new(header, message).label("missing here");
                self.errors.push(error.hint(format!("add {}", key.example)));
            }
        }
    }

    fn table<'d>(
        &mut self,
        parent: &'d DeTable<'_>,
        name: &str,
        place: &Place,
    ) -> Option<&'d DeTable<'d>> {
        let value = parent.get(name)?;
        match value.get_ref() {
            DeValue::Table(table) => {
                self.keys(place, table, &value.span());
                Some(table)
            }
            _ => {
                let hint = format!("write it as {}, once, in single brackets", place.header);
                self.wrong_type(name, "a table", value, hint);
                None
            }
        }
    }

    fn list<'d>(
        &mut self,
        parent: &'d DeTable<'_>,
        name: &str,
        place: &Place,
    ) -> Vec<(Range<usize>, &'d DeTable<'d>)> {
        let Some(value) = parent.get(name) else {
            return Vec::new();
        };
        let hint = format!("write each as {}, in double brackets", place.header);
        let items: Vec<_> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            // The brackets are wrong, the content may be wrong as well.
            DeValue::Table(_) => {
                self.wrong_type(name, "an array of tables", value, hint.clone());
                vec![value]
            }
            _ => {
                self.wrong_type(name, "an array of tables", value, hint);
                return Vec::new();
            }
        };
        if items.is_empty() {
            let hint = if name == "zone" {
                format!("add {}", example(name))
            } else {
                format!("add {}, or leave `{name}` out", example(name))
            };
            let message = format!("`{name}` is an empty list");
            self.errors
                .push(SpecError::new(&value.span(), message).hint(hint));
        }
        let mut tables = Vec::new();
        for item in items {
            if let DeValue::Table(table) = item.get_ref() {
                self.keys(place, table, &item.span());
                tables.push((item.span(), table));
            } else {
                let title = format!("each {name}");
                self.wrong_type(&title, "a table", item, hint.clone());
            }
        }
        tables
    }

    fn string<'d>(&mut self, table: &'d DeTable<'_>, name: &str) -> Option<At<'d>> {
        self.string_value(name, table.get(name)?)
    }

    fn string_value<'d>(&mut self, name: &str, value: &'d Value<'_>) -> Option<At<'d>> {
        let span = value.span();
        let hint = match value.get_ref() {
            DeValue::String(text) => return Some(At { value: text, span }),
            DeValue::Array(_) => "give one value in double quotes".into(),
            DeValue::Table(_) => "give a value in double quotes; a dot in a key makes a table \
                                  unless the key is quoted"
                .into(),
            _ => {
                let written = self.text.get(span).unwrap_or_default();
                format!("put it in double quotes: \"{written}\"")
            }
        };
        self.wrong_type(name, "a string", value, hint);
        None
    }

    fn tags<'d>(&mut self, top: &'d DeTable<'_>) -> Vec<(At<'d>, At<'d>)> {
        let Some(value) = top.get("tags") else {
            return Vec::new();
        };
        let DeValue::Table(table) = value.get_ref() else {
            let hint = format!("write it as {}", example("tags"));
            self.wrong_type("tags", "a table", value, hint);
            return Vec::new();
        };
        let mut tags = Vec::new();
        for (key, value) in table {
            if let Some(value) = self.string_value(key.get_ref(), value) {
                let key = At {
                    value: key.get_ref(),
                    span: key.span(),
                };
                tags.push((key, value));
            }
        }
        tags.sort_by_key(|(key, _)| key.span.start);
        tags
    }

    fn wrong_type(&mut self, name: &str, expected: &str, value: &Value<'_>, hint: String) {
        let found = match value.get_ref() {
            DeValue::Array(_) => "an array",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Float(_) => "a float",
            DeValue::Integer(_) => "an integer",
            DeValue::String(_) => "a string",
            DeValue::Table(_) => "a table",
        };
        let message = format!("{} must be {expected}, not {found}", quote(name));
        self.errors.push(
            SpecError::new(&value.span(), message)
                .label(found)
                .hint(hint),
        );
    }
}
