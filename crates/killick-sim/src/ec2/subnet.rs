//! Subnets.

mod attribute;
mod ipv6;

use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::vpc::{self, Block, overlap};
use super::{Action, Call, interface, limit, region};
use crate::agenda::Event;
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};
use crate::world::Millis;

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// Its id.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// The availability zone's name.
    pub zone: String,
    /// The IPv4 network.
    pub cidr: String,
    /// IPv6 CIDRs.
    pub ipv6: Vec<Block>,
    /// `pending` or `available`.
    pub state: String,
    /// Whether what is launched here gets a public address.
    pub map_public_ip: bool,
    /// Whether what is launched here gets an IPv6 address.
    pub assign_ipv6: bool,
    /// Whether the resolver makes IPv6 addresses up for NAT64.
    pub dns64: bool,
    /// Its tags.
    pub tags: Tags,
}

impl Subnet {
    /// Its IPv6 networks.
    pub(crate) fn networks6(&self) -> impl Iterator<Item = Ipv6Net> {
        self.ipv6.iter().filter_map(|block| block.cidr.parse().ok())
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateSubnet", create),
    ("DescribeSubnets", describe),
    ("DeleteSubnet", delete),
    ("ModifySubnetAttribute", attribute::modify),
    ("AssociateSubnetCidrBlock", ipv6::associate),
];

pub(crate) const LISTING: Listing<Subnet> = Listing {
    set: "subnetSet",
    ids: "SubnetId",
    prefix: "subnet",
    page: Some(5..=1000),
    filters: &[
        ("availability-zone", "availabilityZone"),
        ("availability-zone-id", "availabilityZoneId"),
        ("availabilityZone", "availabilityZone"),
        ("available-ip-address-count", "availableIpAddressCount"),
        ("cidr", "cidrBlock"),
        ("cidr-block", "cidrBlock"),
        ("cidrBlock", "cidrBlock"),
        ("default-for-az", "defaultForAz"),
        ("defaultForAz", "defaultForAz"),
        ("enable-dns64", "enableDns64"),
        (
            "ipv6-cidr-block-association.association-id",
            "ipv6CidrBlockAssociationSet.associationId",
        ),
        (
            "ipv6-cidr-block-association.ipv6-cidr-block",
            "ipv6CidrBlockAssociationSet.ipv6CidrBlock",
        ),
        (
            "ipv6-cidr-block-association.state",
            "ipv6CidrBlockAssociationSet.ipv6CidrBlockState.state",
        ),
        ("ipv6-native", "ipv6Native"),
        (
            "map-customer-owned-ip-on-launch",
            "mapCustomerOwnedIpOnLaunch",
        ),
        ("map-public-ip-on-launch", "mapPublicIpOnLaunch"),
        ("owner-id", "ownerId"),
        (
            "private-dns-name-options-on-launch.enable-resource-name-dns-a-record",
            "privateDnsNameOptionsOnLaunch.enableResourceNameDnsARecord",
        ),
        (
            "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
            "privateDnsNameOptionsOnLaunch.enableResourceNameDnsAAAARecord",
        ),
        (
            "private-dns-name-options-on-launch.hostname-type",
            "privateDnsNameOptionsOnLaunch.hostnameType",
        ),
        ("state", "state"),
        ("subnet-arn", "subnetArn"),
        ("subnet-id", "subnetId"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.subnets,
    tags: |subnet| &subnet.tags,
    show,
    codes: ("InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound"),
};

fn show(place: &Place, subnet: &Subnet) -> Value {
    let (region, account, id) = (&place.region, &place.account, &subnet.id);
    let blocks: Vec<Value> = subnet.ipv6.iter().map(ipv6::show).collect();
    json!({
        "subnetId": id,
        "subnetArn": format!("arn:aws:ec2:{region}:{account}:subnet/{id}"),
        "ownerId": account,
        "vpcId": subnet.vpc,
        "state": subnet.state,
        "cidrBlock": subnet.cidr,
        "availabilityZone": subnet.zone,
        "availabilityZoneId": region::zone_id(region, &subnet.zone),
        "availableIpAddressCount": available_addresses(place, subnet),
        "ipv6CidrBlockAssociationSet": blocks,
        "ipv6Native": false,
        "defaultForAz": false,
        "mapPublicIpOnLaunch": subnet.map_public_ip,
        "mapCustomerOwnedIpOnLaunch": false,
        "assignIpv6AddressOnCreation": subnet.assign_ipv6,
        "enableDns64": subnet.dns64,
        "privateDnsNameOptionsOnLaunch": {
            "hostnameType": "ip-name",
            "enableResourceNameDnsARecord": false,
            "enableResourceNameDnsAAAARecord": false,
        },
        "blockPublicAccessStates": {"internetGatewayBlockMode": place.block_public_access},
        "tagSet": shown(&subnet.tags),
    })
}

/// All but the five that AWS keeps for itself and those in use.
fn available_addresses(place: &Place, subnet: &Subnet) -> usize {
    let cidr = subnet.cidr.parse::<Ipv4Net>();
    let bits = cidr.map_or(0, |cidr| 32 - cidr.prefix_len());
    let taken = interface::taken(place, &subnet.id).count();
    let all = 1_usize.checked_shl(u32::from(bits)).unwrap_or(usize::MAX);
    all.saturating_sub(5).saturating_sub(taken)
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let vpc = call.params.need("VpcId")?;
    let cidr = call.params.need("CidrBlock")?;
    let zone = call.params.text("AvailabilityZone");
    let zone_id = call.params.text("AvailabilityZoneId");
    let ipv6 = call.params.text("Ipv6CidrBlock");
    let tags = call.params.tags("subnet")?;
    call.checked()?;
    let cidr = vpc::block(&cidr, "InvalidSubnet.Range", "subnet")?;
    let zone = region::zone(&call.place.region, zone.as_deref(), zone_id.as_deref())?;
    let vpc = vpc::LISTING.need(call, &vpc)?.clone();
    if !vpc.holds(&cidr) {
        let message = format!("The CIDR '{cidr}' is invalid.");
        return Err(Failure::new("InvalidSubnet.Range", message));
    }
    let others = call.place.subnets.all();
    let others: Vec<&Subnet> = others.filter(|other| other.vpc == vpc.id).collect();
    let overlaps = |other: &Subnet| other.cidr.parse().is_ok_and(|other| overlap(&other, &cidr));
    if others.iter().any(|other| overlaps(other)) {
        let message = format!("The CIDR '{cidr}' conflicts with another subnet");
        return Err(Failure::new("InvalidSubnet.Conflict", message));
    }
    let ipv6 = ipv6.map(|ipv6| ipv6::network(call.place, &vpc, &ipv6));
    let ipv6 = ipv6.transpose()?;
    if others.len() >= limit::SUBNETS {
        let message = "The maximum number of subnets has been reached.";
        return Err(Failure::new("SubnetLimitExceeded", message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let subnet = Subnet {
        id: place.dice.id("subnet"),
        vpc: vpc.id,
        zone,
        cidr: cidr.to_string(),
        ipv6: ipv6
            .map(|ipv6| ipv6::block(place, ipv6))
            .into_iter()
            .collect(),
        state: "pending".to_owned(),
        map_public_ip: false,
        assign_ipv6: false,
        dns64: false,
        tags,
    };
    let up = call.now.saturating_add(place.dice.between(500, 3000));
    place.agenda.at(up, Event::Available(subnet.id.clone()));
    place.subnets.insert(&subnet.id, subnet.clone(), seen);
    join_default_acl(place, &subnet);
    Ok(json!({"subnet": show(place, &subnet)}))
}

fn join_default_acl(place: &mut Place, subnet: &Subnet) {
    let id = place.dice.id("aclassoc");
    let mut acls = place.network_acls.all_mut();
    if let Some(acl) = acls.find(|acl| acl.default && acl.vpc == subnet.vpc) {
        acl.associations.push((id, subnet.id.clone()));
    }
}

/// A subnet is up.
pub(crate) fn available(place: &mut Place, id: &str) {
    if let Some(subnet) = place.subnets.get_mut(id) {
        subnet.state = "available".to_owned();
    }
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("SubnetId")?;
    call.checked()?;
    LISTING.need(call, &id)?;
    let interfaces = &call.place.interfaces;
    if interfaces.all().any(|interface| interface.subnet == id) {
        return Err(Failure::dependency("subnet", &id));
    }
    let seen = call.seen();
    call.place.subnets.remove(&id, seen);
    leave(call.place, &id, seen);
    Ok(json!({"return": true}))
}

/// A subnet that goes takes its associations with it.
fn leave(place: &mut Place, id: &str, seen: Millis) {
    let follows = |member: &Option<String>| member.as_deref() == Some(id);
    let tables = place.route_tables.iter().filter(|(_, table)| {
        let mut associations = table.associations.iter();
        associations.any(|entry| follows(&entry.member))
    });
    let tables: Vec<String> = tables.map(|(id, _)| id.to_owned()).collect();
    for table in tables {
        if let Some(table) = place.route_tables.change(&table, seen) {
            table.associations.retain(|entry| !follows(&entry.member));
        }
    }
    for acl in place.network_acls.all_mut() {
        acl.associations.retain(|(_, subnet)| subnet != id);
    }
}
