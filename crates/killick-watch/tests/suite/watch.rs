//! The loop.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs;
use std::rc::Rc;
use std::time::Duration;

use crate::support::inbox::Inbox;
use crate::support::{START, clock, finding, look, unread};
use killick_watch::{
    Boxed, CancellationToken, Check, Ending, Every, Look, Options, Outcome, SendError, Target,
    Verdict, WatchError, run,
};
use serde_json::Value;
use tokio::time::Instant;

/// Comes to these one after the other, and to the last again and again.
struct Scripted {
    name: String,
    takes: Duration,
    script: VecDeque<Outcome>,
    began: Rc<RefCell<Vec<Instant>>>,
}

impl Check for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    fn check<'a>(&'a mut self, _: &'a CancellationToken) -> Boxed<'a, Outcome> {
        Box::pin(async move {
            self.began.borrow_mut().push(Instant::now());
            tokio::time::sleep(self.takes).await;
            match self.script.len() {
                1 => self.script[0].clone(),
                _ => self.script.pop_front().unwrap(),
            }
        })
    }

    fn notes(&mut self) -> Vec<String> {
        vec![format!("a note of {}", self.name)]
    }
}

struct Bench {
    checks: Vec<Box<dyn Check>>,
    began: Rc<RefCell<Vec<Instant>>>,
    options: Options,
}

impl Bench {
    fn new(takes: u64, script: impl IntoIterator<Item = Outcome>) -> Self {
        let mut options = Options::new(Every::default(), 5);
        options.clock = clock(Instant::now());
        let bench = Self {
            checks: Vec::new(),
            began: Rc::default(),
            options,
        };
        bench.and("killick.toml", takes, script)
    }

