//! The plan of a destroy, and what there is to say where there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use killick_core::{Action, Key, Plan};
use killick_stack::plural;

use crate::assess::World;
use crate::report::paint::{bold, red};
use crate::report::text::plan::going_back;
use crate::report::text::steps::{Why, steps};
use crate::report::text::words::{count, list, wrap};
use killick_text::{shown, utc};

/// The plan of `destroy`.
pub fn destroy(world: &World, plan: &Plan, verbose: bool) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "stack {} goes", bold(world.title()));
    let origins = origins(world, plan);
    steps(&mut text, plan, Why::Origin(&origins), verbose);
    let ips = |which: &dyn Fn(&str) -> bool| -> Vec<String> {
        let held = world.assessment.held().iter();
        let which = held.filter(|one| which(&one.allocation_id));
        which.map(|one| one.ip.clone()).collect()
    };
    let kept = ips(&|id| plan.kept.iter().any(|(_, kept)| kept.as_str() == id));
    let lost = ips(&|id| {
        let mut steps = plan.steps().map(|(_, step)| step);
        steps.any(|step| {
            step.action == Action::Delete
                && step.id.as_ref().is_some_and(|gone| gone.as_str() == id)
        })
    });
    text.push('\n');
    text.push_str(&unknown(world, plan));
    if !kept.is_empty() {
        let _ = writeln!(
            text,
            "kept: {}; the next apply takes them again, and they are billed until then",
            list(&kept)
        );
    }
    let known = |ip: &&String| {
        world
            .spec
            .addresses
            .iter()
            .any(|one| one.to_string() == **ip)
    };
    let promised: Vec<String> = lost.iter().filter(known).cloned().collect();
    if !promised.is_empty() {
        let told = format!("promised to partners: {}", list(&promised));
        let _ = writeln!(text, "{}", red(told));
    }
    if !lost.is_empty() {
        let _ = writeln!(
            text,
            "{}",
            red(format!(
                "lost for good: {}; AWS does not give an address back",
                list(&lost)
            ))
        );
    }
    let leaving = going_back(plan);
    let functions = leaving.iter().filter(|(_, to)| to.is_none()).count();
    if functions > 0 {
        let functions = count(functions, "function");
        let _ = writeln!(text, "{functions} will leave by addresses that AWS picks");
    }
    for (name, to) in leaving {
        if let Some(to) = to {
            let _ = writeln!(text, "{} goes back to {to}", shown(name));
        }
    }
    text
}

/// Whether killick made what is deleted, and when, as far as AWS says.
fn origins(world: &World, plan: &Plan) -> BTreeMap<Key, String> {
    let seen = world.seen();
    let origin = |key: &Key| {
        let made = seen.provenance(key).map(|made| made.to_string());
        let created = seen.created(key).map(|at| format!("created {}", utc(at)));
        let parts: Vec<String> = made.into_iter().chain(created).collect();
        (!parts.is_empty()).then(|| (key.clone(), parts.join(", ")))
    };
    let deleted = plan.steps().map(|(_, step)| step);
    let deleted = deleted.filter(|step| step.action == Action::Delete);
    deleted.filter_map(|step| origin(&step.key)).collect()
}

/// The types of which AWS does not say when they were created.
fn unknown(world: &World, plan: &Plan) -> String {
    let seen = world.seen();
    let deleted = plan.steps().map(|(_, step)| step);
    let deleted = deleted.filter(|step| step.action == Action::Delete);
    let silent = deleted.filter(|step| seen.created(&step.key).is_none());
    let nouns: BTreeSet<String> = silent.map(|step| plural(step.key.kind)).collect();
    let nouns = Vec::from_iter(nouns);
    match nouns.is_empty() {
        true => String::new(),
        false => wrap(
            &format!(
                "AWS reports no creation time of {}; CloudTrail keeps their create events for 90 days",
                nouns.join(", ")
            ),
            "",
        ),
    }
}

/// There is no stack, or only its addresses are left of it.
pub fn nothing_to_destroy(world: &World) -> String {
    let held = world.assessment.held().iter().filter(|one| !one.lent);
    let kept: Vec<String> = held.map(|one| one.ip.clone()).collect();
    let title = world.title();
    match kept.is_empty() {
        true => format!("nothing to destroy: there is nothing of stack {title}\n"),
        false => format!(
            "nothing to destroy: only the kept addresses of stack {title} are left: {} \
             (--release-addresses gives them up)\n",
            list(&kept)
        ),
    }
}
