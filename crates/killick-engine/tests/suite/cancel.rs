//! A request to stop, at every step of a plan.

use crate::support::cloud::{Act, Mark, Run, Script, Stop, nodes};
use crate::support::plans::{creates, nine};
use crate::support::rounded;
use killick_engine::Event;

/// What holds after every request to stop: what ran was reported, what did
/// not run was listed, and nothing started later.
fn sound(run: &Run, steps: usize) {
    let outcome = &run.outcome;
    assert!(outcome.interrupted);
    let started = |mark: &&Mark| matches!(mark, Mark::Start(_));
    let ran = run.marks.iter().filter(started).count();
    assert_eq!(
        outcome.done.len() + outcome.failed.len(),
        ran,
        "what ran is reported"
    );
    assert!(outcome.skipped.is_empty(), "stopped, not skipped");
    assert_eq!(ran + outcome.not_started.len(), steps);
    if let Some(place) = run.marks.iter().position(|mark| *mark == Mark::Stop) {
        let announced = |mark: &&Mark| matches!(mark, Mark::Announced(_));
        assert_eq!(run.marks[place..].iter().find(announced), None);
    }
    let told = |(_, event): &&(_, Event)| matches!(event, Event::Interrupted { .. });
    assert_eq!(run.events.iter().filter(told).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn at_every_start_what_runs_is_finished() {
    let plan = nine();
    for width in [1, 2, 3, 9] {
        for number in 1..=plan.len() {
            let script = Script::all(&plan, Act::Takes(5)).stop(Stop::AtStart(number));
            let run = script.apply(&plan, width).await;
            sound(&run, plan.len());
            assert!(run.outcome.failed.is_empty());
            assert!(run.outcome.done.len() >= number);
            if width == 1 {
                assert_eq!(run.outcome.done.len(), number);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn at_every_end_nothing_more_starts() {
    let plan = nine();
    for width in [1, 2, 3, 9] {
        for number in 1..=plan.len() {
            let script = Script::all(&plan, Act::Takes(5)).stop(Stop::AtEnd(number));
            let run = script.apply(&plan, width).await;
            sound(&run, plan.len());
            if width == 1 {
                assert_eq!(run.outcome.done.len(), number);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_cut_short_is_a_failure_and_what_comes_after_was_stopped() {
    let plan = nine();
    for width in [1, 2, 3, 9] {
        for number in 1..=plan.len() {
            let script = Script::all(&plan, Act::Waits(95)).stop(Stop::AtStart(number));
            let run = script.apply(&plan, width).await;
            sound(&run, plan.len());
            assert!(!run.outcome.failed.is_empty());
            for (_, error) in &run.outcome.failed {
                assert_eq!(error.message, "pending; stopped waiting on request");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_is_answered_while_steps_still_run() {
    let plan = creates(&[("a", &[]), ("b", &["a"]), ("c", &[]), ("d", &["c"])]);
    let script = Script::of([("a", Act::Takes(600)), ("c", Act::Fails(60))]).stop(Stop::After(30));
    let run = script.apply(&plan, 4).await;
    sound(&run, plan.len());
    let told: Vec<(u64, &str)> = run
        .events
        .iter()
        .map(|(at, event)| match event {
            Event::Started { .. } => (rounded(at), "started"),
            Event::Interrupted { .. } => (rounded(at), "interrupted"),
            Event::Failed { .. } => (rounded(at), "failed"),
            Event::Finished { .. } => (rounded(at), "finished"),
            Event::Waiting { .. } | Event::Skipped { .. } => (rounded(at), "else"),
        })
        .collect();
    let expected = [
        (0, "started"),
        (0, "started"),
        (30, "interrupted"),
        (60, "failed"),
        (600, "finished"),
    ];
    assert_eq!(told, expected);
    assert_eq!(nodes(&plan, run.outcome.not_started), "b d");
}

#[tokio::test(start_paused = true)]
async fn what_was_skipped_before_stays_skipped() {
    let plan = creates(&[("a", &[]), ("b", &["a"]), ("c", &[]), ("d", &["c"])]);
    let script = Script::of([("a", Act::Fails(1)), ("c", Act::Takes(9))]).stop(Stop::After(5));
    let outcome = script.apply(&plan, 4).await.outcome;
    assert_eq!(nodes(&plan, outcome.skipped), "b");
    assert_eq!(nodes(&plan, outcome.not_started), "d");
    assert_eq!(nodes(&plan, outcome.done), "c");
}

#[tokio::test(start_paused = true)]
async fn a_request_before_the_start_stops_everything() {
    let plan = nine();
    let run = Script::of([]).stop(Stop::Before).apply(&plan, 4).await;
    sound(&run, plan.len());
    assert_eq!(nodes(&plan, run.outcome.not_started), "a b c d e f g h i");
    assert_eq!(run.events.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_during_the_last_step_leaves_nothing_undone() {
    let plan = creates(&[("a", &[])]);
    let run = Script::of([]).stop(Stop::AtStart(1)).apply(&plan, 4).await;
    sound(&run, 1);
    assert!(run.outcome.complete());
}
