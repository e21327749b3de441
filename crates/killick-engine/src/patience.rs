//! How long to wait for what: every interval and limit, as data.

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
    const fn growing(first: Duration, factor: f64, cap: Duration, total: Duration) -> Self {
        Self {
            first,
            step: first,
            factor,
            cap,
            jitter: 0.4,
            total,
        }
    }

    const fn steady(first: Duration, step: Duration, total: Duration) -> Self {
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
    /// For a NAT gateway to become available (85 to 125 s are typical).
    pub const NAT_CREATE: Self = Self::steady(secs(30), secs(10), secs(600));
    /// For a NAT gateway to be gone (37 to 79 s are typical).
    pub const NAT_DELETE: Self = Self::steady(secs(20), secs(10), secs(1800));
    /// For connections by a further address of a NAT gateway to end: 350 s
    /// unless somebody set another time, of up to 4000 s (fact sheet section 3).
    pub const NAT_DRAIN: Self = Self::steady(secs(30), secs(15), secs(4200));
    /// For an Elastic IP that its NAT gateway has yet to let go of.
    pub const ADDRESS_FREE: Self = Self::steady(secs(5), secs(5), secs(300));
    /// For an internet gateway whose VPC still maps public addresses.
    pub const DETACH: Self = Self::steady(secs(10), secs(10), secs(1200));
    /// For a subnet, group, table or VPC that something still uses.
    pub const IN_USE: Self = Self::steady(secs(5), secs(15), secs(300));
    /// For a subnet or group that holds a network interface of AWS Lambda.
    pub const LAMBDA_INTERFACE: Self = Self::steady(secs(15), secs(15), secs(2700));
    /// For a function to take its new VPC config.
    pub const FUNCTION: Self = Self::growing(secs(2), 1.5, secs(15), secs(600));
    /// For a VPC, subnet or association to leave its first state.
    pub const SETTLED: Self = Self::growing(secs(2), 1.5, secs(10), secs(600));
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
