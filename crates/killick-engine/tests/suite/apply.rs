//! A plan is walked as its graph says.

use crate::support::cloud::{Act, Mark, Script, ids, nodes};
use crate::support::plans::{creates, nine};
use crate::support::{error, secs};
use killick_core::Plan;
use killick_engine::{Class, Event};

#[tokio::test(start_paused = true)]
async fn nothing_to_do_is_done() {
    let run = Script::of([]).apply(&Plan::default(), 4).await;
    assert!(run.outcome.complete() && !run.outcome.interrupted);
    assert!(run.events.is_empty());
}

#[tokio::test(start_paused = true)]
async fn steps_that_do_not_wait_for_each_other_run_together() {
    let plan = creates(&[("a", &[]), ("b", &[])]);
    let script = Script::of([("a", Act::Takes(60)), ("b", Act::Takes(60))]);
    assert_eq!(script.apply(&plan, 2).await.took.as_secs(), 60);
    let run = script.apply(&plan, 1).await;
    assert_eq!((run.took.as_secs(), run.most), (120, 1));
}

#[tokio::test(start_paused = true)]
async fn a_step_starts_as_soon_as_what_it_waits_for_has_ended() {
    let plan = creates(&[("a", &[]), ("b", &[]), ("c", &["a"]), ("d", &["b", "c"])]);
    let script = Script::of([
        ("a", Act::Takes(5)),
        ("b", Act::Takes(60)),
        ("c", Act::Takes(7)),
    ]);
    let run = script.apply(&plan, 9).await;
    let started = |node: &str| {
        let step = format!("create node/{node}");
        let is_it = |event: &Event| *event == Event::Started { step: step.clone() };
        run.events.iter().find(|(_, event)| is_it(event)).unwrap().0
    };
    assert_eq!(
        ["a", "b", "c", "d"].map(|node| started(node).as_secs()),
        [0, 0, 5, 60]
    );
    assert_eq!(nodes(&plan, run.outcome.done.iter().copied()), "a b c d");
    assert_eq!(
        ids(&plan, run.outcome.done)[..2],
        ["create node/a", "create node/c"]
    );
}

#[tokio::test(start_paused = true)]
async fn no_more_than_the_width_run_at_once() {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let plan = creates(&names.map(|name| (name, &[] as &[&str])));
    for (width, most, took) in [
        (0, 1, 70),
        (1, 1, 70),
        (2, 2, 40),
        (3, 3, 30),
        (7, 7, 10),
        (99, 7, 10),
    ] {
        let run = Script::all(&plan, Act::Takes(10)).apply(&plan, width).await;
        assert_eq!(
            (run.most, run.took.as_secs()),
            (most, took),
            "width {width}"
        );
        assert!(run.outcome.complete());
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_step_stops_those_that_wait_for_it_and_no_others() {
    let plan = nine();
    let run = Script::of([("c", Act::Fails(1)), ("b", Act::Takes(90))])
        .apply(&plan, 9)
        .await;
    let outcome = run.outcome;
    assert_eq!(nodes(&plan, outcome.done.iter().copied()), "a b i");
    assert_eq!(nodes(&plan, outcome.skipped.iter().copied()), "d e f g h");
    let failed = outcome.failed.iter().map(|(index, _)| *index);
    assert_eq!(nodes(&plan, failed), "c");
    assert_eq!(outcome.failed[0].1, error(Class::Fatal));
    assert!(outcome.not_started.is_empty());
    assert!(!outcome.interrupted && !outcome.complete());
    for (_, event) in run.events {
        if let Event::Skipped { because, .. } = event {
            assert_eq!(because, "create node/c");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_two_that_fail_is_skipped_once() {
    let plan = nine();
    let run = Script::of([("b", Act::Fails(1)), ("c", Act::Fails(2))])
        .apply(&plan, 9)
        .await;
    assert_eq!(nodes(&plan, run.outcome.skipped), "d e f g h");
    assert_eq!(run.outcome.failed.len(), 2);
    let skipped = |event: &&Event| matches!(event, Event::Skipped { .. });
    let events: Vec<Event> = run.events.into_iter().map(|(_, event)| event).collect();
    assert_eq!(events.iter().filter(skipped).count(), 5);
}

#[tokio::test(start_paused = true)]
async fn everything_can_fail() {
    let plan = nine();
    let run = Script::all(&plan, Act::Fails(0)).apply(&plan, 1).await;
    let failed = run.outcome.failed.iter().map(|(index, _)| *index);
    assert_eq!(nodes(&plan, failed), "a i");
    assert_eq!(nodes(&plan, run.outcome.skipped), "b c d e f g h");
}

#[tokio::test(start_paused = true)]
async fn what_a_step_waits_for_is_told_under_its_name() {
    let plan = creates(&[("a", &[]), ("b", &["a"])]);
    let run = Script::of([("b", Act::Waits(25))]).apply(&plan, 1).await;
    let waits: Vec<_> = run
        .events
        .iter()
        .filter_map(|(at, event)| match event {
            Event::Waiting { step, reason } => Some((at.as_secs(), step.as_str(), reason.as_str())),
            _ => None,
        })
        .collect();
    let expected = [1, 11, 21].map(|at| (at, "create node/b", "pending"));
    assert_eq!(waits, expected);
    assert_eq!(run.took, secs(31));
    assert_eq!(
        run.marks.last(),
        Some(&Mark::End("create node/b".to_owned()))
    );
}
