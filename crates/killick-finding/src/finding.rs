//! One thing that is not as it should be.

use killick_core::{Change, Digest, Key, Value};
use serde::Serialize;

use crate::{Aspect, FieldPath, Repair, Severity};

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The same from run to run as long as the same thing differs in the same way.
    /// It holds the cause (`live`) and the severity: an acceptance of one change
    /// does not cover another one at the same place, or a worse effect.
    pub id: String,
    /// The id that earlier versions gave it, which did not hold the cause. It is
    /// accepted as well where that hides nothing: see [`Finding::answers_to`].
    #[serde(skip)]
    pub former_id: Option<String>,
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

impl Finding {
    /// Whether an acceptance of this id means it. An id without a cause still
    /// stands for what is not critical: functions leave by the set all the same.
    pub fn answers_to(&self, id: &str) -> bool {
        let former = self.former_id.as_deref() == Some(id);
        self.id == id || (former && self.severity != Severity::Critical)
    }
}

impl Draft {
    /// The finding of a stack at its place.
    pub fn at(self, stack: &str, key: &Key, field: Option<FieldPath>) -> Finding {
        let place = (stack, key, &field, self.what, self.severity);
        let id = |digest: Option<Digest>| {
            digest.map_or_else(String::new, |digest| format!("d-{}", digest.short(6)))
        };
        let without_cause = id(Digest::of(&place));
        let aspect = field.as_ref().and_then(FieldPath::aspect);
        let egress_path = matches!(aspect, Some(Aspect::EgressPath(_)));
        // Whether such an address is in use as well is no cause.
        let unused = matches!(aspect, Some(Aspect::Unused(_)));
        let (id, former_id) = match self.live {
            Value::Absent => (without_cause, None),
            _ if unused => (without_cause, None),
            _ => (id(Digest::of(&(place, &self.live))), Some(without_cause)),
        };
        Finding {
            id,
            former_id: former_id.filter(|_| !egress_path),
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
