//! What scripts read: a contract, see docs/.

mod ips;

use std::collections::BTreeMap;

use killick_core::{Action, Digest, FieldDiff, StepIndex, Value};
use killick_finding::{Finding, Flag};
use killick_path::{Judgement, Path, Proof};
use killick_stack::{Attribution, Caller, Holder, Outbound, Provenance, Ways};
use killick_text::utc;
use serde::Serialize;

use crate::assess::{DriftReport, Wanted, World, hidden};
use crate::report::undo::advised;
use crate::report::{Ending, text};

pub use ips::{Ips, ips};

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

/// `drift --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Drift<'a> {
    format: u32,
    stack: &'a str,
    account: &'a str,
    region: &'a str,
    in_sync: bool,
    findings: Vec<Told<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<Silenced<'a>>,
    coverage: Coverage<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    undo: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<Vec<Who<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unattributed: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Who<'a> {
    principal: &'a str,
    at: String,
    agent: &'a str,
    event: &'a str,
    event_id: &'a str,
    certain: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Silenced<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    until: String,
    reason: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct Coverage<'a> {
    checked: usize,
    unreadable: Vec<Blind<'a>>,
    /// What is not known though it was read: a function in the middle of an
    /// update, for one.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unknown: &'a [String],
}

#[derive(Clone, Debug, Serialize)]
struct Blind<'a> {
    what: String,
    permission: &'a str,
    code: &'a str,
}

/// The document of a drift report.
pub fn drift<'a>(world: &'a World, report: &'a DriftReport, caller: Caller<'_>) -> Drift<'a> {
    let findings = report.findings.iter().map(|finding| {
        let known = report.who.as_ref().and_then(|who| who.get(&finding.id));
        let (who, unattributed) = match known {
            Some(Attribution::By(suspects)) => {
                let who = suspects.iter().map(|one| Who {
                    principal: &one.principal,
                    at: utc(one.at),
                    agent: &one.agent,
                    event: &one.event,
                    event_id: &one.event_id,
                    certain: one.certain,
                });
                (Some(who.collect()), None)
            }
            Some(unknown) => (Some(Vec::new()), text::unattributed(unknown)),
            None => (None, None),
        };
        Told {
            finding,
            undo: advised(report, finding, caller).text,
            who,
            unattributed,
        }
    });
    let accepted = report.accepted.iter().map(|one| Silenced {
        finding: &one.finding,
        until: one.accept.until.to_string(),
        reason: &one.accept.reason,
    });
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
        findings: findings.collect(),
        accepted: accepted.collect(),
        coverage: Coverage {
            checked: report.checked,
            unreadable: blind.collect(),
            unknown: &report.assurance.unknown,
        },
    }
}

/// `prove --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Prove<'a> {
    format: u32,
    stack: &'a str,
    account: &'a str,
    region: &'a str,
    proven: bool,
    addresses: Vec<String>,
    ways: Vec<Way<'a>>,
    unreadable: Vec<String>,
}

/// The way of one function out of one subnet.
#[derive(Clone, Debug, Serialize)]
struct Way<'a> {
    function: &'a str,
    alias: Option<&'a str>,
    version: Option<&'a str>,
    verdict: String,
    /// The ids of accepted findings that the path is proven in spite of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<&'a str>,
    #[serde(flatten)]
    path: &'a Path,
}

/// The document of the proofs.
pub fn prove<'a>(
    world: &'a World,
    report: &'a DriftReport,
    ways: &Ways,
    proofs: &'a [Proof],
) -> Prove<'a> {
    let all = proofs.iter().flat_map(|proof| {
        let version = proof.version.as_ref();
        proof.paths.iter().map(move |path| Way {
            function: &proof.runner,
            alias: version.map(|(alias, _)| alias.as_str()),
            version: version.map(|(_, version)| version.as_str()),
            verdict: text::verdict(path),
            accepted: report
                .accepted_on(proof, path)
                .iter()
                .map(|one| one.finding.id.as_str())
                .collect(),
            path,
        })
    });
    let good = |proof: &Proof| proof.judgement() == Judgement::Proven;
    Prove {
        format: FORMAT,
        stack: &world.spec.stack,
        account: &world.snapshot.account,
        region: &world.spec.region,
        proven: !proofs.is_empty()
            && proofs.iter().all(good)
            && !hidden(&world.snapshot.unreadable),
        addresses: ways.set().iter().map(ToString::to_string).collect(),
        ways: all.collect(),
        unreadable: world.snapshot.unreadable.iter().map(text::what).collect(),
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
    /// What keeps AWS from deleting the stack.
    Held {
        /// Each with its type, its id, what it holds and what to do.
        holders: &'a [Holder],
    },
    /// How it ended.
    Summary {
        /// `applied`, `destroyed`, `partial`, `interrupted`, `refused`.
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
        /// The findings that stand against a proof though no step is left.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        against: &'a [String],
        /// What is not known, in words.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        unknown: &'a [String],
        /// The addresses by which functions leave, once that is proven.
        addresses: &'a [String],
    },
}

/// The first line of `destroy --json`: a plan in which each delete says whether
/// killick made the resource, and when, as far as that is known.
pub fn destroying(world: &World, plan: &killick_core::Plan, digest: &Digest) -> Event<'static> {
    let mut document = steps(world, plan, digest);
    let seen = world.seen();
    for ((_, step), shown) in plan.steps().zip(&mut document.steps) {
        if step.action == Action::Delete {
            shown.provenance = seen.provenance(&step.key);
            shown.created = seen.created(&step.key).map(utc);
        }
    }
    Event::Planned {
        plan: Box::new(document),
    }
}

/// Why a destroy is refused: what keeps AWS from deleting the stack.
pub fn held(holders: &[Holder]) -> Event<'_> {
    Event::Held { holders }
}

/// The first line of `apply --json`.
pub fn planned(plan: Plan) -> Event<'static> {
    Event::Planned {
        plan: Box::new(plan),
    }
}

/// The last line of `apply --json`.
pub fn summary<'a>(ending: &'a Ending, addresses: &'a [String], wanted: Wanted) -> Event<'a> {
    use crate::exit::Exit;
    Event::Summary {
        result: match ending.exit {
            Exit::Done if wanted == Wanted::Nothing => "destroyed",
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
        against: &ending.against,
        unknown: &ending.unknown,
        addresses,
    }
}
