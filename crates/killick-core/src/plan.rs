//! From differences to ordered steps.

use std::collections::BTreeSet;
use std::fmt;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use serde::Serialize;

use crate::fate::decide;
use crate::order;
use crate::steps::steps;
use crate::world::World;
use crate::{Catalogue, Delta, Desired, FieldDiff, Graph, Guard, Key, Observed, PhysicalId};

/// Where a step stands in its plan.
pub type StepIndex = NodeIndex;

/// What the user allowed beyond putting right what is declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Remove entries that nobody declared from the closed sets.
    pub prune: bool,
    /// Give rights that are missing.
    pub grant: bool,
    /// Delete [`crate::Lifecycle::Kept`] resources that are no longer wanted.
    pub release_kept: bool,
}

impl Policy {
    /// Whether the user allowed this.
    pub fn allows(self, guard: Guard) -> bool {
        match guard {
            Guard::Prune => self.prune,
            Guard::Grant => self.grant,
        }
    }
}

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

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A change that only a rebuild of the resource could make.
    #[error("a change that only a rebuild could make is refused")]
    Refused(Vec<Delta>),
    /// Borrowed or lent resources that do not exist; only their owner can make
    /// them.
    #[error("something that others must create first does not exist")]
    Absent(Vec<Key>),
    /// Steps that each wait for another one of them.
    #[error("the steps wait for each other: {}", .0.join(", "))]
    Cycle(Vec<String>),
}

/// Steps, and which of them wait for which. `apply` walks the very graph that
/// `plan` prints.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    dag: DiGraph<Step, ()>,
    order: Vec<StepIndex>,
    /// Entries that nobody declared and that this plan leaves alone.
    pub left_alone: Vec<(Key, FieldDiff)>,
    /// Resources that are no longer wanted and that this plan keeps.
    pub kept: Vec<(Key, PhysicalId)>,
}

impl Plan {
    /// The plan that turns `observed` into `desired`.
    ///
    /// # Errors
    /// [`PlanError`] when a change is refused, a borrowed or lent resource is
    /// missing, or no order exists.
    pub fn new(
        catalogue: Catalogue,
        desired: &Graph<Desired>,
        observed: &Graph<Observed>,
        policy: Policy,
    ) -> Result<Self, PlanError> {
        let world = World::new(catalogue, desired, observed);
        let verdict = decide(&world, policy)?;
        let draft = |split: &BTreeSet<Key>| {
            let mut steps = steps(&world, &verdict, split);
            let preferred = order::connect(&world, &verdict.wanted, &mut steps);
            (order::knots(&steps.dag), steps.dag, preferred)
        };
        let (mut knots, mut dag, mut preferred) = draft(&BTreeSet::new());
        if !knots.is_empty() {
            // Make-before-break and break-before-make met in one update:
            // letting go of the old and taking the new become two steps.
            (knots, dag, preferred) = draft(&knots);
        }
        if !knots.is_empty() {
            return Err(PlanError::Cycle(
                knots.iter().map(ToString::to_string).collect(),
            ));
        }
        order::prefer(&mut dag, preferred);
        order::reduce(&mut dag);
        Ok(Self {
            order: order::execution_order(catalogue, &dag),
            dag,
            left_alone: verdict.left_alone,
            kept: verdict.kept,
        })
    }

    /// The steps, each after all that it waits for.
    pub fn steps(&self) -> impl Iterator<Item = (StepIndex, &Step)> {
        self.order
            .iter()
            .filter_map(|&index| Some((index, self.dag.node_weight(index)?)))
    }

    /// The step at an index of this plan.
    pub fn step(&self, index: StepIndex) -> Option<&Step> {
        self.dag.node_weight(index)
    }

    /// The steps that this one waits for, in execution order.
    pub fn after(&self, index: StepIndex) -> Vec<StepIndex> {
        self.neighbours(index, Direction::Incoming)
    }

    /// The steps that wait for this one, in execution order.
    pub fn before(&self, index: StepIndex) -> Vec<StepIndex> {
        self.neighbours(index, Direction::Outgoing)
    }

    fn neighbours(&self, index: StepIndex, direction: Direction) -> Vec<StepIndex> {
        let near: BTreeSet<StepIndex> = self.dag.neighbors_directed(index, direction).collect();
        let placed = self.order.iter().copied();
        placed.filter(|index| near.contains(index)).collect()
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whether this plan makes the resource, be it once more.
    pub fn creates(&self, key: &Key) -> bool {
        self.does(Action::Create, key)
    }

    /// Whether this plan ends the resource, be it to make it once more.
    pub fn deletes(&self, key: &Key) -> bool {
        self.does(Action::Delete, key)
    }

    fn does(&self, action: Action, key: &Key) -> bool {
        self.steps()
            .any(|(_, step)| step.action == action && step.key == *key)
    }

    /// How many steps do this.
    pub fn count(&self, action: Action) -> usize {
        self.steps()
            .filter(|(_, step)| step.action == action)
            .count()
    }
}
