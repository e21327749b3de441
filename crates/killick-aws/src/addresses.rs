//! The product: by which addresses functions leave, now and after a plan.

use killick_core::{Desired, Graph, Key, Observed, Value};
use killick_spec::Spec;
use serde::Serialize;

use crate::promise::{Danger, danger};
use crate::resource::{DEFAULT_ROUTE, ElasticIp, NatGateway};
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
    /// Whether that is another set than the one that partners know: what
    /// `--change-addresses` is for.
    pub changes: bool,
    /// Those that the spec promises to partners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub promised: Vec<String>,
    /// What makes it another set.
    #[serde(skip)]
    pub danger: Danger,
}

/// The outbound addresses as they are and as they would be.
pub fn outbound(
    spec: &Spec,
    seen: &Seen<'_>,
    desired: &Graph<Desired>,
    observed: &Graph<Observed>,
) -> Outbound {
    let now = leaving(seen);
    let then: Vec<Option<String>> = desired
        .iter()
        .filter(|node| node.key.kind == NatGateway::KIND)
        .map(|node| match node.attrs.get("address") {
            Some(Value::Ref(address)) => match seen.identity.id(address) {
                Some(id) => ip(seen, id),
                None => to_be_had_back(desired, address),
            },
            _ => None,
        })
        .collect();
    let danger = danger(spec, seen, observed, &now, &then);
    Outbound {
        changes: danger.any(),
        promised: spec.addresses.iter().map(ToString::to_string).collect(),
        now,
        then,
        danger,
    }
}

/// The address that a create will ask for by name.
fn to_be_had_back(desired: &Graph<Desired>, address: &Key) -> Option<String> {
    match desired.get(address)?.attrs.get("public")? {
        Value::Map(public) => public.get("ip")?.as_text().map(str::to_owned),
        _ => None,
    }
}

/// Where the default routes of the stack's private subnets lead.
fn leaving(seen: &Seen<'_>) -> Vec<String> {
    let mut subnets = seen.subnets();
    subnets.retain(|(key, _)| key.name.starts_with("private-"));
    subnets.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut now = Vec::new();
    for (_, subnet) in subnets {
        let table = table_of(seen.snapshot, subnet);
        let gateway = table.and_then(default_target).and_then(|target| {
            let mut gateways = seen.snapshot.nat_gateways.iter();
            gateways.find(|nat| nat.id == target && nat.live())
        });
        let gateway = gateway.filter(|nat| has_way_out(seen.snapshot, nat));
        let ip = gateway.and_then(|nat| address_of(seen, nat));
        now.extend(ip.filter(|ip| !now.contains(ip)));
    }
    now
}

/// Whether the subnet of a NAT gateway leads to an internet gateway. A
/// regional one is in no subnet and finds its own way.
fn has_way_out(snapshot: &Snapshot, nat: &snapshot::NatGateway) -> bool {
    let mut subnets = snapshot.subnets.iter();
    let subnet = subnets.find(|subnet| nat.subnet.as_ref() == Some(&subnet.id));
    subnet.is_none_or(|subnet| {
        let target = table_of(snapshot, subnet).and_then(default_target);
        target.is_some_and(|target| leads_out(snapshot, &subnet.vpc, target))
    })
}

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

/// The addresses by which what is in a subnet leaves, if it is led to a NAT
/// gateway that works.
pub(crate) fn leaves_by(seen: &Seen<'_>, subnet: &snapshot::Subnet) -> Option<String> {
    let table = table_of(seen.snapshot, subnet)?;
    let target = default_target(table)?;
    let mut gateways = seen.snapshot.nat_gateways.iter();
    let gateway = gateways.find(|nat| nat.id == target && nat.live())?;
    address_of(seen, gateway)
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
    /// Whether it is somebody else's, and so never given up.
    #[serde(skip)]
    pub lent: bool,
    /// What has it besides its NAT gateway: of an idle one a gateway that lets
    /// go of it by itself, of a taken one something that does not.
    #[serde(skip)]
    pub holder: Option<String>,
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
pub(crate) fn holder<'a>(seen: &Seen<'a>, address: &'a snapshot::Address) -> Holder<'a> {
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

/// Every Elastic IP of the stack, by zone.
pub fn held(seen: &Seen<'_>, desired: &Graph<Desired>) -> Vec<HeldAddress> {
    let mut all: Vec<HeldAddress> = seen
        .ours(ElasticIp::KIND, &seen.snapshot.addresses, |address| {
            &address.id
        })
        .into_iter()
        .map(|(key, address)| {
            let on = holder(seen, address);
            let state = match (&on, desired.contains(&key)) {
                (Holder::Ours, _) => "in-use",
                (Holder::Other(_), _) => "taken",
                (Holder::Nobody | Holder::LettingGo(_), true) => "idle",
                (Holder::Nobody | Holder::LettingGo(_), false) => "kept",
            };
            let holder = match on {
                Holder::Nobody | Holder::Ours => None,
                Holder::LettingGo(nat) => Some(nat.id.clone()),
                Holder::Other(id) => Some(id.to_owned()),
            };
            HeldAddress {
                ip: address.ip.clone(),
                lent: seen.identity.is_lent(&key),
                zone: key.name,
                allocation_id: address.id.clone(),
                state,
                holder,
            }
        })
        .collect();
    all.sort_by(|a, b| a.zone.cmp(&b.zone));
    all
}
