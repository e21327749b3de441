//! What scripts read: a contract, see docs/.

mod event;
mod ips;
mod plan;

use killick_finding::Finding;
use killick_path::{Judgement, Path, Proof};
use killick_stack::{Attribution, Caller, Ways};
use killick_text::utc;
use serde::Serialize;

use crate::assess::{DriftReport, World, hidden};
use crate::report::text;
use crate::report::undo::advised;

pub use event::{Event, destroying, held, planned, summary};
pub use ips::{Ips, ips};
pub use plan::{Plan, Refusal, plan};

/// Raised when a field changes its meaning or goes.
pub const FORMAT: u32 = 1;

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
