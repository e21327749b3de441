//! Eventual consistency (fact sheet section 4): readers that are behind.

use crate::dice::{digest, mix};
use crate::world::Millis;

/// One reader: what it sees of what is still on its way.
#[derive(Clone, Debug)]
pub(crate) struct Eye {
    now: Millis,
    call: u64,
    flicker: u64,
}

impl Eye {
    /// A reader for one call. `flicker` is how often in a hundred a thing that
    /// is on its way shows all the same, anew for every call and thing.
    pub(crate) fn new(now: Millis, call: u64, flicker: u64) -> Self {
        Self { now, call, flicker }
    }

    /// Whether this reader has yet to hear of a change that all know at
    /// `until`.
    pub(crate) fn slow(&self, id: &str, until: Millis) -> bool {
        self.now < until && mix(self.call ^ digest(id)) % 100 >= self.flicker
    }
}
