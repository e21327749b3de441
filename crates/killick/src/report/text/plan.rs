//! A plan: its steps, what it leaves alone, and the addresses before and after.

use std::fmt::Write;

use killick_core::{Action, Guard, Plan, Step, Value};
use killick_finding::Flag;
use killick_stack::{Moment, Outbound, Retabled, abroad, retabled, without_functions};

use crate::assess::World;
use crate::report::diff::line;
use crate::report::paint::{bold, green, red, yellow};
use crate::report::text::contract::{broken_besides, told as told_danger, told_alike};
use crate::report::text::remaining::{Beside, remaining};
use crate::report::text::steps::{Why, steps};
use crate::report::text::words::{count, list, nth};
use killick_text::shown;

/// The plan of `plan` and `apply`.
pub fn plan(world: &World, plan: &Plan, beside: Beside<'_>) -> String {
    let mut text = String::new();
    let addresses = world.outbound();
    let left_out = left_out(world, plan);
    let (assurance, verbose) = (&beside.report.assurance, beside.verbose);
    if plan.is_empty() {
        if !left_out.is_empty() {
            let _ = writeln!(text, "{left_out}");
        }
        let resources = count(world.desired.len(), "resource");
        let by = list(&world.assessment.leaving().words());
        let title = world.title();
        let _ = match (world.assessment.pins().hold(), assurance.proven()) {
            (true, true) => writeln!(
                text,
                "{}: {resources} of stack {title} are as declared; functions leave by {by}",
                green("no changes"),
            ),
            (false, _) => writeln!(
                text,
                "{}: nothing of stack {title} is to be changed, but its addresses are not those \
                 that partners were told; functions leave by {by}",
                yellow("no changes")
            ),
            (true, false) => writeln!(
                text,
                "{}: there is nothing to do for {resources} of stack {title}; functions leave by \
                 {by}, but not every path is proven",
                yellow("no changes"),
            ),
        };
        remaining(&mut text, plan, beside);
        let told = "THE ADDRESSES ARE NOT THOSE THAT PARTNERS KNOW: apply needs --change-addresses";
        changes(&mut text, world, addresses, told);
        result(&mut text, world, plan);
        return text;
    }
    alike(&mut text, world);
    let _ = writeln!(text, "stack {}", bold(world.title()));
    steps(&mut text, plan, Why::Told, verbose);
    if !left_out.is_empty() {
        let _ = write!(text, "\n{left_out}");
    }
    outbound(&mut text, world, plan, addresses);
    meanwhile(&mut text, plan);
    remaining(&mut text, plan, beside);
    for told in notes(world, plan) {
        let _ = writeln!(text, "{told}");
    }
    text
}

/// That the account has a network like the one that would be made.
fn alike(text: &mut String, world: &World) {
    let alike = world.assessment.alike();
    if alike.is_empty() {
        return;
    }
    let told = "A NETWORK LIKE THIS ONE IS THERE ALREADY: apply needs --second-network";
    let _ = writeln!(text, "{}", red(told));
    for line in alike.iter().flat_map(told_alike) {
        let _ = writeln!(text, "  {}", shown(&line));
    }
    text.push('\n');
}

/// That the set of addresses would be another one.
fn changes(text: &mut String, world: &World, addresses: &Outbound, told: &str) {
    if !addresses.changes {
        return;
    }
    let _ = writeln!(text, "{}", red(told));
    for line in told_danger(world, world.assessment.pins().danger()) {
        let _ = writeln!(text, "  {}", shown(&line));
    }
}

