//! Which events would have done what a finding shows.

use std::collections::BTreeSet;

use killick_core::{Change, Key, Value};
use killick_finding::{Aspect, FieldPath, Finding};

use super::event::Event;
use crate::catalogue::{FACTS, facts};
use crate::facts::Events;
use crate::resource::{ASSOCIATION_EVENTS, ElasticIp, Function, NatGateway, RouteTable, Vpc};
use crate::routing::explicit_table;
use crate::snapshot::Tagged;
use crate::tags::{KEY, STACK};
use crate::view::StackView;

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

/// How the ids of EC2 resources begin that are no type of killick.
const OTHER_IDS: [&str; 9] = [
    "acl-", "dopt-", "eigw-", "eni-", "i-", "pcx-", "tgw-", "vgw-", "vpce-",
];

impl Trace {
    /// What would have done what a finding shows.
    pub fn of(finding: &Finding, seen: &StackView<'_>) -> Self {
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
        let (declared, told) = match field {
            None => ("", of_whole(seen, key, finding.what)),
            Some(FieldPath::State) => ("", of_field(seen, finding, "state", &entry)),
            Some(FieldPath::Declared { name, .. }) => {
                (*name, of_field(seen, finding, name, &entry))
            }
            Some(FieldPath::Beyond(aspect)) => ("", of_aspect(seen, finding, aspect)),
        };
        ids.extend(told.ids);
        Self {
            names: told.names,
            ids,
            also: (route || declared == "tags").then_some(entry),
            member: match (key.kind, declared) {
                (Function::KIND, "subnets" | "security_groups" | "ipv6") => Some("vpcConfig"),
                (Vpc::KIND, "dns_support") => Some("enableDnsSupport"),
                (Vpc::KIND, "dns_hostnames") => Some("enableDnsHostnames"),
                _ => told.member,
            },
            loose: told.loose,
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

/// What to look for, by the place of a finding.
#[derive(Default)]
struct Told {
    /// What such events are called.
    names: Events,
    /// Ids that they name besides those that the finding names.
    ids: Vec<String>,
    /// A member that their parameters must have.
    member: Option<&'static str>,
    /// Events that name nothing that is left to be seen.
    loose: Events,
}

impl Told {
    fn by(names: Events) -> Self {
        Self {
            names,
            ..Self::default()
        }
    }

    fn naming(mut self, ids: Vec<String>) -> Self {
        self.ids = ids;
        self
    }
}

/// What takes a table from a subnet names only the association that is gone.
const LOOSE_ASSOCIATION: Events = &["DisassociateRouteTable"];

fn events(kind: &str, field: Option<&str>, what: Change) -> Events {
    facts(kind).map_or::<Events, _>(&[], |facts| (facts.events)(field, what))
}

fn of_whole(seen: &StackView<'_>, key: &Key, what: Change) -> Told {
    let told = Told::by(events(key.kind, None, what));
    match key.kind {
        ElasticIp::KIND => told.naming(held(seen, "", &key.name)),
        _ => told,
    }
}

fn of_field(seen: &StackView<'_>, finding: &Finding, name: &str, entry: &str) -> Told {
    let told = Told::by(events(finding.key.kind, Some(name), finding.what));
    match name {
        "associations" => Told {
            loose: LOOSE_ASSOCIATION,
            ..told.naming(followed(seen, entry))
        },
        "role" => told.naming(vec![entry.to_owned()]),
        "network_acl" => told.naming(default_acls(seen)),
        _ => told,
    }
}

fn of_aspect(seen: &StackView<'_>, finding: &Finding, aspect: &Aspect) -> Told {
    const ADDRESS: Events = &["ReleaseAddress", "AssociateAddress", "DisassociateAddress"];
    const FUNCTION: Events = &[
        "UpdateFunctionConfiguration20150331v2",
        "CreateFunction20150331",
    ];
    let zone = &finding.key.name;
    match aspect {
        Aspect::Pinned(ip) => Told::by(ADDRESS).naming(held(seen, ip, zone)),
        Aspect::NotPinned => Told::by(ADDRESS).naming(held(seen, "", zone)),
        Aspect::Unused(_) => Told::by(ADDRESS),
        Aspect::Alias(_) => Told::by(&["UpdateAlias20150331", "CreateAlias20150331"]),
        Aspect::MainTable | Aspect::MainRoute(_) => {
            let main = seen.snapshot.route_tables.iter().filter(|table| table.main);
            Told::by(&[
                "ReplaceRouteTableAssociation",
                "CreateRoute",
                "ReplaceRoute",
            ])
            .naming(main.map(|table| table.id.clone()).collect())
        }
        Aspect::EdgeTable => Told::by(ASSOCIATION_EVENTS),
        Aspect::ForeignSubnet(subnet) => Told {
            loose: LOOSE_ASSOCIATION,
            ..Told::by(ASSOCIATION_EVENTS).naming(followed(seen, subnet))
        },
        Aspect::Propagated(_) => Told::by(&["EnableVgwRoutePropagation"]),
        Aspect::PublicAccess => Told {
            loose: &["ModifyVpcBlockPublicAccessOptions"],
            ..Told::by(&["ModifyVpcBlockPublicAccessOptions"])
        },
        Aspect::DhcpOptions => Told::by(&["AssociateDhcpOptions"]),
        Aspect::NetworkAcl(_) => {
            Told::by(&["ReplaceNetworkAclAssociation"]).naming(default_acls(seen))
        }
        Aspect::Transfer => Told::by(&["EnableAddressTransfer"]),
        Aspect::Endpoint(_) => Told::by(&["CreateVpcEndpoint", "ModifyVpcEndpoint"]),
        Aspect::ForeignFunction => Told {
            member: Some("vpcConfig"),
            ..Told::by(FUNCTION)
        },
        Aspect::ForeignGateway(_) => Told::by(&["CreateNatGateway"]),
        Aspect::EgressPath(_) => Told::by(FUNCTION),
    }
}

fn default_acls(seen: &StackView<'_>) -> Vec<String> {
    let acls = seen.snapshot.traffic.network_acls.iter().flatten();
    let acls = acls.filter(|acl| acl.default);
    acls.map(|acl| acl.id.clone()).collect()
}

/// The ids that a finding names.
fn named(values: &[&Value], rest: &str) -> BTreeSet<String> {
    let texts = values.iter().map(ToString::to_string);
    let texts: Vec<String> = texts.chain([rest.to_owned()]).collect();
    let words = texts
        .iter()
        .flat_map(|text| text.split(|char: char| !char.is_ascii_alphanumeric() && char != '-'));
    let types = || FACTS.iter().map(|facts| facts.prefix);
    let prefixes = || types().filter(|prefix| !prefix.is_empty()).chain(OTHER_IDS);
    let is_id = |word: &&str| {
        prefixes().any(|prefix| {
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
fn held(seen: &StackView<'_>, ip: &str, zone: &str) -> Vec<String> {
    let gateways = tombstones(seen, &NatGateway::key(zone));
    let nats = seen.snapshot.nat_gateways.iter();
    let nats = nats.filter(|nat| gateways.contains(&nat.id));
    let addresses = nats.flat_map(|nat| &nat.addresses);
    let of_it = addresses.filter(|one| ip.is_empty() || one.ip.as_deref() == Some(ip));
    of_it.filter_map(|one| one.allocation.clone()).collect()
}

/// What carried the key and is gone: AWS lists a NAT gateway for an hour.
fn tombstones(seen: &StackView<'_>, key: &Key) -> Vec<String> {
    let name = key.to_string();
    let gone = seen.snapshot.nat_gateways.iter().filter(|nat| {
        let tag = |tag: &str| nat.tags().get(tag).map(String::as_str);
        tag(STACK) == Some(seen.identity.stack()) && tag(KEY) == Some(&name)
    });
    gone.map(|nat| nat.id.clone()).collect()
}

/// The subnet of an entry, and the table that it follows now.
fn followed(seen: &StackView<'_>, entry: &str) -> Vec<String> {
    let mut keys = seen.identity.iter();
    let id = keys.find(|(key, _)| key.to_string() == entry);
    let Some((_, id)) = id else { return Vec::new() };
    let table = explicit_table(seen.snapshot, id);
    let table = table.map(|table| table.id.clone());
    [id.to_owned()].into_iter().chain(table).collect()
}
