//! Route tables that are not the stack's and decide for it all the same: the
//! main one, one at the internet gateway's edge, and routes that a virtual
//! private gateway writes into ours.

use killick_core::{Key, Value};
use killick_finding::{
    Aspect, Change, Draft, FieldPath, Finding, Reason, Repair, Revert, Severity,
};

use crate::cidr::network;
use crate::keys::{internet_gateway_key, vpc_key};
use crate::resource::{stack_route_tables, stack_subnets};
use crate::routing::explicit_table;
use crate::snapshot::{Route, RouteTable};
use crate::view::StackView;

/// What came with the VPC is what nobody made: no tags, no routes but `local`,
/// nothing that follows it by name.
fn is_plain(table: &RouteTable) -> bool {
    table.tags.is_empty() && table.associations.is_empty() && leading(table).next().is_none()
}

/// The routes that lead somewhere.
fn leading(table: &RouteTable) -> impl Iterator<Item = &Route> {
    table.routes.iter().filter(|route| route.target != "local")
}

/// The main route table of the stack's own VPC: what is in no other follows it.
pub(super) fn main(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let key = vpc_key();
    if seen.identity.is_lent(&key) {
        return;
    }
    let Some(vpc) = seen.identity.id(&key) else {
        return;
    };
    let inside = || {
        seen.snapshot
            .route_tables
            .iter()
            .filter(|table| table.vpc == vpc)
    };
    let Some(main) = inside().find(|table| table.main) else {
        return;
    };
    let ours = stack_subnets(seen);
    let implicit: Vec<String> = ours
        .iter()
        .filter(|(_, subnet)| explicit_table(seen.snapshot, &subnet.id).is_none())
        .map(|(key, _)| key.to_string())
        .collect();
    let severity = match implicit.is_empty() {
        true => Severity::Info,
        false => Severity::Warning,
    };
    let who = match implicit.is_empty() {
        true => "a subnet that loses its own table".to_owned(),
        false => implicit.join(" and "),
    };
    for route in leading(main) {
        let (destination, target) = (&route.destination, seen.name(&route.target));
        let draft = Draft {
            what: Change::Extra,
            live: Value::Text(target.clone()),
            desired: Value::Absent,
            severity,
            effect: format!(
                "the main route table {} leads {destination} to {target}: {who} goes that way",
                main.id
            ),
            repair: Repair::Report(Reason::Unmanaged(Revert::Route {
                table: main.id.clone(),
                destination: destination.clone(),
            })),
        };
        let field = FieldPath::Beyond(Aspect::MainRoute(destination.clone()));
        all.push(draft.at(stack, &key, Some(field)));
    }
    let left = inside()
        .find(|table| !table.main && seen.identity.key(&table.id).is_none() && is_plain(table));
    let swapped = seen.identity.key(&main.id).map(ToString::to_string);
    // Of two that nobody made anything of, the present one may be the first.
    let left = left.filter(|_| !main.tags.is_empty() || leading(main).next().is_some());
    if left.is_none() && swapped.is_none() {
        return;
    }
    let revert = Revert::MainTable {
        now: main.id.clone(),
        before: left.map(|table| table.id.clone()),
    };
    let now = swapped.unwrap_or_else(|| main.id.clone());
    let was = left.map_or_else(
        || "the one that came with the network".to_owned(),
        |table| table.id.clone(),
    );
    let draft = Draft {
        what: Change::Changed,
        live: Value::Text(now.clone()),
        desired: Value::Text(was),
        severity,
        effect: format!("{now} is the main route table now: {who} follows it"),
        repair: Repair::Report(Reason::Unmanaged(revert)),
    };
    all.push(draft.at(stack, &key, Some(FieldPath::Beyond(Aspect::MainTable))));
}

