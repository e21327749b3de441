//! Metrics and health.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::inbox::Inbox;
use crate::support::{START, finding, look};
use killick_finding::Severity;
use killick_watch::{
    Board, Boxed, CancellationToken, Check, Clock, Every, Listener, Options, Outcome, SendError,
    State, Watched, metrics, run,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One finding, always.
struct Fixed;

impl Check for Fixed {
    fn name(&self) -> &str {
        "killick.toml"
    }

    fn check<'a>(&'a mut self, _: &'a CancellationToken) -> Boxed<'a, Outcome> {
        Box::pin(async { Outcome::Seen(look(vec![finding(1, Severity::Critical, "no way out")])) })
    }
}

async fn get(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{request} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[tokio::test]
async fn metrics_and_health_over_http() {
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let address = listener.address();
    let mut options = Options::new(Every::default(), 1);
    options.metrics = Some(listener);
    let (good, bad) = (Inbox::new("good", 1, 0), Inbox::new("bad", 2, 0));
    good.answers([Ok(())]);
    bad.answers([Err(SendError::refused("404"))]);
    let token = CancellationToken::new();
    let mut sink = |_: &str| ();
    let asking = async {
        // Half a request keeps nobody from asking.
        let _half = TcpStream::connect(address).await.unwrap();
        // Until both were tried.
        while good.tries() + bad.tries() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let metrics = get(address, "GET /metrics").await;
        let health = get(address, "GET /healthz").await;
        let head = get(address, "HEAD /metrics").await;
        let missing = get(address, "GET /").await;
        let posted = get(address, "POST /metrics").await;
        token.cancel();
        (metrics, health, head, missing, posted)
    };
    let (ending, (metrics, health, head, missing, posted)) = tokio::join!(
        run(
            vec![Box::new(Fixed)],
            options,
            vec![good.target(), bad.target()],
            &token,
            &mut sink
        ),
        asking
    );
    assert!(ending.unwrap().stopped);
    assert!(
        metrics.0.contains("200 OK")
            && metrics
                .0
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8"),
        "{}",
        metrics.0
    );
    for line in [
        "killick_notifications_sent_total{target=\"good\"} 1",
        "killick_notifications_failed_total{target=\"good\"} 0",
        "killick_notifications_failed_total{target=\"bad\"} 1",
        "killick_notifications_pending{target=\"bad\"} 1",
        "killick_notifications_pending{target=\"good\"} 0",
        "killick_notifications_refused{target=\"bad\"} 1",
    ] {
        assert!(
            metrics.1.contains(&format!("{line}\n")),
            "{line} is not in {}",
            metrics.1
        );
    }
    assert!(metrics.1.ends_with("# EOF\n"));
    assert!(metrics.1.contains("killick_findings{stack=\"partner-egress\",region=\"ap-northeast-1\",account=\"123456789012\",severity=\"critical\"} 1\n"));
    assert!(
        health.0.contains("200 OK") && health.1.starts_with("killick.toml: ok"),
        "{health:?}"
    );
    assert!(head.0.contains("200 OK") && head.1.is_empty());
    assert!(missing.0.contains("404"));
    assert!(posted.0.contains("405") && posted.0.contains("allow: GET, HEAD"));
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}

/// A board whose clock stands where one puts it.
struct Timed {
    board: Board,
    now: Arc<Mutex<u64>>,
    state: State,
}

impl Timed {
    fn new(every: u64, grace: u64) -> Self {
        let now = Arc::new(Mutex::new(START));
        let clock = Arc::clone(&now);
        let clock = Clock::new(move || *clock.lock().unwrap());
        let board = Board::new(
            clock,
            Duration::from_secs(every),
            3,
            Duration::from_secs(grace),
        );
        board.expect("killick.toml", &Watched::default());
        Self {
            board,
            now,
            state: State::new("a"),
        }
    }

    fn at(&self, seconds: u64) -> (bool, String) {
        *self.now.lock().unwrap() = START + seconds;
        let health = self.board.health();
        (health.well, health.why)
    }

    fn check(&mut self, outcome: Outcome) {
        self.state.absorb("killick.toml", &outcome, START, 3, &[]);
        let watched = &self.state.specs["killick.toml"];
        self.board.checked(
            "killick.toml",
            &outcome,
            watched,
            Duration::from_millis(1500),
        );
    }
}

fn failed() -> Outcome {
    Outcome::Failed {
        message: String::new(),
        hint: None,
    }
}

#[test]
fn health_needs_a_success_in_time() {
    let mut timed = Timed::new(300, 400);
    assert!(timed.at(0).0 && timed.at(400).0);
    let (well, why) = timed.at(401);
    assert!(
        !well && why.contains("no success yet after 401 s, limit 400 s"),
        "{why}"
    );
    timed.check(failed());
    let (well, why) = timed.at(410);
    assert!(
        !well && why.contains("1 checks in a row saw nothing"),
        "{why}"
    );
    timed.check(Outcome::Seen(look(Vec::new())));
    assert!(timed.at(410).0 && timed.at(410 + 900).0);
    timed.check(failed());
    let (well, why) = timed.at(410 + 901);
    assert!(
        !well && why.contains("late: last success 901 s ago, limit 900 s"),
        "{why}"
    );
    let mut partial = look(Vec::new());
    partial.unreadable.push(crate::support::unread("vpc", None));
    timed.check(Outcome::Seen(partial));
    assert!(timed.at(1311).0);
}

#[test]
fn a_success_before_a_restart_does_not_count_as_one() {
    let timed = Timed::new(300, 400);
    let before = Watched {
        last_success: Some(START - 100_000),
        ..Watched::default()
    };
    timed.board.expect("killick.toml", &before);
    assert!(timed.at(10).0, "it has only begun");
    let recent = Watched {
        last_success: Some(START - 1),
        ..Watched::default()
    };
    timed.board.expect("killick.toml", &recent);
    assert!(!timed.at(401).0);
}

/// Every sample by its name and labels; checks the form on the way.
fn samples(page: &str) -> std::collections::BTreeMap<String, f64> {
    let mut samples = std::collections::BTreeMap::new();
    let mut families = std::collections::BTreeSet::new();
    let (mut name, mut kind) = (String::new(), String::new());
    let body = page.strip_suffix("# EOF\n").expect("it ends with EOF");
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (family, of) = rest.split_once(' ').unwrap();
            assert!(families.insert(family.to_owned()), "{family} comes twice");
            (name, kind) = (family.to_owned(), of.to_owned());
            assert!(["gauge", "counter"].contains(&of));
        } else if let Some(rest) = line.strip_prefix("# UNIT ") {
            let (family, unit) = rest.split_once(' ').unwrap();
            assert!(
                family == name && name.ends_with(&format!("_{unit}")),
                "{line}"
            );
        } else if let Some(rest) = line.strip_prefix("# HELP ") {
            assert!(
                rest.starts_with(&format!("{name} ")) && rest.ends_with('.'),
                "{line}"
            );
        } else {
            let suffix = if kind == "counter" { "_total" } else { "" };
            let (series, value) = line.rsplit_once(' ').unwrap();
            let metric = series.split('{').next().unwrap();
            assert_eq!(metric, format!("{name}{suffix}"), "{line}");
            let known = samples.insert(series.to_owned(), value.parse().unwrap());
            assert_eq!(known, None, "{series} comes twice");
        }
    }
    samples
}

