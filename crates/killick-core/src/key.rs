//! Names: ours ([`Key`]) and the ones AWS chose ([`PhysicalId`]).

use std::fmt;

use serde::{Serialize, Serializer};

/// The name of one resource of a stack, `kind/name`.
///
/// It comes from the topology, never from AWS, and does not change while the
/// spec entry it stands for exists: `nat_gateway/ap-northeast-1a`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The resource type, as the catalogue spells it: `nat_gateway`.
    pub kind: &'static str,
    /// The name within the type: a zone, `main`, a function name.
    pub name: String,
}

impl Key {
    /// A key from its two halves.
    pub fn new(kind: &'static str, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An identifier that AWS chose: `vpc-0abc…`, `eipalloc-0abc…`, a function
/// name. Nothing in this crate looks inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct PhysicalId(String);

impl PhysicalId {
    /// Wraps an identifier.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhysicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
