//! The steps that each fate takes, still without order.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::DiGraph;

use crate::change::{between, change, detach};
use crate::fate::{Fate, Verdict};
use crate::world::World;
use crate::{Action, Attrs, FieldDiff, Key, PhysicalId, Step, StepIndex};

/// Steps by action and key, and the edges that [`crate::order`] draws.
#[derive(Default)]
pub(crate) struct Steps {
    pub(crate) dag: DiGraph<Step, ()>,
    index: BTreeMap<(Action, Key), StepIndex>,
    /// What a resource that stays refers to once it let go of the old.
    pub(crate) held: BTreeMap<Key, BTreeSet<Key>>,
    /// What a resource that stays serves until that has gone.
    pub(crate) along: BTreeSet<(Key, Key)>,
    /// The resources whose release lets go of nothing: it only has another
    /// one stand in.
    pub(crate) bridging: BTreeSet<Key>,
}

impl Steps {
    pub(crate) fn add(
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
            .filter(|_| !self.bridging.contains(key))
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

/// The steps of every fate; what is lent has none. An update of a key in `split` lets go of the old
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
        .filter(|have| !going.contains(&have.key) && !world.lent(&have.key))
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

/// Every declared field, from nothing.
fn creation(world: &World<'_>, key: &Key) -> Vec<FieldDiff> {
    let wanted = world.desired.get(key).map(|want| want.attrs.clone());
    between(world, key, &Attrs::new(), &wanted.unwrap_or_default())
}
