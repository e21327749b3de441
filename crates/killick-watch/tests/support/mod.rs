//! A stack that is tampered with, people who are told, and a clock that is
//! the paused one of tokio.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and no test uses all of it"
)]

pub(crate) mod inbox;
pub(crate) mod model;
pub(crate) mod world;

use killick_finding::{Change, Severity};
use killick_watch::{Chance, Clock, Finding, Look, Repair, Unread};
use tokio::time::Instant;

/// The moment at which tests begin.
pub(crate) const START: u64 = 1_795_348_800;

/// A clock that goes with tokio's, from [`START`] at `born`.
pub(crate) fn clock(born: Instant) -> Clock {
    Clock::new(move || START + born.elapsed().as_secs())
}

pub(crate) fn finding(id: u64, severity: Severity, effect: &str) -> Finding {
    const KINDS: [&str; 4] = ["route_table", "nat_gateway", "elastic_ip", "function"];
    let kind = KINDS[usize::try_from(id).unwrap() % KINDS.len()];
    Finding {
        id: format!("d-{id:06}"),
        key: format!("{kind}/{id}"),
        field: match id % 3 {
            0 => None,
            1 => Some("routes.0.0.0.0/0".to_owned()),
            _ => Some("subnets".to_owned()),
        },
        what: Change::Changed,
        severity,
        effect: effect.to_owned(),
        repair: Repair::Automatic,
        undo: Some(format!("undo {id}")),
        needs: match id % 5 {
            0 => ["vpc".to_owned()].into(),
            _ => Default::default(),
        },
    }
}

pub(crate) fn look(findings: Vec<Finding>) -> Look {
    Look {
        stack: "partner-egress".to_owned(),
        account: "123456789012".to_owned(),
        region: "ap-northeast-1".to_owned(),
        at: START,
        findings,
        accepted: Vec::new(),
        unreadable: Vec::new(),
        checked: 61,
        calls: 14,
        duration_ms: 800,
    }
}

pub(crate) fn unread(kind: &str, field: Option<&str>) -> Unread {
    Unread {
        kind: kind.to_owned(),
        field: field.map(str::to_owned),
    }
}

/// True in so many of a hundred cases.
pub(crate) fn percent(chance: &mut Chance, share: u64) -> bool {
    chance.number() % 100 < share
}

/// A number below `limit`.
pub(crate) fn below(chance: &mut Chance, limit: u64) -> u64 {
    chance.number() % limit
}
