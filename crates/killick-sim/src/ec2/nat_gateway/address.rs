//! The addresses of a NAT gateway: the primary one stays, others come and go.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use super::{LISTING, NatAddress, NatGateway, NatState, life};
use crate::agenda::Event;
use crate::ec2::listing::well_formed;
use crate::ec2::{Call, Subnet, interface};
use crate::failure::Failure;
use crate::place::Place;

/// An address to have.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// The Elastic IP, for a public gateway.
    pub(super) allocation: Option<String>,
}

impl Wanted {
    /// How its life begins.
    pub(super) fn status(&self) -> &'static str {
        match self.allocation {
            Some(_) => "associating",
            None => "assigning",
        }
    }
}

/// So many private addresses.
pub(super) fn private(count: i64) -> Result<Vec<Wanted>, Failure> {
    match usize::try_from(count) {
        Ok(count @ 1..=31) => Ok(vec![Wanted::default(); count]),
        _ => {
            let message =
                format!("Value ( {count} ) for the number of private addresses is invalid.");
            Err(Failure::value(message))
        }
    }
}

/// Refuses ids that are none, an Elastic IP that is named twice, and more
/// addresses than a gateway may have.
pub(super) fn check(wanted: &[Wanted], all: usize, public: bool) -> Result<(), Failure> {
    let mut named = BTreeSet::new();
    for id in wanted.iter().filter_map(|one| one.allocation.as_deref()) {
        well_formed(id, "eipalloc", "InvalidElasticIpID.Malformed")?;
        if !named.insert(id) {
            return Err(Failure::value(format!("{id} is named twice")));
        }
    }
    let (most, what) = if public {
        (2, "Elastic IP addresses")
    } else {
        (8, "private addresses")
    };
    if all > most {
        let message = format!("A NAT gateway has at most {most} {what}");
        return Err(Failure::new("AddressLimitExceeded", message));
    }
    Ok(())
}

/// A subnet without room.
pub(super) fn full() -> Failure {
    let message = "There are not enough free addresses in the subnet.";
    Failure::new("InsufficientFreeAddressesInSubnet", message)
}

/// The next free private addresses. None when the subnet is full.
pub(super) fn private_ips(place: &Place, subnet: &Subnet, count: usize) -> Option<Vec<String>> {
    let network = subnet.cidr.parse::<Ipv4Net>().ok()?;
    let taken: BTreeSet<&str> = interface::taken(place, &subnet.id).collect();
    // The first four and the last one are AWS's own.
    let hosts = network.hosts().skip(3).map(|ip| ip.to_string());
    let free = hosts.filter(|ip| !taken.contains(ip.as_str()));
    let ips: Vec<String> = free.take(count).collect();
    (ips.len() == count).then_some(ips)
}

pub(super) fn show(address: &NatAddress, primary: bool) -> Value {
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    json!({
        "allocationId": address.allocation,
        "publicIp": address.public_ip,
        "privateIp": text(&address.private_ip),
        "networkInterfaceId": text(&address.interface),
        "associationId": address.association,
        "isPrimary": primary,
        "status": address.status,
    })
}

pub(super) fn associate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NatGatewayId")?;
    let allocations = call.params.list("AllocationId");
    call.checked()?;
    if allocations.is_empty() {
        return Err(Failure::missing("AllocationId"));
    }
    let gateway = idle(call, &id)?;
    for id in &allocations {
        let Some(address) = call.place.addresses.visible(id, &call.eye) else {
            let message = format!("The allocation ID '{id}' does not exist");
            return Err(Failure::new("InvalidAllocationID.NotFound", message));
        };
        if address.association.is_some() {
            let message = format!("Elastic IP address [{id}] is already associated");
            return Err(Failure::new("Resource.AlreadyAssociated", message));
        }
    }
    let wanted = allocations.into_iter().map(|id| Wanted {
        allocation: Some(id),
    });
    add(call, &gateway, &wanted.collect::<Vec<_>>())
}

pub(super) fn disassociate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NatGatewayId")?;
    let associations = call.params.list("AssociationId");
    let seconds = call.params.number("MaxDrainDurationSeconds")?;
    call.checked()?;
    if associations.is_empty() {
        return Err(Failure::missing("AssociationId"));
    }
    let gateway = idle(call, &id)?;
    drain(call, &gateway, &associations, seconds)
}

