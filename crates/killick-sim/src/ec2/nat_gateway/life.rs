//! What happens to a NAT gateway by itself, and to the addresses that it
//! holds.

use super::{NatAddress, NatState};
use crate::agenda::Event;
use crate::ec2::address::Association;
use crate::place::Place;
use crate::world::Millis;

/// How long what is gone stays listed, in milliseconds.
const LISTED: Millis = 3_600_000;

/// A NAT gateway comes up, or fails; or further addresses of it are ready.
pub(in crate::ec2) fn up(place: &mut Place, id: &str, when: Millis) {
    let Some(gateway) = place.nat_gateways.get_mut(id) else {
        return;
    };
    let failed = match gateway.state {
        NatState::Pending => gateway.failure.is_some(),
        NatState::Available => false,
        _ => return,
    };
    for address in &mut gateway.addresses {
        if matches!(address.status.as_str(), "associating" | "assigning") {
            address.status = if failed { "failed" } else { "succeeded" }.to_owned();
        }
    }
    if failed {
        gateway.state = NatState::Failed;
        gateway.deleted = Some(when);
        end(place, id, when);
    } else {
        gateway.state = NatState::Available;
    }
}

/// A NAT gateway is gone.
pub(in crate::ec2) fn gone(place: &mut Place, id: &str, when: Millis) {
    let Some(gateway) = place.nat_gateways.get_mut(id) else {
        return;
    };
    gateway.state = NatState::Deleted;
    // As long as this is to come, AWS takes the address for the gateway's.
    for allocation in end(place, id, when) {
        let free = when.saturating_add(place.dice.between(1000, 8000));
        place.agenda.at(free, Event::AddressFree(allocation));
    }
}

/// A NAT gateway is no longer listed.
pub(in crate::ec2) fn forgotten(place: &mut Place, id: &str) {
    place.nat_gateways.remove(id, 0);
}

/// A secondary address has drained; it goes by its private address.
pub(in crate::ec2) fn drained(place: &mut Place, id: &str, private_ip: &str) {
    let Some(gateway) = place.nat_gateways.get_mut(id).filter(|one| one.holds()) else {
        return;
    };
    let mut addresses = gateway.addresses.iter();
    let found = addresses.position(|address| address.private_ip == private_ip);
    let address = found.map(|at| gateway.addresses.remove(at));
    if let Some(allocation) = address.and_then(|address| address.allocation) {
        let_go(place, id, &allocation);
    }
}

/// Gives a gateway the Elastic IP of one of its addresses, unless something
/// else has it.
pub(super) fn hold(place: &mut Place, gateway: &str, address: &mut NatAddress, seen: Millis) {
    let Some(id) = &address.allocation else {
        return;
    };
    let elastic = place.addresses.get(id);
    if elastic.is_none_or(|elastic| elastic.association.is_some()) {
        return;
    }
    let association = place.dice.id("eipassoc");
    if let Some(elastic) = place.addresses.change(id, seen) {
        elastic.association = Some(Association {
            id: association.clone(),
            interface: address.interface.clone(),
            private_ip: address.private_ip.clone(),
            nat_gateway: Some(gateway.to_owned()),
        });
        address.public_ip = Some(elastic.ip.clone());
        address.association = Some(association);
    }
}

/// Takes everything from a gateway that will never work again; gives the
/// Elastic IPs that it held.
fn end(place: &mut Place, id: &str, when: Millis) -> Vec<String> {
    let forgotten = when.saturating_add(LISTED);
    place
        .agenda
        .at(forgotten, Event::NatForgotten(id.to_owned()));
    let gateway = place.nat_gateways.get(id);
    let addresses = gateway.map(|one| one.addresses.clone()).unwrap_or_default();
    let mut held = Vec::new();
    for address in addresses {
        place.interfaces.remove(&address.interface, 0);
        held.extend(address.allocation.filter(|id_of| let_go(place, id, id_of)));
    }
    held
}

/// Ends a gateway's hold on an Elastic IP, if it has it.
fn let_go(place: &mut Place, gateway: &str, allocation: &str) -> bool {
    let Some(address) = place.addresses.get_mut(allocation) else {
        return false;
    };
    let holder = address.association.as_ref();
    let held = holder.is_some_and(|one| one.nat_gateway.as_deref() == Some(gateway));
    if held {
        address.association = None;
    }
    held
}
