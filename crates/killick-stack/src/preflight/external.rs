//! What somebody else lends must be fit for its use.

use killick_spec::Zone;

use super::asked::{Asked, Obstacle};
use super::network::makes_gateway;
use crate::keys::{internet_gateway_key, private_subnet, public_subnet};
use crate::refusal::RefusalCode;
use crate::resource::{ElasticIp, NatGateway};
use crate::routing::{Holder, default_target, holder, leads_out, table_of};
use crate::snapshot::{Address, Subnet};

pub(super) fn obstacles(asked: &Asked<'_>) -> Vec<Obstacle> {
    let mut all = Vec::new();
    if let Some(vpc) = asked.spec.network.brought() {
        if asked.seen.identity.id(&internet_gateway_key()).is_none() {
            all.push(Obstacle::new(
                RefusalCode::InternetGatewayMissing,
                [vpc],
                format!("{vpc} has no internet gateway"),
                "attach one: killick does not change a VPC that is not its own",
            ));
        }
        groups(asked, vpc, &mut all);
        for zone in &asked.spec.zones {
            subnets(asked, vpc, zone, &mut all);
            address(asked, zone, &mut all);
        }
    } else {
        for zone in &asked.spec.zones {
            address(asked, zone, &mut all);
        }
    }
    for zone in asked
        .spec
        .zones
        .iter()
        .filter(|zone| zone.address.is_none())
    {
        own_address(asked, zone, &mut all);
    }
    all
}

/// Security groups that are not there.
fn groups(asked: &Asked<'_>, vpc: &str, all: &mut Vec<Obstacle>) {
    let functions = asked.spec.functions.iter();
    let own = functions.flat_map(|function| &function.security_groups);
    for id in asked.spec.security_groups.iter().chain(own) {
        let mut groups = asked.seen.snapshot.security_groups.iter();
        if !groups.any(|group| group.id == *id) {
            all.push(Obstacle::new(
                RefusalCode::SecurityGroupMissing,
                [id],
                format!("the security group {id} is not in {vpc}"),
                "name one of the VPC, or leave it out: killick makes one",
            ));
        }
    }
}

fn subnets(asked: &Asked<'_>, vpc: &str, zone: &Zone, all: &mut Vec<Obstacle>) {
    let sides = [
        (public_subnet(&zone.name), zone.public.brought()),
        (private_subnet(&zone.name), zone.private.brought()),
    ];
    for (key, id) in sides {
        let Some(id) = id else { continue };
        let mut known = asked.seen.snapshot.subnets.iter();
        let Some(subnet) = known.find(|found| found.id == id && found.vpc == vpc) else {
            all.push(Obstacle::new(
                RefusalCode::SubnetMissing,
                [id],
                format!("{id} ({key}) is not in {vpc}"),
                "name a subnet of that VPC",
            ));
            continue;
        };
        if subnet.zone != zone.availability_zone {
            let (is, wanted) = (&subnet.zone, &zone.availability_zone);
            all.push(Obstacle::new(
                RefusalCode::SubnetInOtherZone,
                [id],
                format!("{id} ({key}) is in {is}, not in {wanted}"),
                format!("name a subnet of {wanted}"),
            ));
        }
        match key == public_subnet(&zone.name) {
            true => public(asked, zone, subnet, all),
            false => private(asked, zone, subnet, all),
        }
    }
}

/// Where a NAT gateway is to be, the way must lead out, and an address be free.
fn public(asked: &Asked<'_>, zone: &Zone, subnet: &Subnet, all: &mut Vec<Obstacle>) {
    if !asked.spec.has_nat(&zone.name) {
        return;
    }
    let snapshot = asked.seen.snapshot;
    let target = table_of(snapshot, subnet).and_then(default_target);
    if !target.is_some_and(|target| leads_out(snapshot, &subnet.vpc, target)) {
        all.push(Obstacle::new(
            RefusalCode::SubnetNotPublic,
            [&subnet.id],
            format!(
                "{} does not lead to the internet gateway: its NAT gateway would have no way out",
                subnet.id
            ),
            "add a default route to the internet gateway to its route table",
        ));
    }
    if makes_gateway(asked, &zone.name) && subnet.free.is_some_and(|free| free < 1) {
        all.push(Obstacle::new(
            RefusalCode::SubnetFull,
            [&subnet.id],
            format!("{} has no free address for a NAT gateway", subnet.id),
            "free one, or name another subnet",
        ));
    }
}

