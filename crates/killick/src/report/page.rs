//! A drift report in the formats that other programs and pages read.

use killick_core::Value;
use killick_finding::Finding;
use killick_path::{Judgement, Path, Proof};
use killick_report as to;
use killick_stack::{Attribution, Caller};
use killick_text::utc;

use super::undo::advised;
use super::{picture, text};
use crate::assess::{DriftReport, World};

/// What a page needs to know besides the report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// The spec file, as it was given.
    pub(crate) spec: &'a str,
    /// When it was read, in seconds since 1970.
    pub(crate) now: u64,
    /// What advice must name.
    pub(crate) caller: Caller<'a>,
}

/// The report as plain data.
pub(crate) fn report(world: &World, report: &DriftReport, about: About<'_>) -> to::Report {
    let findings = report.findings.iter();
    let accepted = report.accepted.iter().map(|one| to::Accepted {
        id: one.finding.id.clone(),
        key: one.finding.key.to_string(),
        field: one.finding.field.as_ref().map(ToString::to_string),
        what: one.finding.what,
        severity: one.finding.severity,
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
    // Where something was refused, what is not known follows from that.
    let unknown = report.assurance.unknown.iter();
    let unknown = unknown.filter(|_| report.unreadable.is_empty());
    let unknown = unknown.map(|what| to::Unread {
        what: what.clone(),
        permission: "no permission".to_owned(),
        code: "NotKnown".to_owned(),
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
            .map(|one| finding(report, one, about.caller))
            .collect(),
        accepted: accepted.collect(),
        coverage: to::Coverage {
            checked: report.checked,
            resources: report.resources,
            unreadable: unreadable.chain(unknown).collect(),
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

fn finding(report: &DriftReport, from: &Finding, caller: Caller<'_>) -> to::Finding {
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
        key: from.key.to_string(),
        field: from.field.as_ref().map(ToString::to_string),
        what: from.what,
        live: words(&from.live),
        desired: words(&from.desired),
        severity: from.severity,
        effect: from.effect.clone(),
        repair: from.repair.word().to_owned(),
        undo: advised(report, from, caller).text,
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
