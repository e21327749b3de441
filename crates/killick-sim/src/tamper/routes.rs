//! Routes that lead elsewhere.

use super::hand::{Done, Hand};
use super::stack::{ANYWHERE, Stack, called, way_out};
use crate::ec2::{RouteTable, Target};

const NEEDED: &str = "a private route table with a default route";

pub(super) fn add_prefix(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    shadow(hand, stack, &["203.0.113.0/24"])
}

pub(super) fn shadow_default(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    shadow(hand, stack, &["0.0.0.0/1", "128.0.0.0/1"])
}

/// Adds routes that are more specific than the default one.
fn shadow(hand: &mut Hand<'_>, stack: &Stack, destinations: &[&str]) -> Done {
    let list = destinations.join(" and ");
    let needed = format!("a private route table without routes to {list}");
    let table = stack.zone(&needed, |zone| {
        let table = zone.table.as_ref();
        table.filter(|table| {
            let mut routes = table.routes.iter();
            !routes.any(|route| destinations.contains(&route.destination.as_str()))
        })
    })?;
    let gateway = hand.id("tgw");
    for destination in destinations {
        let target = ("TransitGatewayId", gateway.as_str());
        set(hand, "CreateRoute", &table.id, destination, target)?;
    }
    let table = called(&table.id, &table.tags);
    Ok(format!("led {list} of {table} to {gateway}"))
}

pub(super) fn to_internet_gateway(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let gateway = &stack.gateway()?.id;
    let (table, old) = stack.zone(NEEDED, |zone| {
        zone.way_out().filter(|(_, to)| to != gateway)
    })?;
    lead(hand, table, old, ("GatewayId", gateway))
}

pub(super) fn to_other_nat(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let needed = "a default route and another zone a NAT gateway";
    let (table, old, nat) = stack.zone(needed, |zone| {
        let (table, old) = zone.way_out()?;
        let others = stack.zones.iter().filter(|other| other.name != zone.name);
        let mut nats = others.filter_map(|other| other.nat_gateway.as_ref());
        let nat = nats.find(|nat| nat.id != old)?;
        Some((table, old, nat))
    })?;
    lead(hand, table, old, ("NatGatewayId", &nat.id))
}

pub(super) fn to_foreign_nat(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (table, old, subnet) = stack.zone(NEEDED, |zone| {
        let (table, old) = zone.way_out()?;
        Some((table, old, zone.public.as_ref()?))
    })?;
    let (nat, address) = hand.nat_gateway(subnet)?;
    let ip = hand.ip(&address);
    let done = lead(hand, table, old, ("NatGatewayId", &nat))?;
    Ok(format!("{done}, a stranger's, with the address {ip}"))
}

pub(super) fn to_instance(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (table, old, subnet) = stack.zone(NEEDED, |zone| {
        let (table, old) = zone.way_out()?;
        Some((table, old, zone.public.as_ref()?))
    })?;
    let (interface, instance) = hand.instance(subnet)?;
    let params = [
        ("NetworkInterfaceId", interface.as_str()),
        ("SourceDestCheck.Value", "false"),
    ];
    hand.ec2("ModifyNetworkInterfaceAttribute", &params)?;
    let done = lead(hand, table, old, ("NetworkInterfaceId", &interface))?;
    Ok(format!("{done} of the instance {instance}"))
}

pub(super) fn delete_default(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (table, old) = stack.zone(NEEDED, |zone| zone.way_out())?;
    let params = [
        ("RouteTableId", table.id.as_str()),
        ("DestinationCidrBlock", ANYWHERE),
    ];
    hand.ec2("DeleteRoute", &params)?;
    let table = called(&table.id, &table.tags);
    Ok(format!("deleted the route {ANYWHERE} to {old} of {table}"))
}

pub(super) fn propagate(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let needed = "a private route table without propagated routes";
    let table = stack.zone(needed, |zone| {
        let table = zone.table.as_ref();
        table.filter(|table| table.propagating.is_empty())
    })?;
    let gateway = hand.id("vgw");
    let params = [("RouteTableId", table.id.as_str()), ("GatewayId", &gateway)];
    hand.ec2("EnableVgwRoutePropagation", &params)?;
    let target = Target::To("gatewayId".to_owned(), gateway.clone());
    let routes = hand.place().route_tables.get(&table.id);
    let routes = routes.into_iter().flat_map(|table| &table.routes);
    let routes = routes.filter(|route| route.target == target);
    let list: Vec<&str> = routes.map(|route| route.destination.as_str()).collect();
    let list = list.join(" and ");
    let table = called(&table.id, &table.tags);
    Ok(format!("let {gateway} propagate routes to {table}: {list}"))
}

pub(super) fn public_elsewhere(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let table = stack.public_table()?;
    let old = way_out(table).ok_or("the public route table has no default route")?;
    let gateway = hand.id("tgw");
    lead(hand, table, old, ("TransitGatewayId", &gateway))
}

/// Leads the default route of a table to another target.
fn lead(hand: &mut Hand<'_>, table: &RouteTable, old: &str, target: (&str, &str)) -> Done {
    set(hand, "ReplaceRoute", &table.id, ANYWHERE, target)?;
    let (table, new) = (called(&table.id, &table.tags), target.1);
    Ok(format!("led {ANYWHERE} of {table} from {old} to {new}"))
}

/// Makes or replaces a route.
pub(super) fn set(
    hand: &mut Hand<'_>,
    action: &str,
    table: &str,
    destination: &str,
    target: (&str, &str),
) -> Done {
    let params = [
        ("RouteTableId", table),
        ("DestinationCidrBlock", destination),
        target,
    ];
    hand.ec2(action, &params)
}
