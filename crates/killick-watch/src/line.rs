//! The one line of JSON that a check leaves behind.

use std::collections::BTreeMap;

use killick_text::{in_json, utc};
use serde::{Serialize, Serializer};

use crate::{Absorbed, Look, Outcome, Watched};
use killick_finding::Severity;

/// How a check ended, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything was read and nothing is open.
    InSync,
    /// Everything was read and something is open.
    Drift,
    /// Something could not be read.
    Partial,
    /// The account's calls are throttled.
    Throttled,
    /// It saw nothing.
    Failed,
}

impl Verdict {
    /// The word of the reports: `in_sync`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InSync => "in_sync",
            Self::Drift => "drift",
            Self::Partial => "partial",
            Self::Throttled => "throttled",
            Self::Failed => "failed",
        }
    }

    /// What an outcome amounts to, given what is open after it.
    pub(crate) fn of(outcome: &Outcome, watched: &Watched) -> Self {
        match outcome {
            Outcome::Seen(look) if !look.unreadable.is_empty() => Self::Partial,
            Outcome::Seen(_) if !watched.known.is_empty() => Self::Drift,
            Outcome::Seen(_) => Self::InSync,
            Outcome::Throttled { .. } => Self::Throttled,
            Outcome::Failed { .. } | Outcome::BadSpec { .. } => Self::Failed,
        }
    }
}

/// The open findings of each severity.
pub(crate) fn counts(watched: &Watched) -> BTreeMap<Severity, usize> {
    let mut counts = BTreeMap::from(Severity::ALL.map(|severity| (severity, 0)));
    for held in watched.known.values() {
        *counts.entry(held.finding.severity).or_default() += 1;
    }
    counts
}

/// What a line is made of.
pub(crate) struct Facts<'a> {
    pub(crate) name: &'a str,
    pub(crate) at: u64,
    pub(crate) next: Option<u64>,
    pub(crate) outcome: &'a Outcome,
    pub(crate) watched: &'a Watched,
    pub(crate) absorbed: &'a Absorbed,
    pub(crate) notes: &'a [String],
    pub(crate) pending: usize,
    pub(crate) duration_ms: u64,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(serialize_with = "moment")]
    at: u64,
    spec: &'a str,
    stack: &'a str,
    region: &'a str,
    result: Verdict,
    findings: BTreeMap<Severity, usize>,
    unseen: usize,
    accepted: usize,
    unreadable: usize,
    opened: Vec<&'a str>,
    changed: Vec<&'a str>,
    resolved: Vec<&'a str>,
    pending_notifications: usize,
    calls: u64,
    duration_ms: u64,
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// The line, without its end.
pub(crate) fn line(facts: &Facts<'_>) -> String {
    let label = facts.watched.label(facts.name);
    let (message, hint) = match facts.outcome {
        Outcome::Seen(_) => (None, None),
        Outcome::Throttled { message, .. } | Outcome::BadSpec { message } => {
            (Some(message.as_str()), None)
        }
        Outcome::Failed { message, hint } => (Some(message.as_str()), hint.as_deref()),
    };
    let look = |count: fn(&Look) -> usize| match facts.outcome {
        Outcome::Seen(look) => count(look),
        _ => 0,
    };
    let of_word = |word: &str| {
        let transitions = facts.absorbed.transitions.iter();
        let of_it = transitions.filter(|one| one.change.word() == word);
        of_it.map(|one| one.finding.id.as_str()).collect()
    };
    let held = facts.watched.known.values();
    let line = Line {
        at: facts.at,
        spec: facts.name,
        stack: &label.stack,
        region: &label.region,
        result: Verdict::of(facts.outcome, facts.watched),
        findings: counts(facts.watched),
        unseen: held.filter(|held| held.unseen_since.is_some()).count(),
        accepted: look(|look| look.accepted.len()),
        unreadable: look(|look| look.unreadable.len()),
        opened: of_word("opened"),
        changed: of_word("changed"),
        resolved: of_word("resolved"),
        pending_notifications: facts.pending,
        calls: match facts.outcome {
            Outcome::Seen(look) => look.calls,
            _ => 0,
        },
        duration_ms: facts.duration_ms,
        next: facts.next.map(utc),
        message,
        hint,
        notes: facts.notes,
    };
    // Nothing in it can fail: all keys are strings.
    in_json(&serde_json::to_string(&line).unwrap_or_default())
}

fn moment<S: Serializer>(seconds: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&utc(*seconds))
}
