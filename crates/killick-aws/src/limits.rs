//! How long to wait for what of AWS: every interval and limit, as data.

use std::time::Duration;

use killick_engine::Patience;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// For a NAT gateway to become available (85 to 125 s are typical).
pub(crate) const NAT_CREATE: Patience = Patience::steady(secs(30), secs(10), secs(600));
/// For a NAT gateway to be gone (37 to 79 s are typical).
pub(crate) const NAT_DELETE: Patience = Patience::steady(secs(20), secs(10), secs(1800));
/// For connections by a further address of a NAT gateway to end: 350 s
/// unless somebody set another time, of up to 4000 s (fact sheet section 3).
pub(crate) const NAT_DRAIN: Patience = Patience::steady(secs(30), secs(15), secs(4200));
/// For an Elastic IP that its NAT gateway has yet to let go of.
pub(crate) const ADDRESS_FREE: Patience = Patience::steady(secs(5), secs(5), secs(300));
/// For an internet gateway whose VPC still maps public addresses.
pub(crate) const DETACH: Patience = Patience::steady(secs(10), secs(10), secs(1200));
/// For a subnet, group, table or VPC that something still uses.
pub(crate) const IN_USE: Patience = Patience::steady(secs(5), secs(15), secs(300));
/// For a subnet or group that holds a network interface of AWS Lambda.
pub(crate) const LAMBDA_INTERFACE: Patience = Patience::steady(secs(15), secs(15), secs(2700));
/// For a function to take its new VPC config.
pub(crate) const FUNCTION: Patience = Patience::growing(secs(2), 1.5, secs(15), secs(600));
/// For a VPC, subnet or association to leave its first state.
pub(crate) const SETTLED: Patience = Patience::growing(secs(2), 1.5, secs(10), secs(600));

#[cfg(test)]
mod tests {
    use super::*;

    /// The first five waits, the longest one, the jitter and the total, in
    /// seconds.
    type Row = (&'static str, Patience, [f64; 5], f64, f64, f64);

    const TABLE: [Row; 8] = [
        (
            "NAT gateway create",
            NAT_CREATE,
            [30.0, 10.0, 10.0, 10.0, 10.0],
            10.0,
            0.0,
            600.0,
        ),
        (
            "NAT gateway delete",
            NAT_DELETE,
            [20.0, 10.0, 10.0, 10.0, 10.0],
            10.0,
            0.0,
            1800.0,
        ),
        (
            "address free",
            ADDRESS_FREE,
            [5.0, 5.0, 5.0, 5.0, 5.0],
            5.0,
            0.0,
            300.0,
        ),
        (
            "detach",
            DETACH,
            [10.0, 10.0, 10.0, 10.0, 10.0],
            10.0,
            0.0,
            1200.0,
        ),
        (
            "in use",
            IN_USE,
            [5.0, 15.0, 15.0, 15.0, 15.0],
            15.0,
            0.0,
            300.0,
        ),
        (
            "interface",
            LAMBDA_INTERFACE,
            [15.0, 15.0, 15.0, 15.0, 15.0],
            15.0,
            0.0,
            2700.0,
        ),
        (
            "function",
            FUNCTION,
            [2.0, 3.0, 4.5, 6.75, 10.125],
            15.0,
            0.4,
            600.0,
        ),
        (
            "settled",
            SETTLED,
            [2.0, 3.0, 4.5, 6.75, 10.0],
            10.0,
            0.4,
            600.0,
        ),
    ];

    fn close(name: &str, wait: Duration, seconds: f64) {
        let wait = wait.as_secs_f64();
        assert!(
            (wait - seconds).abs() < 1e-6,
            "{name}: {wait} s, not {seconds} s"
        );
    }

    #[test]
    fn every_limit_is_as_documented() {
        for (name, patience, waits, longest, jitter, total) in TABLE {
            for (tries, seconds) in (1..).zip(waits) {
                close(name, patience.wait(tries), seconds);
            }
            close(name, patience.wait(u32::MAX), longest);
            close(name, patience.total, total);
            assert!((patience.jitter - jitter).abs() < 1e-9, "{name}");
        }
    }
}
