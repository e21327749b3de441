//! A plan, for scripts.

use std::collections::BTreeMap;

use killick_core::{Action, Digest, FieldDiff, StepIndex, Value};
use killick_finding::{Finding, Flag};
use killick_stack::{Outbound, Provenance};
use killick_text::utc;
use serde::Serialize;

use super::FORMAT;
use crate::assess::World;
use crate::report::text;
use crate::report::undo::advised;

/// `plan --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    format: u32,
    stack: String,
    account: String,
    region: String,
    /// The fingerprint of what the plan was computed from.
    pub digest: String,
    steps: Vec<Step>,
    summary: BTreeMap<&'static str, usize>,
    addresses: Outbound,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_alone: Vec<LeftAlone>,
    /// Whether every path is proven now, and nothing critical differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    proven: Option<bool>,
    /// The findings that stand against that and that no step repairs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    against: Vec<Against>,
    /// What is not known, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
    /// Why `apply` would not begin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
}

/// A finding that stands against a proof.
#[derive(Clone, Debug, Serialize)]
struct Against {
    #[serde(flatten)]
    finding: Finding,
    undo: String,
}

/// One reason for which `apply` would not begin.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// Which kind of reason: a word that is never changed.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// More of it, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// What to do about it.
    pub hint: String,
    /// The ids of what it is about.
    pub resources: Vec<String>,
    /// The flag of `apply` that allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct Step {
    id: String,
    action: Action,
    key: String,
    physical_id: Option<String>,
    reasons: Vec<Reason>,
    after: Vec<String>,
    note: Option<String>,
    /// Of what a destroy deletes: whether killick made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<Provenance>,
    /// Of what a destroy deletes: when it was made, where AWS says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Reason {
    field: String,
    live: Value,
    desired: Value,
}

/// An entry that nobody declared and that stays.
#[derive(Clone, Debug, Serialize)]
struct LeftAlone {
    key: String,
    field: String,
    live: Value,
    /// What allows it to be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<&'static str>,
}

/// The document of a plan.
pub fn plan(
    world: &World,
    plan: &killick_core::Plan,
    digest: &Digest,
    beside: text::Beside<'_>,
) -> Plan {
    let (report, caller) = (beside.report, beside.caller);
    let against = report.left_by(plan, beside.policy).into_iter();
    let against = against.map(|finding| Against {
        finding: finding.clone(),
        undo: advised(report, finding, caller).text,
    });
    Plan {
        proven: Some(report.assurance.proven()),
        against: against.collect(),
        unknown: report.assurance.unknown.clone(),
        ..steps(world, plan, digest)
    }
}

/// The steps alone.
fn steps(world: &World, plan: &killick_core::Plan, digest: &Digest) -> Plan {
    let id = |index: StepIndex| plan.step(index).map(|step| step.id());
    let steps = plan.steps().map(|(index, step)| Step {
        id: step.id(),
        action: step.action,
        key: step.key.to_string(),
        physical_id: step.id.as_ref().map(ToString::to_string),
        reasons: step.changes.iter().map(reason).collect(),
        after: plan.after(index).into_iter().filter_map(id).collect(),
        note: step.note.clone(),
        provenance: None,
        created: None,
    });
    let left_alone = plan.left_alone.iter().map(|(key, diff)| LeftAlone {
        key: key.to_string(),
        field: diff.path(),
        live: diff.live.clone(),
        flag: diff.guard.map(|guard| Flag::from(guard).text()),
    });
    Plan {
        format: FORMAT,
        stack: world.spec.stack.clone(),
        account: world.snapshot.account.clone(),
        region: world.spec.region.clone(),
        digest: digest.to_string(),
        steps: steps.collect(),
        summary: summary_of(plan),
        addresses: world.outbound().clone(),
        left_alone: left_alone.collect(),
        proven: None,
        against: Vec::new(),
        unknown: Vec::new(),
        refusals: Vec::new(),
    }
}

fn reason(diff: &FieldDiff) -> Reason {
    Reason {
        field: diff.path(),
        live: diff.live.clone(),
        desired: diff.desired.clone(),
    }
}

/// Steps by action; releases, which are rare, only where there are some.
fn summary_of(plan: &killick_core::Plan) -> BTreeMap<&'static str, usize> {
    let mut summary = BTreeMap::from([
        ("create", plan.count(Action::Create)),
        ("update", plan.count(Action::Update)),
        ("delete", plan.count(Action::Delete)),
    ]);
    let releases = plan.count(Action::Release);
    if releases > 0 {
        summary.insert("release", releases);
    }
    summary
}

/// The steps, each delete with whether killick made the resource, and when.
pub(super) fn with_provenance(world: &World, plan: &killick_core::Plan, digest: &Digest) -> Plan {
    let mut document = steps(world, plan, digest);
    let seen = world.seen();
    for ((_, step), shown) in plan.steps().zip(&mut document.steps) {
        if step.action == Action::Delete {
            shown.provenance = seen.provenance(&step.key);
            shown.created = seen.created(&step.key).map(utc);
        }
    }
    document
}
