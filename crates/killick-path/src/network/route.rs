//! Route tables.

use std::fmt;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};

use super::known::Known;

/// A route table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// `rtb-…`
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Whether subnets without a table of their own follow it.
    pub main: bool,
    /// The subnets that are associated with it by name.
    pub subnets: Vec<String>,
    /// The gateways whose inbound traffic follows it (edge associations).
    pub gateways: Vec<String>,
    /// Its routes. The `local` ones may be left out: they follow from the VPC's blocks.
    pub routes: Vec<Route>,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Route {
    /// For which destinations.
    pub to: Destination,
    /// To what.
    pub target: Target,
    /// False: a blackhole, it drops.
    pub active: bool,
    /// Where it comes from.
    pub origin: Origin,
}

/// The destination of a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// An IPv4 network.
    V4(Ipv4Net),
    /// An IPv6 network.
    V6(Ipv6Net),
    /// The entries of a prefix list.
    List(PrefixList),
}

impl From<IpNet> for Destination {
    fn from(net: IpNet) -> Self {
        match net {
            IpNet::V4(net) => Self::V4(net),
            IpNet::V6(net) => Self::V6(net),
        }
    }
}

/// A prefix list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PrefixList {
    /// `pl-…`
    pub id: String,
    /// Its entries.
    pub entries: Known<Vec<IpNet>>,
}

/// The target of a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The VPC itself.
    Local,
    /// A gateway, an interface, a peering connection…: told by the prefix of the id.
    Id(String),
}

impl From<&str> for Target {
    fn from(text: &str) -> Self {
        match text {
            "local" => Self::Local,
            id => Self::Id(id.to_owned()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Local => "local",
            Self::Id(id) => id,
        })
    }
}

/// Where a route comes from. Among equal prefixes the order is local, created
/// (a network before a prefix list), propagated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It came with the table.
    Local,
    /// Somebody made it.
    Created,
    /// A virtual private gateway or a route server wrote it.
    Propagated,
}
