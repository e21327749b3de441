//! The network as it was read: plain data under raw AWS ids.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};

mod filter;
mod gateway;
mod known;
mod route;

pub use filter::{Acl, AclEntry, Peer, Protocol, Rule, SecurityGroup};
pub use gateway::{InternetGateway, NatAddress, NatGateway};
pub use known::Known;
pub use route::{Destination, Origin, PrefixList, Route, RouteTable, Target};

/// One account's network in one Region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// The VPCs.
    pub vpcs: Known<Vec<Vpc>>,
    /// The subnets of these VPCs.
    pub subnets: Known<Vec<Subnet>>,
    /// The network ACLs.
    pub acls: Known<Vec<Acl>>,
    /// The route tables, edge tables included.
    pub route_tables: Known<Vec<RouteTable>>,
    /// The security groups.
    pub security_groups: Known<Vec<SecurityGroup>>,
    /// The NAT gateways in every state.
    pub nat_gateways: Known<Vec<NatGateway>>,
    /// The internet gateways.
    pub internet_gateways: Known<Vec<InternetGateway>>,
}

/// A VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// `vpc-…`
    pub id: String,
    /// Primary and secondary IPv4 blocks.
    pub cidrs: Vec<Ipv4Net>,
    /// IPv6 blocks.
    pub ipv6_cidrs: Vec<Ipv6Net>,
    /// VPC Block Public Access, as it holds for the VPC as a whole.
    pub block_public_access: Known<BlockPublicAccess>,
    /// The attribute `enableDnsSupport`.
    pub dns_support: Known<bool>,
}

/// A mode of VPC Block Public Access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockPublicAccess {
    /// Nothing is blocked.
    Off,
    /// Traffic that comes in is blocked; NAT gateways and egress-only gateways work.
    Ingress,
    /// All traffic of internet gateways and egress-only gateways is blocked.
    Bidirectional,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// `subnet-…`
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// The name of its zone.
    pub zone: String,
    /// Its IPv4 block.
    pub cidr: Ipv4Net,
    /// Its IPv6 blocks.
    pub ipv6_cidrs: Vec<Ipv6Net>,
    /// The mode of this subnet where it differs from the VPC's (an exclusion); none: as the VPC.
    pub block_public_access: Option<BlockPublicAccess>,
}

/// What runs: `$LATEST` of a Lambda function, or a published version behind an alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runner {
    /// The function's name.
    pub name: String,
    /// Alias and version number; none: `$LATEST`.
    pub version: Option<(String, String)>,
    /// The VPC; none: it leaves by addresses that AWS picks.
    pub vpc: Option<String>,
    /// The subnets of its VPC config.
    pub subnets: Vec<String>,
    /// The security groups of its VPC config.
    pub groups: Vec<String>,
    /// `Ipv6AllowedForDualStack`.
    pub ipv6: bool,
    /// Why it may still run in another network than this one: then nothing that
    /// leaves is known to leave so.
    #[serde(default)]
    pub unsettled: Option<String>,
}

/// What is to be proven.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The fixed addresses.
    pub set: std::collections::BTreeSet<Ipv4Addr>,
    /// One partner's network; none: all of the public internet.
    pub destination: Option<IpNet>,
    /// The TCP port that has to pass; none: any.
    pub port: Option<u16>,
}
