//! Whatever the plan, and whatever fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use killick_core::{Plan, StepIndex};
use killick_engine::{Event, Outcome};
use proptest::prelude::*;
use support::cloud::{Act, Mark, Run, Script, Stop, ids};
use support::plans::plans;
use support::{paused, rounded};

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        5 => (0..9_u64).prop_map(Act::Takes),
        2 => (0..30_u64).prop_map(Act::Waits),
        1 => (0..9_u64).prop_map(Act::Fails),
    ];
    prop::collection::vec(act, 20)
}

fn script(plan: &Plan, acts: &[Act]) -> Script {
    let steps = plan.steps().map(|(_, step)| step.id());
    Script::new(steps.zip(acts.iter().copied()))
}

type Ids = BTreeSet<String>;

fn set(plan: &Plan, steps: &[StepIndex]) -> Ids {
    ids(plan, steps.iter().copied()).into_iter().collect()
}

fn failed(outcome: &Outcome) -> Vec<StepIndex> {
    outcome.failed.iter().map(|(index, _)| *index).collect()
}

/// What must become of every step when nobody stops it: done, failed, skipped.
fn expected(plan: &Plan, script: &Script) -> [Ids; 3] {
    let mut fates = [Ids::new(), Ids::new(), Ids::new()];
    for (index, step) in plan.steps() {
        let unmet = ids(plan, plan.after(index))
            .iter()
            .any(|id| !fates[0].contains(id));
        let fate = match script.act(step) {
            _ if unmet => 2,
            Act::Fails(_) => 1,
            _ => 0,
        };
        fates[fate].insert(step.id());
    }
    fates
}

/// Each step ran at most once, and none before what it waits for had ended
/// well.
fn in_order(plan: &Plan, run: &Run) -> Result<(), TestCaseError> {
    let failed: Ids = set(plan, &failed(&run.outcome));
    let steps: BTreeMap<String, StepIndex> = plan
        .steps()
        .map(|(index, step)| (step.id(), index))
        .collect();
    let (mut started, mut ended) = (Ids::new(), Ids::new());
    for mark in &run.marks {
        match mark {
            Mark::Start(id) => {
                prop_assert!(started.insert(id.clone()), "{} ran twice", id);
                for first in ids(plan, plan.after(steps[id])) {
                    let ready = ended.contains(&first) && !failed.contains(&first);
                    prop_assert!(ready, "{} before {}", id, first);
                }
            }
            Mark::End(id) => prop_assert!(ended.insert(id.clone())),
            Mark::Announced(_) | Mark::Stop => {}
        }
    }
    prop_assert_eq!(&started, &ended);
    let announced = run.marks.iter().filter_map(|mark| match mark {
        Mark::Announced(id) => Some(id.clone()),
        _ => None,
    });
    prop_assert_eq!(announced.collect::<Ids>(), started);
    Ok(())
}

