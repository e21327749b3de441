//! What would stop a plan half-way, looked for before the first write.
//!
//! Two steps: [`facts`] asks AWS what only this is interested in, and only what
//! the plan makes worth asking; [`preflight`] judges, purely.

mod facts;
mod lent;
mod network;
mod quota;

use std::collections::BTreeSet;

use killick_core::{Action, Graph, Key, Observed, Plan, Step, Value};
use killick_spec::Spec;

use crate::resource::{Function, NatGateway, Subnet, role_name};
use crate::seen::Seen;

pub use facts::{Facts, Unchecked, facts};

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl Obstacle {
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: hint.into(),
        }
    }
}

/// A plan, and all that it is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What should be.
    pub spec: &'a Spec,
    /// What was read.
    pub seen: &'a Seen<'a>,
    /// What is.
    pub observed: &'a Graph<Observed>,
    /// What would be done.
    pub plan: &'a Plan,
}

impl<'a> Asked<'a> {
    fn steps(&self) -> impl Iterator<Item = &'a Step> {
        self.plan.steps().map(|(_, step)| step)
    }

    /// The keys of a kind that are made, and not only made again.
    fn new_ones(&self, kind: &str) -> usize {
        let creates = self.creates(kind);
        creates.filter(|key| !self.observed.contains(key)).count()
    }

    fn creates(&self, kind: &str) -> impl Iterator<Item = &'a Key> {
        let steps = self.steps().filter(|step| step.action == Action::Create);
        steps
            .map(|step| &step.key)
            .filter(move |key| key.kind == kind)
    }

    /// Whether the plan gives a role what it lacks.
    fn grants(&self, role: &str) -> bool {
        let name = role_name(role);
        let mut changes = self.steps().flat_map(|step| &step.changes);
        changes.any(|change| {
            change.name == "role" && change.entry.as_ref().and_then(Value::as_text) == Some(name)
        })
    }

    /// The functions that are attached to other subnets than before.
    fn attached(&self) -> BTreeSet<&'a str> {
        let steps = self.steps().filter(|step| step.key.kind == Function::KIND);
        let attaching = steps.filter(|step| {
            let mut changes = step.changes.iter();
            changes.any(|change| change.name == "subnets" && !change.desired.refs().is_empty())
        });
        attaching.map(|step| step.key.name.as_str()).collect()
    }

    /// The zones where something is made that is bound to one.
    fn zones(&self) -> BTreeSet<&'a str> {
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

/// Everything that stands in the way of a plan.
pub fn preflight(asked: &Asked<'_>, facts: &Facts) -> Vec<Obstacle> {
    let mut all = Vec::new();
    all.extend(lent::obstacles(asked));
    all.extend(network::obstacles(asked, facts));
    all.extend(quota::obstacles(asked, facts));
    all.sort();
    all.dedup();
    all
}
