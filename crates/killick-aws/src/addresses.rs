//! The product: by which addresses functions leave, now and after a plan.

use std::collections::BTreeSet;

use killick_core::{Desired, Graph, Value};
use serde::Serialize;

use crate::resource::{DEFAULT_ROUTE, ElasticIp, NatGateway, Subnet};
use crate::seen::Seen;
use crate::snapshot::{self, Snapshot};

/// The outbound addresses before and after a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outbound {
    /// Those that the private subnets leave by, in the order of their zones,
    /// whoever owns the NAT gateway that they are led to.
    pub now: Vec<String>,
    /// Those of the NAT gateways that should be; `None` for one that AWS has
    /// yet to choose.
    pub then: Vec<Option<String>>,
    /// Whether an address of now is not among those of then.
    pub changes: bool,
}

/// The outbound addresses as they are and as they would be.
pub fn outbound(seen: &Seen<'_>, desired: &Graph<Desired>) -> Outbound {
    let now = leaving(seen);
    let then: Vec<Option<String>> = desired
        .iter()
        .filter(|node| node.key.kind == NatGateway::KIND)
        .map(|node| match node.attrs.get("address") {
            Some(Value::Ref(address)) => ip(seen, seen.identity.id(address)?),
            _ => None,
        })
        .collect();
    let kept: BTreeSet<&String> = then.iter().flatten().collect();
    let changes = now.iter().any(|ip| !kept.contains(ip));
    Outbound { now, then, changes }
}

/// Where the default routes of the stack's private subnets lead.
fn leaving(seen: &Seen<'_>) -> Vec<String> {
    let mut subnets = seen.ours(Subnet::KIND, &seen.snapshot.subnets, |subnet| &subnet.id);
    subnets.retain(|(key, _)| key.name.starts_with("private-"));
    subnets.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut now = Vec::new();
    for (_, subnet) in subnets {
        let table = table_of(seen.snapshot, subnet);
        let gateway = table.and_then(default_target).and_then(|target| {
            let mut gateways = seen.snapshot.nat_gateways.iter();
            gateways.find(|nat| nat.id == target && nat.live())
        });
        let ip = gateway.and_then(|nat| address_of(seen, nat));
        now.extend(ip.filter(|ip| !now.contains(ip)));
    }
    now
}

/// The table that a subnet follows: an explicit one, or its VPC's main table.
fn table_of<'a>(
    snapshot: &'a Snapshot,
    subnet: &snapshot::Subnet,
) -> Option<&'a snapshot::RouteTable> {
    let tables = || snapshot.route_tables.iter();
    let follows = |table: &&snapshot::RouteTable| {
        table
            .associations
            .iter()
            .any(|entry| entry.member == subnet.id)
    };
    let main = |table: &&snapshot::RouteTable| table.main && table.vpc == subnet.vpc;
    tables().find(follows).or_else(|| tables().find(main))
}

/// What the default route of a table points at.
pub(crate) fn default_target(table: &snapshot::RouteTable) -> Option<&str> {
    let mut routes = table.routes.iter();
    let default = routes.find(|route| route.destination == DEFAULT_ROUTE)?;
    Some(&default.target)
}

/// The address by which a NAT gateway leaves.
pub(crate) fn address_of(seen: &Seen<'_>, nat: &snapshot::NatGateway) -> Option<String> {
    let primary = nat.addresses.first()?;
    let known = primary.allocation.as_deref().and_then(|id| ip(seen, id));
    known.or_else(|| primary.ip.clone())
}

fn ip(seen: &Seen<'_>, allocation: &str) -> Option<String> {
    let mut addresses = seen.snapshot.addresses.iter();
    let found = addresses.find(|found| found.id == allocation)?;
    Some(found.ip.clone())
}

/// An Elastic IP of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldAddress {
    /// The address.
    pub ip: String,
    /// The zone that it was allocated for.
    pub zone: String,
    /// `eipalloc-…`
    pub allocation_id: String,
    /// `in-use` on its NAT gateway; `idle` and waiting for it; `taken` by
    /// something else; `kept` though the spec no longer wants it.
    pub state: &'static str,
}

/// Every Elastic IP of the stack, by zone.
pub fn held(seen: &Seen<'_>, desired: &Graph<Desired>) -> Vec<HeldAddress> {
    let mut all: Vec<HeldAddress> = seen
        .ours(ElasticIp::KIND, &seen.snapshot.addresses, |address| {
            &address.id
        })
        .into_iter()
        .map(|(key, address)| {
            let gateways = &seen.snapshot.nat_gateways;
            let on_ours = gateways.iter().any(|nat| {
                nat.live()
                    && nat.allocation() == Some(&address.id)
                    && seen.identity.key(&nat.id).is_some()
            });
            let state = match (desired.contains(&key), on_ours, &address.association) {
                (_, true, _) => "in-use",
                (_, false, Some(_)) => "taken",
                (true, false, None) => "idle",
                (false, false, None) => "kept",
            };
            HeldAddress {
                ip: address.ip.clone(),
                zone: key.name,
                allocation_id: address.id.clone(),
                state,
            }
        })
        .collect();
    all.sort_by(|a, b| a.zone.cmp(&b.zone));
    all
}
