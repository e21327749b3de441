//! The validated desired state.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use serde::Serialize;

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
    /// any other account.
    pub account: Option<String>,
    /// The VPC.
    pub network: Network,
    /// The availability zones, 1 to 6, in file order, names unique.
    pub zones: Vec<Zone>,
    /// Where the NAT gateways stand.
    pub nat: Nat,
    /// The functions to attach, in file order, names unique; may be empty while
    /// only the network exists.
    pub functions: Vec<Function>,
    /// The user's own tags, at most 40, without reserved keys.
    pub tags: BTreeMap<String, String>,
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
pub struct Network {
    /// Primary IPv4 network, canonical, `/16` to `/28` (`[B:ec2]` CreateVpc).
    pub cidr: Ipv4Net,
}

/// One availability zone with its two subnets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// The region's name and one letter, such as `ap-northeast-1a`.
    pub name: String,
    /// Subnet of the NAT gateway, canonical, inside the VPC, overlapping no
    /// other subnet, `/16` to `/28` (`[B:ec2]` CreateSubnet).
    pub public: Ipv4Net,
    /// Subnet of the functions, under the same rules.
    pub private: Ipv4Net,
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

/// One Lambda function, deployed by another tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Function {
    /// Its name, never an ARN: 1 to 64 characters of `A-Z`, `a-z`, `0-9`, `-`
    /// and `_` (`[B:lambda]` FunctionName).
    pub name: String,
}
