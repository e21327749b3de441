//! Route tables that others follow, or that follow others.

use super::hand::{Done, Hand};
use super::routes;
use super::stack::{ANYWHERE, Stack, called};
use crate::ec2::{RouteTable, Subnet};

const NEEDED: &str = "a private subnet with its route table";

pub(super) fn swap_to_public(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let to = stack.public_table()?;
    let (subnet, _, association) = stack.zone(NEEDED, |zone| zone.association())?;
    swap(hand, subnet, association, to)
}

pub(super) fn swap_to_other_zone(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let needed = "a private subnet with its route table, and another zone a route table";
    let (subnet, association, to) = stack.zone(needed, |zone| {
        let (subnet, own, association) = zone.association()?;
        let mut tables = stack.zones.iter().filter_map(|zone| zone.table.as_ref());
        let other = tables.find(|table| table.id != own.id)?;
        Some((subnet, association, other))
    })?;
    swap(hand, subnet, association, to)
}

fn swap(hand: &mut Hand<'_>, subnet: &Subnet, association: &str, to: &RouteTable) -> Done {
    replace(hand, association, &to.id)?;
    let subnet = called(&subnet.id, &subnet.tags);
    let to = called(&to.id, &to.tags);
    Ok(format!("made {subnet} follow {to}"))
}

fn replace(hand: &mut Hand<'_>, association: &str, table: &str) -> Done {
    let params = [("AssociationId", association), ("RouteTableId", table)];
    hand.ec2("ReplaceRouteTableAssociation", &params)
}

pub(super) fn disassociate(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (subnet, table, association) = stack.zone(NEEDED, |zone| zone.association())?;
    hand.ec2("DisassociateRouteTable", &[("AssociationId", association)])?;
    let subnet = called(&subnet.id, &subnet.tags);
    let table = called(&table.id, &table.tags);
    Ok(format!(
        "took {subnet} from {table}: it follows the main table"
    ))
}

pub(super) fn share(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let needed = "a private route table";
    let (zone, table) = stack.zone(needed, |zone| Some((zone, zone.table.as_ref()?)))?;
    let subnet = hand.subnet(&stack.vpc.id, &zone.name)?;
    let params = [("SubnetId", subnet.as_str()), ("RouteTableId", &table.id)];
    hand.ec2("AssociateRouteTable", &params)?;
    let table = called(&table.id, &table.tags);
    Ok(format!("made a stranger's {subnet} follow {table}"))
}

pub(super) fn swap_main(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (main, association) = main(hand, stack)?;
    let table = hand.route_table(&stack.vpc.id)?;
    replace(hand, &association, &table)?;
    Ok(format!(
        "made {table} the main route table instead of {main}"
    ))
}

pub(super) fn main_way_out(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let gateway = &stack.gateway()?.id;
    let (main, _) = main(hand, stack)?;
    routes::set(hand, "CreateRoute", &main, ANYWHERE, ("GatewayId", gateway))?;
    Ok(format!(
        "added to the main route table {main} the route {ANYWHERE} to {gateway}"
    ))
}

/// The main table of the VPC, and its main association.
fn main(hand: &mut Hand<'_>, stack: &Stack) -> Result<(String, String), String> {
    let tables = hand.place().route_tables.all();
    let tables = tables.filter(|table| table.vpc == stack.vpc.id);
    let mut entries = tables.flat_map(|table| {
        let entries = table.associations.iter();
        entries.map(move |entry| (&table.id, entry))
    });
    let main = entries.find(|(_, entry)| entry.member.is_none());
    let main = main.map(|(table, entry)| (table.clone(), entry.id.clone()));
    main.ok_or_else(|| format!("{} has no main route table", stack.vpc.id))
}

/// A table for what comes in from the internet: over an appliance.
pub(super) fn edge(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let gateway = &stack.gateway()?.id;
    let subnet = stack.zone("a public subnet", |zone| zone.public.as_ref())?;
    let table = hand.route_table(&stack.vpc.id)?;
    let (appliance, _) = hand.instance(subnet)?;
    let target = ("NetworkInterfaceId", appliance.as_str());
    routes::set(hand, "CreateRoute", &table, &subnet.cidr, target)?;
    let params = [("GatewayId", gateway.as_str()), ("RouteTableId", &table)];
    hand.ec2("AssociateRouteTable", &params)?;
    let subnet = called(&subnet.id, &subnet.tags);
    Ok(format!(
        "made {gateway} follow {table}: what comes in for {subnet} goes to {appliance}"
    ))
}
