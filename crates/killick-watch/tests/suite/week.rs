//! A week of checks every five minutes, with tampering, blindness, throttling,
//! failures, receivers that do not answer, and fifty kills.

use std::collections::BTreeMap;
use std::fs;
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::support::inbox::Inbox;
use crate::support::model::Model;
use crate::support::world::World;
use crate::support::{below, clock};
use killick_watch::{COALESCE_AT, CancellationToken, Chance, Ending, Every, Options, run};
use tokio::time::Instant;

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// How a watch ends before its time.
#[derive(Clone, Copy, Debug)]
enum End {
    /// Killed at a moment.
    Killed(Duration),
    /// Killed when it waits for the so-many-th time.
    KilledAtWait(u64),
    /// Asked to stop at a moment.
    Asked(Duration),
}

struct Week {
    born: Instant,
    world: World,
    inboxes: Vec<Inbox>,
    model: Model,
    state: std::path::PathBuf,
    largest: u64,
    lines: u64,
}

impl Week {
    fn new(seed: u64, folder: &Path) -> Self {
        Self {
            born: Instant::now(),
            world: World::new(seed),
            inboxes: vec![
                Inbox::new("good", seed + 1, 0),
                Inbox::new("flaky", seed + 2, 40),
                Inbox::new("away", seed + 3, 100),
            ],
            model: Model::default(),
            state: folder.join("state.json"),
            largest: 0,
            lines: 0,
        }
    }

    /// One process from its start to its end.
    async fn life(&mut self, seed: u64, end: End) {
        let clock = clock(self.born);
        let mut options = Options::new(Every::default(), seed);
        options.state = Some(self.state.clone());
        options.clock = clock.clone();
        let targets = self.inboxes.iter().map(Inbox::target).collect();
        let token = CancellationToken::new();
        let checks = vec![self.world.check(&clock)];
        let (model, world) = (&mut self.model, &self.world);
        let (state, largest, lines) = (&self.state, &mut self.largest, &mut self.lines);
        let most = self.inboxes.len() * (COALESCE_AT + 1);
        let mut sink = |line: &str| {
            model.saw(&world.last().unwrap());
            *lines += 1;
            *largest = fs::metadata(state).unwrap().len().max(*largest);
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let pending = line["pending_notifications"].as_u64().unwrap();
            assert!(pending <= u64::try_from(most).unwrap(), "{pending}");
        };
        let watch = run(checks, options, targets, &token, &mut sink);
        match end {
            End::Killed(after) => assert!(tokio::time::timeout(after, watch).await.is_err()),
            End::KilledAtWait(number) => assert!(killed(watch, number).await.is_none()),
            End::Asked(after) => {
                let asked = async {
                    tokio::time::sleep(after).await;
                    token.cancel();
                    Instant::now()
                };
                let both = async { tokio::join!(watch, asked) };
                let limit = after + Duration::from_secs(60);
                let (ending, asked) = tokio::time::timeout(limit, both).await.expect("it stops");
                assert!(ending.unwrap().stopped);
                assert!(asked.elapsed() < Duration::from_secs(1));
            }
        }
    }

    /// Nothing happens any more and everybody listens.
    async fn settle(&mut self) -> Ending {
        self.world.calm();
        for inbox in &self.inboxes {
            inbox.fails(0);
        }
        let clock = clock(self.born);
        let mut options = Options::new(Every::default(), 99);
        options.state = Some(self.state.clone());
        options.clock = clock.clone();
        options.once = true;
        let targets = self.inboxes.iter().map(Inbox::target).collect();
        let (model, world) = (&mut self.model, &self.world);
        let mut sink = |_: &str| model.saw(&world.last().unwrap());
        let checks = vec![self.world.check(&clock)];
        let token = CancellationToken::new();
        run(checks, options, targets, &token, &mut sink)
            .await
            .unwrap()
    }
}

/// Polls so many times, and then never again.
async fn killed<T>(future: impl Future<Output = T>, polls: u64) -> Option<T> {
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// In memory where there is such a place: each write waits for the disk, and
/// there are thousands.
fn folder() -> tempfile::TempDir {
    let memory = tempfile::tempdir_in("/dev/shm");
    memory.or_else(|_| tempfile::tempdir()).unwrap()
}

async fn week(seed: u64) {
    let folder = folder();
    let mut week = Week::new(seed, folder.path());
    let mut chance = Chance::new(seed ^ 0xabcd);
    let mut kills = 0;
    while week.born.elapsed() < WEEK {
        let part = week.born.elapsed().as_secs_f64() / WEEK.as_secs_f64();
        // Three days without an answer.
        week.inboxes[2].fails(if (0.2..0.65).contains(&part) { 100 } else { 10 });
        let seconds = Duration::from_secs(below(&mut chance, 20_000) + 1);
        let end = match below(&mut chance, 3) {
            0 => End::Killed(seconds),
            1 => End::KilledAtWait(below(&mut chance, 150) + 1),
            _ => End::Asked(seconds),
        };
        week.life(chance.number(), end).await;
        kills += 1;
    }
    let ending = week.settle().await;
    assert!(kills >= 50, "{kills}");
    assert!(week.lines >= 1500, "{}", week.lines);
    assert!(
        week.model.transitions() >= 100,
        "{}",
        week.model.transitions()
    );
    assert!(week.model.reach.len() >= 2, "{:?}", week.model.reach);
    assert_eq!(ending.pending, 0);
    assert_eq!(week.model.open(), week.world.wrong());
    assert!(week.largest < 400_000, "{} bytes", week.largest);
    let told: Vec<_> = week.inboxes.iter().map(Inbox::distinct).collect();
    for (inbox, who) in told.iter().zip(["good", "flaky", "away"]) {
        week.model.assert_told(who, inbox);
    }
    let mut contents = BTreeMap::new();
    for one in told.iter().flatten() {
        let known = contents.entry(&one.id).or_insert(one);
        assert_eq!(*known, one, "one id, two contents");
    }
    // The one that was away had to be told in short.
    assert!(told[2].len() < told[0].len());
    let folded = |one: &killick_watch::Notification| {
        one.transitions.iter().any(|told| told.folded.is_some())
    };
    assert!(told[2].iter().any(folded));
    assert!(!told[0].iter().any(folded));
    assert!(
        week.inboxes[1].arrived().len() > told[1].len(),
        "some came twice"
    );
}

#[tokio::test(start_paused = true)]
async fn everything_is_told_once_whatever_happens() {
    for seed in [1, 2] {
        week(seed).await;
    }
}
