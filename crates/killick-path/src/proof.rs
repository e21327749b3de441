//! What comes out: a proof, or what stands against it.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::Serialize;

use crate::ports::Ports;

mod words;

/// How one runner leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The runner's name.
    pub runner: String,
    /// Alias and version; none: `$LATEST`.
    pub version: Option<(String, String)>,
    /// One path for each subnet, by id; one without a subnet for a runner in no VPC.
    pub paths: Vec<Path>,
}

impl Proof {
    /// The worst judgement of all paths.
    pub fn judgement(&self) -> Judgement {
        self.paths
            .iter()
            .map(|path| path.judgement)
            .max()
            .unwrap_or(Judgement::Unknown)
    }
}

/// Whether what was asked holds. In ascending order of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Every class of the asked destinations leaves by addresses that are all
    /// in the set, on one TCP port at least (or the asked one), every reply
    /// comes back, and names resolve.
    Proven,
    /// Nothing is known to be wrong, but something was not read.
    Unknown,
    /// Some class goes wrong.
    Refuted,
}

/// The way out of one subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Path {
    /// The subnet; none: the runner is in no VPC.
    pub subnet: Option<String>,
    /// The subnet's zone, where it is known.
    pub zone: Option<String>,
    /// The hops of the largest class, in order.
    pub hops: Vec<Hop>,
    /// The verdict on each class of destinations, the largest class first.
    pub classes: Vec<Class>,
    /// From which zone into which the way leads, where that is another one.
    pub crosses_zones: Option<(String, String)>,
    /// What else is to be known: sentences, in order.
    pub notes: BTreeSet<String>,
    /// Whether names resolve in the VPC.
    #[serde(skip)]
    pub names: Judgement,
    /// Whether the path is proven.
    pub judgement: Judgement,
}

impl Path {
    /// The class with the most destinations.
    pub fn main(&self) -> Option<&Class> {
        self.classes.first()
    }
}

/// Destinations that fare alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Class {
    /// Which.
    pub destinations: Destinations,
    /// What happens to packets for them.
    pub verdict: Verdict,
    /// The TCP ports that pass on the way out; none where there is no way out.
    pub ports: Ports,
    /// The ports to which replies come back.
    pub replies: Replies,
    /// The NAT gateways that packets reached.
    #[serde(skip)]
    pub nats: BTreeSet<String>,
    /// The network ACLs that deny some of the replies.
    #[serde(skip)]
    pub narrowed: BTreeSet<String>,
}

impl Class {
    /// Whether packets leave by the set, on one port at least, and every reply
    /// comes back.
    pub fn judgement(&self) -> Judgement {
        match &self.verdict {
            Verdict::Leaves { .. } if self.replies == Replies::all() && !self.ports.is_empty() => {
                Judgement::Proven
            }
            Verdict::Unknown { .. } => Judgement::Unknown,
            _ => Judgement::Refuted,
        }
    }
}

/// The ports to which replies come back, out of 1024 to 65535.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Replies {
    /// The port that the NAT gateway took.
    pub to_nat: Ports,
    /// The port that the function took.
    pub to_function: Ports,
}

impl Replies {
    /// Nothing denies a reply.
    pub fn all() -> Self {
        Self {
            to_nat: Ports::ephemeral(),
            to_function: Ports::ephemeral(),
        }
    }
}

/// Destinations, said as briefly as possible.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Destinations {
    /// The public internet over IPv4.
    Everything,
    /// The public internet over IPv4 but for these networks.
    EverythingBut {
        /// The rest.
        nets: Vec<ipnet::IpNet>,
    },
    /// These networks.
    Nets {
        /// They.
        nets: Vec<ipnet::IpNet>,
    },
    /// The entries of a prefix list that was not read.
    List {
        /// `pl-…`
        id: String,
    },
    /// The public internet over IPv6.
    EverythingOverIpv6,
}

/// What happens to packets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Verdict {
    /// They leave by one of these, and all are in the set.
    Leaves {
        /// The addresses.
        addresses: BTreeSet<Ipv4Addr>,
    },
    /// They leave, but by an address that is not in the set or not known.
    Outside {
        /// The addresses that are known.
        addresses: BTreeSet<Ipv4Addr>,
        /// Those that are not in the set.
        unlisted: BTreeSet<Ipv4Addr>,
        /// Whose address is not known, where one is not.
        unnamed: Option<Unnamed>,
    },
    /// They are dropped, or their replies are.
    NoWayOut {
        /// What stops them.
        hop: HopKind,
        /// Its id.
        id: String,
        /// Why.
        reason: String,
    },
    /// They go another way, by whatever is behind it.
    Elsewhere {
        /// The route's target, or `local`.
        target: String,
        /// Which way leads there.
        leg: Leg,
    },
    /// It depends on something that was not read.
    Unknown {
        /// What.
        what: BTreeSet<String>,
    },
}

/// Whose address is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unnamed {
    /// AWS picks one.
    Aws,
    /// One of this NAT gateway's.
    NatGateway(String),
}

/// Out or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// The way out.
    Request,
    /// The way of the replies.
    Reply,
}

/// A station of the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// Of what kind.
    pub kind: HopKind,
    /// Its id; empty where it has none.
    pub id: String,
    /// Why it lets through, or why it stops.
    pub words: String,
}

/// The kinds of hops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HopKind {
    /// The function itself.
    Function,
    /// A subnet.
    Subnet,
    /// The runner's security groups.
    SecurityGroup,
    /// A network ACL.
    NetworkAcl,
    /// A route table.
    RouteTable,
    /// A NAT gateway.
    NatGateway,
    /// An internet gateway.
    InternetGateway,
    /// VPC Block Public Access.
    BlockPublicAccess,
    /// A public address.
    Address,
    /// Another target of a route.
    Other,
}

impl HopKind {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Subnet => "subnet",
            Self::SecurityGroup => "security group",
            Self::NetworkAcl => "network ACL",
            Self::RouteTable => "route table",
            Self::NatGateway => "NAT gateway",
            Self::InternetGateway => "internet gateway",
            Self::BlockPublicAccess => "Block Public Access",
            Self::Address => "address",
            Self::Other => "target",
        }
    }
}
