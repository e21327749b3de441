//! The waits of every patience, number by number.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use killick_engine::Patience;

/// The first five waits, the longest one, the jitter and the total, in seconds.
type Row = (&'static str, Patience, [f64; 5], f64, f64, f64);

const TABLE: [Row; 6] = [
    (
        "throttled",
        Patience::THROTTLED,
        [0.5, 0.85, 1.445, 2.4565, 4.17605],
        20.0,
        0.4,
        300.0,
    ),
    (
        "unreached",
        Patience::UNREACHED,
        [0.2, 0.4, 0.8, 1.0, 1.0],
        1.0,
        0.4,
        1.0,
    ),
    (
        "unanswered",
        Patience::UNANSWERED,
        [0.5, 1.0, 2.0, 4.0, 5.0],
        5.0,
        0.4,
        1.5,
    ),
    (
        "visible",
        Patience::VISIBLE,
        [2.0, 3.4, 5.78, 9.826, 16.7042],
        30.0,
        0.4,
        300.0,
    ),
    (
        "busy",
        Patience::BUSY,
        [2.0, 3.0, 4.5, 6.75, 10.125],
        15.0,
        0.4,
        300.0,
    ),
    (
        "proof",
        Patience::PROOF,
        [2.0, 3.4, 5.78, 9.826, 15.0],
        15.0,
        0.4,
        90.0,
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
fn every_patience_waits_as_documented() {
    for (name, patience, waits, longest, jitter, total) in TABLE {
        for (tries, seconds) in (1..).zip(waits) {
            close(name, patience.wait(tries), seconds);
        }
        close(name, patience.wait(0), waits[0]);
        for tries in [50, 1000, 1 << 31, u32::MAX] {
            close(name, patience.wait(tries), longest);
        }
        close(name, patience.total, total);
        assert!((patience.jitter - jitter).abs() < 1e-9, "{name}");
    }
}

#[test]
fn no_wait_is_longer_than_the_cap() {
    for (name, patience, ..) in TABLE {
        let cap = Duration::from_millis(1500);
        let patience = Patience { cap, ..patience };
        for tries in 0..200 {
            assert!(patience.wait(tries) <= cap, "{name}, try {tries}");
        }
    }
}

#[test]
fn growth_without_bounds_ends_at_the_cap() {
    let patience = Patience {
        cap: Duration::MAX,
        ..Patience::VISIBLE
    };
    assert_eq!(patience.wait(u32::MAX), Duration::MAX);
}
