//! How long a lock lasts, and how long is waited for it.

use std::time::Duration;

/// How long a lock is held after the last write that worked.
pub const LOCK_LIFE: Duration = Duration::from_secs(300);
/// How long after a write the next one is due.
pub const LOCK_RENEW: Duration = Duration::from_secs(60);
/// By how much two clocks may differ: nobody takes over sooner than this after
/// the lock's end.
pub const LOCK_SKEW: Duration = Duration::from_secs(60);
/// How often who waits for the lock looks, and who holds it looks at the clock.
pub const LOCK_POLL: Duration = Duration::from_secs(5);
/// The pause after a call to the store that failed.
pub const LOCK_RETRY: Duration = Duration::from_secs(2);

/// How many versions the store keeps.
pub(super) const VERSIONS: u64 = 100;
