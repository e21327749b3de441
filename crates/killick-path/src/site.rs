//! A subnet with what is associated with it.

use std::collections::BTreeMap;

use crate::filter::Filter;
use crate::network::{
    Acl, BlockPublicAccess, Known, NatGateway, Network, RouteTable, Subnet, Target, Vpc,
};
use crate::range::Range;
use crate::table::Table;

/// A thing, or the name of what was not read.
pub(crate) type Found<T> = Result<T, String>;

impl Network {
    pub(crate) fn vpc(&self, id: &str) -> Option<&Vpc> {
        self.vpcs.read()?.iter().find(|vpc| vpc.id == id)
    }

    pub(crate) fn subnet(&self, id: &str) -> Found<&Subnet> {
        let subnets = self.subnets.read().ok_or("subnets")?;
        let found = subnets.iter().find(|subnet| subnet.id == id);
        found.ok_or_else(|| format!("subnet {id}"))
    }
}

/// A subnet, its network ACL and its route table.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    pub(crate) subnet: &'a Subnet,
    pub(crate) vpc: Option<&'a Vpc>,
    pub(crate) acl: Found<Filter<'a>>,
    pub(crate) table: Found<Table<'a>>,
}

impl<'a> Site<'a> {
    pub(crate) fn new(network: &'a Network, subnet: &'a Subnet) -> Self {
        let vpc = network.vpc(&subnet.vpc);
        Self {
            subnet,
            vpc,
            acl: acl(network, subnet).map(Filter::new),
            table: table(network, subnet).map(|table| Table::new(table, vpc)),
        }
    }

    pub(crate) fn range(&self) -> Range {
        self.subnet.cidr.into()
    }

    /// The mode of Block Public Access that holds here.
    pub(crate) fn mode(&self) -> Known<BlockPublicAccess> {
        match (self.subnet.block_public_access, self.vpc) {
            (Some(mode), _) => Known::Read(mode),
            (None, Some(vpc)) => vpc.block_public_access,
            (None, None) => Known::Unread,
        }
    }
}

fn acl<'a>(network: &'a Network, subnet: &Subnet) -> Found<&'a Acl> {
    let acls = network.acls.read().ok_or("network ACLs")?;
    let own = acls.iter().filter(|acl| acl.subnets.contains(&subnet.id));
    let default = acls
        .iter()
        .filter(|acl| acl.default && acl.vpc == subnet.vpc);
    own.min_by_key(|acl| &acl.id)
        .or_else(|| default.min_by_key(|acl| &acl.id))
        .ok_or_else(|| format!("network ACL of {}", subnet.id))
}

fn table<'a>(network: &'a Network, subnet: &Subnet) -> Found<&'a RouteTable> {
    let tables = network.route_tables.read().ok_or("route tables")?;
    let own = tables
        .iter()
        .filter(|table| table.subnets.contains(&subnet.id));
    let main = tables
        .iter()
        .filter(|table| table.main && table.vpc == subnet.vpc);
    own.min_by_key(|table| &table.id)
        .or_else(|| main.min_by_key(|table| &table.id))
        .ok_or_else(|| format!("route table of {}", subnet.id))
}

/// What a route to a `nat-…` target leads to.
#[derive(Debug)]
pub(crate) enum Behind<'a> {
    /// A NAT gateway of a zone, in its own subnet.
    Zonal(&'a NatGateway, Site<'a>),
    /// A regional NAT gateway.
    Regional(&'a NatGateway),
    /// None of this VPC.
    Foreign,
    /// Not to be told.
    Unread(String),
}

/// The NAT gateways that a table leads to.
pub(crate) fn behind<'a>(
    network: &'a Network,
    vpc: &str,
    table: &Table<'a>,
) -> BTreeMap<&'a str, Behind<'a>> {
    let mut found = BTreeMap::new();
    for target in table.targets() {
        let Target::Id(id) = target else { continue };
        if id.starts_with("nat-") && !found.contains_key(id.as_str()) {
            found.insert(id.as_str(), look(network, vpc, id));
        }
    }
    found
}

fn look<'a>(network: &'a Network, vpc: &str, id: &str) -> Behind<'a> {
    let Some(gateways) = network.nat_gateways.read() else {
        return Behind::Unread("NAT gateways".into());
    };
    let mut own = gateways.iter().filter(|nat| nat.id == id && nat.vpc == vpc);
    let Some(nat) = own.next() else {
        return Behind::Foreign;
    };
    match nat.subnet.as_deref().map(|id| network.subnet(id)) {
        None => Behind::Regional(nat),
        Some(Ok(subnet)) => Behind::Zonal(nat, Site::new(network, subnet)),
        Some(Err(what)) => Behind::Unread(what),
    }
}
