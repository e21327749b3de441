//! The state file, and what waits in it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;

use killick_finding::Severity;
use killick_watch::{COALESCE_AT, Notification, Outcome, Reach, State, Store};
use support::{START, finding, look};

fn seen(ids: &[u64]) -> Outcome {
    let findings = ids
        .iter()
        .map(|id| finding(*id, Severity::Warning, "costs more"));
    Outcome::Seen(look(findings.collect()))
}

fn failed() -> Outcome {
    Outcome::Failed {
        message: "DescribeVpcs failed".to_owned(),
        hint: Some("ask for the permission".to_owned()),
    }
}

fn targets() -> Vec<String> {
    vec!["slack".to_owned(), "exec".to_owned()]
}

fn absorb(state: &mut State, outcome: &Outcome) -> Option<Notification> {
    state
        .absorb("killick.toml", outcome, START, 3, &targets())
        .notification
}

#[test]
fn what_was_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let (store, mut state, note) = Store::open(Some(path.clone()), "a").unwrap();
    assert_eq!(note, None);
    absorb(&mut state, &seen(&[1, 2]));
    absorb(&mut state, &failed());
    state.outbox.failed("slack");
    store.save(&state).unwrap();
    let (_, again, note) = Store::open(Some(path.clone()), "b").unwrap();
    assert_eq!((again, note), (state, None));
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 1, "nothing is left beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn a_file_that_cannot_be_understood_is_put_aside_and_told() {
    let whole = serde_json::to_string(&State::new("a")).unwrap();
    let newer = whole.replacen("\"version\":1", "\"version\":2", 1);
    assert_ne!(whole, newer);
    for content in [
        "",
        "{",
        "null",
        "[]",
        "{\"version\":1}",
        &whole[..whole.len() / 2],
        &newer,
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        fs::write(&path, content).unwrap();
        let (_, state, note) = Store::open(Some(path.clone()), "a").unwrap();
        assert_eq!(state, State::new("a"));
        let note = note.unwrap_or_else(|| panic!("{content:?} was taken"));
        assert!(note.contains("state.json.corrupt"), "{note}");
        let aside = fs::read_to_string(folder.path().join("state.json.corrupt")).unwrap();
        assert_eq!(aside, content);
        let (_, _, note) = Store::open(Some(path), "a").unwrap();
        assert_eq!(note, None, "the new one is fine");
    }
}

#[test]
fn a_state_that_cannot_be_kept_is_an_error_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").join("state.json");
    let error = Store::open(Some(missing), "a").unwrap_err().to_string();
    assert!(error.contains("cannot write the state file"), "{error}");
    let error = Store::open(Some(folder.path().to_owned()), "a")
        .unwrap_err()
        .to_string();
    assert!(error.contains("cannot read the state file"), "{error}");
}

#[test]
fn ids_of_a_lost_state_do_not_come_again() {
    let id = |salt| absorb(&mut State::new(salt), &seen(&[1])).unwrap().id;
    assert_eq!(id("a"), id("a"));
    assert_ne!(id("a"), id("b"));
}

#[test]
fn an_id_does_not_come_again_when_its_count_was_never_written() {
    let id = |now| {
        let mut state = State::new("a");
        let absorbed = state.absorb("killick.toml", &seen(&[1]), now, 3, &targets());
        absorbed.notification.unwrap().id
    };
    assert_ne!(id(START), id(START + 1));
}

#[test]
fn a_stack_that_cannot_be_seen_is_told_once_and_again_when_it_can() {
    let mut state = State::new("a");
    absorb(&mut state, &seen(&[1]));
    let known = state.specs["killick.toml"].known.clone();
    let throttled = Outcome::Throttled {
        retry_after: None,
        message: "slow down".to_owned(),
    };
    assert_eq!(absorb(&mut state, &failed()), None);
    assert_eq!(absorb(&mut state, &throttled), None);
    let told = absorb(&mut state, &failed()).unwrap();
    assert!(told.transitions.is_empty());
    let Some(Reach::Unreachable {
        failures: 3,
        hint: Some(_),
        ..
    }) = told.reach.map(|news| news.reach)
    else {
        panic!("not told");
    };
    for _ in 0..10 {
        assert_eq!(absorb(&mut state, &failed()), None);
    }
    assert_eq!(
        state.specs["killick.toml"].known, known,
        "the set stays as it was"
    );
    let told = absorb(&mut state, &seen(&[])).unwrap();
    assert_eq!(told.transitions.len(), 1);
    let reach = told.reach.unwrap().reach;
    assert!(
        matches!(reach, Reach::Recovered { failures: 13, .. }),
        "{reach:?}"
    );
    for _ in 0..2 {
        assert_eq!(absorb(&mut state, &failed()), None);
    }
    assert_eq!(
        absorb(&mut state, &seen(&[])),
        None,
        "two failures are no news"
    );
}

#[test]
fn another_stack_in_the_same_file_resolves_nothing() {
    let mut state = State::new("a");
    absorb(&mut state, &seen(&[1, 2]));
    let mut other = look(vec![finding(3, Severity::Info, "")]);
    other.stack = "other".to_owned();
    let absorbed = state.absorb("killick.toml", &Outcome::Seen(other), START, 3, &targets());
    let words: Vec<_> = absorbed
        .transitions
        .iter()
        .map(|one| one.change.word())
        .collect();
    assert_eq!(words, ["opened"]);
    assert!(
        absorbed.notes[0].contains("2 open findings of partner-egress"),
        "{:?}",
        absorbed.notes
    );
}

#[test]
fn what_waits_for_long_is_folded_and_nothing_is_lost() {
    let mut state = State::new("a");
    for round in 0..1000 {
        let ids: &[u64] = if round % 2 == 0 { &[1, 2] } else { &[2] };
        absorb(&mut state, &seen(ids));
        assert!(state.outbox.pending("slack") <= COALESCE_AT + 1);
        if round % 2 == 0 {
            state.outbox.delivered("exec");
        }
    }
    let first = state.outbox.first("slack").unwrap().notification.clone();
    assert_eq!(first.transitions.len(), 2, "the first is told as it was");
    let mut told = 0;
    let mut last = None;
    while let Some(pending) = state.outbox.first("slack") {
        for one in &pending.notification.transitions {
            if one.transition.finding.id == "d-000001" {
                told += 1 + one.folded.as_ref().map_or(0, |folded| folded.transitions);
                last = Some(one.transition.change.word());
            }
        }
        state.outbox.delivered("slack");
    }
    assert_eq!((told, last), (1000, Some("resolved")));
}

#[test]
fn the_first_of_a_queue_keeps_its_id() {
    let mut state = State::new("a");
    let first = absorb(&mut state, &seen(&[1])).unwrap();
    state.outbox.failed("slack");
    for round in 0..200 {
        absorb(&mut state, &seen(if round % 2 == 0 { &[] } else { &[1] }));
        let pending = state.outbox.first("slack").unwrap();
        assert_eq!((pending.attempts, &pending.notification), (1, &first));
    }
}
