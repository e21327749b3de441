//! NAT gateways and internet gateways.

use super::hand::{Done, Hand};
use super::routes;
use super::stack::{ANYWHERE, Stack, Zone, called};
use crate::ec2::NatGateway;

const NEEDED: &str = "a NAT gateway";

pub(super) fn delete_nat(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let nat = stack.zone(NEEDED, |zone| zone.nat_gateway.as_ref())?;
    delete(hand, nat)
}

pub(super) fn delete_nats(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let zones = stack.zones.iter();
    let nats = zones.filter_map(|zone| zone.nat_gateway.as_ref());
    let done = nats.map(|nat| delete(hand, nat));
    let done = done.collect::<Result<Vec<_>, _>>()?;
    match done.is_empty() {
        true => Err(format!("no zone of the stack has {NEEDED}")),
        false => Ok(done.join("; ")),
    }
}

fn delete(hand: &mut Hand<'_>, nat: &NatGateway) -> Done {
    hand.ec2("DeleteNatGateway", &[("NatGatewayId", &nat.id)])?;
    let ip = nat.addresses.iter().find_map(|one| one.public_ip.as_ref());
    let with = ip.map_or_else(String::new, |ip| format!(" with the address {ip}"));
    let nat = called(&nat.id, &nat.tags);
    Ok(format!("deleted {nat}{with}"))
}

pub(super) fn add_nat(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let subnet = stack.zone("a public subnet", |zone| zone.public.as_ref())?;
    let (nat, address) = hand.nat_gateway(subnet)?;
    let (subnet, ip) = (called(&subnet.id, &subnet.tags), hand.ip(&address));
    Ok(format!(
        "made a stranger's {nat} with the address {ip} in {subnet}"
    ))
}

/// A pending gateway is good enough as a target.
pub(super) fn remake_nat(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let needed = "a default route to its NAT gateway in its public subnet";
    let (table, old, subnet) = stack.zone(needed, |zone: &Zone| {
        let (table, to) = zone.way_out()?;
        let nat = zone.nat_gateway.as_ref().filter(|nat| nat.id == to)?;
        Some((table, nat, zone.public.as_ref()?))
    })?;
    let (new, address) = hand.nat_gateway(subnet)?;
    let target = ("NatGatewayId", new.as_str());
    routes::set(hand, "ReplaceRoute", &table.id, ANYWHERE, target)?;
    let done = delete(hand, old)?;
    let (table, ip) = (called(&table.id, &table.tags), hand.ip(&address));
    Ok(format!(
        "{done}; led {ANYWHERE} of {table} to the new {new} with the address {ip}"
    ))
}

pub(super) fn detach(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let gateway = stack.gateway()?;
    let params = [("InternetGatewayId", &gateway.id), ("VpcId", &stack.vpc.id)];
    if let Err(why) = hand.ec2("DetachInternetGateway", &params) {
        return Err(match in_the_way(hand, stack) {
            None => why,
            Some(list) => format!(
                "{list} in the way: delete-nat-gateways, and wait until they are gone; {why}"
            ),
        });
    }
    let gateway = called(&gateway.id, &gateway.tags);
    Ok(format!("detached {gateway} from {}", stack.vpc.id))
}

/// Who has public addresses in the VPC.
fn in_the_way(hand: &mut Hand<'_>, stack: &Stack) -> Option<String> {
    let nats = hand.place().nat_gateways.all();
    let nats = nats.filter(|nat| nat.vpc == stack.vpc.id && nat.holds());
    let list: Vec<String> = nats.map(|nat| called(&nat.id, &nat.tags)).collect();
    let verb = if list.len() == 1 { "is" } else { "are" };
    (!list.is_empty()).then(|| format!("{} {verb}", list.join(" and ")))
}