/// The events tell the same story as the outcome.
fn told(plan: &Plan, run: &Run) -> Result<(), TestCaseError> {
    let (mut open, mut seen) = (Ids::new(), Ids::new());
    let (mut done, mut failed_ids, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    let mut interrupted = Vec::new();
    for (_, event) in &run.events {
        match event {
            Event::Started { step } => {
                prop_assert!(interrupted.is_empty(), "{} started after the end", step);
                prop_assert!(seen.insert(step.clone()));
                open.insert(step.clone());
            }
            Event::Waiting { step, .. } => prop_assert!(open.contains(step)),
            Event::Finished { step, .. } => {
                prop_assert!(open.remove(step));
                done.push(step.clone());
            }
            Event::Failed { step, .. } => {
                prop_assert!(open.remove(step));
                failed_ids.push(step.clone());
            }
            Event::Skipped { step, because } => {
                prop_assert!(seen.insert(step.clone()));
                prop_assert!(failed_ids.contains(because));
                skipped.push(step.clone());
            }
            Event::Interrupted { not_started } => interrupted.push(not_started.clone()),
        }
    }
    let outcome = &run.outcome;
    prop_assert!(open.is_empty());
    prop_assert_eq!(done, ids(plan, outcome.done.clone()));
    prop_assert_eq!(failed_ids, ids(plan, failed(outcome)));
    prop_assert_eq!(skipped, ids(plan, outcome.skipped.clone()));
    match outcome.interrupted {
        true => prop_assert_eq!(interrupted, vec![ids(plan, outcome.not_started.clone())]),
        false => prop_assert!(interrupted.is_empty() && outcome.not_started.is_empty()),
    }
    let all = outcome.done.len() + outcome.failed.len() + outcome.skipped.len();
    prop_assert_eq!(all + outcome.not_started.len(), plan.len());
    prop_assert_eq!(outcome.complete(), outcome.done.len() == plan.len());
    Ok(())
}

/// How long a step takes, with the looks of `DETACH`.
fn length(act: Act) -> u64 {
    match act {
        Act::Takes(seconds) | Act::Fails(seconds) => seconds,
        Act::Waits(seconds) => seconds.div_ceil(10) * 10,
    }
}

proptest! {
    #[test]
    fn every_step_is_done_failed_or_skipped_as_the_graph_says(
        plan in plans(),
        acts in acts(),
        width in 0..6_usize,
    ) {
        let script = script(&plan, &acts);
        let expected = expected(&plan, &script);
        let run = paused(script.apply(&plan, width));
        in_order(&plan, &run)?;
        told(&plan, &run)?;
        prop_assert!(run.most <= width.max(1));
        prop_assert!(!run.outcome.interrupted);
        let outcome = &run.outcome;
        let fates = [&outcome.done, &failed(outcome), &outcome.skipped];
        prop_assert_eq!(fates.map(|steps| set(&plan, steps)), expected);
    }

    #[test]
    fn nothing_waits_for_longer_than_it_must(plan in plans(), acts in acts()) {
        let script = script(&plan, &acts);
        let mut ends: BTreeMap<String, u64> = BTreeMap::new();
        for (index, step) in plan.steps() {
            let before = ids(&plan, plan.after(index));
            let begins = before.iter().map(|id| ends[id]).max().unwrap_or(0);
            ends.insert(step.id(), begins + length(script.act(step)));
        }
        let run = paused(script.apply(&plan, plan.len()));
        for (at, event) in &run.events {
            let (Event::Finished { step, .. } | Event::Failed { step, .. }) = event else {
                continue;
            };
            prop_assert_eq!(rounded(at), ends[step], "{}", step);
        }
    }

    #[test]
    fn a_request_to_stop_ends_it_at_once_and_loses_nothing(
        plan in plans(),
        acts in acts(),
        width in 1..6_usize,
        stop in prop_oneof![
            (0..40_u64).prop_map(Stop::After),
            (1..12_usize).prop_map(Stop::AtStart),
            (1..12_usize).prop_map(Stop::AtEnd),
        ],
    ) {
        let script = script(&plan, &acts).stop(stop);
        let run = paused(script.apply(&plan, width));
        in_order(&plan, &run)?;
        told(&plan, &run)?;
        let stopped = run.marks.iter().position(|mark| *mark == Mark::Stop);
        if let Some(place) = stopped {
            prop_assert!(run.outcome.interrupted);
            let later = |mark: &Mark| matches!(mark, Mark::Announced(_));
            prop_assert!(!run.marks[place..].iter().any(later));
        }
        if let (Stop::After(seconds), true) = (stop, run.outcome.interrupted) {
            let told = |event: &Event| matches!(event, Event::Interrupted { .. });
            let at = run.events.iter().find(|(_, event)| told(event)).unwrap().0;
            prop_assert_eq!(rounded(&at), seconds);
            prop_assert!(run.took <= at + Duration::from_millis(8002));
        }
    }
}
