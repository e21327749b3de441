//! What tables, gateways and addresses say one by one.

use crate::resource::DEFAULT_ROUTE;
use crate::snapshot::{self, Snapshot};
use crate::view::StackView;

/// Whether a target is an internet gateway that is attached to this VPC.
pub(crate) fn leads_out(snapshot: &Snapshot, vpc: &str, target: &str) -> bool {
    let mut gateways = snapshot.internet_gateways.iter();
    gateways.any(|found| found.id == target && found.vpc.as_deref() == Some(vpc))
}

/// The table that a subnet follows: an explicit one, or its VPC's main table.
pub(crate) fn table_of<'a>(
    snapshot: &'a Snapshot,
    subnet: &snapshot::Subnet,
) -> Option<&'a snapshot::RouteTable> {
    let main = |table: &&snapshot::RouteTable| table.main && table.vpc == subnet.vpc;
    let explicit = explicit_table(snapshot, &subnet.id);
    explicit.or_else(|| snapshot.route_tables.iter().find(main))
}

/// The table that a subnet is associated with by name.
pub(crate) fn explicit_table<'a>(
    snapshot: &'a Snapshot,
    subnet: &str,
) -> Option<&'a snapshot::RouteTable> {
    snapshot.route_tables.iter().find(|table| {
        let mut entries = table.associations.iter();
        entries.any(|entry| entry.member == subnet)
    })
}

/// What the default route of a table points at.
pub(crate) fn default_target(table: &snapshot::RouteTable) -> Option<&str> {
    let mut routes = table.routes.iter();
    let default = routes.find(|route| route.destination == DEFAULT_ROUTE)?;
    Some(&default.target)
}

/// The address by which a NAT gateway leaves.
pub(crate) fn address_of(seen: &StackView<'_>, nat: &snapshot::NatGateway) -> Option<String> {
    let primary = nat.addresses.first()?;
    let known = primary.allocation.as_deref().and_then(|id| ip(seen, id));
    known.or_else(|| primary.ip.clone())
}

/// The public address of an allocation.
pub(crate) fn ip(seen: &StackView<'_>, allocation: &str) -> Option<String> {
    let mut addresses = seen.snapshot.addresses.iter();
    let found = addresses.find(|found| found.id == allocation)?;
    Some(found.ip.clone())
}

/// What an Elastic IP is on.
pub(crate) enum Holder<'a> {
    /// Nothing.
    Nobody,
    /// A NAT gateway of ours that works or is on its way to.
    Ours,
    /// A NAT gateway that is gone or never came up, and lets go of it by
    /// itself.
    LettingGo(&'a snapshot::NatGateway),
    /// Something that keeps it: its id.
    Other(&'a str),
}

/// What an Elastic IP is on.
pub(crate) fn holder<'a>(seen: &StackView<'a>, address: &'a snapshot::Address) -> Holder<'a> {
    let gateways = || seen.snapshot.nat_gateways.iter();
    let primary = |nat: &&snapshot::NatGateway| nat.allocation() == Some(&address.id);
    if let Some(nat) = gateways().filter(|nat| nat.live()).find(primary) {
        return match seen.identity.key(&nat.id) {
            Some(_) => Holder::Ours,
            None => Holder::Other(&nat.id),
        };
    }
    let Some(association) = &address.association else {
        return Holder::Nobody;
    };
    let carrier = gateways().find(|nat| nat.carries(address));
    match (carrier, &address.instance, &address.network_interface) {
        (Some(nat), ..) if nat.live() => Holder::Other(&nat.id),
        (Some(nat), ..) => Holder::LettingGo(nat),
        (None, Some(id), _) | (None, None, Some(id)) => Holder::Other(id),
        (None, None, None) => Holder::Other(association),
    }
}
