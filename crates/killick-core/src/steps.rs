//! One step of a plan, and steps that have no order yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use petgraph::graph::{DiGraph, NodeIndex};
use serde::Serialize;

use crate::{FieldDiff, Key, PhysicalId};

/// Where a step stands in its plan.
pub type StepIndex = NodeIndex;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Makes the resource.
    Create,
    /// Changes fields in place.
    Update,
    /// Lets go of what is about to be deleted, so that it can be.
    Release,
    /// Ends the resource.
    Delete,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Release => "release",
            Self::Delete => "delete",
        })
    }
}

/// One step: one action on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// To which resource.
    pub key: Key,
    /// What AWS calls it; `None` before it is created.
    pub id: Option<PhysicalId>,
    /// Field by field what it changes, from and to. For a create: every
    /// declared field, from nothing. The executor touches these and no others.
    pub changes: Vec<FieldDiff>,
    /// Why, where the changes do not say it.
    pub note: Option<String>,
}

impl Step {
    /// `create nat_gateway/ap-northeast-1a`: unique within a plan.
    pub fn id(&self) -> String {
        format!("{} {}", self.action, self.key)
    }
}

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
