//! The validated desired state.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;

use crate::date::Date;

/// What one stack should look like. Only [`parse`](crate::parse) makes one that
/// has passed the rules named on the fields; code that builds its own must keep
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spec {
    /// Identity of everything the stack owns: 1 to 64 characters of `a-z`,
    /// `0-9` and `-`, neither starting with `-` nor with `sg-`.
    pub stack: String,
    /// Region name, such as `ap-northeast-1`.
    pub region: String,
    /// Account id of exactly 12 digits; with it killick refuses to run against
    /// any other account. An ARN among the functions sets it too.
    pub account: Option<String>,
    /// The VPC.
    pub network: Network,
    /// The zones, 1 to 6, in file order, names unique.
    pub zones: Vec<Zone>,
    /// Where the NAT gateways stand.
    pub nat: Nat,
    /// The addresses that partners were promised, unique, in file order; empty
    /// while nothing is promised.
    pub addresses: Vec<Ipv4Addr>,
    /// Security groups of somebody else for the functions, `sg-…`, at most 5;
    /// empty where killick makes one.
    pub security_groups: Vec<String>,
    /// The functions to attach, in file order; may be empty while only the
    /// network exists.
    pub functions: Vec<Function>,
    /// The user's own tags, at most 40, without reserved keys.
    pub tags: BTreeMap<String, String>,
    /// What had another name before.
    pub moved: Moved,
    /// Drift that is known and let be for a time, in file order; no finding
    /// twice.
    pub accepts: Vec<Accept>,
}

impl Spec {
    /// The zone whose NAT gateway serves `zone`: itself with one gateway per
    /// zone, else the zone of the single gateway. `zone` is not looked up.
    #[must_use]
    pub fn nat_zone<'a>(&'a self, zone: &'a str) -> &'a str {
        match &self.nat {
            Nat::PerZone => zone,
            Nat::Single { zone } => zone,
        }
    }

    /// Whether a NAT gateway stands in `zone`; false for a zone that the spec
    /// does not name.
    #[must_use]
    pub fn has_nat(&self, zone: &str) -> bool {
        self.zones.iter().any(|known| known.name == zone) && self.nat_zone(zone) == zone
    }
}

/// The VPC of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// killick makes it.
    Made {
        /// Primary IPv4 network, canonical, `/16` to `/28` (`[B:ec2]` CreateVpc).
        cidr: Ipv4Net,
    },
    /// Somebody else's; it has an internet gateway.
    Brought {
        /// `vpc-…`
        vpc: String,
    },
}

impl Network {
    /// The id of somebody else's VPC.
    #[must_use]
    pub fn brought(&self) -> Option<&str> {
        match self {
            Self::Made { .. } => None,
            Self::Brought { vpc } => Some(vpc),
        }
    }
}

/// One zone with its two subnets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// What the zone is called in this stack, part of the keys of all that is
    /// in it: the name of the availability zone, or 1 to 32 characters of `a-z`,
    /// `0-9` and `-`, not starting with `-`, where `availability_zone` says which
    /// one is meant.
    pub name: String,
    /// The region's name and one letter, such as `ap-northeast-1a`.
    pub availability_zone: String,
    /// Where the NAT gateway stands.
    pub public: Place,
    /// Where the functions run.
    pub private: Place,
    /// Somebody else's Elastic IP for the NAT gateway, `eipalloc-…`; only in a
    /// zone that has one. No two zones name the same.
    pub address: Option<String>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// killick makes it with this network: canonical, inside a VPC that killick
    /// makes, overlapping no other subnet of the spec, `/16` to `/28` (`[B:ec2]`
    /// CreateSubnet).
    Made(Ipv4Net),
    /// Somebody else's, `subnet-…`, in somebody else's VPC; no other zone or
    /// side names it.
    Brought(String),
}

impl Place {
    /// The network of a subnet that killick makes.
    #[must_use]
    pub fn made(&self) -> Option<Ipv4Net> {
        match self {
            Self::Made(net) => Some(*net),
            Self::Brought(_) => None,
        }
    }

    /// The id of somebody else's subnet.
    #[must_use]
    pub fn brought(&self) -> Option<&str> {
        match self {
            Self::Made(_) => None,
            Self::Brought(id) => Some(id),
        }
    }
}

/// Where the NAT gateways stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nat {
    /// One in every zone: traffic stays in its zone, and the loss of one zone
    /// leaves the others working.
    PerZone,
    /// One for all zones: one address, cheaper, no redundancy.
    Single {
        /// The zone it stands in, always one of the spec's.
        zone: String,
    },
}

/// Lambda functions, deployed by another tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Function {
    /// Which ones; no two of a spec select by the same words.
    pub select: Select,
    /// Security groups of somebody else for these functions, `sg-…`, at most 5;
    /// empty where those of the whole stack are meant.
    pub security_groups: Vec<String>,
}

/// How functions are told from others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Select {
    /// One by its name, never an ARN: 1 to 64 characters of `A-Z`, `a-z`, `0-9`,
    /// `-` and `_` (`[B:lambda]` FunctionName).
    Name(String),
    /// All whose name begins like this: 1 to 63 of the same characters.
    Prefix(String),
    /// All that carry this tag.
    Tag {
        /// 1 to 128 characters, not of the prefix `aws:` (`[B:lambda]` TagKey).
        key: String,
        /// At most 256 characters, may be empty.
        value: String,
    },
}

impl Function {
    /// The name, where one function is meant.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.select {
            Select::Name(name) => Some(name),
            Select::Prefix(_) | Select::Tag { .. } => None,
        }
    }
}

/// Names that were others before: tags change, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// What this stack was called before, oldest name first.
    pub stacks: Vec<String>,
    /// What zones were called before: old name to one of the spec's zones. No
    /// old name is a zone of the spec.
    pub zones: BTreeMap<String, String>,
}

/// One finding of drift that is let be for a time. Two are equal where they say
/// the same, wherever they stand in the file.
#[derive(Debug, Clone, Serialize)]
pub struct Accept {
    /// Its id as `drift` prints it: `d-` and 6 of `0-9` and `a-f`.
    pub finding: String,
    /// The last day. The spec knows no clock: it may be long past.
    pub until: Date,
    /// Why; not blank, without control characters.
    pub reason: String,
    /// The line of the file where the table begins, from 1.
    pub line: usize,
}

impl PartialEq for Accept {
    fn eq(&self, other: &Self) -> bool {
        // The line is no part of what is desired: an edit elsewhere moves it.
        (&self.finding, self.until, &self.reason) == (&other.finding, other.until, &other.reason)
    }
}

impl Eq for Accept {}
