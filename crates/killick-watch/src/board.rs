//! What is shown to those who ask: numbers, and whether all is well.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use killick_text::shown;

use crate::line::counts;
use crate::{Clock, Outcome, Stack, Verdict, Watched};
use killick_finding::Severity;

/// The numbers of one spec.
#[derive(Clone, Debug)]
pub(crate) struct SpecNumbers {
    pub(crate) stack: Stack,
    /// Whether the last check that saw the stack found nothing; `None` before.
    pub(crate) in_sync: Option<bool>,
    pub(crate) findings: BTreeMap<Severity, usize>,
    pub(crate) unseen: usize,
    pub(crate) accepted: usize,
    pub(crate) unreadable: usize,
    pub(crate) failures: u32,
    /// In seconds since 1970; it may be older than this process.
    pub(crate) last_success: Option<u64>,
    /// Whether that was a check of this process.
    pub(crate) seen: bool,
    pub(crate) last_duration: Option<Duration>,
    pub(crate) calls: u64,
    pub(crate) checks: BTreeMap<Verdict, u64>,
}

/// The numbers of one target.
#[derive(Clone, Debug, Default)]
pub(crate) struct TargetNumbers {
    pub(crate) sent: u64,
    pub(crate) failed: u64,
    pub(crate) pending: usize,
    pub(crate) refused: bool,
}

/// All of them.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    pub(crate) specs: BTreeMap<String, SpecNumbers>,
    pub(crate) targets: BTreeMap<String, TargetNumbers>,
    pub(crate) failed_writes: u64,
    started: u64,
    every: Duration,
    stale_after: u32,
    grace: Duration,
}

/// Whether the checks succeed in time, and what is wrong if not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether all do.
    pub well: bool,
    /// Why, one line for each spec.
    pub why: String,
}

/// The board that the watch writes and the metrics server reads.
#[derive(Clone, Debug)]
pub struct Board {
    numbers: Arc<Mutex<Numbers>>,
    clock: Clock,
}

impl Board {
    /// An empty one. A spec is late when its last success is older than
    /// `stale_after` times `every`, or when there is none `grace` after now.
    pub fn new(clock: Clock, every: Duration, stale_after: u32, grace: Duration) -> Self {
        let numbers = Numbers {
            specs: BTreeMap::new(),
            targets: BTreeMap::new(),
            failed_writes: 0,
            started: clock.now(),
            every,
            stale_after,
            grace,
        };
        Self {
            numbers: Arc::new(Mutex::new(numbers)),
            clock,
        }
    }

    /// What is known of a spec before its first check.
    pub fn expect(&self, name: &str, watched: &Watched) {
        let numbers = SpecNumbers {
            stack: watched.label(name),
            in_sync: None,
            findings: counts(watched),
            unseen: 0,
            accepted: 0,
            unreadable: 0,
            failures: watched.streak.failures,
            last_success: watched.last_success,
            seen: false,
            last_duration: None,
            calls: 0,
            checks: BTreeMap::new(),
        };
        self.locked().specs.insert(name.to_owned(), numbers);
    }

    /// A check ended, and this is known after it.
    pub fn checked(&self, name: &str, outcome: &Outcome, watched: &Watched, took: Duration) {
        let now = self.clock.now();
        let mut locked = self.locked();
        let Some(spec) = locked.specs.get_mut(name) else {
            return;
        };
        let verdict = Verdict::of(outcome, watched);
        *spec.checks.entry(verdict).or_default() += 1;
        spec.last_duration = Some(took);
        spec.failures = watched.streak.failures;
        spec.stack = watched.label(name);
        if let Outcome::Seen(look) = outcome {
            let held = watched.known.values();
            spec.in_sync = Some(verdict == Verdict::InSync);
            spec.findings = counts(watched);
            spec.unseen = held.filter(|held| held.unseen_since.is_some()).count();
            spec.accepted = look.accepted.len();
            spec.unreadable = look.unreadable.len();
            spec.calls += look.calls;
            spec.last_success = Some(now);
            spec.seen = true;
        }
    }

    pub(crate) fn target(&self, name: &str, change: impl FnOnce(&mut TargetNumbers)) {
        change(self.locked().targets.entry(name.to_owned()).or_default());
    }

    pub(crate) fn write_failed(&self) {
        self.locked().failed_writes += 1;
    }

    pub(crate) fn numbers(&self) -> Numbers {
        self.locked().clone()
    }

    /// Whether the checks succeed in time.
    pub fn health(&self) -> Health {
        let now = self.clock.now();
        let numbers = self.locked();
        let mut health = Health {
            well: true,
            why: String::new(),
        };
        for (name, spec) in &numbers.specs {
            let (well, why) = numbers.judge(spec, now);
            health.well &= well;
            health.why.push_str(&format!("{}: {why}\n", shown(name)));
        }
        health
    }

    fn locked(&self) -> MutexGuard<'_, Numbers> {
        // Nobody leaves it half-written.
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Numbers {
    fn judge(&self, spec: &SpecNumbers, now: u64) -> (bool, String) {
        let failures = match spec.failures {
            0 => String::new(),
            count => format!(", {count} checks in a row saw nothing"),
        };
        match spec.last_success.filter(|_| spec.seen) {
            Some(last) => {
                let age = now.saturating_sub(last);
                let limit = self.every.as_secs().saturating_mul(self.stale_after.into());
                let well = age <= limit;
                let verb = if well { "ok" } else { "late" };
                (
                    well,
                    format!("{verb}: last success {age} s ago, limit {limit} s{failures}"),
                )
            }
            None => {
                let age = now.saturating_sub(self.started);
                let grace = self.grace.as_secs();
                let well = age <= grace;
                let verb = if well { "starting" } else { "late" };
                (
                    well,
                    format!("{verb}: no success yet after {age} s, limit {grace} s{failures}"),
                )
            }
        }
    }
}
