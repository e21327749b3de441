//! What changed between two looks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Finding, Look};
use killick_finding::Severity;

/// A finding that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// As it was last seen.
    pub finding: Finding,
    /// When it was first seen, in seconds since 1970.
    pub opened_at: u64,
    /// Since when no check could see whether it is still there.
    #[serde(default)]
    pub unseen_since: Option<u64>,
}

/// The open findings of a stack by their id.
pub type Known = BTreeMap<String, Held>;

/// What a finding was before it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// How bad it was.
    pub severity: Severity,
    /// What it meant.
    pub effect: String,
}

/// What became of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
pub enum TransitionKind {
    /// It is there now.
    Opened,
    /// It says something else now.
    Changed {
        /// What it said.
        before: Before,
    },
    /// It is no longer told.
    Resolved {
        /// Because somebody accepted it: the difference is still there.
        accepted: bool,
    },
}

impl TransitionKind {
    /// `opened`, `changed` or `resolved`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Changed { .. } => "changed",
            Self::Resolved { .. } => "resolved",
        }
    }
}

/// One step in the life of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// When it was seen, in seconds since 1970.
    pub at: u64,
    /// What became of it.
    #[serde(flatten)]
    pub change: TransitionKind,
    /// As it is now, or as it was last seen.
    pub finding: Finding,
}

/// The open findings after a look, and how they came to differ from those
/// before: what opened and changed first, the worst first, then what ended. A
/// finding that the look could not see stays open.
pub fn transitions(known: &Known, look: &Look) -> (Known, Vec<Transition>) {
    let mut now = Known::new();
    let mut all = Vec::new();
    for finding in &look.findings {
        // An id that comes twice in one look is one finding.
        if now.contains_key(&finding.id) {
            continue;
        }
        let held = known.get(&finding.id);
        let change = match held {
            None => Some(TransitionKind::Opened),
            Some(held) if held.finding.reads_like(finding) => None,
            Some(held) => Some(TransitionKind::Changed {
                before: Before {
                    severity: held.finding.severity,
                    effect: held.finding.effect.clone(),
                },
            }),
        };
        let held = Held {
            finding: finding.clone(),
            opened_at: held.map_or(look.at, |held| held.opened_at),
            unseen_since: None,
        };
        now.insert(finding.id.clone(), held);
        if let Some(change) = change {
            all.push(of(look, change, finding));
        }
    }
    all.sort_by(|a, b| {
        let rank = |one: &Transition| (one.finding.severity, one.finding.key.clone());
        rank(a).cmp(&rank(b))
    });
    for (id, held) in known {
        if now.contains_key(id) {
            continue;
        }
        let accepted = look.accepted.iter().any(|one| one.id == *id);
        let mut unread = look.unreadable.iter();
        if !accepted && unread.any(|unread| held.finding.hidden_by(unread)) {
            let since = held.unseen_since.or(Some(look.at));
            let held = Held {
                unseen_since: since,
                ..held.clone()
            };
            now.insert(id.clone(), held);
        } else {
            all.push(of(
                look,
                TransitionKind::Resolved { accepted },
                &held.finding,
            ));
        }
    }
    (now, all)
}

fn of(look: &Look, change: TransitionKind, finding: &Finding) -> Transition {
    Transition {
        at: look.at,
        change,
        finding: finding.clone(),
    }
}

/// Does to a set of findings what a transition tells.
pub fn replay(set: &mut BTreeMap<String, Finding>, transition: &Transition) {
    let finding = &transition.finding;
    match transition.change {
        TransitionKind::Opened | TransitionKind::Changed { .. } => {
            set.insert(finding.id.clone(), finding.clone());
        }
        TransitionKind::Resolved { .. } => {
            set.remove(&finding.id);
        }
    }
}
