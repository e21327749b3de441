//! Which events would have done what a finding shows.

use std::collections::BTreeSet;

use killick_core::{Change, Key, Value};

use super::event::Event;
use crate::catalogue::kind;
use crate::finding::Finding;
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
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

const ROUTES: &[&str] = &["CreateRoute", "ReplaceRoute", "DeleteRoute"];
const ASSOCIATIONS: &[&str] = &[
    "AssociateRouteTable",
    "ReplaceRouteTableAssociation",
    "DisassociateRouteTable",
];
const TAGS: &[&str] = &["CreateTags", "DeleteTags"];

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
        let (kind_name, name) = finding.key.split_once('/').unwrap_or(("", &finding.key));
        let key = kind(kind_name).map(|kind| Key::new(kind, name));
        let field = finding.field.as_deref().unwrap_or_default();
        let (head, rest) = field.split_once('.').unwrap_or((field, ""));
        let own: BTreeSet<String> = key
            .iter()
            .flat_map(|key| {
                let id = seen.identity.id(key).map(str::to_owned);
                id.into_iter().chain(tombstones(seen, key))
            })
            .collect();
        // A route is told by its table: its target may be that of others too.
        let routes = kind_name == RouteTable::KIND && head == "routes";
        let mut ids = match routes && !own.is_empty() {
            true => own,
            false => {
                let named = named(&[&finding.live, &finding.desired], rest);
                own.into_iter().chain(named).collect()
            }
        };
        match head {
            "associations" => ids.extend(followed(seen, rest)),
            "promised" | "" if kind_name == ElasticIp::KIND => ids.extend(held(seen, rest, name)),
            "role" => {
                ids.insert(rest.to_owned());
            }
            _ => {}
        }
        let also = match head {
            "tags" => Some(rest.to_owned()),
            _ => routes.then(|| rest.to_owned()),
        };
        let member = match (kind_name, head) {
            (Function::KIND, "subnets" | "security_groups" | "ipv6") => Some("vpcConfig"),
            (Vpc::KIND, "dns_support") => Some("enableDnsSupport"),
            (Vpc::KIND, "dns_hostnames") => Some("enableDnsHostnames"),
            _ => None,
        };
        if head == "main_table" {
            let tables = seen.snapshot.route_tables.iter().filter(|table| table.main);
            ids.extend(tables.map(|table| table.id.clone()));
        }
        if head == "network_acl" {
            let acls = seen.snapshot.traffic.network_acls.iter().flatten();
            ids.extend(acls.filter(|acl| acl.default).map(|acl| acl.id.clone()));
        }
        let loose: &[&str] = match head {
            "associations" => &["DisassociateRouteTable"],
            "block_public_access" => &["ModifyVpcBlockPublicAccessOptions"],
            _ => &[],
        };
        let region = (head == "role").then(|| global(seen.snapshot.region.as_str()));
        Self {
            names: names(kind_name, head, finding.what),
            ids,
            also,
            member,
            loose,
            region,
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

/// The events that can have done it.
fn names(kind: &str, field: &str, what: Change) -> &'static [&'static str] {
    match (kind, field) {
        (_, "tags") if what == Change::Missing => &["DeleteTags"],
        (_, "tags") => TAGS,
        (RouteTable::KIND, "routes") => ROUTES,
        (RouteTable::KIND, "associations") => ASSOCIATIONS,
        (RouteTable::KIND, "propagated") => &["EnableVgwRoutePropagation"],
        (RouteTable::KIND, _) => &["DeleteRouteTable"],
        (NatGateway::KIND, "secondary") => &["AssociateNatGatewayAddress"],
        (NatGateway::KIND, "") if what == Change::Missing => {
            &["DeleteNatGateway", "CreateNatGateway", "ReplaceRoute"]
        }
        (NatGateway::KIND, _) => &["CreateNatGateway", "DeleteNatGateway"],
        (ElasticIp::KIND, "transfer") => &["EnableAddressTransfer"],
        (ElasticIp::KIND, _) => &["ReleaseAddress", "AssociateAddress", "DisassociateAddress"],
        (InternetGateway::KIND, "edge_table") => ASSOCIATIONS,
        (InternetGateway::KIND, _) => &[
            "DetachInternetGateway",
            "AttachInternetGateway",
            "DeleteInternetGateway",
        ],
        (SecurityGroup::KIND, "") => &["DeleteSecurityGroup"],
        (SecurityGroup::KIND, "egress") if what == Change::Missing => {
            &["RevokeSecurityGroupEgress", "ModifySecurityGroupRules"]
        }
        (SecurityGroup::KIND, "egress") => {
            &["AuthorizeSecurityGroupEgress", "ModifySecurityGroupRules"]
        }
        (SecurityGroup::KIND, _) => &["AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules"],
        (Subnet::KIND, "network_acl") => &["ReplaceNetworkAclAssociation"],
        (Subnet::KIND, "nat_gateways") => &["CreateNatGateway"],
        (Subnet::KIND, "") => &["DeleteSubnet"],
        (Subnet::KIND, _) => &["ModifySubnetAttribute"],
        (Vpc::KIND, "network_acl") => &[
            "CreateNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "DeleteNetworkAclEntry",
        ],
        (Vpc::KIND, "dhcp_options") => &["AssociateDhcpOptions"],
        (Vpc::KIND, "endpoints") => &["CreateVpcEndpoint", "ModifyVpcEndpoint"],
        (Vpc::KIND, "block_public_access") => &["ModifyVpcBlockPublicAccessOptions"],
        (Vpc::KIND, "main_table") => &[
            "ReplaceRouteTableAssociation",
            "CreateRoute",
            "ReplaceRoute",
        ],
        (Vpc::KIND, "") => &["DeleteVpc"],
        (Vpc::KIND, _) => &["ModifyVpcAttribute"],
        (Function::KIND, "role") => &["DetachRolePolicy", "DeleteRolePolicy", "PutRolePolicy"],
        (Function::KIND, "aliases") => &["UpdateAlias20150331", "CreateAlias20150331"],
        (Function::KIND, "") => &[
            "DeleteFunction20150331",
            "UpdateFunctionConfiguration20150331v2",
        ],
        (Function::KIND, _) => &[
            "UpdateFunctionConfiguration20150331v2",
            "CreateFunction20150331",
        ],
        _ => &[],
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
