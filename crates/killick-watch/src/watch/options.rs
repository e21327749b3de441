//! How to watch, and how it ended.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::{Clock, Every, Listener, StateError, Verdict};

/// How to watch.
#[derive(Debug)]
pub struct Options {
    /// How often to look.
    pub every: Every,
    /// Where to keep what must survive a restart. Without it a restart tells
    /// all open findings again.
    pub state: Option<PathBuf>,
    /// Where to answer those who collect metrics.
    pub metrics: Option<Listener>,
    /// One look at each spec, then deliver what can be delivered, then end.
    pub once: bool,
    /// Feeds the jitter and the ids.
    pub seed: u64,
    /// The time of day.
    pub clock: Clock,
    /// After so many checks in a row that saw nothing, people are told.
    pub unreachable_after: u32,
    /// The last success may be that many intervals old.
    pub stale_after: u32,
    /// How long after the start there may be no success yet.
    pub grace: Duration,
    /// No check may take longer.
    pub check_limit: Duration,
}

impl Options {
    /// The usual ones.
    pub fn new(every: Every, seed: u64) -> Self {
        Self {
            every,
            state: None,
            metrics: None,
            once: false,
            seed,
            clock: Clock::system(),
            unreachable_after: 3,
            stale_after: 3,
            grace: every.duration(),
            check_limit: Duration::from_secs(600),
        }
    }
}

/// Why there is nothing to watch.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The state cannot be kept.
    #[error(transparent)]
    State(#[from] StateError),
    /// A spec was given twice.
    #[error("{0} is given twice")]
    Twice(String),
}

/// How a watch ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// How the last check of each spec ended, for those that had one.
    pub last: BTreeMap<String, Verdict>,
    /// How many notifications have yet to arrive.
    pub pending: usize,
    /// What is wrong with targets, a sentence each.
    pub troubles: Vec<String>,
    /// Whether it was asked to stop.
    pub stopped: bool,
}
