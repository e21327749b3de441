//! What could not be read, and what must not be said for that reason.

use killick_core::{FieldDiff, Value};
use killick_finding::Part;

use crate::catalogue::{FACTS, facts};
use crate::snapshot::Unreadable;

/// What could not be read.
pub(super) struct Blind<'a>(pub(super) &'a [Unreadable]);

impl Blind<'_> {
    /// Whether a kind as a whole is unknown.
    pub(super) fn kind(&self, kind: &str) -> bool {
        let part = facts(kind).map(|facts| facts.part);
        part.is_some_and(|part| self.0.iter().any(|one| one.part == part))
    }

    /// Whether a declared field of a kind is unknown.
    pub(super) fn field(&self, kind: &str, field: &str) -> bool {
        let hides = |part: Part| match part {
            Part::NetworkAcls => field == "network_acl",
            part => part.kind() == kind && part.field() == Some(field),
        };
        self.0.iter().any(|one| hides(one.part))
    }

    /// Whether a difference may only look like one, because what it points at
    /// could not be read and has no key for that reason.
    pub(super) fn blurs(&self, diff: &FieldDiff) -> bool {
        let foreign = |id: &str| {
            let mut named = FACTS.iter().filter(|facts| !facts.prefix.is_empty());
            named.any(|facts| id.starts_with(facts.prefix) && self.kind(facts.kind))
        };
        let points_there = |value: &Value| {
            let mut refs = value.refs().into_iter();
            refs.any(|key| self.kind(key.kind))
                || match value {
                    Value::Foreign(id) => foreign(id.as_str()),
                    Value::Set(items) => items
                        .iter()
                        .any(|item| matches!(item, Value::Foreign(id) if foreign(id.as_str()))),
                    _ => false,
                }
        };
        points_there(&diff.live)
            || points_there(&diff.desired)
            || diff.entry.as_ref().is_some_and(points_there)
    }
}
