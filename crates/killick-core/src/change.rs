//! The steps of a resource that stays: what it lets go of, and what it takes.

use std::collections::BTreeSet;

use crate::diff::field_diffs;
use crate::fate::Verdict;
use crate::release::{bridged, emptied, released, target};
use crate::steps::Steps;
use crate::world::World;
use crate::{Action, Attrs, FieldDiff, Health, Key, Lifecycle, Observed, Value};

/// What a resource serves until it goes for good. To take such an entry away
/// by itself would cut off who still uses what is served.
fn serving(
    world: &World<'_>,
    have: &Observed,
    going: &BTreeSet<&Key>,
    wanted: &BTreeSet<Key>,
) -> BTreeSet<Key> {
    let served = world.served(&have.key, &have.attrs);
    let goes = |key: &&&Key| going.contains(*key) && !wanted.contains(**key);
    served
        .iter()
        .filter(goes)
        .map(|key| (*key).clone())
        .collect()
}

const WAITS: &str = "is in the middle of a change and may use what is about to go until that ends";

const BRIDGES: &str = "leaves by another one until the new one is ready";

/// What a borrowed resource in the middle of a change has to come to: until
/// then it uses what it had before, which it no longer shows.
fn unsettled(world: &World<'_>, have: &Observed) -> Option<FieldDiff> {
    let borrowed = world.catalogue.lifecycle(have.key.kind) == Lifecycle::Borrowed;
    match &have.health {
        Health::Settling(state) if borrowed => Some(FieldDiff::unready(state)),
        _ => None,
    }
}

/// The only step of a borrowed resource that we take our hands off.
pub(crate) fn detach(world: &World<'_>, steps: &mut Steps, have: &Observed) {
    let mut changes = between(world, &have.key, &have.attrs, &emptied(&have.attrs));
    let note = match changes.is_empty() {
        true => WAITS,
        false => "takes its hands off what is about to go",
    };
    changes.extend(unsettled(world, have));
    steps.add(
        Action::Release,
        &have.key,
        Some(have.id.clone()),
        changes,
        Some(note),
    );
    steps.held.insert(have.key.clone(), BTreeSet::new());
}

/// The update of a resource that stays; in two steps if it must let go of the
/// old before it can take the new, or if another one can stand in for the new.
pub(crate) fn change(
    world: &World<'_>,
    verdict: &Verdict<'_>,
    split: &BTreeSet<Key>,
    steps: &mut Steps,
    (have, changes): (&Observed, &[FieldDiff]),
) {
    let (key, id) = (&have.key, Some(have.id.clone()));
    let going = verdict.going();
    let target = target(world, have, &going, &verdict.left_alone);
    let bridged = Observed {
        attrs: bridged(world, have, &target, &going),
        ..have.clone()
    };
    let released = |have| released(world, have, &target, &going);
    let along = serving(world, have, &going, &refs(&target).collect());
    let by_itself = |diff: &FieldDiff| match &diff.entry {
        Some(Value::Ref(member)) => !diff.desired.is_absent() || !along.contains(member),
        _ => true,
    };
    let changes: Vec<FieldDiff> = changes
        .iter()
        .filter(|diff| by_itself(diff))
        .cloned()
        .collect();
    let towards = |interim: &Attrs| {
        let mut changes = between(world, key, &have.attrs, interim);
        changes.retain(by_itself);
        changes
    };
    let drops = towards(&released(have));
    let waits = unsettled(world, have).filter(|_| !going.is_empty());
    let only_waits = drops.is_empty();
    steps
        .along
        .extend(along.iter().map(|gone| (key.clone(), gone.clone())));
    let in_use: BTreeSet<Key> = refs(&have.attrs)
        .filter(|key| going.contains(key))
        .collect();
    // It names something that goes and comes back, or names it at a place
    // that the update does not touch: a member that moved elsewhere, an extra
    // entry that is left alone.
    let comes_back = refs(&target).any(|key| in_use.contains(&key));
    let untouched = drops.iter().any(|diff| {
        let covered = changes.iter().any(|other| same_place(diff, other));
        !covered && diff.live.refs().iter().any(|key| going.contains(key))
    });
    let apart = split.contains(key) || comes_back || untouched || waits.is_some();
    let lets_go = apart && (!drops.is_empty() || waits.is_some());
    let interim = if lets_go {
        released(&bridged)
    } else {
        bridged.attrs
    };
    let mut letting_go = towards(&interim);
    letting_go.extend(waits.filter(|_| lets_go));
    if letting_go.is_empty() {
        if !changes.is_empty() {
            steps.add(Action::Update, key, id, changes, None);
            steps
                .held
                .insert(key.clone(), refs(&target).chain(along).collect());
        }
        return;
    }
    let touched = |diff: &&FieldDiff| letting_go.iter().any(|other| same_place(diff, other));
    let mut taking: Vec<FieldDiff> = changes
        .iter()
        .filter(|diff| !touched(diff))
        .cloned()
        .collect();
    taking.extend(
        between(world, key, &interim, &target)
            .into_iter()
            .filter(|diff| touched(&diff)),
    );
    taking.sort();
    // What only has another one stand in lets go of the old when it takes the
    // new.
    let held = if lets_go { &interim } else { &target };
    steps
        .held
        .insert(key.clone(), refs(held).chain(along).collect());
    if !lets_go {
        steps.bridging.insert(key.clone());
    }
    let note = if !lets_go {
        BRIDGES
    } else if only_waits {
        WAITS
    } else if taking.is_empty() {
        "lets go of what is about to go"
    } else {
        "lets go of the old until the new is ready"
    };
    steps.add(Action::Release, key, id.clone(), letting_go, Some(note));
    if !taking.is_empty() {
        steps.add(Action::Update, key, id, taking, None);
    }
}

/// What leads from one set of attributes to another, all of it meant.
pub(crate) fn between(world: &World<'_>, key: &Key, from: &Attrs, to: &Attrs) -> Vec<FieldDiff> {
    let diffs = field_diffs(world.catalogue, key.kind, from, to, &|_| true);
    let meant = |diff| FieldDiff {
        guard: None,
        ..diff
    };
    diffs.into_iter().map(meant).collect()
}

fn same_place(one: &FieldDiff, other: &FieldDiff) -> bool {
    one.name == other.name && one.entry == other.entry
}

fn refs(attrs: &Attrs) -> impl Iterator<Item = Key> {
    attrs.values().flat_map(Value::refs).cloned()
}
