//! The names of a stack's resources, present ones and those of before.

use killick_core::Key;
use killick_spec::Spec;

use crate::catalogue::facts;
use crate::facts::Names as Kinds;
use crate::tags::{KEY, NAME, STACK, Tags};

/// Reads the names of one stack.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a>(pub(crate) &'a Spec);

impl Names<'_> {
    /// Whether the stack is called that, or was called that before.
    pub(crate) fn stack(self, name: &str) -> bool {
        let moved = &self.0.moved.stacks;
        *name == self.0.stack || moved.iter().any(|old| old == name)
    }

    /// The present key of a text such as `nat_gateway/ap-northeast-1a`, if it is
    /// one of this kind.
    pub(crate) fn key(self, kind: &str, text: &str) -> Option<Key> {
        let moved = &self.0.moved;
        let (kind_name, name) = text.split_once('/')?;
        let facts = facts(kind_name).filter(|facts| facts.kind == kind)?;
        let (side, zone) = match (facts.names, name.split_once('-')) {
            (Kinds::Side, Some((side @ ("public" | "private"), zone))) => (Some(side), zone),
            _ => (None, name),
        };
        let name = match (moved.zones.get(zone), side) {
            (Some(zone), Some(side)) => format!("{side}-{zone}"),
            (Some(zone), None) if facts.names == Kinds::Zone => zone.clone(),
            _ => name.to_owned(),
        };
        Some(Key::new(facts.kind, name))
    }

    /// The key that the identity tags name.
    pub(crate) fn tagged(self, kind: &str, tags: &Tags) -> Option<Key> {
        tags.get(STACK).filter(|stack| self.stack(stack))?;
        self.key(kind, tags.get(KEY)?)
    }

    /// The key that the tag `Name` names, if killick wrote it.
    pub(crate) fn named(self, kind: &str, tags: &Tags) -> Option<Key> {
        let (stack, key) = tags.get(NAME)?.split_once(' ')?;
        self.key(kind, key).filter(|_| self.stack(stack))
    }

    /// Whether a part of the stack's own tags is left that fits a key: one of
    /// the two identity tags, or the name.
    pub(crate) fn trace(self, key: &Key, tags: &Tags) -> bool {
        let named = self.named(key.kind, tags);
        let keyed = tags.get(KEY).and_then(|text| self.key(key.kind, text));
        let stacked = tags.get(STACK).map(|stack| self.stack(stack));
        // Another stack's resource that lost one of the two.
        let anothers = || {
            let name = tags.get(NAME).and_then(|name| name.split_once(' '));
            name.is_some_and(|(stack, key)| {
                tags.get(KEY).is_some_and(|own| own == key) && !self.stack(stack)
            })
        };
        match (stacked, &keyed) {
            (Some(false), _) => false,
            (None, Some(_)) if anothers() => false,
            (Some(true), None) => !tags.contains_key(KEY),
            (None, Some(found)) => found == key,
            (Some(true), Some(found)) => found == key,
            (None, None) => named.as_ref() == Some(key),
        }
    }
}
