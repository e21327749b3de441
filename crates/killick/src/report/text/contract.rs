//! The addresses as a contract: what would break it, in words.

use killick_stack::{Alike, Danger, Moment, Pin, Standing, State, abroad};

use crate::assess::World;
use crate::error::Error;
use crate::exit::Exit;
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
    line(if promised { "not pinned" } else { "new" }, &joins);
    lines.extend(danger.broken.iter().map(|pin| at(pin, Moment::Before)));
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

/// An address of the contract, and what is wrong with it.
fn at(pin: &Pin, moment: Moment) -> String {
    let ip = pin.ip.as_deref().unwrap_or("one that AWS will choose");
    format!("{ip} {}", wrong(pin, moment))
}

/// What is wrong with an address of the contract.
fn wrong(pin: &Pin, moment: Moment) -> String {
    let allocation = pin.allocation.as_deref().unwrap_or_default();
    let holder = pin.holder.as_deref().unwrap_or("something else");
    match (pin.judge(moment).standing, pin.state(moment)) {
        (Standing::Stray, State::Elsewhere) => {
            "is not pinned, and functions leave by it".to_owned()
        }
        (Standing::Stray, State::Further) => {
            "is not pinned, and a further address of a NAT gateway of the stack".to_owned()
        }
        (Standing::Stray, _) => "is used by the spec and not pinned".to_owned(),
        (Standing::Dropped, _) => "is pinned, and no NAT gateway of the spec uses it".to_owned(),
        (Standing::Unread, _) => "could not be looked up".to_owned(),
        (_, State::Recoverable) => {
            let zone = pin.zone.as_deref().unwrap_or_default();
            format!(
                "is pinned and not in this account: it will be asked back for {zone}, which works \
                 only while nobody else has it"
            )
        }
        (_, State::Elsewhere | State::Further) => match &pin.stack {
            Some(stack) => {
                format!("is pinned and belongs to the stack {stack} ({allocation})")
            }
            None => format!(
                "is pinned and not of this stack: address = \"{allocation}\" in a [[zone]] brings \
                 it in"
            ),
        },
        (_, State::Taken) => format!("is pinned and in use by {holder}"),
        (_, State::Offered) => {
            let account = pin.offered.as_deref().unwrap_or_default();
            format!("is on its way to the account {account}: disable the transfer of {allocation}")
        }
        (_, State::Released | State::InUse | State::Waiting | State::Unused | State::Unread) => {
            "is pinned and not in this account: released, moved to another, or never here"
                .to_owned()
        }
    }
}

/// What is not as partners were told, a line each.
fn broken(world: &World) -> Vec<String> {
    let broken = world.assessment.pins().broken();
    broken.map(|pin| at(pin, Moment::Before)).collect()
}

/// The same without what takes the flag, and is listed with that.
pub(crate) fn broken_besides(world: &World, broken: &[&Pin], moment: Moment) -> Vec<String> {
    let danger = world.assessment.pins().danger();
    let lost = danger.broken.iter().filter_map(|pin| pin.ip.as_ref());
    let joins = danger.joins.iter().flatten();
    let listed: Vec<&String> = danger.leaves.iter().chain(joins).chain(lost).collect();
    let broken = broken.iter();
    let besides = broken.filter(|pin| pin.ip.as_ref().is_some_and(|ip| !listed.contains(&ip)));
    besides.map(|pin| at(pin, moment)).collect()
}

/// The addresses are not as partners were told, though there is nothing left to
/// do. `begins` says what went well.
pub fn not_kept(world: &World, begins: &str, killick: &str) -> Option<Error> {
    let lines = broken(world);
    if lines.is_empty() {
        return None;
    }
    let error = Error::new(format!(
        "{begins}the addresses of stack {} are not those that partners were told",
        world.title()
    ));
    let hint = match world.spec.addresses.is_empty() {
        true => format!("run {killick} drift, which says how to restore them"),
        false => format!(
            "restore them ({killick} drift says how); or, once partners allow the addresses in use, \
             change `addresses` in the spec ({killick} ips --pin --change-addresses writes them)"
        ),
    };
    Some(error.details(lines).exit(Exit::Partial).hint(hint))
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
