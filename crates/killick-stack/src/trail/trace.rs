//! Which events would have done what a finding shows.

use std::collections::BTreeSet;

use killick_core::{Key, Value};
use killick_finding::{Aspect, FieldPath, Finding};

use super::event::Event;
use crate::catalogue::facts;
use crate::facts::Events;
use crate::resource::{ASSOCIATION_EVENTS, ElasticIp, Function, NatGateway, RouteTable, Vpc};
use crate::routing::explicit_table;
use crate::snapshot::Tagged;
use crate::tags::{KEY, STACK};
use crate::view::Seen;

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Ids that such an event names; empty where none is known.
    pub ids: BTreeSet<String>,
    /// What such events are called.
    pub names: &'static [&'static str],
    /// A text that it must name besides: the destination of a route.
    also: Option<String>,
    /// A member that its parameters must have: what it changes.
    member: Option<&'static str>,
    /// Events that name nothing that is left to be seen.
    loose: &'static [&'static str],
    /// Where its service files events, if not where it acts.
    pub region: Option<&'static str>,
}

/// How an id of EC2 begins.
const IDS: [&str; 16] = [
    "acl-",
    "dopt-",
    "eigw-",
    "eipalloc-",
    "eni-",
    "i-",
    "igw-",
    "nat-",
    "pcx-",
    "rtb-",
    "sg-",
    "subnet-",
    "tgw-",
    "vgw-",
    "vpc-",
    "vpce-",
];

impl Trace {
    /// What would have done what a finding shows.
    pub fn of(finding: &Finding, seen: &Seen<'_>) -> Self {
        let (key, field) = (&finding.key, finding.field.as_ref());
        let entry = field.map(FieldPath::entry).unwrap_or_default();
        let own: BTreeSet<String> = {
            let id = seen.identity.id(key).map(str::to_owned);
            id.into_iter().chain(tombstones(seen, key)).collect()
        };
        // A route is told by its table: its target may be that of others too.
        let route = matches!(
            (key.kind, field),
            (
                RouteTable::KIND,
                Some(FieldPath::Declared { name: "routes", .. })
            )
        );
        let mut ids = match route && !own.is_empty() {
            true => own,
            false => {
                let named = named(&[&finding.live, &finding.desired], &entry);
                own.into_iter().chain(named).collect()
            }
        };
        ids.extend(further(seen, finding, &entry));
        let declared = match field {
            Some(FieldPath::Declared { name, .. }) => *name,
            Some(FieldPath::State | FieldPath::Beyond(_)) | None => "",
        };
        let aspect = field.and_then(FieldPath::aspect);
        Self {
            names: names(finding),
            ids,
            also: (route || declared == "tags").then_some(entry),
            member: match (key.kind, declared) {
                (Function::KIND, "subnets" | "security_groups" | "ipv6") => Some("vpcConfig"),
                (Function::KIND, _) if aspect == Some(&Aspect::ForeignFunction) => {
                    Some("vpcConfig")
                }
                (Vpc::KIND, "dns_support") => Some("enableDnsSupport"),
                (Vpc::KIND, "dns_hostnames") => Some("enableDnsHostnames"),
                _ => None,
            },
            loose: match (declared, aspect) {
                ("associations", _) | (_, Some(Aspect::ForeignSubnet(_))) => {
                    &["DisassociateRouteTable"]
                }
                (_, Some(Aspect::PublicAccess)) => &["ModifyVpcBlockPublicAccessOptions"],
                _ => &[],
            },
            region: (declared == "role").then(|| global(seen.snapshot.region.as_str())),
        }
    }

    /// Whether an event would have done it.
    pub fn fits(&self, event: &Event) -> bool {
        let name = event.name.as_str();
        if !self.names.contains(&name) {
            return false;
        }
        let hit = self.ids.iter().any(|id| event.texts.contains(id));
        let also = self.also.as_ref();
        let told = also.is_none_or(|also| event.texts.contains(also));
        let member = self.member.is_none_or(|name| event.members.contains(name));
        hit && told && member
    }

    /// Whether it is of a kind that names nothing that is left to be seen.
    pub fn may_fit(&self, event: &Event) -> bool {
        self.loose.contains(&event.name.as_str())
    }
}

/// Ids that such an event names besides those that the finding names.
fn further(seen: &Seen<'_>, finding: &Finding, entry: &str) -> Vec<String> {
    let tables = || seen.snapshot.route_tables.iter();
    let default_acls = || {
        let acls = seen.snapshot.traffic.network_acls.iter().flatten();
        let acls = acls.filter(|acl| acl.default);
        acls.map(|acl| acl.id.clone()).collect()
    };
    let key = &finding.key;
    match &finding.field {
        None if key.kind == ElasticIp::KIND => held(seen, "", &key.name),
        None | Some(FieldPath::State) => Vec::new(),
        Some(FieldPath::Declared { name, .. }) => match *name {
            "associations" => followed(seen, entry),
            "role" => vec![entry.to_owned()],
            "network_acl" => default_acls(),
            _ => Vec::new(),
        },
        Some(FieldPath::Beyond(aspect)) => match aspect {
            Aspect::Pinned(ip) => held(seen, ip, &key.name),
            Aspect::NotPinned => held(seen, "", &key.name),
            Aspect::ForeignSubnet(_) => followed(seen, entry),
            Aspect::MainTable | Aspect::MainRoute(_) => {
                let main = tables().filter(|table| table.main);
                main.map(|table| table.id.clone()).collect()
            }
            Aspect::NetworkAcl(_) => default_acls(),
            Aspect::Unused(_)
            | Aspect::Alias(_)
            | Aspect::EdgeTable
            | Aspect::Propagated(_)
            | Aspect::PublicAccess
            | Aspect::DhcpOptions
            | Aspect::Transfer
            | Aspect::Endpoint(_)
            | Aspect::ForeignFunction
            | Aspect::ForeignGateway(_)
            | Aspect::EgressPath => Vec::new(),
        },
    }
}

