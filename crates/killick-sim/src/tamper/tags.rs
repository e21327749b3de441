//! Tags: taken off, added, copied.

use super::hand::{Done, Hand};
use super::stack::{KEY, STACK, Stack, called};
use crate::tags::Tags;

pub(super) fn strip(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let nat = stack.zone("a NAT gateway", |zone| zone.nat_gateway.as_ref())?;
    let params = [
        ("ResourceId.1", nat.id.as_str()),
        ("Tag.1.Key", STACK),
        ("Tag.2.Key", KEY),
    ];
    hand.ec2("DeleteTags", &params)?;
    let nat = called(&nat.id, &nat.tags);
    Ok(format!("took the tags {STACK} and {KEY} off {nat}"))
}

/// A scanner tags all that it finds.
pub(super) fn add(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let ids = all(hand, stack);
    let resources = ids.iter().enumerate();
    let resources = resources.map(|(at, id)| (format!("ResourceId.{}", at + 1), id.as_str()));
    let tag = [("Tag.1.Key", "cost-center"), ("Tag.1.Value", "4711")];
    let tag = tag.map(|(name, value)| (name.to_owned(), value));
    let params: Vec<(String, &str)> = resources.chain(tag).collect();
    hand.ec2("CreateTags", &params)?;
    let (count, name) = (ids.len(), &stack.name);
    Ok(format!(
        "added the tag cost-center to all {count} things of {name}"
    ))
}

/// The ids of all that is of the stack.
fn all(hand: &mut Hand<'_>, stack: &Stack) -> Vec<String> {
    let place = &*hand.place();
    let ours = |(id, tags): (&str, &Tags)| {
        let stack = tags.get(STACK).filter(|name| **name == stack.name);
        stack.map(|_| id.to_owned())
    };
    let vpcs = place.vpcs.iter().map(|(id, one)| (id, &one.tags));
    let subnets = place.subnets.iter().map(|(id, one)| (id, &one.tags));
    let gateways = place.internet_gateways.iter();
    let gateways = gateways.map(|(id, one)| (id, &one.tags));
    let addresses = place.addresses.iter().map(|(id, one)| (id, &one.tags));
    let nats = place.nat_gateways.iter().filter(|(_, one)| one.alive());
    let nats = nats.map(|(id, one)| (id, &one.tags));
    let tables = place.route_tables.iter().map(|(id, one)| (id, &one.tags));
    let groups = place.security_groups.iter();
    let groups = groups.map(|(id, one)| (id, &one.tags));
    let network = vpcs.chain(subnets).chain(gateways).chain(tables);
    let all = network.chain(groups).chain(addresses).chain(nats);
    all.filter_map(ours).collect()
}

/// A VPC that was brought has no identity, but a NAT gateway in it has.
pub(super) fn copy(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let vpc = &stack.vpc;
    let (ours, tags, other) = match vpc.tags.get(STACK) {
        Some(name) if *name == stack.name => (&vpc.id, &vpc.tags, hand.vpc()?),
        _ => {
            let needed = "a NAT gateway in a public subnet";
            let (nat, subnet) = stack.zone(needed, |zone| {
                Some((zone.nat_gateway.as_ref()?, zone.public.as_ref()?))
            })?;
            (&nat.id, &nat.tags, hand.nat_gateway(subnet)?.0)
        }
    };
    let key = tags.get(KEY).map_or("", String::as_str);
    let params = [
        ("ResourceId.1", other.as_str()),
        ("Tag.1.Key", STACK),
        ("Tag.1.Value", &stack.name),
        ("Tag.2.Key", KEY),
        ("Tag.2.Value", key),
    ];
    hand.ec2("CreateTags", &params)?;
    let ours = called(ours, tags);
    Ok(format!(
        "copied the identity of {ours} to a stranger's {other}"
    ))
}
