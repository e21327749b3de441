//! The addresses that somebody may know without a promise.

use std::collections::BTreeSet;

use killick_core::Key;
use killick_spec::Spec;

use crate::egress::Ways;
use crate::keys::{private_subnet, private_table};
use crate::leaving::by;
use crate::resource::{ElasticIp, NatGateway, Subnet, stack_subnets};
use crate::routing::{address_of, default_target, table_of};
use crate::snapshot::{self, Snapshot};
use crate::view::StackView;

/// The addresses of the stack as it stands: those of its NAT gateways, those
/// that wait for a gateway that was there, and those by which its private
/// subnets leave in place of one that is gone.
pub(super) fn deployed(spec: &Spec, seen: &StackView<'_>, ways: &Ways) -> Vec<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for (_, nat) in gateways(seen) {
        all.extend(address_of(seen, nat));
    }
    let held = seen.ours(ElasticIp::KIND, &seen.snapshot.addresses, |one| &one.id);
    for (key, address) in held {
        if waits(spec, seen, &key.name) {
            all.insert(address.ip.clone());
        }
    }
    for (key, subnet) in stack_subnets(seen) {
        let Some(zone) = key.name.strip_prefix("private-") else {
            continue;
        };
        // A route that was turned away from a gateway that works is turned back
        // without anybody's leave. The table of an external subnet is its
        // owner's to decide.
        let turned = spec.zones.iter().any(|one| one.name == zone) && works(spec, seen, zone);
        if !turned && !follows_foreign(seen, subnet) {
            all.extend(by(&ways.from(&subnet.id)));
        }
    }
    Vec::from_iter(all)
}

/// The NAT gateways of the stack that work or are on their way to.
fn gateways<'a>(seen: &StackView<'a>) -> impl Iterator<Item = (Key, &'a snapshot::NatGateway)> {
    let all = seen.ours(NatGateway::KIND, &seen.snapshot.nat_gateways, |nat| &nat.id);
    all.into_iter().filter(|(_, nat)| nat.live())
}

/// Whether the NAT gateway that the spec gives a zone is up and has the address
/// of its own zone.
pub(super) fn works(spec: &Spec, seen: &StackView<'_>, zone: &str) -> bool {
    let zone = spec.nat_zone(zone);
    let address = seen.identity.id(&ElasticIp::key(zone));
    let own = |nat: &snapshot::NatGateway| address.is_some() && nat.allocation() == address;
    let mut all = gateways(seen).filter(|(key, _)| key.name == zone);
    all.any(|(_, nat)| nat.state == "available" && own(nat))
}

/// Whether the address of a zone waits for a gateway that was there. Where the
/// zone leaves by the gateway of another one, as the spec says, it is only kept.
fn waits(spec: &Spec, seen: &StackView<'_>, zone: &str) -> bool {
    let built = seen.identity.id(&private_table(zone)).is_some();
    let id = seen.identity.id(&private_subnet(zone));
    let mut subnets = seen.snapshot.subnets.iter();
    let subnet = subnets.find(|found| Some(found.id.as_str()) == id);
    let served = subnet.is_some_and(|subnet| serves(seen.snapshot, subnet));
    built && (spec.has_nat(zone) || !served)
}

/// Whether a table leads a subnet to a NAT gateway that works or is on its way
/// to, whatever lies behind that.
fn serves(snapshot: &Snapshot, subnet: &snapshot::Subnet) -> bool {
    let target = table_of(snapshot, subnet).and_then(default_target);
    let mut gateways = snapshot.nat_gateways.iter().filter(|nat| nat.live());
    gateways.any(|nat| target == Some(nat.id.as_str()))
}

/// Whether a subnet is lent and still follows somebody else's table.
pub(super) fn follows_foreign(seen: &StackView<'_>, subnet: &snapshot::Subnet) -> bool {
    let key = seen.identity.key(&subnet.id);
    let lent = key.is_some_and(|key| key.kind == Subnet::KIND && seen.identity.is_lent(key));
    let table = table_of(seen.snapshot, subnet);
    lent && table.is_none_or(|table| seen.identity.own(&table.id).is_none())
}