/// Lambda takes an address of each subnet, and more under load (fact sheet
/// section 9).
fn private(asked: &Asked<'_>, zone: &Zone, subnet: &Subnet, all: &mut Vec<Obstacle>) {
    if !asked.attached().is_empty() && subnet.free.is_some_and(|free| free < 1) {
        let name = &zone.name;
        all.push(Obstacle::new(
            RefusalCode::SubnetFull,
            [&subnet.id],
            format!("{} has no free address for functions in {name}", subnet.id),
            "free some, or name another subnet",
        ));
    }
}

/// An address that is free, or already where it should be.
fn address(asked: &Asked<'_>, zone: &Zone, all: &mut Vec<Obstacle>) {
    let Some(id) = &zone.address else { return };
    let mut known = asked.seen.snapshot.addresses.iter();
    let Some(address) = known.find(|found| found.id == *id) else {
        return;
    };
    let ip = &address.ip;
    if let Some(by) = taken(asked, zone, address) {
        all.push(Obstacle::new(
            RefusalCode::AddressTaken,
            [id, &by],
            format!("{ip} ({id}) of {} is in use by {by}", zone.name),
            "free it first: killick does not take it away",
        ));
    }
    if let Some(service) = &address.service_managed {
        all.push(Obstacle::new(
            RefusalCode::AddressServiceManaged,
            [id],
            format!("{ip} ({id}) belongs to an AWS service ({service})"),
            "name an address of your own",
        ));
    }
    let border = address.border_group.as_ref();
    if let Some(border) = border.filter(|border| **border != asked.spec.region) {
        all.push(Obstacle::new(
            RefusalCode::AddressInOtherBorderGroup,
            [id],
            format!("{ip} ({id}) can be used in {border} only"),
            format!("name an address of {}", asked.spec.region),
        ));
    }
}

/// An address of the stack that a new gateway needs and something else has.
fn own_address(asked: &Asked<'_>, zone: &Zone, all: &mut Vec<Obstacle>) {
    let id = asked.seen.identity.id(&ElasticIp::key(zone.name.as_str()));
    let mut known = asked.seen.snapshot.addresses.iter();
    let address = known.find(|found| Some(found.id.as_str()) == id);
    let address = address.filter(|_| makes_gateway(asked, &zone.name));
    if let Some((address, by)) = address.and_then(|found| Some((found, taken(asked, zone, found)?)))
    {
        let ip = &address.ip;
        all.push(Obstacle::new(
            RefusalCode::AddressTaken,
            [&address.id, &by],
            format!("{ip} of {} is in use by {by}", zone.name),
            "free it first: killick does not take it away",
        ));
    }
}

/// What has an address and will not let go of it in the course of the plan.
fn taken(asked: &Asked<'_>, zone: &Zone, address: &Address) -> Option<String> {
    let own = asked.seen.identity.id(&NatGateway::key(&zone.name));
    match holder(asked.seen, address) {
        Holder::Other(by) => {
            // As a further address of a gateway that goes.
            let key = asked.seen.identity.own(by);
            let goes = key.is_some_and(|key| asked.plan.deletes(key));
            (!goes).then(|| by.to_owned())
        }
        Holder::Ours => {
            // Another zone's gateway has it, and is to keep it.
            let mut gateways = asked.seen.snapshot.nat_gateways.iter();
            let nat = gateways.find(|nat| nat.live() && nat.allocation() == Some(&address.id))?;
            let key = asked.seen.identity.key(&nat.id)?;
            let stays = !asked.plan.deletes(key);
            (Some(nat.id.as_str()) != own && stays).then(|| nat.id.clone())
        }
        Holder::Nobody | Holder::LettingGo(_) => None,
    }
}
