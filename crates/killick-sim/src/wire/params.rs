//! The parameters of the query protocol: flat names such as
//! `Filter.1.Value.2`. What nobody asks for is unknown, and refused.

use std::collections::BTreeMap;

use super::Filters;
use crate::failure::Failure;
use crate::tags::{Tags, check};

/// The parameters that have not been read yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    left: BTreeMap<String, String>,
}

impl Params {
    /// Reads a form body.
    pub(crate) fn parse(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body);
        Self {
            left: pairs.into_owned().collect(),
        }
    }

    /// A parameter; an empty one is as good as none.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.left.remove(name).filter(|text| !text.is_empty())
    }

    /// A parameter that must be there.
    pub(crate) fn need(&mut self, name: &str) -> Result<String, Failure> {
        self.text(name).ok_or_else(|| Failure::missing(name))
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, Failure> {
        match self
            .text(name)
            .map(|text| text.to_ascii_lowercase())
            .as_deref()
        {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(other) => {
                let message = format!("Invalid value '{other}' for {name}. Must be a boolean");
                Err(Failure::value(message))
            }
        }
    }

    /// A whole number.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<i64>, Failure> {
        self.text(name)
            .map(|text| {
                let message = format!("Invalid value '{text}' for {name}. It must be an integer");
                text.parse().map_err(|_| Failure::value(message))
            })
            .transpose()
    }

    /// Whether any parameter of that name, or below it, is left.
    pub(crate) fn has(&self, name: &str) -> bool {
        let below = format!("{name}.");
        self.left
            .keys()
            .any(|key| key == name || key.starts_with(&below))
    }

    /// A list of values: `Name.1`, `Name.2`.
    pub(crate) fn list(&mut self, name: &str) -> Vec<String> {
        let mut numbers: Vec<(u64, String)> = Vec::new();
        for (number, rest, key) in self.numbered(name) {
            if rest.is_empty() {
                numbers.push((number, key));
            }
        }
        numbers.sort();
        numbers
            .into_iter()
            .filter_map(|(_, key)| self.left.remove(&key))
            .collect()
    }

    /// A list of structures: `Name.1.Key`, `Name.2.Key`.
    pub(crate) fn structs(&mut self, name: &str) -> Vec<Self> {
        let mut found: BTreeMap<u64, Self> = BTreeMap::new();
        for (number, rest, key) in self.numbered(name) {
            if rest.is_empty() {
                continue;
            }
            if let Some(value) = self.left.remove(&key) {
                found.entry(number).or_default().left.insert(rest, value);
            }
        }
        found.into_values().collect()
    }

    /// One structure: `Name.Key`.
    pub(crate) fn group(&mut self, name: &str) -> Self {
        let below = format!("{name}.");
        let keys: Vec<String> = self
            .left
            .keys()
            .filter(|key| key.starts_with(&below))
            .cloned()
            .collect();
        let mut group = Self::default();
        for key in keys {
            if let (Some(value), Some(rest)) = (self.left.remove(&key), key.strip_prefix(&below)) {
                group.left.insert(rest.to_owned(), value);
            }
        }
        group
    }

    /// `Filter.n.Name` and `Filter.n.Value.m`.
    pub(crate) fn filters(&mut self) -> Result<Filters, Failure> {
        let mut filters = Filters::default();
        for mut one in self.structs("Filter") {
            let name = one.need("Name")?;
            filters.add(&name, one.list("Value"));
            one.finish()?;
        }
        Ok(filters)
    }

    /// The tags to make a thing with. Each specification must be for its type,
    /// such as `natgateway`.
    pub(crate) fn tags(&mut self, kind: &str) -> Result<Tags, Failure> {
        let mut tags = Tags::new();
        for mut one in self.structs("TagSpecification") {
            let found = one.need("ResourceType")?;
            if found != kind {
                let message =
                    format!("'{found}' is not a valid taggable resource type for this operation.");
                return Err(Failure::value(message));
            }
            for mut tag in one.structs("Tag") {
                tags.insert(tag.need("Key")?, tag.text("Value").unwrap_or_default());
                tag.finish()?;
            }
            one.finish()?;
        }
        check(&tags)?;
        Ok(tags)
    }

    /// Refuses what is left: nobody knows it.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => {
                let message = format!("The parameter {name} is not recognized");
                Err(Failure::new("UnknownParameter", message))
            }
        }
    }

    /// The keys below a list's name: number, rest, whole key.
    fn numbered(&self, name: &str) -> Vec<(u64, String, String)> {
        let below = format!("{name}.");
        let keys = self.left.keys().filter_map(|key| {
            let rest = key.strip_prefix(&below)?;
            let (number, rest) = rest.split_once('.').unwrap_or((rest, ""));
            Some((number.parse().ok()?, rest.to_owned(), key.clone()))
        });
        keys.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_structures_and_leftovers() {
        let body = b"Id.1=a&Id.10=c&Id.2=b&Filter.1.Name=vpc-id&Filter.1.Value.1=v&Odd=1";
        let mut params = Params::parse(body);
        assert_eq!(params.list("Id"), ["a", "b", "c"]);
        assert!(params.filters().is_ok());
        let error = params.finish();
        assert!(error.is_err_and(|error| error.code == "UnknownParameter"));
    }
}
