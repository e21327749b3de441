//! What holds for any two graphs.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::{
    Action, Change, Graph, Key, Lifecycle, Next, Plan, PlanError, Policy, Schedule, StepIndex,
    Value, What,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::model::{Model, value_at, waits_for};
use crate::world::{Case, cases};
use crate::{outage, tamper, topology};

/// Choices that shrink with the seed they come from.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }
}

/// The plan, unless there is a good reason for having none: a change that is
/// refused, something lent that does not exist.
fn possible(case: &Case) -> Result<Option<Plan>, TestCaseError> {
    match case.plan() {
        Ok(plan) => Ok(Some(plan)),
        Err(PlanError::Refused(deltas)) if !deltas.is_empty() => Ok(None),
        Err(PlanError::Absent(keys)) if !keys.is_empty() => {
            let missing = |key| case.lent(key) && !case.observed.contains(key);
            prop_assert!(keys.iter().all(missing), "not lent, or there: {keys:?}");
            Ok(None)
        }
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

/// Every step, in any order that the plan allows.
fn run(model: &mut Model<'_>, plan: &Plan, dice: &mut Dice) -> TestCaseResult {
    let mut left: Vec<StepIndex> = plan.steps().map(|(index, _)| index).collect();
    let mut done = BTreeSet::new();
    while !left.is_empty() {
        let ready: Vec<usize> = (0..left.len())
            .filter(|&place| {
                plan.after(left[place])
                    .iter()
                    .all(|before| done.contains(before))
            })
            .collect();
        prop_assert!(!ready.is_empty(), "nothing can run");
        let index = left.remove(ready[dice.roll(ready.len())]);
        model.execute(index).map_err(TestCaseError::fail)?;
        done.insert(index);
    }
    Ok(())
}

/// The world is as desired, save what the plan said it would let be.
fn converged(case: &Case, plan: &Plan, world: &Model<'_>) -> TestCaseResult {
    let after = world.observed();
    for delta in case.diff(&after) {
        let let_be = match &delta.what {
            What::Extra => plan.kept.iter().any(|(key, _)| *key == delta.key),
            What::Changed(fields) => {
                !case.policy.prune && fields.iter().all(|diff| diff.guard.is_some())
            }
            _ => false,
        };
        prop_assert!(let_be, "left over: {delta:?}");
    }
    let again = Case {
        observed: after,
        ..case.clone()
    };
    let second = again
        .plan()
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(second.is_empty(), "a second plan has steps");
    Ok(())
}

/// What is kept, guarded or not ours is as it was.
fn untouched(case: &Case, plan: &Plan, world: &Model<'_>) -> TestCaseResult {
    let after = world.observed();
    for before in case.observed.iter() {
        let now = after.get(&before.key);
        if case.lent(&before.key) {
            prop_assert_eq!(now, Some(before));
        }
        if case.lifecycle(&before.key) == Lifecycle::Borrowed
            || (case.lifecycle(&before.key) == Lifecycle::Kept && !case.policy.release_kept)
        {
            prop_assert_eq!(now.map(|now| &now.id), Some(&before.id));
        }
        let Some(now) = now.filter(|now| now.id == before.id) else {
            continue;
        };
        let tag = |attrs: &killick_core::Attrs| match attrs.get("tags") {
            Some(Value::Map(tags)) => tags.get("theirs").cloned(),
            _ => None,
        };
        prop_assert_eq!(tag(&now.attrs), tag(&before.attrs));
    }
    for (key, diff) in &plan.left_alone {
        prop_assert!(diff.guard.is_some() && diff.change() == Change::Extra && !case.policy.prune);
        let now = after.get(key).map(|node| value_at(&node.attrs, diff));
        prop_assert_eq!(now.as_ref(), Some(&diff.live), "{} {}", key, diff.path());
    }
    let replaced = |key: &Key| {
        plan.steps()
            .any(|(_, step)| step.key == *key && step.action == Action::Delete)
    };
    for delta in case.diff(&case.observed) {
        for extra in delta
            .what
            .fields()
            .iter()
            .filter(|diff| diff.guard.is_some() && !case.policy.prune)
        {
            let left = plan
                .left_alone
                .contains(&(delta.key.clone(), extra.clone()));
            let goes = replaced(&delta.key) || extra.live.refs().into_iter().any(replaced);
            prop_assert!(left || goes, "{} {} vanished", delta.key, extra.path());
        }
    }
    Ok(())
}

/// What a plan looks like, all of it.
fn picture(plan: &Plan) -> Vec<String> {
    let after = |index| {
        plan.after(index)
            .into_iter()
            .map(|index| plan.step(index).unwrap().id())
    };
    plan.steps()
        .map(|(index, step)| format!("{step:?} after {:?}", after(index).collect::<Vec<_>>()))
        .collect()
}

fn well_formed(case: &Case, plan: &Plan) -> TestCaseResult {
    let mut seen = BTreeMap::new();
    for (place, (index, step)) in plan.steps().enumerate() {
        prop_assert!(
            seen.insert(step.id(), place).is_none(),
            "{} twice",
            step.id()
        );
        for before in plan.after(index) {
            let before = plan.step(before).unwrap().id();
            prop_assert!(seen.contains_key(&before), "{} before {before}", step.id());
        }
    }
    prop_assert_eq!(plan.len(), seen.len());
    let lent = |key: &Key| case.lent(key);
    prop_assert!(!plan.steps().any(|(_, step)| lent(&step.key)));
    prop_assert!(!plan.kept.iter().any(|(key, _)| lent(key)));
    let again = possible(case)?.map(|plan| picture(&plan));
    prop_assert_eq!(again, Some(picture(plan)));
    Ok(())
}

/// Where traffic is lost until something is ready that works later, another
/// one that works stands in at once. Nothing else is released in vain.
fn nothing_leads_nowhere(case: &Case, plan: &Plan) -> TestCaseResult {
    let places = outage::places(case, plan);
    for place in &places {
        let release = plan
            .steps()
            .find(|(_, step)| step.action == Action::Release && step.key == place.key);
        let change = release.and_then(|(_, step)| place.of(step));
        let peer = change.and_then(|change| change.desired.refs().first().copied());
        match peer {
            Some(peer) => prop_assert!(place.peers.contains(peer), "{peer} for {place:?}"),
            None => prop_assert!(place.peers.is_empty(), "none for {place:?}"),
        }
        for before in release
            .iter()
            .flat_map(|(index, _)| waits_for(plan, *index))
        {
            prop_assert!(plan.step(before).unwrap().action != Action::Create);
        }
    }
    for (_, step) in plan.steps() {
        if step.action != Action::Release || case.borrowed(&step.key) {
            continue;
        }
        for change in &step.changes {
            let going = change.live.refs().iter().any(|key| plan.deletes(key));
            let stands_in = places
                .iter()
                .any(|place| place.key == step.key && place.of(step) == Some(change));
            let field = case
                .catalogue
                .get(step.key.kind)
                .unwrap()
                .field(change.name);
            let exclusive = field.is_some_and(|field| field.exclusive);
            prop_assert!(going || stands_in || exclusive, "in vain: {step:?}");
        }
    }
    Ok(())
}

/// Runs through a [`Schedule`] in which steps end in any order and some fail,
/// before or after they did their work. Returns whether all went well.
fn run_badly(model: &mut Model<'_>, plan: &Plan, dice: &mut Dice) -> Result<bool, TestCaseError> {
    let mut schedule = Schedule::new(plan);
    let (mut running, mut done) = (Vec::new(), BTreeSet::new());
    let (mut failed, mut skipped) = (BTreeSet::new(), BTreeSet::new());
    let stop_at = dice.roll(4 * plan.len());
    let (mut stopped, mut cut) = (false, BTreeSet::new());
    loop {
        if !stopped && done.len() > stop_at {
            stopped = true;
            cut.extend(schedule.stop());
        }
        match schedule.next() {
            Next::Start(index) => {
                prop_assert!(!stopped, "started after the stop");
                prop_assert!(plan.after(index).iter().all(|before| done.contains(before)));
                running.push(index);
                continue;
            }
            Next::Wait => prop_assert!(!running.is_empty(), "waits for nothing"),
            Next::Done => break,
        }
        let index = running.swap_remove(dice.roll(running.len()));
        let fails = dice.roll(12) == 0;
        if !fails || dice.roll(2) == 0 {
            model.execute(index).map_err(TestCaseError::fail)?;
        }
        if fails {
            failed.insert(index);
            skipped.extend(schedule.failed(index));
        } else {
            done.insert(index);
            schedule.succeeded(index);
        }
    }
    let all: BTreeSet<_> = plan.steps().map(|(index, _)| index).collect();
    let doomed: BTreeSet<_> = all
        .iter()
        .copied()
        .filter(|&index| !waits_for(plan, index).is_disjoint(&failed))
        .collect();
    if stopped {
        prop_assert!(skipped.is_subset(&doomed));
        prop_assert!(cut.is_disjoint(&skipped) && cut.is_disjoint(&done));
    } else {
        prop_assert_eq!(&skipped, &doomed);
    }
    let ends = done.len() + failed.len() + skipped.len() + cut.len();
    prop_assert_eq!(ends, all.len(), "a step has one end");
    Ok(failed.is_empty() && !stopped)
}

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.max(600),
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    /// No order that a plan allows is refused by AWS, and all of them lead to
    /// what is desired. In particular there is an order.
    #[test]
    fn every_order_converges(case in cases(), seed in any::<u64>()) {
        let Some(plan) = possible(&case)? else { return Ok(()) };
        well_formed(&case, &plan)?;
        nothing_leads_nowhere(&case, &plan)?;
        let mut world = Model::new(&case, &plan);
        run(&mut world, &plan, &mut Dice(seed))?;
        converged(&case, &plan, &world)?;
        untouched(&case, &plan, &world)?;
    }

    /// Whatever fails and wherever a run is cut off, nothing runs too early,
    /// and the next run converges.
    #[test]
    fn a_cut_off_run_is_made_good_by_the_next(case in cases(), seed in any::<u64>()) {
        let Some(first) = possible(&case)? else { return Ok(()) };
        let mut dice = Dice(seed);
        let mut world = Model::new(&case, &first);
        if run_badly(&mut world, &first, &mut dice)? {
            return converged(&case, &first, &world);
        }
        let case = Case { observed: world.observed(), ..case };
        let plan = case.plan().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut world = Model::new(&case, &plan);
        let again = |error| TestCaseError::fail(format!("{error}\nthe next run started from {case:?}"));
        run(&mut world, &plan, &mut dice).map_err(again)?;
        converged(&case, &plan, &world).map_err(again)?;
    }

    /// Wanting nothing takes everything down but what is kept or borrowed.
    #[test]
    fn wanting_nothing_destroys(case in cases(), seed in any::<u64>()) {
        let case = Case { desired: Graph::default(), ..case };
        let plan = case.plan().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut world = Model::new(&case, &plan);
        run(&mut world, &plan, &mut Dice(seed))?;
        untouched(&case, &plan, &world)?;
        for node in world.observed().iter() {
            if case.lent(&node.key) {
                continue;
            }
            let lent = |key: &&Key| case.lent(key);
            prop_assert!(node.attrs.values().flat_map(Value::refs).all(|key| lent(&key)));
            match case.lifecycle(&node.key) {
                Lifecycle::Owned => prop_assert!(false, "{} is left", node.key),
                Lifecycle::Kept => prop_assert!(!case.policy.release_kept),
                Lifecycle::Borrowed => {}
            }
        }
        for (_, step) in plan.steps().filter(|(_, step)| case.lifecycle(&step.key) == Lifecycle::Borrowed) {
            prop_assert_eq!(step.action, Action::Release);
        }
    }

    /// Any spec becomes any other one, and no function ever stands on a path
    /// that is being deleted.
    #[test]
    fn any_stack_becomes_any_other(
        old in topology::stacks(),
        new in topology::stacks(),
        lent in topology::loans(),
        (before, prune, release_kept) in any::<(bool, bool, bool)>(),
        lost in tamper::losses(),
        seed in any::<u64>(),
    ) {
        let new = new.lending(lent);
        let old = old.lending(if before { lent } else { &[] });
        let there = old.observed().beside(&new.desired());
        let observed = lost.iter().fold(there, |world, kind| world.damaged(kind)).0;
        let policy = Policy { prune, release_kept, grant: false };
        let case = Case { catalogue: topology::CATALOGUE, desired: new.desired(), observed, policy };
        let Some(plan) = possible(&case)? else { return Ok(()) };
        well_formed(&case, &plan)?;
        nothing_leads_nowhere(&case, &plan)?;
        let mut world = Model::new(&case, &plan).strict();
        run(&mut world, &plan, &mut Dice(seed))?;
        converged(&case, &plan, &world)?;
    }
}
