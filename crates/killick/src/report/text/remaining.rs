//! What a plan leaves for a flag or for an owner.

use std::fmt::Write;

use killick_core::{Plan, Policy};
use killick_finding::Finding;
use killick_stack::{Advice, Caller};

use crate::assess::DriftReport;
use crate::report::paint::{red, yellow};
use crate::report::text::words::{wrap, wrap_around};
use crate::report::undo::advised;
use killick_text::shown;

/// What is said of a plan besides the plan.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// What differs, and what that comes to.
    pub report: &'a DriftReport,
    /// What the plan may repair.
    pub policy: Policy,
    /// How advice names commands.
    pub caller: Caller<'a>,
    /// Whether every changed field is shown.
    pub verbose: bool,
}

/// What stands against a proof and no step repairs.
pub(crate) fn remaining(text: &mut String, plan: &Plan, beside: Beside<'_>) {
    let Beside {
        report,
        policy,
        caller,
        ..
    } = beside;
    let left = report.left_by(plan, policy);
    if !left.is_empty() {
        let told = "LEFT FOR A FLAG OR FOR AN OWNER: apply will not end as proven";
        let _ = writeln!(text, "{}", red(told));
    }
    for finding in left {
        let (what, advice) = stands(report, finding, caller);
        let _ = write!(text, "{}", wrap(&shown(&what), "  "));
        let advice = wrap_around(&shown(&advice.text), "    ", &advice.commands);
        let _ = write!(text, "{advice}");
    }
    for unknown in &report.assurance.unknown {
        let _ = writeln!(text, "{} {}", yellow("not known:"), shown(unknown));
    }
}

/// A finding that stands against a proof: where and what that means, then what
/// to do.
pub(crate) fn stands(
    report: &DriftReport,
    finding: &Finding,
    caller: Caller<'_>,
) -> (String, Advice) {
    let field = finding.field.as_ref().map(ToString::to_string);
    let field = field.map_or_else(String::new, |field| format!(" {field}"));
    let (key, effect, id) = (&finding.key, &finding.effect, &finding.id);
    let what = format!("{key}{field}: {effect} ({id})");
    (what, advised(report, finding, caller))
}
