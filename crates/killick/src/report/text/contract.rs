//! The addresses as a contract: what would break it, in words.

use killick_stack::{Alike, Broken, Danger, abroad};

use crate::assess::World;
use crate::report::text::words::list;

/// What changes in the set, a line each.
pub(crate) fn told(world: &World, danger: &Danger) -> Vec<String> {
    const CHOSEN: &str = "one that AWS will choose";
    let mut lines = Vec::new();
    let mut line = |what: &str, items: &[String]| {
        if !items.is_empty() {
            lines.push(format!("{what}: {}", list(items)));
        }
    };
    line("partners know", &danger.before);
    line("no longer used", &danger.leaves);
    let joins: Vec<String> = danger
        .joins
        .iter()
        .map(|ip| ip.clone().unwrap_or_else(|| CHOSEN.to_owned()))
        .collect();
    let promised = !world.spec.addresses.is_empty();
    line(if promised { "not promised" } else { "new" }, &joins);
    for promise in &danger.broken {
        lines.push(format!("{} {}", promise.ip, broken(&promise.why)));
    }
    for (function, by) in &danger.moves {
        lines.push(format!(
            "{function} leaves by {} today, and would leave by others",
            list(by)
        ));
    }
    if !danger.functions.is_empty() {
        lines.push(format!(
            "functions whose partners would notice: {}",
            list(&danger.functions)
        ));
    }
    lines.extend(renamed(world, danger));
    lines
}

/// What became of a promised address.
pub(crate) fn broken(why: &Broken) -> String {
    match why {
        Broken::Gone { zone: Some(zone) } => format!(
            "is promised and not in this account: it will be asked back for {zone}, which works \
             only while nobody else has it"
        ),
        Broken::Gone { zone: None } => {
            "is promised and not in this account: released, moved to another, or never here"
                .to_owned()
        }
        Broken::Foreign {
            allocation,
            stack: Some(stack),
        } => {
            format!("is promised and belongs to the stack {stack} ({allocation})")
        }
        Broken::Foreign {
            allocation,
            stack: None,
        } => format!(
            "is promised and not of this stack: address = \"{allocation}\" in a [[zone]] brings it in"
        ),
        Broken::Taken { by } => format!("is promised and in use by {by}"),
        Broken::Leaving {
            allocation,
            account,
        } => format!(
            "is promised and on its way to the account {account}: disable the transfer of {allocation}"
        ),
    }
}

/// The stack may only have been renamed.
fn renamed(world: &World, danger: &Danger) -> Option<String> {
    let moving = |name: &String| danger.moves.iter().any(|(moving, _)| moving == name);
    let abroad = abroad(&world.spec, &world.seen());
    let (_, vpc) = abroad.iter().find(|(name, _)| moving(name))?;
    let mut vpcs = world.snapshot.vpcs.iter();
    let stack = vpcs
        .find(|found| found.id == *vpc)?
        .tags
        .get("killick:stack")?;
    let now = &world.spec.stack;
    Some(format!(
        "{vpc} is of the stack {stack}: if {now} is its new name, write [[moved]] with \
         from = \"{stack}\" and to = \"{now}\""
    ))
}

/// In what a foreign network is like the stack's, a line each.
pub(crate) fn told_alike(one: &Alike) -> Vec<String> {
    let vpc = &one.vpc;
    let cidr = one.cidr.iter();
    let cidr = cidr.map(|cidr| format!("{vpc} has the CIDR {cidr}"));
    let subnets = one.subnets.iter();
    let subnets = subnets.map(|(key, id, cidr)| format!("{id} ({cidr}) is where {key} would be"));
    let functions = one.functions.iter();
    let functions = functions.map(|(name, by)| {
        let by = by.join(", ");
        format!("{name} is in {vpc} and leaves by {by}")
    });
    cidr.chain(subnets).chain(functions).collect()
}
