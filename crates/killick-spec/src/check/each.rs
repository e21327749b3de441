//! What the rules for several values share: one value of many, twice, too many.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::{SpecError, quote};
use crate::raw::At;

/// A value that is there and right; what is wrong with it goes to `errors`.
pub(super) fn each<'r, 'd, T>(
    at: Option<&'r At<'d>>,
    rule: impl FnOnce(&'r At<'d>) -> Result<T, SpecError>,
    errors: &mut Vec<SpecError>,
) -> Option<T> {
    rule(at?).map_err(|error| errors.push(error)).ok()
}

/// How to report what is there twice.
pub(super) struct Twice {
    pub(super) kind: &'static str,
    pub(super) verb: &'static str,
    pub(super) hint: &'static str,
}

/// For what has a name of its own.
pub(super) const fn defined(kind: &'static str) -> Twice {
    Twice {
        kind,
        verb: "defined",
        hint: "remove one of the two, or give it another name",
    }
}

/// For what the file only mentions.
pub(super) const fn named(kind: &'static str, hint: &'static str) -> Twice {
    Twice {
        kind,
        verb: "named",
        hint,
    }
}

/// Reports every key that was given before.
pub(super) fn unique<'r, K: Ord>(
    twice: &Twice,
    items: impl Iterator<Item = (K, &'r At<'r>)>,
    errors: &mut Vec<SpecError>,
) {
    let Twice { kind, verb, hint } = twice;
    let mut first = BTreeMap::new();
    for (key, at) in items {
        if let Some(earlier) = first.get(&key) {
            let message = format!("{kind} {} is {verb} twice", quote(at.value));
            let error = SpecError::new(&at.span, message).label(format!("{verb} again"));
            errors.push(
                error
                    .hint(*hint)
                    .related(earlier, format!("first {verb} here")),
            );
        } else {
            first.insert(key, at.span.clone());
        }
    }
}

/// Items for `unique` that are told apart by their text.
pub(super) fn by_value<'r>(
    items: impl IntoIterator<Item = &'r At<'r>>,
) -> impl Iterator<Item = (&'r str, &'r At<'r>)> {
    items.into_iter().map(|at| (at.value, at))
}

/// Reports the first of more than `most`.
pub(super) fn limit(
    what: &str,
    (count, most): (usize, usize),
    first: Option<&Range<usize>>,
    hint: &str,
    errors: &mut Vec<SpecError>,
) {
    if let Some(span) = first {
        let message = format!("{count} {what}, at most {most} are allowed");
        let error = SpecError::new(span, message).label("one too many");
        errors.push(error.hint(hint));
    }
}
