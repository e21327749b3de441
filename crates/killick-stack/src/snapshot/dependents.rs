//! What can keep AWS from deleting a VPC and what is in it.

use serde::{Deserialize, Serialize};

use super::Version;

/// What only `destroy` reads. What was refused is in
/// [`Snapshot::unreadable`](super::Snapshot::unreadable).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dependents {
    /// The network interfaces of the VPCs that were read.
    pub interfaces: Vec<NetworkInterface>,
    /// What else is attached to these VPCs.
    pub attached: Vec<Dependent>,
    /// The published versions of all functions of the region.
    pub versions: Vec<Version>,
}

/// `DescribeNetworkInterfaces`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkInterface {
    /// `eni-…`
    pub id: String,
    /// The VPC.
    pub vpc: String,
    /// The subnet.
    pub subnet: String,
    /// The security groups.
    pub groups: Vec<String>,
    /// `interface`, `lambda`, `nat_gateway`, `vpc_endpoint`, …
    pub kind: String,
    /// Free text. A service of AWS writes here what the interface is for.
    pub description: String,
    /// The service that made it, where a service did: then only that service
    /// can delete it.
    pub requester: Option<String>,
    /// The account that it belongs to.
    pub owner: Option<String>,
    /// The instance that it is attached to.
    pub instance: Option<String>,
    /// Whether a public address is mapped to it.
    pub public: bool,
}

/// What is attached to a VPC and has no other place in a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependent {
    /// What it is.
    pub kind: DependentKind,
    /// Its id; for a VPC association of a security group the id of the group.
    pub id: String,
    /// The VPCs that it is attached to.
    pub vpcs: Vec<String>,
    /// Its state, in lower case; empty where it has none.
    #[serde(default)]
    pub state: String,
    /// What more there is to say, such as the service of an endpoint.
    #[serde(default)]
    pub about: Option<String>,
    /// The account that it belongs to.
    #[serde(default)]
    pub owner: Option<String>,
    /// Whether a service of AWS made it.
    #[serde(default)]
    pub requested: bool,
}

/// The types of [`Dependent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DependentKind {
    /// `DescribeVpcEndpoints`
    VpcEndpoint,
    /// `DescribeVpcPeeringConnections`
    VpcPeeringConnection,
    /// `DescribeVpnGateways`
    VpnGateway,
    /// `DescribeEgressOnlyInternetGateways`
    EgressOnlyInternetGateway,
    /// `DescribeCarrierGateways`
    CarrierGateway,
    /// `DescribeNetworkAcls`, without the default ACLs.
    NetworkAcl,
    /// `DescribeSecurityGroupVpcAssociations`
    SecurityGroupVpcAssociation,
}

impl DependentKind {
    /// As an id of a kind is written: `vpc_endpoint`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VpcEndpoint => "vpc_endpoint",
            Self::VpcPeeringConnection => "vpc_peering_connection",
            Self::VpnGateway => "vpn_gateway",
            Self::EgressOnlyInternetGateway => "egress_only_internet_gateway",
            Self::CarrierGateway => "carrier_gateway",
            Self::NetworkAcl => "network_acl",
            Self::SecurityGroupVpcAssociation => "security_group_vpc_association",
        }
    }
}

impl Dependent {
    /// Whether it goes by itself, or is gone: AWS lists some for a while.
    pub(crate) fn leaves(&self) -> bool {
        let gone: &[&str] = match self.kind {
            DependentKind::VpcPeeringConnection => {
                &["deleting", "deleted", "rejected", "failed", "expired"]
            }
            DependentKind::SecurityGroupVpcAssociation => {
                &["disassociating", "disassociated", "association-failed"]
            }
            DependentKind::VpcEndpoint
            | DependentKind::VpnGateway
            | DependentKind::EgressOnlyInternetGateway
            | DependentKind::CarrierGateway
            | DependentKind::NetworkAcl => &["deleting", "deleted", "detaching", "detached"],
        };
        gone.contains(&self.state.as_str())
    }
}
