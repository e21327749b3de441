//! A watch that has run for months needs no more memory than one that has run
//! for days.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::cell::RefCell;
use std::rc::Rc;

use killick_finding::Severity;
use killick_watch::{
    Boxed, CancellationToken, Chance, Check, Every, Notification, Options, Outcome, SendError,
    Target, run,
};
use support::{below, clock, finding, look, percent};
use tokio::time::Instant;

/// Five minutes apart: about two weeks, and five months.
const SETTLED: u64 = 4_000;
const LONG: u64 = 44_000;
/// What an allocator may keep for itself.
const SLACK: u64 = 4 << 20;

/// The memory that this process holds, in bytes.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

struct Busy {
    chance: Chance,
    looks: u64,
    token: CancellationToken,
    sizes: Rc<RefCell<Vec<u64>>>,
}

impl Check for Busy {
    fn name(&self) -> &str {
        "killick.toml"
    }

    fn check<'a>(&'a mut self, _token: &'a CancellationToken) -> Boxed<'a, Outcome> {
        self.looks += 1;
        if [SETTLED, LONG].contains(&self.looks) {
            self.sizes.borrow_mut().push(resident());
        }
        if self.looks == LONG {
            self.token.cancel();
        }
        // New findings all the time: nothing of one that is gone may stay.
        let findings = (0..below(&mut self.chance, 6)).map(|_| {
            let id = self.looks * 10 + below(&mut self.chance, 10);
            finding(id, Severity::Critical, &"no way out ".repeat(20))
        });
        let mut findings: Vec<_> = findings.collect();
        findings.sort_by(|a, b| a.id.cmp(&b.id));
        findings.dedup_by(|a, b| a.id == b.id);
        Box::pin(async move { Outcome::Seen(look(findings)) })
    }
}

/// Hears most of it.
struct Ear(RefCell<Chance>);

impl Target for Ear {
    fn name(&self) -> &str {
        "ear"
    }

    fn send<'a>(&'a self, _notification: &'a Notification) -> Boxed<'a, Result<(), SendError>> {
        Box::pin(async {
            match percent(&mut self.0.borrow_mut(), 10) {
                true => Err(SendError::passing("busy")),
                false => Ok(()),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn months_take_no_more_memory_than_days() {
    let sizes = Rc::default();
    let token = CancellationToken::new();
    let check = Busy {
        chance: Chance::new(1),
        looks: 0,
        token: token.clone(),
        sizes: Rc::clone(&sizes),
    };
    let every: Every = "5m".parse().unwrap();
    let options = Options {
        clock: clock(Instant::now()),
        ..Options::new(every, 1)
    };
    let ear = Ear(RefCell::new(Chance::new(2)));
    let mut lines = 0_u64;
    let mut sink = |_: &str| lines += 1;
    let ended = run(
        vec![Box::new(check)],
        options,
        vec![Box::new(ear)],
        &token,
        &mut sink,
    )
    .await;
    assert!(ended.unwrap().stopped);
    assert!(lines >= LONG - 1, "{lines} lines");
    let sizes = sizes.borrow();
    let (days, months) = (sizes[0], sizes[1]);
    assert!(months < days + SLACK, "from {days} to {months} bytes");
}
