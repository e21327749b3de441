//! Reads the tables of the file: known keys of the right type, with spans.

mod accept;
mod keys;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{SpecError, quote};
use crate::raw::{At, Raw, RawFunction, RawMoved, RawZone};
use crate::shape::{ACCEPT, EGRESS, FUNCTION, MOVED, NETWORK, Place, TOP, ZONE, example};

type Value<'d> = Spanned<DeValue<'d>>;

pub(crate) struct Reader<'r> {
    pub(crate) text: &'r str,
    pub(crate) errors: &'r mut Vec<SpecError>,
}

impl Reader<'_> {
    pub(crate) fn raw<'d>(mut self, top: &'d DeTable<'_>) -> Raw<'d> {
        self.keys(&TOP, top, &(0..0));
        let network = self.table(top, "network", &NETWORK);
        let egress = self.table(top, "egress", &EGRESS);
        let zones = self.list(top, "zone", &ZONE);
        let functions = self.list(top, "function", &FUNCTION);
        let moved = self.list(top, "moved", &MOVED);
        let accepts = self.list(top, "accept", &ACCEPT);
        let nat = egress.and_then(|egress| self.string(egress, "nat"));
        let given = egress.map_or(top.contains_key("egress"), |e| e.contains_key("nat"));
        let mut of_egress = |name: &str, absent: &str| match egress {
            Some(egress) => self.strings(egress, name, absent),
            None => Vec::new(),
        };
        Raw {
            addresses: of_egress("addresses", " while nothing is promised"),
            security_groups: of_egress("security_groups", ", and killick makes one"),
            stack: self.string(top, "stack"),
            region: self.string(top, "region"),
            account: self.string(top, "account"),
            cidr: network.and_then(|network| self.string(network, "cidr")),
            vpc: network.and_then(|network| self.string(network, "vpc")),
            zones: zones
                .into_iter()
                .map(|(header, zone)| RawZone {
                    header,
                    name: self.string(zone, "name"),
                    availability_zone: self.string(zone, "availability_zone"),
                    labelled: zone.contains_key("availability_zone"),
                    public: self.string(zone, "public"),
                    private: self.string(zone, "private"),
                    address: self.string(zone, "address"),
                })
                .collect(),
            nat_unread: given && nat.is_none(),
            nat,
            nat_zone: egress.and_then(|egress| self.string(egress, "nat_zone")),
            functions: functions
                .into_iter()
                .map(|(_, function)| self.function(function))
                .collect(),
            tags: self.tags(top),
            moved: moved
                .into_iter()
                .map(|(_, moved)| RawMoved {
                    from: self.string(moved, "from"),
                    to: self.string(moved, "to"),
                })
                .collect(),
            accepts: accepts
                .into_iter()
                .map(|(header, accept)| self.accept(&header, accept))
                .collect(),
        }
    }

    fn function<'d>(&mut self, table: &'d DeTable<'_>) -> RawFunction<'d> {
        let absent = " for the groups of the whole stack";
        RawFunction {
            name: self.string(table, "name"),
            arn: self.string(table, "arn"),
            prefix: self.string(table, "prefix"),
            tag: self.tag(table),
            security_groups: self.strings(table, "security_groups", absent),
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

    /// The strings of a list; `absent` completes the hint to leave it out.
    fn strings<'d>(&mut self, table: &'d DeTable<'_>, name: &str, absent: &str) -> Vec<At<'d>> {
        let Some(value) = table.get(name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            let hint = format!("write a list in brackets, be it of one: {name} = [\"…\"]");
            self.wrong_type(name, "an array", value, hint);
            return Vec::new();
        };
        if items.is_empty() {
            let error = SpecError::new(&value.span(), format!("`{name}` is an empty list"));
            self.errors
                .push(error.hint(format!("leave `{name}` out{absent}")));
        }
        let title = format!("each of {name}");
        let strings = items.iter();
        strings
            .filter_map(|item| self.string_value(&title, item))
            .collect()
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
        self.pairs(table)
    }

    /// The one tag of a function.
    fn tag<'d>(&mut self, function: &'d DeTable<'_>) -> Option<(At<'d>, At<'d>)> {
        let value = function.get("tag")?;
        let hint = format!("write it as {}", FUNCTION.example("tag"));
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type("tag", "a table", value, hint);
            return None;
        };
        let mut keys: Vec<_> = table.keys().map(Spanned::span).collect();
        keys.sort_by_key(|key| key.start);
        match keys.as_slice() {
            [] => {
                let error = SpecError::new(&value.span(), "`tag` is empty").label("no tag");
                self.errors.push(error.hint(hint));
            }
            [_] => return self.pairs(table).pop(),
            [first, second, ..] => {
                let message = format!("`tag` has {} keys, exactly one is taken", keys.len());
                let error = SpecError::new(second, message).label("one too many");
                let error = error.hint("select by one tag; another [[function]] can take another");
                self.errors.push(error.related(first, "the first key"));
            }
        }
        None
    }

    /// The keys of a table of strings, in file order.
    fn pairs<'d>(&mut self, table: &'d DeTable<'_>) -> Vec<(At<'d>, At<'d>)> {
        let mut pairs = Vec::new();
        for (key, value) in table {
            if let Some(value) = self.string_value(key.get_ref(), value) {
                let key = At {
                    value: key.get_ref(),
                    span: key.span(),
                };
                pairs.push((key, value));
            }
        }
        pairs.sort_by_key(|(key, _)| key.span.start);
        pairs
    }

    fn wrong_type(&mut self, name: &str, expected: &str, value: &Value<'_>, hint: String) {
        let found = match value.get_ref() {
            DeValue::Array(_) => "an array",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(given) if given.time.is_some() => "a time",
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
