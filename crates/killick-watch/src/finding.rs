//! What one check saw.

use std::collections::BTreeSet;

use killick_finding::{Change, Repair as Typed, Severity};
use serde::{Deserialize, Serialize};

/// What can be done about a finding, as it is kept over a restart: without the
/// flag and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repair {
    /// `apply` repairs it.
    Automatic,
    /// `apply` repairs it under a flag.
    Guarded,
    /// `apply` never changes it.
    Report,
}

impl From<&Typed> for Repair {
    fn from(repair: &Typed) -> Self {
        match repair {
            Typed::Automatic => Self::Automatic,
            Typed::Guarded(_) => Self::Guarded,
            Typed::Report(_) => Self::Report,
        }
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The same from check to check as long as the same thing differs.
    pub id: String,
    /// The resource: `route_table/public`.
    pub key: String,
    /// The field, with its entry after a dot: `routes.0.0.0.0/0`. `None` for a
    /// resource as a whole.
    pub field: Option<String>,
    /// How it differs.
    pub what: Change,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for the functions, in words.
    pub effect: String,
    /// What can be done.
    pub repair: Repair,
    /// How to put it back by hand, if there is a way.
    #[serde(default)]
    pub undo: Option<String>,
    /// Other kinds of resource that must be readable for this to be seen: a
    /// route cannot be judged while NAT gateways cannot be read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub needs: BTreeSet<String>,
}

impl Finding {
    /// The kind of the resource: `route_table`.
    pub fn kind(&self) -> &str {
        self.key
            .split_once('/')
            .map_or(&*self.key, |(kind, _)| kind)
    }

    /// Whether a check that could not read `unread` could not have seen this.
    pub fn hidden_by(&self, unread: &Unread) -> bool {
        let Some(blind) = &unread.field else {
            return unread.kind == self.kind() || self.needs.contains(&unread.kind);
        };
        let of_field = |field: &String| {
            let rest = field.strip_prefix(blind.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        unread.kind == self.kind() && self.field.as_ref().is_some_and(of_field)
    }

    /// Whether a reader would be told the same.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        let plain = |one: &Self| {
            let mut one = one.clone();
            one.needs.clear();
            one
        };
        plain(self) == plain(other)
    }
}

/// A finding that somebody has accepted: it is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The id of the finding.
    pub id: String,
    /// Why, in the words of who accepted it.
    #[serde(default)]
    pub reason: Option<String>,
    /// When it ends, in seconds since 1970.
    #[serde(default)]
    pub until: Option<u64>,
}

/// Something that a check could not read: it is unknown, not absent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unread {
    /// The kind of resource: `nat_gateway`.
    pub kind: String,
    /// The one field, if not the whole kind.
    #[serde(default)]
    pub field: Option<String>,
}

/// What a check saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The stack.
    pub stack: String,
    /// The account id, twelve digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// When it was, in seconds since 1970.
    pub at: u64,
    /// What differs and was not accepted.
    pub findings: Vec<Finding>,
    /// What differs and was accepted.
    pub accepted: Vec<Accepted>,
    /// What could not be read.
    pub unreadable: Vec<Unread>,
    /// How many fields and entries were compared.
    pub checked: usize,
    /// How many calls it took.
    pub calls: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

impl Look {
    /// Whether nothing at all could be compared: such a look shows as little
    /// as a failed one.
    pub fn blind(&self) -> bool {
        self.checked == 0 && !self.unreadable.is_empty()
    }
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It saw the stack, or a part of it.
    Seen(Look),
    /// The account's calls are throttled.
    Throttled {
        /// After how many seconds to come back, if the service said so.
        retry_after: Option<u64>,
        /// What it said.
        message: String,
    },
    /// It saw nothing.
    Failed {
        /// Why.
        message: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// There is no usable spec.
    BadSpec {
        /// What is wrong with it.
        message: String,
    },
}

impl Outcome {
    /// The same, where a look that shows nothing is a failure.
    pub(crate) fn honest(self) -> Self {
        match self {
            Self::Seen(look) if look.blind() => {
                let kinds: BTreeSet<_> = look.unreadable.iter().map(|one| &*one.kind).collect();
                let kinds: Vec<&str> = kinds.into_iter().collect();
                Self::Failed {
                    message: format!("nothing could be read: {}", kinds.join(", ")),
                    hint: Some("look at the permissions of the one who runs the watch".to_owned()),
                }
            }
            other => other,
        }
    }
}
