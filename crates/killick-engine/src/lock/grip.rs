//! How firmly a lock is held.

use std::time::Duration;

use tokio::time::Instant;

use super::Entry;

/// What is known of the last write that made the lock ours.
#[derive(Clone, Debug)]
pub(super) struct Grip {
    /// What it wrote, and as which version.
    pub(super) entry: Entry,
    /// When it ends, in seconds since 1970.
    pub(super) expires: u64,
    /// How long it was in force at a moment of our own clock: one of the two
    /// clocks may stand still or be set while we hold it.
    pub(super) left: (Duration, Instant),
}
