//! The addresses that somebody may know without a promise.

use std::collections::BTreeSet;

use killick_core::{Graph, Health, Observed, Value};
use killick_spec::Spec;

use crate::keys::{private_subnet, private_table};
use crate::resource::{ElasticIp, NatGateway, Subnet};
use crate::routing::{address_of, leaves_by, table_of};
use crate::snapshot;
use crate::view::Seen;

/// The addresses of the stack as it stands: those of its NAT gateways, those
/// that wait for a gateway that was there, and those by which its private
/// subnets leave in place of one that is gone.
pub(super) fn deployed(
    spec: &Spec,
    seen: &Seen<'_>,
    observed: &Graph<Observed>,
    now: &[String],
) -> Vec<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    let mut stands_in: Vec<String> = now.to_vec();
    for node in observed
        .iter()
        .filter(|node| node.key.kind == NatGateway::KIND)
    {
        let id = seen.identity.id(&node.key).unwrap_or_default();
        let mut gateways = seen.snapshot.nat_gateways.iter();
        let gateway = gateways.find(|nat| nat.id == id && nat.live());
        all.extend(gateway.and_then(|nat| address_of(seen, nat)));
    }
    let addresses = seen.snapshot.addresses.iter();
    for address in addresses {
        let key = seen
            .identity
            .key(&address.id)
            .filter(|key| key.kind == ElasticIp::KIND);
        if key.is_some_and(|key| waits(spec, seen, &key.name)) {
            all.insert(address.ip.clone());
        }
    }
    // A route that was turned away from a gateway that works is turned back
    // without anybody's leave.
    for zone in &spec.zones {
        let nat = observed.get(&NatGateway::key(spec.nat_zone(&zone.name)));
        let works = nat.is_some_and(|nat| nat.health == Health::Ready && holds_its_own(nat));
        let id = seen.identity.id(&private_subnet(&zone.name));
        let mut subnets = seen.snapshot.subnets.iter();
        let subnet = subnets.find(|found| Some(found.id.as_str()) == id);
        let led = subnet.and_then(|subnet| leaves_by(seen, subnet));
        if let Some(led) = led.filter(|led| works && !all.contains(led)) {
            stands_in.retain(|ip| *ip != led);
        }
    }
    // Somebody else's table decides about somebody else's subnet.
    let subnets = seen.snapshot.subnets.iter();
    for subnet in subnets.filter(|subnet| follows_foreign(seen, subnet)) {
        let led = leaves_by(seen, subnet);
        stands_in.retain(|ip| Some(ip) != led.as_ref());
    }
    all.extend(stands_in);
    Vec::from_iter(all)
}

/// Whether the address of a zone waits for a gateway that was there. Where the
/// zone leaves by the gateway of another one, as the spec says, it is only kept.
fn waits(spec: &Spec, seen: &Seen<'_>, zone: &str) -> bool {
    let built = seen.identity.id(&private_table(zone)).is_some();
    let id = seen.identity.id(&private_subnet(zone));
    let mut subnets = seen.snapshot.subnets.iter();
    let subnet = subnets.find(|found| Some(found.id.as_str()) == id);
    let leaves = subnet.is_some_and(|subnet| leaves_by(seen, subnet).is_some());
    built && (spec.has_nat(zone) || !leaves)
}

/// Whether a gateway has the address of its own zone.
fn holds_its_own(nat: &Observed) -> bool {
    let own = Value::Ref(ElasticIp::key(nat.key.name.as_str()));
    nat.attrs.get("address") == Some(&own)
}

/// Whether a subnet is lent and still follows somebody else's table.
pub(super) fn follows_foreign(seen: &Seen<'_>, subnet: &snapshot::Subnet) -> bool {
    let key = seen.identity.key(&subnet.id);
    let lent = key.is_some_and(|key| key.kind == Subnet::KIND && seen.identity.is_lent(key));
    let table = table_of(seen.snapshot, subnet);
    lent && table.is_none_or(|table| seen.identity.own(&table.id).is_none())
}
