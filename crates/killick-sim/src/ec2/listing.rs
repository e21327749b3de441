//! What all describe calls have in common.

use std::cell::LazyCell;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::Call;
use crate::failure::Failure;
use crate::place::Place;
use crate::table::Table;
use crate::tags::Tags;
use crate::wire::{Page, Paths, page};

/// A describe call, as data.
pub(crate) struct Listing<T: 'static> {
    /// The member of the answer, such as `vpcSet`.
    pub(crate) set: &'static str,
    /// The parameter that lists ids, such as `VpcId`.
    pub(crate) ids: &'static str,
    /// The prefix of the ids, such as `vpc`.
    pub(crate) prefix: &'static str,
    /// The allowed `MaxResults`; `None`: the call has no pages.
    pub(crate) page: Option<RangeInclusive<i64>>,
    /// The filters that it knows beside those for tags.
    pub(crate) filters: Paths,
    /// The things.
    pub(crate) table: fn(&Place) -> &Table<T>,
    /// A thing's tags.
    pub(crate) tags: fn(&T) -> &Tags,
    /// A thing as the answer shows it.
    pub(crate) show: fn(&Place, &T) -> Value,
    /// The error codes for an id that is none, and for one that nothing has.
    pub(crate) codes: (&'static str, &'static str),
}

impl<T: Clone> Listing<T> {
    /// Reads the parameters and answers.
    ///
    /// # Errors
    /// Unknown filters and parameters, ids that nothing has, bad pages.
    pub(crate) fn answer(&self, call: &mut Call<'_>) -> Result<Value, Failure> {
        let ids = call.params.list(self.ids);
        let filters = call.params.filters()?;
        let asked = match &self.page {
            Some(range) => Page::of(&mut call.params, range.clone())?,
            None => Page::whole(),
        };
        call.checked()?;
        filters.known(self.filters, true)?;
        if !ids.is_empty() && asked.asked() {
            let message = format!(
                "The parameter {} cannot be used with the parameter maxResults",
                self.ids
            );
            return Err(Failure::combination(message));
        }
        let place: &Place = call.place;
        let table = (self.table)(place);
        for id in &ids {
            well_formed(id, self.prefix, self.codes.0)?;
            if table.find(id, &call.eye).is_none() {
                return Err(self.missing(id));
            }
        }
        let found = table
            .seen(&call.eye)
            .filter(|(id, _)| ids.is_empty() || ids.iter().any(|asked| asked == id))
            .filter_map(|(id, thing)| {
                let shown = LazyCell::new(|| (self.show)(place, thing));
                let fits = filters.pass(Some((self.tags)(thing)), self.filters, || &shown);
                fits.then(|| (id.to_owned(), shown.clone()))
            })
            .collect();
        let most = if self.page.is_some() {
            call.settings.page
        } else {
            0
        };
        // Without pages of its own the call gives everything at once.
        let (items, next) = match self.page {
            Some(_) => page(found, &asked, most),
            None => (found.into_iter().map(|(_, item)| item).collect(), None),
        };
        let mut answer = Map::new();
        answer.insert(self.set.to_owned(), Value::Array(items));
        if let Some(next) = next {
            answer.insert("nextToken".to_owned(), Value::String(next));
        }
        Ok(Value::Object(answer))
    }

    /// A thing that this call knows of.
    ///
    /// # Errors
    /// The id is none, or nothing that is visible yet has it.
    pub(crate) fn need<'a>(&self, call: &'a Call<'_>, id: &str) -> Result<&'a T, Failure> {
        well_formed(id, self.prefix, self.codes.0)?;
        let table = (self.table)(call.place);
        // Known to this call, and not gone meanwhile.
        let found = table.find(id, &call.eye).and_then(|_| table.get(id));
        found.ok_or_else(|| self.missing(id))
    }

    fn missing(&self, id: &str) -> Failure {
        if self.prefix == "sg" {
            let message = format!("The security group '{id}' does not exist");
            return Failure::new(self.codes.1, message);
        }
        let what = self.ids.trim_end_matches("Id");
        let (first, rest) = what.split_at_checked(1).unwrap_or((what, ""));
        let what = first.to_ascii_lowercase() + rest;
        Failure::new(self.codes.1, format!("The {what} ID '{id}' does not exist"))
    }
}

/// Whether a text can be an id at all.
///
/// # Errors
/// It cannot.
pub(crate) fn well_formed(id: &str, prefix: &str, code: &str) -> Result<(), Failure> {
    let digits = id
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('-'));
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match digits {
        Some(text) if matches!(text.len(), 8 | 17) && hex(text) => Ok(()),
        _ => {
            let message = format!("Invalid id: \"{id}\" (expecting \"{prefix}-...\")");
            Err(Failure::new(code, message))
        }
    }
}
