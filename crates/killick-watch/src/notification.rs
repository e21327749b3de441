//! What people are told.

use serde::{Deserialize, Serialize};

use crate::{Transition, TransitionKind};

/// Which stack it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stack {
    /// The stack, or the name of the spec where no check has read it yet.
    pub stack: String,
    /// The account id; empty where it is not known yet.
    pub account: String,
    /// The region; empty where it is not known yet.
    pub region: String,
}

/// What happened in between, where several transitions of one finding became
/// one because they could not be delivered for long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folded {
    /// How many transitions came before this one.
    pub transitions: u32,
    /// What the first of them was: `opened`.
    pub first: String,
    /// When that was, in seconds since 1970.
    pub first_at: u64,
}

/// A transition in a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The same however often it is sent.
    pub id: String,
    /// The transition.
    #[serde(flatten)]
    pub transition: Transition,
    /// What it stands for besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folded: Option<Folded>,
}

/// Whether a stack can be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Reach {
    /// Several checks in a row saw nothing.
    Unreachable {
        /// How many.
        failures: u32,
        /// When the first of them was, in seconds since 1970.
        since: u64,
        /// Why the last one failed.
        message: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// A check has seen it again.
    Recovered {
        /// How many checks in a row saw nothing.
        failures: u32,
        /// When the first of them was, in seconds since 1970.
        since: u64,
    },
}

/// The news that a stack cannot be looked at, or can be again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachNews {
    /// When it was, in seconds since 1970.
    pub at: u64,
    /// What it is.
    #[serde(flatten)]
    pub reach: Reach,
    /// How many such news before this one it stands for, because they could
    /// not be delivered for long.
    #[serde(default)]
    pub folded: u32,
}

/// What one check has to tell of one stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// The same however often it is sent: receivers know repetitions by it.
    pub id: String,
    /// The stack.
    #[serde(flatten)]
    pub stack: Stack,
    /// When it came up, in seconds since 1970.
    pub at: u64,
    /// What became of findings, the worst first.
    pub transitions: Vec<Told>,
    /// Whether the stack can be looked at, where that changed.
    #[serde(default)]
    pub reach: Option<ReachNews>,
}

impl Notification {
    /// Adds what a later one tells. A finding that is in both is told once, as
    /// it is in the end; so the length does not grow with time.
    pub(crate) fn fold(&mut self, later: Self) {
        for told in later.transitions {
            let id = &told.transition.finding.id;
            let same = |one: &&mut Told| one.transition.finding.id == *id;
            match self.transitions.iter_mut().find(same) {
                Some(earlier) => fold(earlier, told),
                None => self.transitions.push(told),
            }
        }
        if let Some(mut news) = later.reach {
            if let Some(earlier) = &self.reach {
                news.folded += earlier.folded + 1;
            }
            self.reach = Some(news);
        }
        self.at = later.at;
        self.stack = later.stack;
    }

    /// Whether this is nothing but good news.
    pub fn all_clear(&self) -> bool {
        let resolved =
            |told: &Told| matches!(told.transition.change, TransitionKind::Resolved { .. });
        let unreachable = self
            .reach
            .as_ref()
            .is_some_and(|news| matches!(news.reach, Reach::Unreachable { .. }));
        !unreachable && self.transitions.iter().all(resolved)
    }
}

fn fold(earlier: &mut Told, mut later: Told) {
    let (first, first_at, before) = match &earlier.folded {
        Some(folded) => (folded.first.clone(), folded.first_at, folded.transitions),
        None => {
            let first = &earlier.transition;
            (first.change.word().to_owned(), first.at, 0)
        }
    };
    let folded = later.folded.map_or(0, |folded| folded.transitions);
    later.folded = Some(Folded {
        transitions: before + folded + 1,
        first,
        first_at,
    });
    *earlier = later;
}