/// A gateway whose Elastic IPs may be changed: it is up, public, and done with
/// the change before.
fn idle(call: &Call<'_>, id: &str) -> Result<NatGateway, Failure> {
    let gateway = LISTING.need(call, id)?.clone();
    if gateway.connectivity != "public" {
        let message = format!("{id} is not a public NAT gateway");
        return Err(Failure::new("UnsupportedOperation", message));
    }
    if gateway.state != NatState::Available {
        let message = format!("NAT gateway {id} is {}", gateway.state.name());
        return Err(Failure::new("IncorrectState", message));
    }
    let mut addresses = gateway.addresses.iter();
    if let Some(busy) = addresses.find(|address| address.status.ends_with("ing")) {
        let status = busy.status.to_ascii_uppercase();
        let what = busy.allocation.as_ref().unwrap_or(&busy.private_ip);
        let message = format!("Service is currently {status} the following EIPs: [{what}].");
        return Err(Failure::new("OperationInProgress", message));
    }
    Ok(gateway)
}

fn add(call: &mut Call<'_>, gateway: &NatGateway, wanted: &[Wanted]) -> Result<Value, Failure> {
    let all = gateway.addresses.len().saturating_add(wanted.len());
    check(wanted, all, true)?;
    let subnet = call.place.subnets.get(&gateway.subnet);
    let subnet = subnet.cloned().ok_or_else(full)?;
    let ips = private_ips(call.place, &subnet, wanted.len()).ok_or_else(full)?;
    let (seen, now) = (call.seen(), call.now);
    let place = &mut *call.place;
    let interface = gateway
        .addresses
        .first()
        .map(|first| first.interface.clone());
    let mut added = Vec::new();
    for (wanted, private_ip) in wanted.iter().zip(ips) {
        let mut address = NatAddress {
            allocation: wanted.allocation.clone(),
            public_ip: None,
            private_ip,
            interface: interface.clone().unwrap_or_default(),
            association: None,
            status: wanted.status().to_owned(),
        };
        life::hold(place, &gateway.id, &mut address, seen);
        added.push(address);
    }
    if let Some(gateway) = place.nat_gateways.change(&gateway.id, seen) {
        gateway.addresses.extend(added.clone());
    }
    let up = now.saturating_add(place.dice.between(5000, 30_000));
    place.agenda.at(up, Event::NatUp(gateway.id.clone()));
    Ok(answer(&gateway.id, &added))
}

/// Takes secondary addresses away once their connections have had time to end.
fn drain(
    call: &mut Call<'_>,
    gateway: &NatGateway,
    associations: &[String],
    seconds: Option<i64>,
) -> Result<Value, Failure> {
    let seconds = match u64::try_from(seconds.unwrap_or(350)) {
        Ok(seconds @ 1..=4000) => seconds,
        _ => {
            let message = "MaxDrainDurationSeconds is from 1 to 4000";
            return Err(Failure::value(message));
        }
    };
    let named = |address: &NatAddress| {
        let own = address.association.as_ref();
        own.is_some_and(|own| associations.contains(own))
    };
    if gateway.addresses.first().is_some_and(named) {
        let message = "The primary address of a NAT gateway cannot be taken away";
        return Err(Failure::value(message));
    }
    let addresses = || gateway.addresses.iter();
    let unknown = |id: &&String| !addresses().any(|one| one.association.as_ref() == Some(*id));
    if let Some(id) = associations.iter().find(unknown) {
        let message = format!("NAT gateway {} has no address '{id}'", gateway.id);
        return Err(Failure::new("InvalidAssociationID.NotFound", message));
    }
    let (seen, now) = (call.seen(), call.now);
    let place = &mut *call.place;
    let end = now.saturating_add(seconds.saturating_mul(1000));
    let mut going = Vec::new();
    if let Some(gateway) = place.nat_gateways.change(&gateway.id, seen) {
        for address in gateway
            .addresses
            .iter_mut()
            .filter(|address| named(address))
        {
            "disassociating".clone_into(&mut address.status);
            going.push(address.clone());
        }
    }
    for address in &going {
        let event = Event::NatDrained(gateway.id.clone(), address.private_ip.clone());
        place.agenda.at(end, event);
    }
    Ok(answer(&gateway.id, &going))
}

fn answer(id: &str, addresses: &[NatAddress]) -> Value {
    let shown: Vec<Value> = addresses
        .iter()
        .map(|address| show(address, false))
        .collect();
    json!({"natGatewayId": id, "natGatewayAddressSet": shown})
}
