//! The queue, by hand.

use killick_core::{Next, Plan, Schedule, StepIndex};

use crate::topology::{Stack, nothing_yet, plan};

fn fresh() -> Plan {
    plan(&Stack::zones(&["a", "c"]).desired(), &nothing_yet()).unwrap()
}

/// Starts all that can start now.
fn start(schedule: &mut Schedule<'_>) -> Vec<StepIndex> {
    std::iter::from_fn(|| match schedule.next() {
        Next::Start(index) => Some(index),
        Next::Wait | Next::Done => None,
    })
    .collect()
}

fn ids(plan: &Plan, indices: &[StepIndex]) -> Vec<String> {
    indices
        .iter()
        .map(|index| plan.step(*index).unwrap().id())
        .collect()
}

#[test]
fn what_waits_for_nothing_starts_at_once() {
    let plan = fresh();
    let mut schedule = Schedule::new(&plan);
    let first = start(&mut schedule);
    assert_eq!(
        ids(&plan, &first),
        [
            "create vpc/main",
            "create elastic_ip/a",
            "create elastic_ip/c"
        ]
    );
    assert_eq!(schedule.next(), Next::Wait);
    schedule.succeeded(first[0]);
    assert_eq!(start(&mut schedule).len(), 6);
}

#[test]
fn a_failure_skips_what_waits_for_it_and_nothing_else() {
    let plan = fresh();
    let mut schedule = Schedule::new(&plan);
    let first = start(&mut schedule);
    let skipped = schedule.failed(first[1]);
    assert_eq!(
        ids(&plan, &skipped),
        [
            "create nat_gateway/a",
            "create route_table/private-a",
            "update function/billing"
        ]
    );
    let (mut ran, mut running) = (0, vec![first[0], first[2]]);
    while let Some(index) = running.pop() {
        ran += 1;
        schedule.succeeded(index);
        running.extend(start(&mut schedule));
    }
    assert_eq!(ran, plan.len() - 4);
    assert_eq!(schedule.next(), Next::Done);
}

#[test]
fn an_end_counts_once() {
    let plan = fresh();
    let mut schedule = Schedule::new(&plan);
    let first = start(&mut schedule);
    schedule.succeeded(first[1]);
    schedule.succeeded(first[1]);
    assert!(schedule.failed(first[1]).is_empty());
    schedule.succeeded(first[0]);
    let started = ids(&plan, &start(&mut schedule));
    assert!(!started.contains(&"create nat_gateway/a".to_owned()));
}

#[test]
fn after_a_stop_what_runs_is_waited_for() {
    let plan = fresh();
    let mut schedule = Schedule::new(&plan);
    let first = start(&mut schedule);
    assert_eq!(schedule.stop().len(), plan.len() - first.len());
    assert_eq!(schedule.next(), Next::Wait);
    schedule.succeeded(first[0]);
    schedule.succeeded(first[1]);
    assert!(schedule.failed(first[2]).is_empty());
    assert_eq!(schedule.next(), Next::Done);
    assert!(schedule.stop().is_empty());
}

#[test]
fn an_empty_plan_is_done() {
    assert_eq!(Schedule::new(&Plan::default()).next(), Next::Done);
}
