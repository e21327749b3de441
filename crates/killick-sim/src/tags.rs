//! Tags and what EC2 allows of them (fact sheet section 2).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::failure::Failure;

/// The tags of a thing.
pub type Tags = BTreeMap<String, String>;

/// As EC2 shows them.
pub(crate) fn shown(tags: &Tags) -> Value {
    tags.iter()
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect()
}

/// The limits: 50 a resource, keys to 127 and values to 256 characters, and
/// the prefix `aws:` is AWS's own.
pub(crate) fn check(tags: &Tags) -> Result<(), Failure> {
    if tags.len() > 50 {
        let message = "The maximum number of Tags for a resource has been reached.";
        return Err(Failure::new("TagLimitExceeded", message));
    }
    for (key, value) in tags {
        if key.is_empty() || key.chars().count() > 127 {
            return Err(Failure::value(
                "Tag key exceeds the maximum length of 127 characters",
            ));
        }
        if value.chars().count() > 256 {
            return Err(Failure::value(
                "Tag value exceeds the maximum length of 256 characters",
            ));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            let message = "Tag keys starting with 'aws:' are reserved for internal use";
            return Err(Failure::value(message));
        }
    }
    Ok(())
}
