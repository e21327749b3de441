//! A difference between what should be and what is.

use serde::{Deserialize, Serialize};

use crate::{Guard, Key, PhysicalId, Value};

/// The name under which a resource that is still on its way reports itself.
const STATE: &str = "state";

/// One resource that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    /// The resource.
    pub key: Key,
    /// What AWS calls it; `None` when it is missing.
    pub id: Option<PhysicalId>,
    /// How it differs.
    pub what: What,
}

/// How a resource differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It should exist and does not.
    Missing,
    /// It exists, is ours, and is no longer wanted.
    Extra,
    /// Some fields differ; all can be put right in place.
    Changed(Vec<FieldDiff>),
    /// Some fields differ, at least one only a replacement puts right.
    Replaced(Vec<FieldDiff>),
    /// Some fields differ, at least one of which must not be put right by us.
    Refused(Vec<FieldDiff>),
    /// It never came up: the reason in AWS's words, and what differs besides.
    Broken(String, Vec<FieldDiff>),
}

impl What {
    /// The fields that differ, none for a resource that is missing or extra.
    pub fn fields(&self) -> &[FieldDiff] {
        match self {
            Self::Missing | Self::Extra => &[],
            Self::Changed(fields)
            | Self::Replaced(fields)
            | Self::Refused(fields)
            | Self::Broken(_, fields) => fields,
        }
    }
}

/// The four words in which a report speaks of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It should be there and is not.
    Missing,
    /// It is there and should not be.
    Extra,
    /// It is there and differs.
    Changed,
    /// It is there and does not work.
    Broken,
}

/// One field, or one entry of a field, that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldDiff {
    /// The declared field: `routes`.
    pub name: &'static str,
    /// The entry within it, where entries are compared one by one: a
    /// destination or tag key (text), a member of a set (the member).
    pub entry: Option<Value>,
    /// What is there.
    pub live: Value,
    /// What should be there.
    pub desired: Value,
    /// What a user must allow first: nobody asked for this entry, and somebody
    /// may rely on it.
    pub guard: Option<Guard>,
}

impl Change {
    /// The word of the contract: `missing`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Changed => "changed",
            Self::Broken => "broken",
        }
    }
}

impl FieldDiff {
    /// What is not ready, and why.
    pub(crate) fn unready(state: &str) -> Self {
        Self {
            name: STATE,
            entry: None,
            live: Value::from(state),
            desired: Value::from("ready"),
            guard: None,
        }
    }

    /// Whether it says that the resource is not ready, not that a field
    /// differs.
    pub fn is_state(&self) -> bool {
        self.name == STATE
    }

    /// The field with its entry, as reports name it: `routes.0.0.0.0/0`.
    pub fn path(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{}.{entry}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// Missing, extra or changed.
    pub fn change(&self) -> Change {
        match (&self.live, &self.desired) {
            (Value::Absent, _) => Change::Missing,
            (_, Value::Absent) => Change::Extra,
            _ => Change::Changed,
        }
    }
}
