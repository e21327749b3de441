//! Gateways and the addresses that they hold.

use serde::{Deserialize, Serialize};

use crate::tags::Tags;

/// `DescribeInternetGateways`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternetGateway {
    /// `igw-…`
    pub id: String,
    /// The VPC that it is attached to.
    #[serde(default)]
    pub vpc: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// `DescribeNatGateways`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatGateway {
    /// `nat-…`
    pub id: String,
    /// The VPC.
    pub vpc: String,
    /// The subnet; none for a regional gateway.
    pub subnet: Option<String>,
    /// `pending`, `available`, `failed`, `deleting`, `deleted`.
    pub state: String,
    /// `public`, `private`.
    pub connectivity: String,
    /// `zonal`, `regional`.
    pub availability: String,
    /// Its addresses, the primary one first.
    pub addresses: Vec<NatAddress>,
    /// Why it failed: AWS's code and message.
    #[serde(default)]
    pub failure: Option<String>,
    /// When it was made, in seconds since 1970: the one resource of a stack
    /// whose describe call says so.
    #[serde(default)]
    pub created: Option<u64>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

impl NatGateway {
    /// Whether it is there at all: AWS lists a gateway for about an hour after
    /// it is gone, and one that is on its way out is no use to anybody.
    pub fn exists(&self) -> bool {
        !matches!(self.state.as_str(), "deleted" | "deleting")
    }

    /// Whether it never came up.
    pub fn failed(&self) -> bool {
        self.state == "failed"
    }

    /// Whether it works or is on its way to.
    pub fn live(&self) -> bool {
        self.exists() && !self.failed()
    }

    /// The allocation id of its primary address.
    pub fn allocation(&self) -> Option<&str> {
        self.addresses.first()?.allocation.as_deref()
    }

    /// The allocation ids of its further addresses, those that it is about to
    /// lose left out.
    pub fn further(&self) -> impl Iterator<Item = &str> {
        let live = self.addresses.iter().skip(1);
        let live = live.filter(|address| !address.leaving());
        live.filter_map(|address| address.allocation.as_deref())
    }

    /// Whether an address is on one of its interfaces. One that is gone still
    /// lists what it held, which may be on something else by now.
    pub fn carries(&self, address: &Address) -> bool {
        self.addresses.iter().any(|one| {
            one.allocation.as_ref() == Some(&address.id)
                && one.interface == address.network_interface
        })
    }
}

/// One address of a NAT gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatAddress {
    /// `eipalloc-…`
    pub allocation: Option<String>,
    /// The public address.
    pub ip: Option<String>,
    /// The network interface that carries it.
    #[serde(default)]
    pub interface: Option<String>,
    /// The address that it has within the subnet.
    #[serde(default)]
    pub private: Option<String>,
    /// `eipassoc-…`
    #[serde(default)]
    pub association: Option<String>,
    /// `assigning`, `associating`, `succeeded`, `disassociating`, …; empty
    /// where the answer does not tell.
    #[serde(default)]
    pub status: String,
}

impl NatAddress {
    /// Whether the gateway is about to lose it.
    fn leaving(&self) -> bool {
        matches!(
            self.status.as_str(),
            "disassociating" | "unassigning" | "failed"
        )
    }
}

/// `DescribeAddresses`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// `eipalloc-…`
    pub id: String,
    /// The address.
    pub ip: String,
    /// `eipassoc-…` while something holds it.
    #[serde(default)]
    pub association: Option<String>,
    /// The instance that holds it.
    #[serde(default)]
    pub instance: Option<String>,
    /// The network interface that holds it.
    #[serde(default)]
    pub network_interface: Option<String>,
    /// Owned by an AWS service (`alb`, `nlb`, `rnat`, `rds`): never ours.
    #[serde(default)]
    pub service_managed: Option<String>,
    /// Where it can be used: the region, or a local zone of it.
    #[serde(default)]
    pub border_group: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// `DescribeAddressTransfers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// `eipalloc-…`
    pub allocation: String,
    /// The account that can take it.
    pub account: String,
    /// `pending`, `accepted`, `disabled`.
    pub status: String,
}
