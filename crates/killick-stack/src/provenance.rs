//! Whether killick made a resource, as far as the resource itself shows.

use std::fmt;

use killick_core::Key;
use serde::Serialize;

use crate::catalogue::tagged;
use crate::tags::{claimed, complete};
use crate::view::StackView;

/// How killick knows that a resource is the stack's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// It carries all tags that killick writes in the call that creates it.
    Made,
    /// It carries the tags of the stack and another `Name`: somebody renamed
    /// it, or its tags were restored.
    Tagged,
    /// It carries no tags of the stack: only its place says that it is the
    /// stack's.
    Place,
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Made => "made by killick",
            Self::Tagged => "tagged by killick, named by somebody else",
            Self::Place => "without killick's tags: known by its place only",
        })
    }
}

impl StackView<'_> {
    /// What a managed resource shows of its making; none for what carries no
    /// tags, such as a function.
    pub fn provenance(&self, key: &Key) -> Option<Provenance> {
        let id = self.identity.id(key)?;
        let mut kinds = tagged(self.snapshot).into_iter();
        let (_, all) = kinds.find(|(kind, _)| *kind == key.kind)?;
        let tags = all.into_iter().find(|one| one.id() == id)?.tags();
        Some(if complete(tags) {
            Provenance::Made
        } else if claimed(tags) {
            Provenance::Tagged
        } else {
            Provenance::Place
        })
    }

    /// When a managed resource was made, in seconds since 1970. Of the types of
    /// a stack, AWS says so of NAT gateways alone.
    pub fn created(&self, key: &Key) -> Option<u64> {
        let id = self.identity.id(key)?;
        let mut gateways = self.snapshot.nat_gateways.iter();
        gateways.find(|nat| nat.id == id)?.created
    }
}