#[test]
fn the_numbers_are_those_of_the_checks() {
    let mut timed = Timed::new(300, 400);
    let first = samples(&metrics::render(&timed.board));
    assert!(
        !first
            .keys()
            .any(|series| series.starts_with("killick_in_sync{")),
        "not known yet"
    );
    timed.check(Outcome::Seen(look(vec![finding(1, Severity::Warning, "")])));
    timed.check(failed());
    timed.at(60);
    let mut seen = look(Vec::new());
    seen.stack = "a\"b\\c\nd".to_owned();
    seen.unreadable
        .push(crate::support::unread("nat_gateway", None));
    timed.check(Outcome::Seen(seen));
    let page = metrics::render(&timed.board);
    let samples = samples(&page);
    let mut hostile = look(Vec::new());
    hostile.stack = "a\u{1b}[2J\u{202e}\u{200b}\u{e0041}z".to_owned();
    timed.check(Outcome::Seen(hostile));
    let shown = metrics::render(&timed.board).replace('\n', "");
    assert!(!shown.contains(killick_text::is_hidden), "{shown:?}");
    let labels = "{stack=\"a\\\"b\\\\c\\nd\",region=\"ap-northeast-1\",account=\"123456789012\"";
    let value = |name: &str, more: &str| {
        let series = format!("{name}{labels}{more}}}");
        *samples
            .get(&series)
            .unwrap_or_else(|| panic!("{series} is not in {page}"))
    };
    assert_eq!(value("killick_in_sync", ""), 0.0);
    assert_eq!(value("killick_unreadable", ""), 1.0);
    assert_eq!(value("killick_aws_calls_total", ""), 28.0);
    assert_eq!(value("killick_checks_total", ",outcome=\"failed\""), 1.0);
    assert_eq!(value("killick_checks_total", ",outcome=\"drift\""), 1.0);
    assert_eq!(value("killick_checks_total", ",outcome=\"partial\""), 1.0);
    assert_eq!(value("killick_checks_total", ",outcome=\"in_sync\""), 0.0);
    assert_eq!(value("killick_last_check_duration_seconds", ""), 1.5);
    assert_eq!(
        value("killick_last_success_timestamp_seconds", ""),
        (START + 60) as f64
    );
    assert_eq!(value("killick_findings", ",severity=\"warning\""), 0.0);
}
