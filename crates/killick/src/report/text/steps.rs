//! The steps of a plan, each with its reasons.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use killick_core::{Action, FieldDiff, Key, Plan, Step, Value};

use crate::report::diff::{change, line};
use crate::report::paint::{bold, dim, green, red, yellow};
use crate::report::text::words::count;
use killick_text::shown;

/// How much of a new resource fits into one line.
const WIDTH: usize = 94;
/// What every create sets, and so tells nothing.
const USUAL: [&str; 5] = ["tags", "vpc", "zone", "connectivity", "availability"];

/// What is said of something that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why<'a> {
    /// The reason: it is one thing among others.
    Told,
    /// Its origin: everything goes.
    Origin(&'a BTreeMap<Key, String>),
}

/// The steps in execution order, and how many there are of each kind.
pub(crate) fn steps(text: &mut String, plan: &Plan, why: Why<'_>, verbose: bool) {
    let replaced: BTreeSet<&Key> = plan
        .steps()
        .filter(|(_, step)| step.action == Action::Delete)
        .map(|(_, step)| &step.key)
        .filter(|key| {
            plan.steps()
                .any(|(_, step)| step.action == Action::Create && step.key == **key)
        })
        .collect();
    text.push('\n');
    for (index, step) in plan.steps() {
        let origin = match why {
            Why::Origin(origins) if step.action == Action::Delete => origins.get(&step.key),
            Why::Origin(_) | Why::Told => None,
        };
        head(text, step, origin);
        if let Some(note) = note(step, why, replaced.contains(&step.key)) {
            let _ = writeln!(text, "      {note}");
        }
        reasons(text, step, verbose);
        let after = plan.after(index);
        if verbose && !after.is_empty() {
            let ids = after.into_iter().filter_map(|index| plan.step(index));
            let ids: Vec<String> = ids.map(|step| shown(&step.id())).collect();
            let _ = writeln!(text, "      {}", dim(format!("after {}", ids.join(", "))));
        }
    }
    let actions = [
        Action::Create,
        Action::Update,
        Action::Release,
        Action::Delete,
    ];
    let parts: Vec<String> = actions
        .into_iter()
        .map(|action| (plan.count(action), action))
        .filter(|(number, _)| *number > 0)
        .map(|(number, action)| match action {
            // Of an address, AWS says release when it means give up.
            Action::Release => format!("{number} to let go"),
            action => format!("{number} to {action}"),
        })
        .collect();
    let _ = writeln!(
        text,
        "\n{}: {}",
        bold(count(plan.len(), "step")),
        parts.join(", ")
    );
}

fn head(text: &mut String, step: &Step, origin: Option<&String>) {
    let symbol = match step.action {
        Action::Create => green("+ create"),
        Action::Update => yellow("~ update"),
        Action::Release => yellow("< release"),
        Action::Delete => red("- delete"),
    };
    let id = step.id.as_ref().map(|id| shown(id.as_str()));
    // A function's name says it already.
    let id = id.filter(|id| *id != step.key.name);
    let id = id.map(|id| format!("  {}", dim(id))).unwrap_or_default();
    let key = shown(&step.key.to_string());
    let origin = origin.map(|origin| format!("  {origin}"));
    let origin = origin.unwrap_or_default();
    let _ = writeln!(text, "  {symbol} {}{id}{origin}", bold(key));
}

fn note(step: &Step, why: Why<'_>, replaced: bool) -> Option<String> {
    let note = step.note.as_deref().map(shown);
    match step.action {
        Action::Create if replaced => Some("in place of the one that goes".to_owned()),
        Action::Delete if replaced => Some(match note {
            Some(note) => format!("to be replaced: {note}"),
            None => "to be replaced".to_owned(),
        }),
        Action::Delete if why != Why::Told => None,
        _ => note,
    }
}

fn reasons(text: &mut String, step: &Step, verbose: bool) {
    if step.action == Action::Create && !verbose {
        let fields = essentials(&step.changes);
        let _ = match fields.join("; ") {
            fields if fields.is_empty() => Ok(()),
            fields if fields.chars().count() <= WIDTH => writeln!(text, "      {fields}"),
            _ => fields
                .iter()
                .try_for_each(|field| writeln!(text, "      {field}")),
        };
        return;
    }
    for diff in &step.changes {
        if diff.name == "formerly" && step.changes.len() > 1 && !verbose && outside(diff) {
            continue;
        }
        if diff.name == "state" {
            let _ = writeln!(
                text,
                "      waits until it is ready; now it is {}",
                line(&diff.live)
            );
            continue;
        }
        for row in change(diff) {
            let _ = writeln!(text, "      {row}");
        }
    }
}

/// Whether a function was in no VPC before: nothing to tell.
fn outside(formerly: &FieldDiff) -> bool {
    let outside = |value: &Value| value.is_absent() || value.as_text() == Some("no VPC");
    outside(&formerly.live) && outside(&formerly.desired)
}

/// What is worth knowing of a new resource, a field each.
fn essentials(changes: &[FieldDiff]) -> Vec<String> {
    let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
    for diff in changes {
        if USUAL.contains(&diff.name) || matches!(diff.desired, Value::Bool(_)) {
            continue;
        }
        let value = match &diff.entry {
            Some(entry) if *entry != diff.desired => {
                format!("{} -> {}", line(entry), line(&diff.desired))
            }
            _ => line(&diff.desired),
        };
        match fields.last_mut() {
            Some((name, values)) if *name == diff.name => values.push(value),
            _ => fields.push((diff.name, vec![value])),
        }
    }
    let told = fields.into_iter();
    told.map(|(name, values)| format!("{name} {}", values.join(", ")))
        .collect()
}
