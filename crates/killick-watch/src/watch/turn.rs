//! When each spec is looked at.

use std::time::Duration;

use tokio::time::Instant;

use super::check::Check;
use crate::{Every, Outcome, Rhythm};

/// A spec and when it is looked at.
pub(super) struct Turn<'a> {
    pub(super) check: Box<dyn Check + 'a>,
    rhythm: Rhythm,
    /// `None` when it is not looked at any more.
    pub(super) next: Option<Instant>,
}

impl<'a> Turn<'a> {
    /// One that is due at once.
    pub(super) fn new(check: Box<dyn Check + 'a>, every: Every, seed: u64, now: Instant) -> Self {
        Self {
            check,
            rhythm: Rhythm::new(every, seed),
            next: Some(now),
        }
    }

    /// Decides when the next check begins. It never begins before this one has
    /// ended, and a little later than that.
    pub(super) fn plan(&mut self, began: Instant, outcome: &Outcome, once: bool) {
        let mut at_least = None;
        match outcome {
            Outcome::Seen(_) => self.rhythm.saw(),
            Outcome::Throttled { retry_after, .. } => {
                self.rhythm.throttled();
                at_least = retry_after.map(Duration::from_secs);
            }
            Outcome::Failed { .. } | Outcome::BadSpec { .. } => {}
        }
        let next = (began + self.rhythm.wait(at_least)).max(Instant::now() + self.rhythm.pause());
        self.next = (!once).then_some(next);
    }
}
