//! The steps that each fate takes, still without order.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::DiGraph;

use crate::diff::field_diffs;
use crate::fate::{Fate, Verdict};
use crate::release::{emptied, released, target};
use crate::world::World;
use crate::{
    Action, Attrs, FieldDiff, Health, Key, Lifecycle, Observed, PhysicalId, Step, StepIndex, Value,
};

/// Steps by action and key, and the edges that [`crate::order`] draws.
#[derive(Default)]
pub(crate) struct Steps {
    pub(crate) dag: DiGraph<Step, ()>,
    index: BTreeMap<(Action, Key), StepIndex>,
    /// What a resource that stays refers to once it let go of the old.
    held: BTreeMap<Key, BTreeSet<Key>>,
    /// What a resource that stays serves until that has gone.
    along: BTreeSet<(Key, Key)>,
}

impl Steps {
    fn add(
        &mut self,
        action: Action,
        key: &Key,
        id: Option<PhysicalId>,
        changes: Vec<FieldDiff>,
        note: Option<&str>,
    ) {
        let index = self.dag.add_node(Step {
            action,
            key: key.clone(),
            id,
            changes,
            note: note.map(str::to_owned),
        });
        self.index.insert((action, key.clone()), index);
    }

    pub(crate) fn get(&self, action: Action, key: &Key) -> Option<StepIndex> {
        self.index.get(&(action, key.clone())).copied()
    }

    /// Every key that has a step.
    pub(crate) fn keys(&self) -> BTreeSet<Key> {
        self.index.keys().map(|(_, key)| key.clone()).collect()
    }

    /// The step that makes use of what the resource needs.
    pub(crate) fn taking(&self, key: &Key) -> Option<StepIndex> {
        self.get(Action::Create, key)
            .or_else(|| self.get(Action::Update, key))
    }

    /// The step after which the resource is as desired.
    pub(crate) fn last(&self, key: &Key) -> Option<StepIndex> {
        self.taking(key).or_else(|| self.get(Action::Release, key))
    }

    /// The step after which a resource that stays no longer uses the old.
    pub(crate) fn leaving(&self, key: &Key) -> Option<StepIndex> {
        if self.get(Action::Delete, key).is_some() {
            return None;
        }
        self.get(Action::Release, key)
            .or_else(|| self.get(Action::Update, key))
    }

    /// Whether a resource that stays refers to what goes only by serving it,
    /// and so to the end.
    pub(crate) fn serves_to_the_end(&self, key: &Key, gone: &Key) -> bool {
        self.along.contains(&(key.clone(), gone.clone()))
    }

    /// What a resource with a leaving step refers to after it.
    pub(crate) fn held(&self, key: &Key) -> Option<&BTreeSet<Key>> {
        self.held.get(key)
    }
}

/// The steps of every fate. An update of a key in `split` lets go of the old
/// in a step of its own.
pub(crate) fn steps(world: &World<'_>, verdict: &Verdict<'_>, split: &BTreeSet<Key>) -> Steps {
    let mut steps = Steps::default();
    let going = verdict.going();
    for (key, fate) in &verdict.fates {
        let id = world.observed.get(key).map(|have| have.id.clone());
        match fate {
            Fate::Create => steps.add(Action::Create, key, None, creation(world, key), None),
            Fate::Replace(changes, why) => {
                let why = why.as_deref();
                steps.add(Action::Delete, key, id, changes.clone(), why);
                steps.add(Action::Create, key, None, creation(world, key), why);
            }
            Fate::Delete => {
                let note = "no longer in the spec";
                steps.add(Action::Delete, key, id, Vec::new(), Some(note));
            }
            Fate::Update(_) | Fate::Detach => {}
        }
    }
    for have in world
        .observed
        .iter()
        .filter(|have| !going.contains(&have.key))
    {
        match verdict.fates.get(&have.key) {
            Some(Fate::Detach) => detach(world, &mut steps, have),
            Some(Fate::Update(changes)) => {
                change(world, verdict, split, &mut steps, (have, changes));
            }
            _ => change(world, verdict, split, &mut steps, (have, &[])),
        }
    }
    steps
}

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

/// Every declared field, from nothing.
fn creation(world: &World<'_>, key: &Key) -> Vec<FieldDiff> {
    let wanted = world.desired.get(key).map(|want| want.attrs.clone());
    between(world, key, &Attrs::new(), &wanted.unwrap_or_default())
}

const WAITS: &str = "is in the middle of a change and may use what is about to go until that ends";

/// What a borrowed resource in the middle of a change has to come to: until
/// then it uses what it had before, which it no longer shows.
fn unsettled(world: &World<'_>, have: &Observed) -> Option<FieldDiff> {
    let borrowed = world.catalogue.lifecycle(have.key.kind) == Lifecycle::Borrowed;
    match &have.health {
        Health::Settling(state) if borrowed => Some(FieldDiff::unready(state)),
        _ => None,
    }
}

fn detach(world: &World<'_>, steps: &mut Steps, have: &Observed) {
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
/// old before it can take the new.
fn change(
    world: &World<'_>,
    verdict: &Verdict<'_>,
    split: &BTreeSet<Key>,
    steps: &mut Steps,
    (have, changes): (&Observed, &[FieldDiff]),
) {
    let (key, id) = (&have.key, Some(have.id.clone()));
    let going = verdict.going();
    let target = target(world, have, &going, &verdict.left_alone);
    let interim = released(world, have, &target, &going);
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
    let mut letting_go = between(world, key, &have.attrs, &interim);
    letting_go.retain(by_itself);
    let waits = unsettled(world, have).filter(|_| !going.is_empty());
    let apart = waits.is_some();
    let only_waits = letting_go.is_empty();
    letting_go.extend(waits);
    steps
        .along
        .extend(along.iter().map(|gone| (key.clone(), gone.clone())));
    let touched = |diff: &&FieldDiff| letting_go.iter().any(|other| same_place(diff, other));
    let in_use: BTreeSet<Key> = refs(&have.attrs)
        .filter(|key| going.contains(key))
        .collect();
    // It names something that goes and comes back, or names it at a place
    // that the update does not touch: a member that moved elsewhere, an extra
    // entry that is left alone.
    let comes_back = refs(&target).any(|key| in_use.contains(&key));
    let untouched = letting_go.iter().any(|diff| {
        let covered = changes.iter().any(|other| same_place(diff, other));
        !covered && diff.live.refs().iter().any(|key| going.contains(key))
    });
    let apart = split.contains(key) || comes_back || untouched || apart;
    if letting_go.is_empty() || !apart {
        if !changes.is_empty() {
            steps.add(Action::Update, key, id, changes, None);
            steps
                .held
                .insert(key.clone(), refs(&target).chain(along).collect());
        }
        return;
    }
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
    steps
        .held
        .insert(key.clone(), refs(&interim).chain(along).collect());
    let note = if only_waits {
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
fn between(world: &World<'_>, key: &Key, from: &Attrs, to: &Attrs) -> Vec<FieldDiff> {
    let diffs = field_diffs(world.catalogue, key.kind, from, to, world.desired);
    let meant = |diff| FieldDiff {
        guarded: false,
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
