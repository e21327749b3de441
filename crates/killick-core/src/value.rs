//! The one vocabulary in which desired and observed are written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Serialize, Serializer};

use crate::{Key, PhysicalId};

/// The attributes of one resource, by field name.
pub type Attrs = BTreeMap<&'static str, Value>;

/// One attribute. Two values that mean the same are equal: CIDRs are brought
/// to network form and sets carry no order before they become a `Value`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing there.
    Absent,
    /// A switch.
    Bool(bool),
    /// Anything that is compared letter by letter.
    Text(String),
    /// Another resource of this stack.
    Ref(Key),
    /// A resource that is not of this stack, or no longer exists.
    Foreign(PhysicalId),
    /// Values without order.
    Set(BTreeSet<Value>),
    /// Values by natural key: a destination, a tag key.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// Every key that this value refers to, nested ones included.
    pub fn refs(&self) -> Vec<&Key> {
        match self {
            Self::Ref(key) => vec![key],
            Self::Set(items) => items.iter().flat_map(Self::refs).collect(),
            Self::Map(items) => items.values().flat_map(Self::refs).collect(),
            Self::Absent | Self::Bool(_) | Self::Text(_) | Self::Foreign(_) => Vec::new(),
        }
    }

    /// The entries of a set (each names itself) or a map; none of any other value.
    pub(crate) fn entries(&self) -> BTreeMap<Self, &Self> {
        match self {
            Self::Set(items) => items.iter().map(|item| (item.clone(), item)).collect(),
            Self::Map(items) => items
                .iter()
                .map(|(key, item)| (Self::Text(key.clone()), item))
                .collect(),
            _ => BTreeMap::new(),
        }
    }

    /// The text of a `Text`, else nothing.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether nothing is there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Key> for Value {
    fn from(value: Key) -> Self {
        Self::Ref(value)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(iter: I) -> Self {
        Self::Set(iter.into_iter().collect())
    }
}

impl FromIterator<(String, Value)> for Value {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(iter: I) -> Self {
        Self::Map(iter.into_iter().collect())
    }
}

/// One entry a line for sets and maps, so that two values can be compared
/// line by line.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = |f: &mut fmt::Formatter<'_>, items: Vec<String>| {
            if items.is_empty() {
                return f.write_str("none");
            }
            f.write_str(&items.join("\n"))
        };
        match self {
            Self::Absent => f.write_str("nothing"),
            Self::Bool(true) => f.write_str("on"),
            Self::Bool(false) => f.write_str("off"),
            Self::Text(text) => f.write_str(text),
            Self::Ref(key) => key.fmt(f),
            Self::Foreign(id) => id.fmt(f),
            Self::Set(items) => lines(f, items.iter().map(ToString::to_string).collect()),
            Self::Map(items) => lines(
                f,
                items
                    .iter()
                    .map(|(key, value)| format!("{key} = {value}"))
                    .collect(),
            ),
        }
    }
}

/// As scripts expect it: absent is null, a reference is its key, a foreign
/// resource its id.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Ref(key) => serializer.collect_str(key),
            Self::Foreign(id) => serializer.collect_str(id),
            Self::Set(items) => serializer.collect_seq(items),
            Self::Map(items) => serializer.collect_map(items),
        }
    }
}