/// A table that what comes in by the internet gateway follows: replies go
/// where it leads.
pub(super) fn edge(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let key = internet_gateway_key();
    // What its owner puts before a gateway that is lent shows on the ways.
    if seen.identity.is_lent(&key) {
        return;
    }
    let Some(gateway) = seen.identity.id(&key) else {
        return;
    };
    let public = stack_subnets(seen);
    let public: Vec<_> = public
        .into_iter()
        .filter(|(key, _)| key.name.starts_with("public-"))
        .collect();
    for table in &seen.snapshot.route_tables {
        let mut followers = table.associations.iter();
        let Some(follower) = followers.find(|follower| follower.member == gateway) else {
            continue;
        };
        let diverted: Vec<(&Key, &Route)> = leading(table)
            .flat_map(|route| {
                let hit = public
                    .iter()
                    .filter(|(_, subnet)| overlaps(&route.destination, &subnet.cidr));
                hit.map(move |(key, _)| (key, route))
            })
            .collect();
        let told: Vec<String> = diverted
            .iter()
            .map(|(key, route)| format!("replies to {key} go to {}", seen.name(&route.target)))
            .collect();
        let (severity, effect) = match told.is_empty() {
            true => (
                Severity::Info,
                format!("what comes in by the internet gateway follows {}", table.id),
            ),
            false => (
                Severity::Critical,
                format!(
                    "what comes in by the internet gateway follows {}: {}, before any NAT gateway \
                     sees them",
                    table.id,
                    told.join(", ")
                ),
            ),
        };
        let draft = Draft {
            what: Change::Extra,
            live: Value::Text(table.id.clone()),
            desired: Value::Absent,
            severity,
            effect,
            repair: Repair::Report(Reason::Unmanaged(Revert::Association {
                association: follower.id.clone(),
            })),
        };
        all.push(draft.at(stack, &key, Some(FieldPath::Beyond(Aspect::EdgeTable))));
    }
}

fn overlaps(one: &str, other: &str) -> bool {
    let parse = |text: &str| network(text).parse::<ipnet::IpNet>().ok();
    parse(one)
        .zip(parse(other))
        .is_some_and(|(one, other)| one.contains(&other) || other.contains(&one))
}

/// Routes that a virtual private gateway writes into the stack's tables.
pub(super) fn propagated(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    for (key, table) in stack_route_tables(seen) {
        for gateway in &table.propagating {
            let routes = table.routes.iter().filter(|route| {
                route.origin == "EnableVgwRoutePropagation" && route.target == *gateway
            });
            // One that was made for the same network goes before it.
            let fixed = |destination: &str| {
                let mut others = table.routes.iter();
                others
                    .any(|other| other.destination == destination && other.origin == "CreateRoute")
            };
            let routes: Vec<&str> = routes
                .map(|route| route.destination.as_str())
                .filter(|destination| !fixed(destination))
                .collect();
            let effect = match routes.as_slice() {
                [] => format!(
                    "{gateway} may write routes into {key}: what it writes goes before the \
                     default route"
                ),
                routes => format!(
                    "{gateway} wrote {} into {key}: {} to {} past the fixed addresses",
                    count(routes.len()),
                    match routes.len() {
                        1 => "what goes",
                        _ => "all that goes",
                    },
                    several(routes)
                ),
            };
            let draft = Draft {
                what: Change::Extra,
                live: Value::Text(routes.join(", ")),
                desired: Value::Absent,
                severity: match routes.iter().any(|route| public(route)) {
                    true => Severity::Critical,
                    false => Severity::Warning,
                },
                effect,
                repair: Repair::Report(Reason::Unmanaged(Revert::Propagation {
                    table: table.id.clone(),
                    gateway: gateway.clone(),
                })),
            };
            let field = FieldPath::Beyond(Aspect::Propagated(gateway.clone()));
            all.push(draft.at(stack, &key, Some(field)));
        }
    }
}

/// Whether a route is for a part of the public internet; a prefix list may be.
fn public(route: &str) -> bool {
    route
        .parse()
        .map_or(true, |net| killick_path::is_public(&net))
}

fn count(routes: usize) -> String {
    match routes {
        1 => "one route".to_owned(),
        routes => format!("{routes} routes"),
    }
}

/// The first few, and how many more.
fn several(routes: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<&str> = routes.iter().take(SHOWN).copied().collect();
    match routes.len().saturating_sub(SHOWN) {
        0 => format!("{} goes by it", shown.join(", ")),
        more => format!("{} and {more} more goes by it", shown.join(", ")),
    }
}