/// What the plan makes of the pinned addresses: it leads back to them, or it
/// does not.
fn result(text: &mut String, world: &World, plan: &Plan) {
    let pins = world.assessment.pins();
    let stray: Vec<String> = pins.led_back().into_iter().map(str::to_owned).collect();
    if !stray.is_empty() && !plan.is_empty() {
        let by = list(&stray);
        let told = match plan.left_alone.is_empty() {
            true => format!(
                "BACK TO THE PINNED ADDRESSES: until this has run, functions leave by {by}, which is \
                 not pinned; connections that are open through it are cut"
            ),
            false => format!("NOT PINNED: functions leave by {by} now"),
        };
        let _ = writeln!(text, "{}", yellow(shown(&told)));
    }
    let (moment, told) = match (plan.is_empty(), world.spec.addresses.is_empty()) {
        (true, true) => (Moment::Before, "AN ADDRESS MAY BE LOST: apply ends with 3"),
        (true, false) => (
            Moment::Before,
            "THE ADDRESSES ARE NOT THE PINNED ONES: apply ends with 3 until they are restored, or \
             `addresses` in the spec is changed",
        ),
        (false, true) => (
            Moment::After,
            "AFTER THIS AN ADDRESS MAY STILL BE LOST: apply ends with 3",
        ),
        (false, false) => (
            Moment::After,
            "AFTER THIS THE ADDRESSES ARE NOT THE PINNED ONES: apply ends with 3 until they are \
             restored, or `addresses` in the spec is changed",
        ),
    };
    let broken: Vec<_> = match plan.is_empty() {
        true => pins.broken().collect(),
        false => pins.broken_by(plan),
    };
    if !broken.is_empty() {
        let _ = writeln!(text, "{}", red(told));
    }
    for line in broken_besides(world, &broken, moment) {
        let _ = writeln!(text, "  {}", shown(&line));
    }
}

/// What happens to functions that somebody should know of.
fn notes(world: &World, plan: &Plan) -> Vec<String> {
    let mut all = Vec::new();
    for (name, to) in going_back(plan) {
        let name = shown(name);
        all.push(match to {
            None => format!(
                "{} is no longer in the spec: it will leave by addresses that AWS picks",
                yellow(name)
            ),
            Some(to) => format!(
                "{} is no longer in the spec: it goes back to {to}",
                yellow(name)
            ),
        });
    }
    for (name, resets) in resets(world, plan) {
        let name = shown(name);
        let times = count(resets, "time");
        all.push(format!(
            "{} is put back for the {}: another tool keeps changing its VPC config ({times} \
             before); put the subnets and the group into that tool's configuration",
            yellow(name),
            nth(resets + 1)
        ));
    }
    for words in without_functions(&world.spec, &world.snapshot) {
        all.push(format!(
            "{} no function answers to {words}",
            yellow("note:")
        ));
    }
    all
}

/// Functions that leave the stack, and what they go back to.
pub(crate) fn going_back(plan: &Plan) -> Vec<(&str, Option<String>)> {
    let steps = plan.steps().map(|(_, step)| step);
    let functions = steps.filter(|step| step.key.kind == "function");
    let leaving = functions.filter_map(|step| {
        let mut changes = step.changes.iter();
        let subnets = changes.find(|change| change.name == "subnets")?;
        let stays = plan.steps().any(|(_, other)| {
            other.key == step.key
                && other.action == Action::Update
                && other
                    .changes
                    .iter()
                    .any(|change| change.name == "subnets" && !change.desired.refs().is_empty())
        });
        if stays || subnets.live.refs().is_empty() {
            return None;
        }
        let to = match &subnets.desired {
            Value::Set(items) if !items.is_empty() => Some(line(&subnets.desired)),
            _ => None,
        };
        Some((step.key.name.as_str(), to))
    });
    leaving.collect()
}

/// Functions that are attached once more, and how often that was done before.
fn resets<'a>(world: &'a World, plan: &'a Plan) -> Vec<(&'a str, usize)> {
    let steps = plan.steps().map(|(_, step)| step);
    let functions = steps.filter(|step| step.key.kind == "function");
    let again = functions.filter_map(|step| {
        let mut changes = step.changes.iter();
        changes.find(|change| {
            change.name == "subnets"
                && change.live.refs().is_empty()
                && !change.desired.refs().is_empty()
        })?;
        let mut records = world.snapshot.records.iter();
        let record = records.find(|record| record.function == step.key.name)?;
        let resets = usize::try_from(record.resets).unwrap_or(usize::MAX);
        (resets > 0).then_some((step.key.name.as_str(), resets))
    });
    again.collect()
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
            let _ = writeln!(text, "{}", red(shown(&told)));
        }
    }
    for step in letting_go().filter(|step| step.key.kind == "route_table") {
        if loses(step, "routes") {
            let told = format!(
                "WHILE THIS RUNS what follows {} has no way out, for some minutes: no other NAT \
                 gateway can stand in",
                step.key
            );
            let _ = writeln!(text, "{}", red(shown(&told)));
        }
    }
}

