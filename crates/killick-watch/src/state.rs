//! What must survive a restart.

mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use store::{StateError, Store};

use crate::{
    Known, Look, Notification, Outbox, Outcome, Reach, ReachNews, Stack, Told, Transition,
    transitions,
};

/// The form of the file. Another form is not read.
const VERSION: u32 = 1;

/// Checks in a row that saw nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streak {
    /// How many.
    pub failures: u32,
    /// When the first of them was, in seconds since 1970.
    pub since: u64,
    /// Whether people were told.
    pub told: bool,
}

/// What is known of the stack of one spec.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Which stack it is, once a check has seen it.
    pub stack: Option<Stack>,
    /// The open findings.
    pub known: Known,
    /// When a check last saw the stack, in seconds since 1970.
    pub last_success: Option<u64>,
    /// The checks since then.
    pub streak: Streak,
}

impl Watched {
    /// The stack, by the name of the spec until a check has seen it.
    pub fn label(&self, name: &str) -> Stack {
        self.stack.clone().unwrap_or_else(|| Stack {
            stack: name.to_owned(),
            account: String::new(),
            region: String::new(),
        })
    }
}

/// The whole of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    /// Sets the ids of this state apart from those of one that was lost.
    epoch: String,
    /// How many ids were given away.
    ids: u64,
    /// By the name of the spec.
    pub specs: BTreeMap<String, Watched>,
    /// What has not been delivered yet.
    pub outbox: Outbox,
}

/// What a check changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absorbed {
    /// What became of findings.
    pub transitions: Vec<Transition>,
    /// What is to be told; it is in the outbox already.
    pub notification: Option<Notification>,
    /// What the reader of the log should know.
    pub notes: Vec<String>,
}

impl State {
    /// Knows nothing. `salt` makes the ids of its notifications its own.
    pub fn new(salt: &str) -> Self {
        Self {
            version: VERSION,
            epoch: hex(&Sha256::digest(salt), 8),
            ids: 0,
            specs: BTreeMap::new(),
            outbox: Outbox::default(),
        }
    }

    /// Takes in what a check of a spec came to at the time `now`, and puts what
    /// is to be told into the outbox for each of `targets`. After
    /// `unreachable_after` checks in a row that saw nothing, that is told, once.
    pub fn absorb(
        &mut self,
        name: &str,
        outcome: &Outcome,
        now: u64,
        unreachable_after: u32,
        targets: &[String],
    ) -> Absorbed {
        let mut watched = self.specs.remove(name).unwrap_or_default();
        let mut absorbed = Absorbed::default();
        let news = match outcome {
            Outcome::Seen(look) => seen(&mut watched, look, now, &mut absorbed),
            Outcome::Throttled { message, .. } | Outcome::BadSpec { message } => {
                unseen(&mut watched, now, unreachable_after, message, None)
            }
            Outcome::Failed { message, hint } => {
                let hint = hint.as_deref();
                unseen(&mut watched, now, unreachable_after, message, hint)
            }
        };
        let stack = watched.label(name);
        self.specs.insert(name.to_owned(), watched);
        if absorbed.transitions.is_empty() && news.is_none() {
            return absorbed;
        }
        let id = next(&self.epoch, &mut self.ids, now);
        let told = |(number, transition): (usize, &Transition)| Told {
            id: format!("{id}.{}", number + 1),
            transition: transition.clone(),
            folded: None,
        };
        let notification = Notification {
            transitions: absorbed.transitions.iter().enumerate().map(told).collect(),
            id,
            stack,
            at: now,
            reach: news,
        };
        for target in targets {
            let (epoch, ids) = (&self.epoch, &mut self.ids);
            let id = || next(epoch, ids, now);
            self.outbox.push(target, notification.clone(), id);
        }
        absorbed.notification = Some(notification);
        absorbed
    }
}

/// An id that was never given away. The time is in it because the count may
/// be lost, when the disk is full and the watch starts again.
fn next(epoch: &str, ids: &mut u64, now: u64) -> String {
    *ids += 1;
    let unique = format!("{epoch} {ids} {now}");
    format!("n-{}", hex(&Sha256::digest(unique), 8))
}

fn seen(
    watched: &mut Watched,
    look: &Look,
    now: u64,
    absorbed: &mut Absorbed,
) -> Option<ReachNews> {
    let stack = Stack {
        stack: look.stack.clone(),
        account: look.account.clone(),
        region: look.region.clone(),
    };
    // The findings of another stack say nothing about this one.
    if let Some(other) = watched.stack.as_ref().filter(|other| **other != stack) {
        absorbed.notes.push(format!(
            "the spec now describes {} in {} {}: {} open findings of {} in {} {} are no longer watched",
            stack.stack, stack.account, stack.region, watched.known.len(),
            other.stack, other.account, other.region,
        ));
        watched.known.clear();
    }
    watched.stack = Some(stack);
    (watched.known, absorbed.transitions) = transitions(&watched.known, look);
    watched.last_success = Some(look.at);
    let streak = std::mem::take(&mut watched.streak);
    streak.told.then_some(ReachNews {
        at: now,
        reach: Reach::Recovered {
            failures: streak.failures,
            since: streak.since,
        },
        folded: 0,
    })
}

fn unseen(
    watched: &mut Watched,
    now: u64,
    unreachable_after: u32,
    message: &str,
    hint: Option<&str>,
) -> Option<ReachNews> {
    let streak = &mut watched.streak;
    if streak.failures == 0 {
        streak.since = now;
    }
    streak.failures = streak.failures.saturating_add(1);
    if streak.told || streak.failures < unreachable_after.max(1) {
        return None;
    }
    streak.told = true;
    Some(ReachNews {
        at: now,
        reach: Reach::Unreachable {
            failures: streak.failures,
            since: streak.since,
            message: message.to_owned(),
            hint: hint.map(str::to_owned),
        },
        folded: 0,
    })
}

fn hex(bytes: &[u8], count: usize) -> String {
    let hex = |byte: &u8| format!("{byte:02x}");
    bytes.iter().take(count).map(hex).collect()
}
