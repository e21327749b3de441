//! What moves traffic besides the resources of a stack.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is read for a report and not for a plan. A part is `None` where it was
/// not asked for or not answered: unknown, not absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Traffic {
    /// The network ACLs of the VPCs that were read.
    pub network_acls: Option<Vec<NetworkAcl>>,
    /// The sets of DHCP options of the region.
    pub dhcp_options: Option<Vec<DhcpOptions>>,
    /// The endpoints of the VPCs that were read.
    pub endpoints: Option<Vec<Endpoint>>,
    /// The prefix lists that AWS keeps for its services.
    pub prefix_lists: Option<Vec<PrefixList>>,
    /// What the execution roles of functions may not do, of those that could
    /// be asked about.
    pub roles: Vec<Role>,
}

/// `DescribeNetworkAcls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkAcl {
    /// `acl-…`
    pub id: String,
    /// The VPC.
    pub vpc: String,
    /// Whether new subnets of the VPC get it.
    pub default: bool,
    /// The subnets that follow it.
    pub associations: Vec<AclAssociation>,
    /// Its rules, in the order of their numbers.
    pub entries: Vec<AclEntry>,
}

impl NetworkAcl {
    /// Whether a subnet follows it.
    pub fn has(&self, subnet: &str) -> bool {
        self.associations.iter().any(|one| one.subnet == subnet)
    }
}

/// That a subnet follows a network ACL; each follows exactly one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclAssociation {
    /// `aclassoc-…`
    pub id: String,
    /// `subnet-…`
    pub subnet: String,
}

/// One rule of a network ACL. The last one, without a number of its own,
/// denies all that is left and is not listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AclEntry {
    /// Whether it is about what leaves the subnet.
    pub egress: bool,
    /// Lower ones are looked at first.
    pub number: i32,
    /// Whether it lets through.
    pub allow: bool,
    /// `-1` for all, else the number of the protocol.
    pub protocol: String,
    /// First and last port, where the protocol has ports.
    pub ports: Option<(i32, i32)>,
    /// The other side, IPv4 or IPv6.
    pub cidr: String,
}

impl AclEntry {
    /// Where it stands: `ingress 50`.
    pub fn place(&self) -> String {
        let side = if self.egress { "egress" } else { "ingress" };
        format!("{side} {}", self.number)
    }
}

/// `deny tcp 1024-65535 0.0.0.0/0`
impl fmt::Display for AclEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.allow { "allow" } else { "deny" };
        let protocol = match self.protocol.as_str() {
            "-1" => "all",
            "6" => "tcp",
            "17" => "udp",
            "1" => "icmp",
            other => other,
        };
        write!(f, "{word} {protocol}")?;
        match self.ports {
            None => {}
            Some((first, last)) if first == last => write!(f, " {first}")?,
            Some((first, last)) => write!(f, " {first}-{last}")?,
        }
        write!(f, " {}", self.cidr)
    }
}

/// `DescribeDhcpOptions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DhcpOptions {
    /// `dopt-…`
    pub id: String,
    /// The name servers, in the order in which they are asked.
    pub servers: Vec<String>,
}

impl DhcpOptions {
    /// Whether names are asked of Amazon's resolver, under which endpoints and
    /// NAT work as described.
    pub(crate) fn is_amazons(&self) -> bool {
        self.servers.iter().any(|server| server == AMAZON_DNS)
    }
}

/// Amazon's own resolver.
pub(crate) const AMAZON_DNS: &str = "AmazonProvidedDNS";

/// `DescribeVpcEndpoints`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `vpce-…`
    pub id: String,
    /// The VPC.
    pub vpc: String,
    /// `com.amazonaws.ap-northeast-1.s3`
    pub service: String,
    /// `gateway`, `interface`, `gatewayloadbalancer`, … in lower case.
    pub kind: String,
    /// `pending`, `available`, `deleting`, … in lower case.
    pub state: String,
    /// The route tables that lead to a gateway endpoint.
    pub tables: Vec<String>,
}

impl Endpoint {
    /// The kind that route tables lead to by the prefix list of its service.
    pub const GATEWAY: &str = "gateway";
}

/// `DescribePrefixLists`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefixList {
    /// `pl-…`
    pub id: String,
    /// `com.amazonaws.ap-northeast-1.s3`
    pub name: String,
    /// Its networks.
    pub cidrs: Vec<String>,
}

/// `SimulatePrincipalPolicy` of a function's execution role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// `arn:aws:iam::123456789012:role/…`
    pub arn: String,
    /// What it may not do of what a function in a VPC needs (fact sheet
    /// section 8): `ec2:CreateNetworkInterface`.
    pub denied: Vec<String>,
}
