//! Network ACLs and security groups.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::PrefixList;

/// A network ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acl {
    /// `acl-…`
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Whether it is the VPC's default.
    pub default: bool,
    /// The subnets that are associated with it.
    pub subnets: Vec<String>,
    /// Its entries, in any order, without the final deny.
    pub entries: Vec<AclEntry>,
}

/// An entry of a network ACL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AclEntry {
    /// The rule number: the lowest that matches decides.
    pub number: u16,
    /// For traffic that leaves the subnet, not for traffic that enters it.
    pub egress: bool,
    /// Allow or deny.
    pub allow: bool,
    /// The protocol.
    pub protocol: Protocol,
    /// First and last destination port; none: every port.
    pub ports: Option<(u16, u16)>,
    /// The remote network: the source on the way in, the destination on the way out.
    pub net: IpNet,
}

/// A protocol of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// `-1`; such a rule has no ports.
    All,
    /// 6
    Tcp,
    /// 17
    Udp,
    /// 1
    Icmp,
    /// Any other, as it was read.
    Other(String),
}

impl From<&str> for Protocol {
    fn from(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "-1" | "all" => Self::All,
            "6" | "tcp" => Self::Tcp,
            "17" | "udp" => Self::Udp,
            "1" | "icmp" => Self::Icmp,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// `sg-…`
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// What may come in. A reply needs no such rule: groups are stateful.
    pub ingress: Vec<Rule>,
    /// What may go out.
    pub egress: Vec<Rule>,
}

/// A rule of a security group: it allows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rule {
    /// The protocol.
    pub protocol: Protocol,
    /// First and last destination port; none: every port.
    pub ports: Option<(u16, u16)>,
    /// The other side.
    pub peer: Peer,
}

/// The other side of a security group's rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Peer {
    /// A network.
    Net(IpNet),
    /// The entries of a prefix list.
    List(PrefixList),
    /// The private addresses of a group's members: never the internet.
    Group(String),
}
