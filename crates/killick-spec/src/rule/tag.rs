//! Rules for tags.

use crate::error::{SpecError, quote};
use crate::raw::At;

/// `[B:ec2]` Tag.
pub(crate) const TAG_KEY_LENGTH: usize = 127;
/// `[B:ec2]` Tag; `[B:lambda]` TagValue has the same.
pub(crate) const TAG_VALUE_LENGTH: usize = 256;
/// `[B:lambda]` TagKey.
pub(crate) const SELECT_KEY_LENGTH: usize = 128;

pub(crate) fn tag_key(at: &At<'_>) -> Result<String, SpecError> {
    let key = at.value;
    let lower = key.to_lowercase();
    let wrong = |what: &str, hint: &str| {
        let message = format!("tag key {} {what}", quote(key));
        Err(SpecError::new(&at.span, message)
            .label("tag key")
            .hint(hint))
    };
    if lower.starts_with("aws:") {
        wrong(
            "has the prefix `aws:`",
            "rename it; AWS keeps that prefix for itself",
        )
    } else if lower.starts_with("killick:") {
        wrong(
            "has the prefix `killick:`",
            "rename it; killick recognises what it owns by these tags",
        )
    } else if key == "Name" {
        wrong(
            "is taken",
            "remove it; killick writes a Name on all that it creates",
        )
    } else if key.is_empty() {
        wrong("is empty", "give the tag a name")
    } else if key.chars().count() > TAG_KEY_LENGTH {
        wrong(
            "is too long",
            &format!("use at most {TAG_KEY_LENGTH} characters"),
        )
    } else if key.contains(['*', '?']) {
        // In a filter they would match other tags.
        wrong("holds a wildcard", "rename it without `*` and `?`")
    } else if key.chars().any(char::is_control) {
        wrong("holds a control character", "use printable characters only")
    } else {
        Ok(key.to_owned())
    }
}

pub(crate) fn tag_value(at: &At<'_>) -> Result<String, SpecError> {
    let wrong = |what: &str, hint: &str| {
        let message = format!("tag value {} {what}", quote(at.value));
        Err(SpecError::new(&at.span, message)
            .label("tag value")
            .hint(hint))
    };
    if at.value.chars().count() > TAG_VALUE_LENGTH {
        wrong(
            "is too long",
            &format!("use at most {TAG_VALUE_LENGTH} characters"),
        )
    } else if at.value.chars().any(char::is_control) {
        wrong("holds a control character", "use printable characters only")
    } else {
        Ok(at.value.to_owned())
    }
}

/// The key of a tag that functions carry: not killick's to choose.
pub(crate) fn select_key(at: &At<'_>) -> Result<String, SpecError> {
    let key = at.value;
    let wrong = |what: &str, hint: &str| {
        let message = format!("tag key {} {what}", quote(key));
        Err(SpecError::new(&at.span, message)
            .label("tag key")
            .hint(hint))
    };
    if key.to_lowercase().starts_with("aws:") {
        wrong(
            "has the prefix `aws:`",
            "select by a tag of your own; AWS keeps that prefix for itself",
        )
    } else if key.is_empty() {
        wrong("is empty", "give the key of the tag")
    } else if key.chars().count() > SELECT_KEY_LENGTH {
        wrong(
            "is too long",
            &format!("use at most {SELECT_KEY_LENGTH} characters"),
        )
    } else if key.chars().any(char::is_control) {
        wrong("holds a control character", "use printable characters only")
    } else {
        Ok(key.to_owned())
    }
}
