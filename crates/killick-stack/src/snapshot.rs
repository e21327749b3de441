//! What was read: plain data with raw ids, foreign resources included.
//!
//! A saved snapshot replays a bug report or a golden test without AWS.

mod dependents;
mod function;
mod gateway;
mod traffic;

use killick_core::Policy;
use killick_finding::Part;
use killick_spec::{Select, Spec};
use serde::{Deserialize, Serialize};

use crate::rule::Rule;
use crate::tags::Tags;

pub use dependents::{Dependent, DependentKind, Dependents, NetworkInterface};
pub use function::{Function, Record, Recorded, TaggedFunction, Version};
pub use gateway::{Address, InternetGateway, NatAddress, NatGateway, Transfer};
pub(crate) use traffic::AMAZON_DNS;
pub use traffic::{
    AclAssociation, AclEntry, DhcpOptions, Endpoint, NetworkAcl, PrefixList, Role, Traffic,
};

/// Everything that one read saw of one account and region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// The account id, twelve digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// All VPCs of the region.
    pub vpcs: Vec<Vpc>,
    /// All internet gateways of the region.
    pub internet_gateways: Vec<InternetGateway>,
    /// All NAT gateways of the region, those that are gone included.
    pub nat_gateways: Vec<NatGateway>,
    /// All Elastic IPs of the region.
    pub addresses: Vec<Address>,
    /// The subnets of the stack's VPC.
    pub subnets: Vec<Subnet>,
    /// The route tables of the stack's VPC.
    pub route_tables: Vec<RouteTable>,
    /// The security groups of the stack's VPC.
    pub security_groups: Vec<SecurityGroup>,
    /// The functions that the spec names, and all others if asked for.
    pub functions: Vec<Function>,
    /// The functions that carry a tag by which the spec selects.
    pub tagged: Vec<TaggedFunction>,
    /// What the functions had before killick attached them.
    pub records: Vec<Record>,
    /// The resources that the stack wrote down as its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recorded: Vec<Recorded>,
    /// The Elastic IPs that are on their way to another account.
    pub transfers: Vec<Transfer>,
    /// The published versions of the functions that the spec names.
    pub versions: Vec<Version>,
    /// What moves traffic besides; empty where nobody asked.
    pub traffic: Traffic,
    /// What can keep AWS from deleting a network; empty where nobody asked.
    pub dependents: Dependents,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

impl Snapshot {
    /// Whether a part could not be read: then what it has is unknown, not
    /// absent.
    pub fn unread(&self, part: Part) -> bool {
        self.unreadable.iter().any(|one| one.part == part)
    }
}

/// A read that was refused: what it would have shown is unknown, not absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// What is unknown.
    #[serde(flatten)]
    pub part: Part,
    /// The IAM action that is missing: `ec2:DescribeNatGateways`.
    pub permission: String,
    /// The error code.
    pub code: String,
    /// The service's own text.
    pub message: String,
    /// What support asks for.
    pub request_id: Option<String>,
}

impl Unreadable {
    /// Whether steps come from it: a report wants more than a plan needs, and
    /// a plan that may repair more needs more.
    pub fn needed(&self, policy: Policy, spec: &Spec) -> bool {
        let prefix = |one: &killick_spec::Function| matches!(one.select, Select::Prefix(_));
        match self.part {
            Part::OtherFunctions => spec.functions.iter().any(prefix),
            Part::NetworkAcls | Part::Transfers => policy.prune,
            Part::Roles => policy.grant,
            Part::Dependents
            | Part::DhcpOptions
            | Part::Endpoints
            | Part::PrefixLists
            | Part::Records
            | Part::Trail
            | Part::Versions => false,
            Part::Vpcs
            | Part::DnsSupport
            | Part::DnsHostnames
            | Part::InternetGateways
            | Part::Subnets
            | Part::Addresses
            | Part::NatGateways
            | Part::RouteTables
            | Part::SecurityGroups
            | Part::Functions
            | Part::TaggedFunctions => true,
        }
    }
}

/// A resource that carries tags, and its identity in them.
pub trait Tagged {
    /// The id that AWS gave it.
    fn id(&self) -> &str;
    /// Its tags.
    fn tags(&self) -> &Tags;
}

macro_rules! tagged {
    ($($Type:ident),* $(,)?) => {
        $(
            impl Tagged for $Type {
                fn id(&self) -> &str {
                    &self.id
                }

                fn tags(&self) -> &Tags {
                    &self.tags
                }
            }
        )*
    };
}

tagged!(
    Vpc,
    InternetGateway,
    NatGateway,
    Address,
    Subnet,
    RouteTable,
    SecurityGroup
);

/// The mode of VPC Block Public Access in which nothing leaves; the other one
/// lets NAT gateways work.
pub const BLOCKED: &str = "block-bidirectional";

/// `DescribeVpcs` and two `DescribeVpcAttribute`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// `vpc-…`
    pub id: String,
    /// The primary CIDR.
    pub cidr: String,
    /// The other IPv4 CIDRs.
    #[serde(default)]
    pub secondary: Vec<String>,
    /// The IPv6 CIDRs.
    #[serde(default)]
    pub ipv6: Vec<String>,
    /// What VPC Block Public Access does here: `off`, `block-ingress`,
    /// `block-bidirectional`; none where the answer does not tell.
    #[serde(default)]
    pub block_public_access: Option<String>,
    /// The set of DHCP options that it follows.
    #[serde(default)]
    pub dhcp_options: Option<String>,
    /// `pending`, `available`.
    pub state: String,
    /// Read for the stack's VPC only.
    #[serde(default)]
    pub dns_support: Option<bool>,
    /// Read for the stack's VPC only.
    #[serde(default)]
    pub dns_hostnames: Option<bool>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// `DescribeSubnets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// `subnet-…`
    pub id: String,
    /// The VPC.
    pub vpc: String,
    /// The availability zone's name.
    pub zone: String,
    /// The IPv4 CIDR.
    pub cidr: String,
    /// The IPv6 CIDRs.
    #[serde(default)]
    pub ipv6: Vec<String>,
    /// What VPC Block Public Access does here; as for a VPC.
    #[serde(default)]
    pub block_public_access: Option<String>,
    /// `pending`, `available`, …
    pub state: String,
    /// Whether instances launched here get a public address.
    pub map_public_ip: bool,
    /// How many addresses are free; none where the answer does not tell.
    #[serde(default)]
    pub free: Option<i32>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// `DescribeRouteTables`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// `rtb-…`
    pub id: String,
    /// The VPC.
    pub vpc: String,
    /// Whether it is the VPC's main table.
    pub main: bool,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Its explicit associations.
    pub associations: Vec<Association>,
    /// The virtual private gateways that write routes into it.
    #[serde(default)]
    pub propagating: Vec<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// One route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// A CIDR or a prefix list.
    pub destination: String,
    /// The id of what it points at.
    pub target: String,
    /// `active`, `blackhole`, `filtered`.
    pub state: String,
    /// `CreateRouteTable`, `CreateRoute`, `EnableVgwRoutePropagation`, `Advertisement`.
    pub origin: String,
}

/// One explicit association of a route table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Association {
    /// `rtbassoc-…`
    pub id: String,
    /// The subnet, or the gateway of an edge association.
    pub member: String,
}

/// `DescribeSecurityGroups`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// `sg-…`
    pub id: String,
    /// The VPC.
    pub vpc: String,
    /// Its name, unique within the VPC whatever the case.
    pub name: String,
    /// What may come in.
    pub ingress: Vec<Rule>,
    /// What may go out.
    pub egress: Vec<Rule>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}
