//! What the user allowed.

use serde::Serialize;

use crate::Guard;

/// What the user allowed beyond putting right what is declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Remove entries that nobody declared from the closed sets.
    pub prune: bool,
    /// Give rights that are missing.
    pub grant: bool,
    /// Delete [`crate::Lifecycle::Kept`] resources that are no longer wanted.
    pub release_kept: bool,
}

impl Policy {
    /// Whether the user allowed this.
    pub fn allows(self, guard: Guard) -> bool {
        match guard {
            Guard::Prune => self.prune,
            Guard::Grant => self.grant,
        }
    }
}
