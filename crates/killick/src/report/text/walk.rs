//! How an apply or a destroy ended.

use killick_core::{Plan, Step, StepIndex};
use killick_engine::{CloudError, Lost, Outcome};
use killick_finding::Finding;
use killick_stack::Caller;

use crate::assess::{DriftReport, Wanted, World};
use crate::cloud::{self, Reached};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::paint::{bold, green};
use crate::report::text::stands;
use crate::report::text::words::{count, list};

/// Everything took effect, and a last read shows it. `killick` is how a
/// command line begins.
pub fn done(now: &World, wanted: Wanted, steps: usize, seconds: f64, killick: &str) -> String {
    let steps = count(steps, "step");
    let seconds = format!("{seconds:.1}s");
    let title = now.title();
    match wanted {
        Wanted::Spec => format!(
            "{}: {steps} in {seconds}; stack {title} is as declared\n\
             functions leave by: {}\n\
             these addresses are for the partner's firewall ({killick} ips lists them)\n",
            green("applied"),
            bold(list(&now.assessment.leaving().words()))
        ),
        Wanted::Nothing => {
            let held = now.assessment.held().iter().filter(|one| !one.lent);
            let kept: Vec<String> = held.map(|one| one.ip.clone()).collect();
            let rest = match kept.is_empty() {
                true => "nothing is left of it".to_owned(),
                false => format!(
                    "kept: {}; the next apply takes them again",
                    bold(list(&kept))
                ),
            };
            format!(
                "{}: {steps} in {seconds}; stack {title} is gone\n{rest}\n",
                green("destroyed")
            )
        }
    }
}

/// One error a failed step.
pub fn failures(plan: &Plan, outcome: &Outcome, reached: &Reached) -> Vec<Error> {
    let failed = outcome.failed.iter();
    failed
        .map(|(index, error)| failure(plan, *index, error, reached))
        .collect()
}

fn failure(plan: &Plan, index: StepIndex, error: &CloudError, reached: &Reached) -> Error {
    let step = plan.step(index).map(Step::id).unwrap_or_default();
    Error::new(format!("{step}: {}", cloud::told(error))).hint(cloud::hint(error, reached))
}

/// What did not come to its end.
pub fn unfinished(plan: &Plan, outcome: &Outcome) -> Error {
    let ids = |steps: &[StepIndex]| -> Vec<String> {
        steps
            .iter()
            .filter_map(|&index| plan.step(index))
            .map(Step::id)
            .collect()
    };
    let skipped = ids(&outcome.skipped)
        .into_iter()
        .map(|id| format!("skipped: {id}"));
    let open = ids(&outcome.not_started)
        .into_iter()
        .map(|id| format!("not started: {id}"));
    let parts: Vec<String> = [
        (outcome.done.len(), "took effect"),
        (outcome.failed.len(), "failed"),
        (outcome.skipped.len(), "skipped"),
        (outcome.not_started.len(), "not started"),
    ]
    .into_iter()
    .filter(|(number, what)| *number > 0 || *what == "took effect")
    .map(|(number, what)| format!("{number} {what}"))
    .collect();
    let what = match outcome.interrupted {
        true => "interrupted",
        false => "not everything could be done",
    };
    let again = match outcome.failed.is_empty() {
        true => "run the command again: it goes on from here and makes nothing twice",
        false => {
            "put right what failed, then run the command again: it goes on from here and makes \
             nothing twice"
        }
    };
    let steps = count(plan.len(), "step");
    Error::new(format!("{what}: of {steps}, {}", parts.join(", ")))
        .details(skipped.chain(open))
        .hint(again)
}

/// The lock was lost on the way.
pub fn lost(plan: &Plan, outcome: &Outcome, lost: &Lost) -> Error {
    let Error {
        message, details, ..
    } = unfinished(plan, outcome);
    let error = Error::new(format!("{lost}, and nothing new was started: {message}"));
    error.details(details).hint(
        "see who else is at work on this stack; then run the command again: it goes on from here \
         and makes nothing twice",
    )
}

/// Every step took effect, and still something is left. `killick` is how a
/// command line begins.
pub fn not_converged(now: &World, left: &Plan, killick: &str) -> Error {
    let steps = left.steps().map(|(_, step)| {
        let fields: Vec<String> = step.changes.iter().map(|diff| diff.path()).collect();
        match fields.is_empty() {
            true => step.id(),
            false => format!("{}: {}", step.id(), fields.join(", ")),
        }
    });
    let title = now.title();
    Error::new(format!(
        "not converged: a last read of stack {title} still differs"
    ))
    .exit(Exit::Partial)
    .details(steps)
    .hint(format!(
        "run {killick} plan; somebody else may be changing the same things"
    ))
}

/// No step is left, and still not every path is proven.
pub fn not_proven(now: &World, report: &DriftReport, caller: Caller<'_>) -> Error {
    let assurance = &report.assurance;
    let against = |one: &&Finding| assurance.against.contains(&one.id);
    let findings = report.findings.iter().filter(against).flat_map(|finding| {
        let (what, advice) = stands(report, finding, caller);
        [what, format!("  {}", advice.text)]
    });
    let unknown = assurance.unknown.iter();
    let unknown = unknown.map(|what| format!("not known: {what}"));
    let title = now.title();
    let unread = now.snapshot.unreadable.iter().map(cloud::refused);
    Error::new(format!(
        "not proven: no step is left for stack {title}, but not every path leaves by the fixed \
         addresses"
    ))
    .exit(Exit::Partial)
    .details(findings)
    .details(unknown)
    .details(unread)
    .hint(format!(
        "{} shows each hop; what is wanted as it is can be accepted in the spec, until a date",
        caller.command("prove")
    ))
}
