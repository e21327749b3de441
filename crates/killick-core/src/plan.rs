//! From differences to ordered steps.

use std::collections::BTreeSet;

use petgraph::Direction;
use petgraph::graph::DiGraph;

use crate::draft::draft;
use crate::error::PlanError;
use crate::fate::decide;
use crate::order;
use crate::steps::{Action, Step, StepIndex};
use crate::world::World;
use crate::{Catalogue, Desired, FieldDiff, Graph, Key, Observed, PhysicalId, Policy};

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
        let ordered = |split: &BTreeSet<Key>| {
            let mut steps = draft(&world, &verdict, split);
            let preferred = order::connect(&world, &verdict.wanted, &mut steps);
            (order::knots(&steps.dag), steps.dag, preferred)
        };
        let (mut knots, mut dag, mut preferred) = ordered(&BTreeSet::new());
        if !knots.is_empty() {
            // Make-before-break and break-before-make met in one update:
            // letting go of the old and taking the new become two steps.
            (knots, dag, preferred) = ordered(&knots);
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