    fn and(mut self, name: &str, takes: u64, script: impl IntoIterator<Item = Outcome>) -> Self {
        self.checks.push(Box::new(Scripted {
            name: name.to_owned(),
            takes: Duration::from_secs(takes),
            script: script.into_iter().collect(),
            began: Rc::clone(&self.began),
        }));
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// Watches for so long.
    async fn watch(self, seconds: u64, targets: Vec<Box<dyn Target>>) -> (Ending, Vec<Value>) {
        let token = CancellationToken::new();
        let asked = async {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            token.cancel();
            Instant::now()
        };
        let mut lines = Vec::new();
        let mut sink = |line: &str| {
            assert!(!line.contains('\n'));
            lines.push(serde_json::from_str(line).unwrap());
        };
        let watch = run(self.checks, self.options, targets, &token, &mut sink);
        let both = async { tokio::join!(watch, asked) };
        let limit = Duration::from_secs(seconds + 60);
        let (ending, asked) = tokio::time::timeout(limit, both).await.expect("it stops");
        assert!(asked.elapsed() < Duration::from_secs(1), "it stops at once");
        (ending.unwrap(), lines)
    }

    async fn once(mut self, targets: Vec<Box<dyn Target>>) -> (Ending, Vec<Value>) {
        self.options.once = true;
        let mut lines = Vec::new();
        let mut sink = |line: &str| lines.push(serde_json::from_str(line).unwrap());
        let token = CancellationToken::new();
        let ending = run(self.checks, self.options, targets, &token, &mut sink).await;
        (ending.unwrap(), lines)
    }
}

fn seen(ids: &[u64]) -> Outcome {
    Outcome::Seen(shown(ids))
}

fn shown(ids: &[u64]) -> Look {
    let findings = ids
        .iter()
        .map(|id| finding(*id, killick_finding::Severity::Critical, "no way out"));
    look(findings.collect())
}

fn failed() -> Outcome {
    Outcome::Failed {
        message: "no credentials".to_owned(),
        hint: Some("log in".to_owned()),
    }
}

fn throttled(retry_after: Option<u64>) -> Outcome {
    Outcome::Throttled {
        retry_after,
        message: "RequestLimitExceeded".to_owned(),
    }
}

fn gaps(began: &Rc<RefCell<Vec<Instant>>>) -> Vec<f64> {
    let began = began.borrow();
    began
        .windows(2)
        .map(|two| (two[1] - two[0]).as_secs_f64())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_line_says_it_all() {
    let (ending, lines) = Bench::new(7, [seen(&[1]), seen(&[])])
        .watch(400, Vec::new())
        .await;
    assert_eq!(lines.len(), 2);
    let line = &lines[0];
    assert_eq!(line["at"], killick_text::utc(START + 7));
    assert_eq!(
        (&line["spec"], &line["stack"]),
        (&"killick.toml".into(), &"partner-egress".into())
    );
    assert_eq!(
        (&line["region"], &line["result"]),
        (&"ap-northeast-1".into(), &"drift".into())
    );
    assert_eq!(
        line["findings"],
        serde_json::json!({"critical": 1, "warning": 0, "info": 0})
    );
    assert_eq!(line["opened"], serde_json::json!(["d-000001"]));
    assert_eq!(
        (&line["calls"], &line["duration_ms"]),
        (&14.into(), &800.into())
    );
    assert_eq!(line["notes"], serde_json::json!(["a note of killick.toml"]));
    assert!(line["next"].as_str().unwrap() > line["at"].as_str().unwrap());
    assert_eq!(lines[1]["result"], "in_sync");
    assert_eq!(lines[1]["resolved"], serde_json::json!(["d-000001"]));
    assert_eq!(ending.last["killick.toml"], Verdict::InSync);
    assert!(ending.stopped);
}

#[tokio::test(start_paused = true)]
async fn ticks_come_in_time_and_not_in_step() {
    let bench = Bench::new(20, [seen(&[])]);
    let began = Rc::clone(&bench.began);
    let (_, lines) = bench.watch(300 * 500, Vec::new()).await;
    assert!((480..=520).contains(&lines.len()), "{}", lines.len());
    let gaps = gaps(&began);
    assert!(
        gaps.iter().all(|gap| (270.0..=330.0).contains(gap)),
        "{gaps:?}"
    );
    assert!(gaps.iter().any(|gap| (gap - 300.0).abs() > 20.0));
}

#[tokio::test(start_paused = true)]
async fn a_check_that_takes_longer_than_its_interval_is_not_overtaken() {
    let bench = Bench::new(400, [seen(&[])]);
    let began = Rc::clone(&bench.began);
    bench.watch(10_000, Vec::new()).await;
    let gaps = gaps(&began);
    assert!(gaps.len() >= 20);
    assert!(gaps.iter().all(|gap| *gap >= 400.0 + 30.0), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn a_check_that_never_ends_is_a_failure() {
    let (_, lines) = Bench::new(1_000_000, [seen(&[])])
        .watch(700, Vec::new())
        .await;
    assert_eq!(lines[0]["result"], "failed");
    assert_eq!(lines[0]["message"], "the check did not end within 600 s");
}

#[tokio::test(start_paused = true)]
async fn throttling_makes_it_slower_and_sight_as_fast_as_before() {
    let script = [
        throttled(None),
        throttled(None),
        failed(),
        throttled(Some(1700)),
        seen(&[]),
        seen(&[]),
    ];
    let bench = Bench::new(1, script);
    let began = Rc::clone(&bench.began);
    let (_, lines) = bench.watch(10_000, Vec::new()).await;
    let gaps = gaps(&began);
    for (gap, expected) in gaps.iter().zip([600.0, 1200.0, 1200.0, 2400.0, 300.0]) {
        assert!((gap / expected - 1.0).abs() < 0.11, "{gaps:?}");
    }
    assert_eq!(
        (&lines[0]["result"], &lines[2]["result"]),
        (&"throttled".into(), &"failed".into())
    );
    assert_eq!(lines[2]["hint"], "log in");
}

#[tokio::test(start_paused = true)]
async fn specs_take_turns_each_with_its_own_rhythm() {
    let bench = Bench::new(30, [seen(&[])]).and("other.toml", 50, [throttled(None)]);
    let began = Rc::clone(&bench.began);
    let (_, lines) = bench.watch(6000, Vec::new()).await;
    let count = |name: &str| lines.iter().filter(|line| line["spec"] == name).count();
    assert!(count("killick.toml") >= 17, "{}", count("killick.toml"));
    assert!(
        (3..=6).contains(&count("other.toml")),
        "{}",
        count("other.toml")
    );
    assert!(
        gaps(&began).iter().all(|gap| *gap >= 30.0),
        "one after the other"
    );
}

#[tokio::test(start_paused = true)]
async fn a_spec_that_is_given_twice_is_an_error() {
    let bench = Bench::new(1, [seen(&[])]).and("killick.toml", 1, [seen(&[])]);
    let token = CancellationToken::new();
    let result = run(bench.checks, bench.options, Vec::new(), &token, &mut |_| ()).await;
    assert!(matches!(result, Err(WatchError::Twice(name)) if name == "killick.toml"));
}

#[tokio::test(start_paused = true)]
async fn once_is_one_check_and_what_can_be_delivered() {
    let (good, bad) = (Inbox::new("good", 1, 0), Inbox::new("bad", 2, 0));
    bad.answers((0..10).map(|_| Err(SendError::passing("away"))));
    let bench = Bench::new(1, [seen(&[1])]).and("other.toml", 1, [failed()]);
    let (ending, lines) = bench.once(vec![bad.target(), good.target()]).await;
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["next"], Value::Null);
    assert_eq!((good.arrived().len(), bad.tries()), (1, 3));
    assert_eq!((ending.pending, ending.stopped), (1, false));
    assert_eq!(ending.last["killick.toml"], Verdict::Drift);
    assert_eq!(ending.last["other.toml"], Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn the_same_set_after_a_restart_is_no_news() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::new("inbox", 1, 0);
    for _ in 0..3 {
        let bench = Bench::new(1, [seen(&[1, 2])]);
        let bench = bench.with(|options| options.state = Some(folder.path().join("state.json")));
        bench.watch(1000, vec![inbox.target()]).await;
    }
    assert_eq!(inbox.arrived().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_target_that_is_gone_is_kept_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::new("inbox", 1, 100);
    let state = folder.path().join("state.json");
    let bench = || Bench::new(1, [seen(&[1])]).with(|options| options.state = Some(state.clone()));
    inbox.answers((0..3).map(|_| Err(SendError::passing("away"))));
    bench().once(vec![inbox.target()]).await;
    let (ending, lines) = bench().once(Vec::new()).await;
    let notes = lines[0]["notes"].to_string();
    assert!(notes.contains("1 notification waits for inbox"), "{notes}");
    assert_eq!(ending.pending, 1);
    inbox.fails(0);
    bench().once(vec![inbox.target()]).await;
    assert_eq!(inbox.distinct().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_corrupt_state_is_said_in_the_first_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    fs::write(&path, "garbage").unwrap();
    let bench = Bench::new(1, [seen(&[1])]).with(|options| options.state = Some(path));
    let (_, lines) = bench.watch(400, Vec::new()).await;
    assert!(lines[0]["notes"][0].as_str().unwrap().contains(".corrupt"));
    assert!(!lines[1].to_string().contains(".corrupt"));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_can_no_longer_be_written_is_said_and_people_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let inbox = Inbox::new("inbox", 1, 0);
    let bench =
        Bench::new(10, [seen(&[1])]).with(|options| options.state = Some(inner.join("state.json")));
    let gone = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        fs::remove_dir_all(&inner).unwrap();
    };
    let ((_, lines), ()) = tokio::join!(bench.watch(400, vec![inbox.target()]), gone);
    assert!(
        lines[0]["notes"]
            .to_string()
            .contains("cannot write the state file"),
        "{}",
        lines[0]
    );
    assert_eq!(inbox.arrived().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn it_is_written_before_anybody_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    struct Reader(std::path::PathBuf, Rc<RefCell<usize>>);
    impl Target for Reader {
        fn name(&self) -> &str {
            "reader"
        }

        fn send<'a>(
            &'a self,
            told: &'a killick_watch::Notification,
        ) -> Boxed<'a, Result<(), SendError>> {
            Box::pin(async move {
                let state = fs::read_to_string(&self.0).unwrap();
                assert!(state.contains(&told.id), "told before it was written");
                *self.1.borrow_mut() += 1;
                Ok(())
            })
        }
    }
    let told = Rc::new(RefCell::new(0));
    let reader = Reader(state.clone(), Rc::clone(&told));
    let bench =
        Bench::new(1, [seen(&[1]), seen(&[2])]).with(|options| options.state = Some(state.clone()));
    bench.watch(400, vec![Box::new(reader)]).await;
    assert_eq!(*told.borrow(), 2);
    assert!(
        !fs::read_to_string(&state).unwrap().contains("n-"),
        "and again when it arrived"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_kept_and_told_and_tried_again_after_an_hour() {
    let inbox = Inbox::new("inbox", 1, 0);
    inbox.answers([Err(SendError::refused("it answered 404"))]);
    let bench = Bench::new(1, [seen(&[1]), seen(&[1, 2])]);
    let (_, lines) = bench.watch(7000, vec![inbox.target()]).await;
    let note = lines[1]["notes"].to_string();
    assert!(
        note.contains("it answered 404; 2 notifications wait"),
        "{note}"
    );
    assert!(
        lines[5]["notes"].to_string().contains("404"),
        "as long as it lasts"
    );
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["pending_notifications"], inbox.tries()),
        (&0.into(), 3)
    );
    assert!(!last["notes"].to_string().contains("404"));
    let ids: Vec<_> = inbox
        .arrived()
        .iter()
        .map(|one| one.transitions[0].transition.finding.id.clone())
        .collect();
    assert_eq!(ids, ["d-000001", "d-000002"], "in order");
}

#[tokio::test(start_paused = true)]
async fn a_target_that_hangs_blinds_nobody_and_two_of_one_name_are_two() {
    struct Hangs;
    impl Target for Hangs {
        fn name(&self) -> &str {
            "webhook"
        }

        fn send<'a>(
            &'a self,
            _: &'a killick_watch::Notification,
        ) -> Boxed<'a, Result<(), SendError>> {
            Box::pin(std::future::pending())
        }
    }
    let inbox = Inbox::new("webhook", 1, 0);
    let bench = Bench::new(1, [seen(&[1]), seen(&[])]);
    let (ending, lines) = bench
        .watch(3000, vec![Box::new(Hangs), inbox.target()])
        .await;
    assert!(lines.len() >= 8, "{}", lines.len());
    assert_eq!((inbox.arrived().len(), ending.pending), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_target_is_left_alone_for_as_long_as_it_asks() {
    let inbox = Inbox::new("inbox", 1, 0);
    let busy = SendError {
        after: Some(Duration::from_secs(900)),
        ..SendError::passing("429")
    };
    inbox.answers([Err(busy)]);
    let (ending, _) = Bench::new(1, [seen(&[1])])
        .watch(890, vec![inbox.target()])
        .await;
    assert_eq!((inbox.tries(), ending.pending), (1, 1));
    let endless = SendError {
        after: Some(Duration::MAX),
        ..SendError::passing("429")
    };
    inbox.answers([Err(endless)]);
    let (ending, _) = Bench::new(1, [seen(&[1])])
        .watch(3700, vec![inbox.target()])
        .await;
    assert_eq!(ending.pending, 0);
}

#[tokio::test(start_paused = true)]
async fn a_look_that_shows_nothing_resolves_nothing() {
    let mut blind = shown(&[]);
    blind.checked = 0;
    blind.unreadable = vec![unread("vpc", None)];
    let mut partial = shown(&[]);
    partial.unreadable = vec![unread("nat_gateway", None)];
    let script = [
        seen(&[1]),
        Outcome::Seen(blind),
        Outcome::Seen(partial),
        seen(&[]),
    ];
    let (_, lines) = Bench::new(1, script).watch(1300, Vec::new()).await;
    let results: Vec<_> = lines
        .iter()
        .map(|line| line["result"].as_str().unwrap())
        .collect();
    assert_eq!(results[..4], ["drift", "failed", "partial", "in_sync"]);
    assert_eq!(
        (&lines[2]["unseen"], &lines[2]["findings"]["critical"]),
        (&1.into(), &1.into())
    );
    assert_eq!(lines[3]["resolved"], serde_json::json!(["d-000001"]));
}
