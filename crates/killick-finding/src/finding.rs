//! One thing that is not as it should be.

use killick_core::{Change, Digest, Key, Value};
use serde::Serialize;

use crate::{FieldPath, Repair, Severity};

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The same from run to run as long as the same thing differs; another one
    /// when that becomes better or worse, so that who accepted the one did not
    /// accept the other.
    pub id: String,
    /// The resource.
    pub key: Key,
    /// The field; `None` for a resource as a whole.
    pub field: Option<FieldPath>,
    /// Missing, extra, changed or broken.
    pub what: Change,
    /// What is there.
    pub live: Value,
    /// What should be there.
    pub desired: Value,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for the functions.
    pub effect: String,
    /// What can be done.
    pub repair: Repair,
}

/// A finding without its place and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Missing, extra, changed or broken.
    pub what: Change,
    /// What is there.
    pub live: Value,
    /// What should be there.
    pub desired: Value,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for the functions.
    pub effect: String,
    /// What can be done.
    pub repair: Repair,
}

impl Draft {
    /// The finding of a stack at its place.
    pub fn at(self, stack: &str, key: &Key, field: Option<FieldPath>) -> Finding {
        let digest = Digest::of(&(stack, key, &field, self.what, self.severity));
        let id = digest.map_or_else(String::new, |digest| format!("d-{}", digest.short(6)));
        Finding {
            id,
            key: key.clone(),
            field,
            what: self.what,
            live: self.live,
            desired: self.desired,
            severity: self.severity,
            effect: self.effect,
            repair: self.repair,
        }
    }
}
