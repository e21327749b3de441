//! A drift report in the formats that other programs and pages read.

use killick_core::{Change, Value};
use killick_engine::utc;
use killick_path::{Judgement, Path, Proof};
use killick_report as to;
use killick_stack::{Attribution, Finding, Repair, Severity};

use super::undo::advice;
use super::{DriftReport, picture, text};
use crate::world::World;

/// What a page needs to know besides the report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// The spec file, as it was given.
    pub(crate) spec: &'a str,
    /// When it was read, in seconds since 1970.
    pub(crate) now: u64,
    /// How a command line begins.
    pub(crate) killick: &'a str,
}

/// The report as plain data.
pub(crate) fn report(world: &World, report: &DriftReport, about: About<'_>) -> to::Report {
    let findings = report.findings.iter();
    let accepted = report.accepted.iter().map(|one| to::Accepted {
        id: one.finding.id.clone(),
        key: one.finding.key.clone(),
        field: one.finding.field.clone(),
        what: what(one.finding.what),
        severity: severity(one.finding.severity),
        effect: one.finding.effect.clone(),
        until: one.accept.until.to_string(),
        reason: one.accept.reason.clone(),
        line: one.accept.line,
    });
    let unreadable = report.unreadable.iter().map(|one| to::Unread {
        what: text::what(one),
        permission: one.permission.clone(),
        code: one.code.clone(),
    });
    to::Report {
        stack: world.spec.stack.clone(),
        account: world.snapshot.account.clone(),
        region: world.spec.region.clone(),
        at: utc(about.now),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        spec: about.spec.to_owned(),
        addresses: match report.knows_addresses() {
            true => leaving(world),
            false => Vec::new(),
        },
        promised: world.outbound().promised.clone(),
        findings: findings
            .map(|one| finding(report, one, about.killick))
            .collect(),
        accepted: accepted.collect(),
        coverage: to::Coverage {
            checked: report.checked,
            resources: report.resources,
            unreadable: unreadable.collect(),
        },
        picture: picture::of_world(world, &report.findings),
        ways: report.proofs.iter().flat_map(of_proof).collect(),
    }
}

/// The known addresses in the order of their numbers, then what else functions
/// leave by.
fn leaving(world: &World) -> Vec<String> {
    text::leaving(world.assessment.leaving())
}

fn finding(report: &DriftReport, from: &Finding, killick: &str) -> to::Finding {
    let words = |value: &Value| match value {
        Value::Absent => String::new(),
        value => value.to_string(),
    };
    let known = report.who.as_ref().and_then(|who| who.get(&from.id));
    let suspects = match known {
        Some(Attribution::By(suspects)) => suspects.as_slice(),
        _ => &[],
    };
    to::Finding {
        id: from.id.clone(),
        key: from.key.clone(),
        field: from.field.clone(),
        what: what(from.what),
        live: words(&from.live),
        desired: words(&from.desired),
        severity: severity(from.severity),
        effect: from.effect.clone(),
        repair: match from.repair {
            Repair::Automatic => to::Repair::Automatic,
            Repair::Guarded => to::Repair::Guarded,
            Repair::Report => to::Repair::Report,
        },
        undo: advice(report, from, killick),
        who: suspects
            .iter()
            .map(|one| to::Who {
                principal: one.principal.clone(),
                at: utc(one.at),
                agent: one.agent.clone(),
                event: one.event.clone(),
            })
            .collect(),
        unattributed: known.and_then(text::unattributed),
    }
}

fn what(change: Change) -> to::What {
    match change {
        Change::Missing => to::What::Missing,
        Change::Extra => to::What::Extra,
        Change::Changed => to::What::Changed,
        Change::Broken => to::What::Broken,
    }
}

fn severity(severity: Severity) -> to::Severity {
    match severity {
        Severity::Critical => to::Severity::Critical,
        Severity::Warning => to::Severity::Warning,
        Severity::Info => to::Severity::Info,
    }
}

fn of_proof(proof: &Proof) -> Vec<to::Way> {
    let runner = text::runner(proof);
    let way = |path: &Path| to::Way {
        runner: runner.clone(),
        subnet: path.subnet.clone().unwrap_or_default(),
        zone: path.zone.clone().unwrap_or_default(),
        verdict: text::verdict(path),
        good: match path.judgement {
            Judgement::Proven => to::Judged::Good,
            Judgement::Unknown => to::Judged::Unknown,
            Judgement::Refuted => to::Judged::Bad,
        },
    };
    proof.paths.iter().map(way).collect()
}
