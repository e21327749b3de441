//! A stack of which nothing is there: one cause, and so one finding.

use killick_core::{Delta, Key, Value, What};
use killick_finding::{Change, Draft, Finding, Flag, Repair, Severity};

use crate::effect::Judge;
use crate::keys::vpc_key;
use crate::resource::{ElasticIp, Function};

/// A stack that was never applied, or that was destroyed.
pub(super) struct Fresh {
    /// What stands for all of it.
    key: Key,
    missing: usize,
    repair: Repair,
}

impl Fresh {
    pub(super) fn of(eyes: &Judge<'_>, deltas: &[&Delta]) -> Option<Self> {
        if !eyes.assessment.never_applied() {
            return None;
        }
        let missing = deltas.iter().filter(|delta| missing(eyes, delta));
        let missing: Vec<&Key> = missing.map(|delta| &delta.key).collect();
        let made = |key: &&&Key| key.kind != ElasticIp::KIND;
        let first = missing.iter().find(|key| ***key == vpc_key());
        let first = first.or_else(|| missing.iter().find(made))?;
        Some(Self {
            key: (*first).clone(),
            repair: match missing.iter().find_map(|key| eyes.taken(key)) {
                Some(reason) => Repair::Report(reason),
                None if !eyes.assessment.alike().is_empty() => Repair::Guarded(Flag::SecondNetwork),
                None => Repair::Automatic,
            },
            missing: missing.len(),
        })
    }

    pub(super) fn finding(self, stack: &str, eyes: &Judge<'_>) -> Finding {
        let leaving = eyes.assessment.leaving();
        let held = eyes.assessment.held().iter();
        let held: Vec<&str> = held
            .filter(|one| !one.lent)
            .map(|one| one.ip.as_str())
            .collect();
        let mut effect = match self.missing {
            1 => format!("{} does not exist", self.key),
            missing => format!("nothing of this stack is there: {missing} resources do not exist"),
        };
        let fixed = !leaving.unknown && !leaving.lost && leaving.words() == leaving.addresses;
        let all_in_set = fixed && leaving.addresses.iter().all(|ip| pinned(eyes, ip));
        let all_in_set = all_in_set && !leaving.addresses.is_empty();
        if !leaving.addresses.is_empty() || !leaving.picked.is_empty() {
            let by = leaving.words().join(" or ");
            let some = leaving.addresses.iter().any(|ip| pinned(eyes, ip));
            let how = match (all_in_set, some) {
                (true, _) => ", which are in the set, through what killick does not manage",
                (false, true) => ", not all by the fixed ones",
                (false, false) => ", not by the fixed ones",
            };
            effect = format!("{effect}; functions leave by {by}{how}");
        }
        if !held.is_empty() && self.repair == Repair::Automatic {
            let held = held.join(" and ");
            effect = format!("{effect}; the retained {held} will be used again");
        }
        let severity = match all_in_set {
            true => Severity::Warning,
            false => Severity::Critical,
        };
        let draft = Draft {
            what: Change::Missing,
            live: Value::Absent,
            desired: Value::Ref(self.key.clone()),
            severity,
            effect,
            repair: self.repair,
        };
        draft.at(stack, &self.key, None)
    }
}

/// Whether a difference is told with it.
pub(super) fn covers(eyes: &Judge<'_>, delta: &Delta) -> bool {
    missing(eyes, delta) || unattached(eyes, delta)
}

fn pinned(eyes: &Judge<'_>, ip: &str) -> bool {
    let mut set = eyes.assessment.ways().set().iter();
    set.any(|known| known.to_string() == ip)
}

/// Whether a resource that killick makes is not there. A pinned address that
/// can be had back is a finding of its own.
fn missing(eyes: &Judge<'_>, delta: &Delta) -> bool {
    let made = delta.key.kind != Function::KIND && !eyes.seen.identity.is_lent(&delta.key);
    matches!(delta.what, What::Missing) && made && !eyes.had_back(&delta.key)
}

/// Whether a function is only not attached yet.
fn unattached(eyes: &Judge<'_>, delta: &Delta) -> bool {
    let attaching = |name: &str| matches!(name, "subnets" | "security_groups" | "formerly");
    let mut fields = delta.what.fields().iter();
    delta.key.kind == Function::KIND
        && eyes.seen.identity.wants(&delta.key)
        && matches!(delta.what, What::Changed(_))
        && fields.all(|diff| attaching(diff.name))
}
