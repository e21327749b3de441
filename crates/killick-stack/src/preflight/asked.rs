//! What a plan is judged by.

use std::collections::BTreeSet;

use killick_core::{Action, Graph, Key, Observed, Plan, Step, Value};
use killick_spec::Spec;

use crate::advice::Caller;
use crate::refusal::RefusalCode;
use crate::resource::{Function, NatGateway, Subnet, role_name};
use crate::view::StackView;

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: String,
    /// Which kind of obstacle.
    pub code: RefusalCode,
    /// What it is about: the ids of AWS, or names where there are none.
    pub resources: Vec<String>,
}

impl Obstacle {
    pub(crate) fn new(
        code: RefusalCode,
        resources: impl IntoIterator<Item = impl Into<String>>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            hint: hint.into(),
            code,
            resources: resources.into_iter().map(Into::into).collect(),
        }
    }
}

/// A plan, and all that it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What should be.
    pub spec: &'a Spec,
    /// What was read.
    pub seen: &'a StackView<'a>,
    /// What is.
    pub observed: &'a Graph<Observed>,
    /// What would be done.
    pub plan: &'a Plan,
    /// What the commands in hints must say.
    pub caller: Caller<'a>,
}

impl<'a> Asked<'a> {
    pub(super) fn steps(&self) -> impl Iterator<Item = &'a Step> {
        self.plan.steps().map(|(_, step)| step)
    }

    /// The keys of a kind that are made, and not only made again.
    pub(super) fn new_ones(&self, kind: &str) -> usize {
        let creates = self.creates(kind);
        creates.filter(|key| !self.observed.contains(key)).count()
    }

    /// The keys of a kind that the plan makes.
    pub fn creates(&self, kind: &str) -> impl Iterator<Item = &'a Key> {
        let steps = self.steps().filter(|step| step.action == Action::Create);
        steps
            .map(|step| &step.key)
            .filter(move |key| key.kind == kind)
    }

    /// Whether the plan gives a role what it lacks.
    pub(super) fn grants(&self, role: &str) -> bool {
        let name = role_name(role);
        let mut changes = self.steps().flat_map(|step| &step.changes);
        changes.any(|change| {
            change.name == "role" && change.entry.as_ref().and_then(Value::as_text) == Some(name)
        })
    }

    /// The functions that are attached to other subnets than before.
    pub fn attached(&self) -> BTreeSet<&'a str> {
        let steps = self.steps().filter(|step| step.key.kind == Function::KIND);
        let attaching = steps.filter(|step| {
            let mut changes = step.changes.iter();
            changes.any(|change| change.name == "subnets" && !change.desired.refs().is_empty())
        });
        attaching.map(|step| step.key.name.as_str()).collect()
    }

    /// The zones where something is made that is bound to one.
    pub fn zones(&self) -> BTreeSet<&'a str> {
        let made: BTreeSet<&Key> = self
            .creates(Subnet::KIND)
            .chain(self.creates(NatGateway::KIND))
            .collect();
        let zones = self.spec.zones.iter();
        let touched = zones.filter(|zone| {
            made.iter()
                .any(|key| key.name == zone.name || key.name.ends_with(&format!("-{}", zone.name)))
        });
        touched
            .map(|zone| zone.availability_zone.as_str())
            .collect()
    }
}
