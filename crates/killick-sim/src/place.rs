//! One account in one region: everything that exists there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::agenda::{Agenda, Event};
use crate::dice::{Dice, digest};
use crate::ec2::{
    self, Address, CarrierGateway, DhcpOptions, EgressOnlyGateway, Endpoint, Interface,
    InternetGateway, NatGateway, NetworkAcl, Peering, Removed, RouteTable, SecurityGroup, Subnet,
    Token, Vpc, VpnGateway,
};
use crate::lambda::{self, Function};
use crate::settings::Settings;
use crate::sns::Topic;
use crate::ssm::Parameter;
use crate::table::Table;
use crate::throttle::Buckets;
use crate::world::Millis;

/// An account in a region, as it is. What readers of the API see of it may be
/// late.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Twelve digits.
    pub account: String,
    /// Such as `ap-northeast-1`.
    pub region: String,
    /// VPCs by id.
    pub vpcs: Table<Vpc>,
    /// Subnets by id.
    pub subnets: Table<Subnet>,
    /// Internet gateways by id.
    pub internet_gateways: Table<InternetGateway>,
    /// Elastic IPs by allocation id.
    pub addresses: Table<Address>,
    /// NAT gateways by id, for an hour also those that are gone.
    pub nat_gateways: Table<NatGateway>,
    /// Route tables by id, with their routes and associations.
    pub route_tables: Table<RouteTable>,
    /// Security groups by id, with their rules.
    pub security_groups: Table<SecurityGroup>,
    /// Network ACLs by id, with their entries and associations.
    pub network_acls: Table<NetworkAcl>,
    /// VPC endpoints by id.
    pub endpoints: Table<Endpoint>,
    /// Egress-only internet gateways by id.
    pub egress_only_gateways: Table<EgressOnlyGateway>,
    /// Carrier gateways by id.
    pub carrier_gateways: Table<CarrierGateway>,
    /// Virtual private gateways by id.
    pub vpn_gateways: Table<VpnGateway>,
    /// VPC peering connections by id.
    pub peerings: Table<Peering>,
    /// Network interfaces by id: those of NAT gateways and of Lambda too.
    pub interfaces: Table<Interface>,
    /// Functions by name.
    pub functions: Table<Function>,
    pub(crate) dhcp_options: Table<DhcpOptions>,
    pub(crate) parameters: Table<Parameter>,
    /// Topics by name.
    pub(crate) topics: BTreeMap<String, Topic>,
    /// The mode of VPC Block Public Access: `off`, `block-bidirectional` or
    /// `block-ingress`.
    pub block_public_access: String,
    /// When its last change has reached every gateway.
    pub(crate) block_public_access_settled: Option<Millis>,
    /// The failure codes of the NAT gateways that are made next.
    pub nat_failures: Vec<String>,
    /// The reason codes of the function networks that fail next.
    pub function_failures: Vec<String>,
    /// Lambda's network interfaces that nothing uses, and when they go.
    /// [`Settings::linger`](crate::Settings::linger) as of the last call.
    pub(crate) linger: (Millis, Millis),
    pub(crate) idle_interfaces: BTreeMap<String, Millis>,
    /// Addresses that were released: they can be had again, unless another
    /// account got them.
    pub(crate) released: Vec<Removed>,
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) agenda: Agenda,
    pub(crate) buckets: Buckets,
    pub(crate) dice: Dice,
}

impl Default for Place {
    fn default() -> Self {
        Self::new("123456789012", "us-east-1", 0)
    }
}

impl Place {
    pub(crate) fn new(account: &str, region: &str, seed: u64) -> Self {
        let seed = seed ^ digest(account) ^ digest(region).rotate_left(1);
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            vpcs: Table::default(),
            subnets: Table::default(),
            internet_gateways: Table::default(),
            addresses: Table::default(),
            nat_gateways: Table::default(),
            route_tables: Table::default(),
            security_groups: Table::default(),
            network_acls: Table::default(),
            endpoints: Table::default(),
            egress_only_gateways: Table::default(),
            carrier_gateways: Table::default(),
            vpn_gateways: Table::default(),
            peerings: Table::default(),
            interfaces: Table::default(),
            functions: Table::default(),
            dhcp_options: Table::default(),
            parameters: Table::default(),
            topics: BTreeMap::new(),
            block_public_access: "off".to_owned(),
            block_public_access_settled: None,
            nat_failures: Vec::new(),
            function_failures: Vec::new(),
            linger: Settings::default().linger,
            idle_interfaces: BTreeMap::new(),
            released: Vec::new(),
            tokens: BTreeMap::new(),
            agenda: Agenda::default(),
            buckets: Buckets::default(),
            dice: Dice::new(seed),
        }
    }

    /// Lets happen what is due.
    pub(crate) fn advance(&mut self, now: Millis) {
        while let Some((when, event)) = self.agenda.next(now) {
            match event {
                Event::FunctionUpdated(name) => lambda::updated(self, &name, when),
                Event::InterfacesReclaimed => lambda::reclaim(self, when),
                event => ec2::happen(self, event, when),
            }
        }
    }

    /// Forgets what no reader can see any more.
    pub(crate) fn settle(&mut self, now: Millis) {
        self.vpcs.settle(now);
        self.subnets.settle(now);
        self.internet_gateways.settle(now);
        self.addresses.settle(now);
        self.nat_gateways.settle(now);
        self.route_tables.settle(now);
        self.security_groups.settle(now);
        self.network_acls.settle(now);
        self.endpoints.settle(now);
        self.egress_only_gateways.settle(now);
        self.carrier_gateways.settle(now);
        self.vpn_gateways.settle(now);
        self.peerings.settle(now);
        self.interfaces.settle(now);
        self.functions.settle(now);
        self.dhcp_options.settle(now);
        self.parameters.settle(now);
    }
}
