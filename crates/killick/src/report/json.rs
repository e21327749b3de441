//! What scripts read: a contract, see docs/.

use std::collections::BTreeMap;

use killick_aws::{Finding, HeldAddress, Outbound};
use killick_core::{Action, Digest, FieldDiff, StepIndex, Value};
use serde::Serialize;

use crate::report::{DriftReport, Ending, text};
use crate::world::World;

/// Raised when a field changes its meaning or goes.
pub const FORMAT: u32 = 1;

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
}

/// The document of a plan.
pub fn plan(world: &World, plan: &killick_core::Plan, digest: &Digest) -> Plan {
    let id = |index: StepIndex| plan.step(index).map(|step| step.id());
    let steps = plan.steps().map(|(index, step)| Step {
        id: step.id(),
        action: step.action,
        key: step.key.to_string(),
        physical_id: step.id.as_ref().map(ToString::to_string),
        reasons: step.changes.iter().map(reason).collect(),
        after: plan.after(index).into_iter().filter_map(id).collect(),
        note: step.note.clone(),
    });
    let left_alone = plan.left_alone.iter().map(|(key, diff)| LeftAlone {
        key: key.to_string(),
        field: diff.path(),
        live: diff.live.clone(),
    });
    Plan {
        format: FORMAT,
        stack: world.spec.stack.clone(),
        account: world.snapshot.account.clone(),
        region: world.spec.region.clone(),
        digest: digest.to_string(),
        steps: steps.collect(),
        summary: summary_of(plan),
        addresses: world.outbound(),
        left_alone: left_alone.collect(),
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

/// `drift --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Drift<'a> {
    format: u32,
    stack: &'a str,
    account: &'a str,
    region: &'a str,
    in_sync: bool,
    findings: &'a [Finding],
    coverage: Coverage<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct Coverage<'a> {
    checked: usize,
    unreadable: Vec<Blind<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Blind<'a> {
    what: String,
    permission: &'a str,
    code: &'a str,
}

/// The document of a drift report.
pub fn drift<'a>(world: &'a World, report: &'a DriftReport) -> Drift<'a> {
    let blind = report.unreadable.iter().map(|one| Blind {
        what: text::what(one),
        permission: &one.permission,
        code: &one.code,
    });
    Drift {
        format: FORMAT,
        stack: &world.spec.stack,
        account: &world.snapshot.account,
        region: &world.spec.region,
        in_sync: report.in_sync(),
        findings: &report.findings,
        coverage: Coverage {
            checked: report.checked,
            unreadable: blind.collect(),
        },
    }
}

/// `ips --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Ips<'a> {
    format: u32,
    stack: &'a str,
    addresses: &'a [HeldAddress],
}

/// The document of the addresses.
pub fn ips<'a>(world: &'a World, addresses: &'a [HeldAddress]) -> Ips<'a> {
    Ips {
        format: FORMAT,
        stack: &world.spec.stack,
        addresses,
    }
}

/// The first and the last line of `apply --json`; those between are the
/// engine's events.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// What will be done.
    Planned {
        /// The plan, as `plan --json` prints it.
        #[serde(flatten)]
        plan: Box<Plan>,
    },
    /// How it ended.
    Summary {
        /// `applied`, `partial`, `interrupted`, `refused`.
        result: &'static str,
        /// The exit code.
        exit_code: u8,
        /// How many steps took effect.
        done: usize,
        /// How many failed.
        failed: usize,
        /// How many were skipped because another one failed.
        skipped: usize,
        /// How many did not start because the user asked to stop.
        not_started: usize,
        /// The steps that a last read still showed.
        remaining: &'a [String],
        /// The addresses by which functions leave, once that is proven.
        addresses: &'a [String],
    },
}

/// The first line of `apply --json`.
pub fn planned(world: &World, plan: &killick_core::Plan, digest: &Digest) -> Event<'static> {
    Event::Planned {
        plan: Box::new(self::plan(world, plan, digest)),
    }
}

/// The last line of `apply --json`.
pub fn summary<'a>(ending: &'a Ending, addresses: &'a [String]) -> Event<'a> {
    use crate::Exit;
    Event::Summary {
        result: match ending.exit {
            Exit::Done => "applied",
            Exit::Interrupted => "interrupted",
            Exit::Refused => "refused",
            _ => "partial",
        },
        exit_code: ending.exit.code(),
        done: ending.done,
        failed: ending.failed,
        skipped: ending.skipped,
        not_started: ending.not_started,
        remaining: &ending.remaining,
        addresses,
    }
}
