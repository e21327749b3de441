//! NAT gateways and internet gateways.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

/// A NAT gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatGateway {
    /// `nat-…`
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Its subnet; a regional NAT gateway has none.
    pub subnet: Option<String>,
    /// `pending`, `available`, `failed`, `deleting` or `deleted`.
    pub state: String,
    /// Connectivity: public, not private.
    pub public: bool,
    /// Its addresses, the primary one first. It uses any of them.
    pub addresses: Vec<NatAddress>,
}

/// An address of a NAT gateway.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NatAddress {
    /// `eipalloc-…`
    pub allocation: Option<String>,
    /// The public address, once it is known.
    pub public: Option<Ipv4Addr>,
    /// The private address, once it is known.
    pub private: Option<Ipv4Addr>,
}

/// An internet gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternetGateway {
    /// `igw-…`
    pub id: String,
    /// The VPC that it is attached to.
    pub vpc: Option<String>,
}
