//! Reads what is accepted: the one table with a date.

use std::borrow::Cow;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::Reader;
use crate::error::line_column;
use crate::raw::RawAccept;

impl Reader<'_> {
    pub(super) fn accept<'d>(
        &mut self,
        header: &Range<usize>,
        table: &'d DeTable<'_>,
    ) -> RawAccept<'d> {
        RawAccept {
            line: line_column(self.text, header.start).0,
            finding: self.string(table, "finding"),
            until: self.date(table, "until"),
            reason: self.string(table, "reason"),
        }
    }

    /// A date with or without quotes; whether it exists is a rule.
    fn date<'d>(
        &mut self,
        table: &'d DeTable<'_>,
        name: &str,
    ) -> Option<(Cow<'d, str>, Range<usize>)> {
        let value = table.get(name)?;
        let span = value.span();
        let hint = match value.get_ref() {
            DeValue::String(text) => return Some((Cow::Borrowed(text), span)),
            DeValue::Datetime(given) => match (given.date, given.time) {
                (Some(date), None) => return Some((Cow::Owned(date.to_string()), span)),
                (Some(date), Some(_)) => {
                    format!("write \"{date}\": the whole day is included, in UTC")
                }
                (None, _) => "write year, month and day: \"2026-12-31\"".to_owned(),
            },
            _ => "write it as a date: \"2026-12-31\"".to_owned(),
        };
        self.wrong_type(name, "a date", value, hint);
        None
    }
}