/// The events that can have done it.
fn names(finding: &Finding) -> Events {
    let of_type = |field| {
        let facts = facts(finding.key.kind);
        facts.map_or::<Events, _>(&[], |facts| (facts.events)(field, finding.what))
    };
    match &finding.field {
        None => of_type(None),
        Some(FieldPath::State) => of_type(Some("state")),
        Some(FieldPath::Declared { name, .. }) => of_type(Some(name)),
        Some(FieldPath::Beyond(aspect)) => match aspect {
            Aspect::Pinned(_) | Aspect::NotPinned | Aspect::Unused(_) => {
                &["ReleaseAddress", "AssociateAddress", "DisassociateAddress"]
            }
            Aspect::Alias(_) => &["UpdateAlias20150331", "CreateAlias20150331"],
            Aspect::MainTable | Aspect::MainRoute(_) => &[
                "ReplaceRouteTableAssociation",
                "CreateRoute",
                "ReplaceRoute",
            ],
            Aspect::EdgeTable | Aspect::ForeignSubnet(_) => ASSOCIATION_EVENTS,
            Aspect::Propagated(_) => &["EnableVgwRoutePropagation"],
            Aspect::PublicAccess => &["ModifyVpcBlockPublicAccessOptions"],
            Aspect::DhcpOptions => &["AssociateDhcpOptions"],
            Aspect::NetworkAcl(_) => &["ReplaceNetworkAclAssociation"],
            Aspect::Transfer => &["EnableAddressTransfer"],
            Aspect::Endpoint(_) => &["CreateVpcEndpoint", "ModifyVpcEndpoint"],
            Aspect::ForeignFunction | Aspect::EgressPath => &[
                "UpdateFunctionConfiguration20150331v2",
                "CreateFunction20150331",
            ],
            Aspect::ForeignGateway(_) => &["CreateNatGateway"],
        },
    }
}

/// The ids that a finding names.
fn named(values: &[&Value], rest: &str) -> BTreeSet<String> {
    let texts = values.iter().map(ToString::to_string);
    let texts: Vec<String> = texts.chain([rest.to_owned()]).collect();
    let words = texts
        .iter()
        .flat_map(|text| text.split(|char: char| !char.is_ascii_alphanumeric() && char != '-'));
    let is_id = |word: &&str| {
        IDS.iter().any(|prefix| {
            let rest = word.strip_prefix(prefix);
            rest.is_some_and(|rest| {
                rest.len() >= 8 && rest.chars().all(|char| char.is_ascii_hexdigit())
            })
        })
    };
    words.filter(is_id).map(str::to_owned).collect()
}

/// Where IAM files its events: one region of each partition.
fn global(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "cn-north-1"
    } else if region.starts_with("us-gov-") {
        "us-gov-west-1"
    } else {
        "us-east-1"
    }
}

/// The allocations that a NAT gateway of the stack had this address by, or, of
/// a zone whose address is not known, any.
fn held(seen: &Seen<'_>, ip: &str, zone: &str) -> Vec<String> {
    let gateways = tombstones(seen, &NatGateway::key(zone));
    let nats = seen.snapshot.nat_gateways.iter();
    let nats = nats.filter(|nat| gateways.contains(&nat.id));
    let addresses = nats.flat_map(|nat| &nat.addresses);
    let of_it = addresses.filter(|one| ip.is_empty() || one.ip.as_deref() == Some(ip));
    of_it.filter_map(|one| one.allocation.clone()).collect()
}

/// What carried the key and is gone: AWS lists a NAT gateway for an hour.
fn tombstones(seen: &Seen<'_>, key: &Key) -> Vec<String> {
    let name = key.to_string();
    let gone = seen.snapshot.nat_gateways.iter().filter(|nat| {
        let tag = |tag: &str| nat.tags().get(tag).map(String::as_str);
        tag(STACK) == Some(seen.identity.stack()) && tag(KEY) == Some(&name)
    });
    gone.map(|nat| nat.id.clone()).collect()
}

/// The subnet of an entry, and the table that it follows now.
fn followed(seen: &Seen<'_>, entry: &str) -> Vec<String> {
    let mut keys = seen.identity.iter();
    let id = keys.find(|(key, _)| key.to_string() == entry);
    let Some((_, id)) = id else { return Vec::new() };
    let table = explicit_table(seen.snapshot, id);
    let table = table.map(|table| table.id.clone());
    [id.to_owned()].into_iter().chain(table).collect()
}
