//! How long to wait, as data. What waits for AWS's own resources has its limits
//! where those are called.

use std::time::Duration;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A series of waits. The first try comes before the first wait.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// The first wait.
    pub first: Duration,
    /// What all later ones come from: wait n is `step` times `factor` to the
    /// power of n - 1.
    pub step: Duration,
    /// By how much each wait is longer than the one before; 1 for even steps.
    pub factor: f64,
    /// No wait is longer than this.
    pub cap: Duration,
    /// The share of a wait that chance may take off, 0 to 1.
    pub jitter: f64,
    /// No wait starts after this much time.
    pub total: Duration,
}

impl Patience {
    /// Waits that grow by `factor` up to `cap`, with the share of 0.4 left to
    /// chance, for `total`.
    pub const fn growing(first: Duration, factor: f64, cap: Duration, total: Duration) -> Self {
        Self {
            first,
            step: first,
            factor,
            cap,
            jitter: 0.4,
            total,
        }
    }

    /// Even waits of `step` after a first one, for `total`.
    pub const fn steady(first: Duration, step: Duration, total: Duration) -> Self {
        Self {
            first,
            step,
            factor: 1.0,
            cap: Duration::MAX,
            jitter: 0.0,
            total,
        }
    }

    /// For a call that was throttled.
    pub const THROTTLED: Self = Self::growing(Duration::from_millis(500), 1.7, secs(20), secs(300));
    /// For a network that is away in the middle of a step.
    pub const OUTAGE: Self = Self::growing(secs(1), 1.7, secs(15), secs(120));
    /// For a request that could not be sent.
    pub const UNREACHED: Self = Self::growing(Duration::from_millis(200), 2.0, secs(1), secs(1));
    /// For a read without a usable answer: somebody sits and waits for it.
    pub const UNANSWERED: Self = Self::growing(
        Duration::from_millis(500),
        2.0,
        secs(5),
        Duration::from_millis(1500),
    );
    /// For what was made moments ago (fact sheet section 17: 2 s, x1.7, jitter
    /// 0.4, cap 30 s, 5 min in all).
    pub const VISIBLE: Self = Self::growing(secs(2), 1.7, secs(30), secs(300));
    /// For a resource in the middle of another change.
    pub const BUSY: Self = Self::growing(secs(2), 1.5, secs(15), secs(300));
    /// For a last read to show what was done.
    pub const PROOF: Self = Self::growing(secs(2), 1.7, secs(15), secs(90));

    /// The wait after try number `tries` (1 is the first), before chance.
    pub fn wait(&self, tries: u32) -> Duration {
        if tries <= 1 {
            return self.first.min(self.cap);
        }
        let exponent = i32::try_from(tries - 1).unwrap_or(i32::MAX);
        let grown = self.step.as_secs_f64() * self.factor.powi(exponent);
        Duration::try_from_secs_f64(grown).map_or(self.cap, |wait| wait.min(self.cap))
    }
}
