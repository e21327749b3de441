//! A plan: its steps, what it leaves alone, and the addresses before and after.

use std::fmt::Write;

use killick_aws::{Outbound, held};
use killick_core::{Action, Plan, Step, Value};

use crate::report::diff::line;
use crate::report::out::clean;
use crate::report::paint::{bold, green, red, yellow};
use crate::report::text::steps::{Why, steps};
use crate::report::text::words::{count, list};
use crate::world::World;

/// The plan of `plan` and `apply`.
pub fn plan(world: &World, plan: &Plan, verbose: bool) -> String {
    let mut text = String::new();
    let addresses = world.outbound();
    let left_out = left_out(world, plan);
    if plan.is_empty() {
        if !left_out.is_empty() {
            let _ = writeln!(text, "{left_out}");
        }
        let resources = count(world.desired.len(), "resource");
        let _ = writeln!(
            text,
            "{}: {resources} of stack {} are as declared; functions leave by {}",
            green("no changes"),
            world.title(),
            list(&addresses.now)
        );
        return text;
    }
    let _ = writeln!(text, "stack {}", bold(world.title()));
    steps(&mut text, plan, Why::Told, verbose);
    if !left_out.is_empty() {
        let _ = write!(text, "\n{left_out}");
    }
    outbound(&mut text, world, &addresses);
    meanwhile(&mut text, plan);
    text
}

/// What is not so before and not so after, but while the plan runs.
fn meanwhile(text: &mut String, plan: &Plan) {
    let letting_go = || {
        let steps = plan.steps().map(|(_, step)| step);
        steps.filter(|step| step.action == Action::Release)
    };
    let nothing = |value: &Value| match value {
        Value::Set(items) => items.is_empty(),
        value => value.is_absent(),
    };
    let loses = |step: &Step, field: &str| {
        let mut changes = step.changes.iter();
        changes.any(|change| change.name == field && nothing(&change.desired))
    };
    for step in letting_go().filter(|step| step.key.kind == "function") {
        if loses(step, "subnets") {
            let told = format!(
                "WHILE THIS RUNS {} leaves by addresses that AWS picks, which the partner does \
                 not let in",
                step.key.name
            );
            let _ = writeln!(text, "{}", red(told));
        }
    }
    for step in letting_go().filter(|step| step.key.kind == "route_table") {
        if loses(step, "routes") {
            let told = format!(
                "WHILE THIS RUNS what follows {} has no way out, for some minutes: no other NAT \
                 gateway can stand in",
                step.key
            );
            let _ = writeln!(text, "{}", red(told));
        }
    }
}

/// What differs and stays as it is.
fn left_out(world: &World, plan: &Plan) -> String {
    let mut text = String::new();
    if !plan.left_alone.is_empty() {
        let title = yellow("not declared, left alone");
        let _ = writeln!(text, "{title} (--prune removes it):");
    }
    for (key, diff) in &plan.left_alone {
        let live = line(&diff.live);
        let _ = writeln!(text, "  {key}  {}: {live}", clean(&diff.path()));
    }
    for (key, id) in &plan.kept {
        let mut addresses = world.snapshot.addresses.iter();
        let found = addresses.find(|found| found.id == id.as_str());
        let ip = found.map_or_else(|| id.as_str(), |found| found.ip.as_str());
        let _ = writeln!(
            text,
            "{} {ip} of {key} ({id}), which the spec no longer wants; it is billed while it is held",
            yellow("kept:")
        );
    }
    text
}

fn outbound(text: &mut String, world: &World, addresses: &Outbound) {
    const CHOSEN: &str = "one that AWS will choose";
    let then: Vec<String> = addresses
        .then
        .iter()
        .map(|ip| ip.clone().unwrap_or_else(|| CHOSEN.to_owned()))
        .collect();
    let now = &addresses.now;
    let _ = writeln!(text, "\nfunctions leave by");
    let _ = writeln!(text, "  now    {}", list(now));
    let _ = writeln!(text, "  after  {}", list(&then));
    if addresses.changes {
        let gone: Vec<String> = now
            .iter()
            .filter(|ip| !then.contains(ip))
            .cloned()
            .collect();
        let told = format!(
            "THE SET CHANGES: functions no longer leave by {}",
            list(&gone)
        );
        let _ = writeln!(text, "{}", red(told));
    }
    let mut held = held(&world.seen(), &world.desired);
    held.retain(|one| one.state == "taken" && then.contains(&one.ip));
    for taken in &held {
        let (ip, by) = (&taken.ip, taken.holder.as_deref().unwrap_or_default());
        let told = format!("{ip} IS ON {by}: free it first, killick does not take it away");
        let _ = writeln!(text, "{}", red(told));
    }
    if now.is_empty() {
        return;
    }
    let known = addresses.then.iter().flatten();
    let free = |ip: &&String| !now.contains(ip) && !held.iter().any(|taken| taken.ip == **ip);
    let back: Vec<String> = known.filter(free).cloned().collect();
    if !back.is_empty() {
        let _ = writeln!(text, "{} is held already and used again", list(&back));
    }
    if addresses.then.contains(&None) {
        let told = "THE SET GROWS: until the partner's firewall lets the new address in, what leaves \
                    by it is lost";
        let _ = writeln!(text, "{}", yellow(told));
    }
}