/// What differs and stays as it is.
fn left_out(world: &World, plan: &Plan) -> String {
    let mut text = String::new();
    for guard in Guard::ALL {
        let left = plan.left_alone.iter();
        let mut left = left
            .filter(|(_, diff)| diff.guard == Some(guard))
            .peekable();
        if left.peek().is_some() {
            let (title, flag) = (left_alone(guard), Flag::from(guard).text());
            let _ = writeln!(text, "{} ({flag} {}):", yellow(title.0), title.1);
        }
        for (key, diff) in left {
            let live = line(&diff.live);
            let (key, path) = (shown(&key.to_string()), shown(&diff.path()));
            let _ = writeln!(text, "  {key}  {path}: {live}");
        }
    }
    for (key, id) in &plan.kept {
        let mut addresses = world.snapshot.addresses.iter();
        let found = addresses.find(|found| found.id == id.as_str());
        let ip = found.map_or_else(|| id.as_str(), |found| found.ip.as_str());
        let (ip, key, id) = (shown(ip), shown(&key.to_string()), shown(id.as_str()));
        let _ = writeln!(
            text,
            "{} {ip} of {key} ({id}), which the spec no longer wants; it is billed while it is held",
            yellow("kept:")
        );
    }
    text
}

/// What is left alone without a flag, and what the flag does about it.
fn left_alone(guard: Guard) -> (&'static str, &'static str) {
    match guard {
        Guard::Prune => ("not declared, left alone", "removes it"),
        Guard::Grant => (
            "rights that are missing, left alone",
            "attaches AWSLambdaVPCAccessExecutionRole",
        ),
    }
}

fn outbound(text: &mut String, world: &World, plan: &Plan, addresses: &Outbound) {
    const CHOSEN: &str = "one that AWS will choose";
    let then: Vec<String> = addresses
        .then
        .iter()
        .map(|ip| ip.clone().unwrap_or_else(|| CHOSEN.to_owned()))
        .collect();
    let now = &addresses.now;
    let _ = writeln!(text, "\nfunctions leave by");
    let leaving = world.assessment.leaving().words();
    let _ = writeln!(text, "  now    {}", list(&leaving));
    let _ = writeln!(text, "  after  {}", list(&then));
    let told = "THE SET OF ADDRESSES CHANGES: apply needs --change-addresses";
    changes(text, world, addresses, told);
    result(text, world, plan);
    for (name, place) in abroad(&world.spec, &world.seen()) {
        let told = format!(
            "{name} IS IN {place}, which is not of this stack: apply needs --move-functions, and \
             {name} loses what it reaches there"
        );
        let _ = writeln!(text, "{}", red(shown(&told)));
    }
    for Retabled {
        subnet,
        now,
        then,
        back,
    } in retabled(&world.spec, &world.seen(), &world.found)
    {
        let named = |table: &str| match table {
            "main" => "the main route table".to_owned(),
            other => other.to_owned(),
        };
        let (title, now, back) = (yellow("not ours:"), named(&now), named(&back));
        let told = shown(&format!(
            "{subnet} follows {now} now, and will follow {then}; destroy gives it {back} again"
        ));
        let _ = writeln!(text, "{title} {told}");
    }
    let held = world.assessment.held().iter();
    let held = held.filter(|one| then.contains(&one.ip));
    let held: Vec<_> = held
        .filter_map(|one| Some((&one.ip, one.taken_by()?)))
        .collect();
    for (ip, by) in &held {
        let told = format!("{ip} IS ON {by}: free it first, killick does not take it away");
        let _ = writeln!(text, "{}", red(shown(&told)));
    }
    if now.is_empty() {
        return;
    }
    let known = addresses.then.iter().flatten();
    let free = |ip: &&String| {
        let known = world
            .snapshot
            .addresses
            .iter()
            .any(|found| found.ip == **ip);
        known && !now.contains(ip) && !held.iter().any(|(taken, _)| taken == ip)
    };
    let back: Vec<String> = known.filter(free).cloned().collect();
    if !back.is_empty() {
        let _ = writeln!(text, "{} is held already and used again", list(&back));
    }
    if addresses.then.contains(&None) && !addresses.changes {
        let told = "THE SET GROWS: until the partner's firewall lets the new address in, what leaves \
                    by it is lost";
        let _ = writeln!(text, "{}", yellow(told));
    }
}
