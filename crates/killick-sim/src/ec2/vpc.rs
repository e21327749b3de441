//! VPCs.

mod attribute;
mod cidr;

use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, dhcp, network_acl, route_table, security_group};
use crate::agenda::Event;
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};

/// A VPC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// Its id.
    pub id: String,
    /// The primary CIDR first.
    pub cidrs: Vec<Block>,
    /// IPv6 CIDRs.
    pub ipv6: Vec<Block>,
    /// `pending` or `available`.
    pub state: String,
    /// `default` or `dedicated`.
    pub tenancy: String,
    /// Whether the Amazon resolver answers.
    pub dns_support: bool,
    /// Whether instances get DNS names.
    pub dns_hostnames: bool,
    /// Its DHCP options, or `default`.
    pub dhcp_options: String,
    /// Its tags.
    pub tags: Tags,
}

/// A CIDR of a VPC or subnet, with the id of its association.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Such as `vpc-cidr-assoc-0…`.
    pub association: String,
    /// The network.
    pub cidr: String,
}

impl Vpc {
    /// Whether all of a network lies in one of its blocks.
    pub(crate) fn holds(&self, cidr: &Ipv4Net) -> bool {
        self.networks().any(|block| block.contains(cidr))
    }

    /// Its IPv4 networks.
    pub(crate) fn networks(&self) -> impl Iterator<Item = Ipv4Net> {
        self.cidrs
            .iter()
            .filter_map(|block| block.cidr.parse().ok())
    }

    /// Its IPv6 networks.
    pub(crate) fn networks6(&self) -> impl Iterator<Item = Ipv6Net> {
        self.ipv6.iter().filter_map(|block| block.cidr.parse().ok())
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateVpc", create),
    ("DescribeVpcs", describe),
    ("DeleteVpc", delete),
    ("ModifyVpcAttribute", attribute::modify),
    ("DescribeVpcAttribute", attribute::describe),
    ("AssociateVpcCidrBlock", cidr::associate),
    ("DisassociateVpcCidrBlock", cidr::disassociate),
];

pub(crate) const LISTING: Listing<Vpc> = Listing {
    set: "vpcSet",
    ids: "VpcId",
    prefix: "vpc",
    page: Some(5..=1000),
    filters: &[
        ("cidr", "cidrBlock"),
        (
            "cidr-block-association.association-id",
            "cidrBlockAssociationSet.associationId",
        ),
        (
            "cidr-block-association.cidr-block",
            "cidrBlockAssociationSet.cidrBlock",
        ),
        (
            "cidr-block-association.state",
            "cidrBlockAssociationSet.cidrBlockState.state",
        ),
        ("dhcp-options-id", "dhcpOptionsId"),
        (
            "ipv6-cidr-block-association.association-id",
            "ipv6CidrBlockAssociationSet.associationId",
        ),
        (
            "ipv6-cidr-block-association.ipv6-cidr-block",
            "ipv6CidrBlockAssociationSet.ipv6CidrBlock",
        ),
        (
            "ipv6-cidr-block-association.ipv6-pool",
            "ipv6CidrBlockAssociationSet.ipv6Pool",
        ),
        (
            "ipv6-cidr-block-association.state",
            "ipv6CidrBlockAssociationSet.ipv6CidrBlockState.state",
        ),
        ("is-default", "isDefault"),
        ("isDefault", "isDefault"),
        ("owner-id", "ownerId"),
        ("state", "state"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.vpcs,
    tags: |vpc| &vpc.tags,
    show,
    codes: ("InvalidVpcID.Malformed", "InvalidVpcID.NotFound"),
};

fn show(place: &Place, vpc: &Vpc) -> Value {
    let state = json!({"state": "associated"});
    let blocks: Vec<Value> = vpc
        .cidrs
        .iter()
        .map(|block| {
            json!({
                "associationId": block.association,
                "cidrBlock": block.cidr,
                "cidrBlockState": state,
            })
        })
        .collect();
    let ipv6: Vec<Value> = vpc
        .ipv6
        .iter()
        .map(|block| {
            json!({
                "associationId": block.association,
                "ipv6CidrBlock": block.cidr,
                "ipv6CidrBlockState": state,
                "networkBorderGroup": place.region,
                "ipv6Pool": "Amazon",
            })
        })
        .collect();
    json!({
        "vpcId": vpc.id,
        "ownerId": place.account,
        "state": vpc.state,
        "cidrBlock": vpc.cidrs.first().map(|block| &block.cidr),
        "cidrBlockAssociationSet": blocks,
        "ipv6CidrBlockAssociationSet": Some(ipv6).filter(|blocks| !blocks.is_empty()),
        "dhcpOptionsId": vpc.dhcp_options,
        "instanceTenancy": vpc.tenancy,
        "isDefault": false,
        "blockPublicAccessStates": {"internetGatewayBlockMode": place.block_public_access},
        "tagSet": shown(&vpc.tags),
    })
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let cidr = call.params.need("CidrBlock")?;
    let tenancy = call.params.text("InstanceTenancy");
    let tenancy = tenancy.unwrap_or_else(|| "default".to_owned());
    let ipv6 = call.params.flag("AmazonProvidedIpv6CidrBlock")?;
    let tags = call.params.tags("vpc")?;
    call.checked()?;
    if !matches!(tenancy.as_str(), "default" | "dedicated") {
        let message = format!("Value ({tenancy}) for parameter instanceTenancy is invalid.");
        return Err(Failure::value(message));
    }
    let cidr = block(&cidr, "InvalidVpc.Range", "VPC")?;
    if call.place.vpcs.len() >= call.settings.vpc_quota {
        let message = "The maximum number of VPCs has been reached.";
        return Err(Failure::new("VpcLimitExceeded", message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let vpc = Vpc {
        id: place.dice.id("vpc"),
        cidrs: vec![Block {
            association: place.dice.id("vpc-cidr-assoc"),
            cidr: cidr.to_string(),
        }],
        ipv6: match ipv6 {
            Some(true) => vec![cidr::amazon_ipv6(place)],
            _ => Vec::new(),
        },
        state: "pending".to_owned(),
        tenancy,
        dns_support: true,
        dns_hostnames: false,
        dhcp_options: dhcp::default_of(place),
        tags,
    };
    let up = call.now.saturating_add(place.dice.between(500, 3000));
    place.agenda.at(up, Event::Available(vpc.id.clone()));
    place.vpcs.insert(&vpc.id, vpc.clone(), seen);
    // What every VPC is born with.
    route_table::main_of(place, &vpc, seen);
    network_acl::default_of(place, &vpc, seen);
    security_group::default_of(place, &vpc, seen);
    let mut made = show(place, &vpc);
    // Here, and nowhere else, the list is there even if it is empty.
    let blocks = made.get_mut("ipv6CidrBlockAssociationSet");
    if let Some(blocks) = blocks.filter(|blocks| blocks.is_null()) {
        *blocks = json!([]);
    }
    Ok(json!({"vpc": made}))
}

/// A VPC is up.
pub(crate) fn available(place: &mut Place, id: &str) {
    if let Some(vpc) = place.vpcs.get_mut(id) {
        vpc.state = "available".to_owned();
    }
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpcId")?;
    call.checked()?;
    LISTING.need(call, &id)?;
    let place = &mut *call.place;
    let held = place.subnets.all().any(|subnet| subnet.vpc == id)
        || place
            .internet_gateways
            .all()
            .any(|gateway| gateway.vpc.as_deref() == Some(&id))
        || place
            .egress_only_gateways
            .all()
            .any(|gateway| gateway.vpc == id)
        || place.carrier_gateways.all().any(|one| one.vpc == id)
        || place
            .vpn_gateways
            .all()
            .any(|one| one.vpc.as_deref() == Some(&id))
        || place.peerings.all().any(|one| one.ties(&id))
        || place
            .endpoints
            .all()
            .any(|endpoint| endpoint.vpc == id && endpoint.alive())
        || place
            .route_tables
            .all()
            .any(|table| table.vpc == id && !table.is_main())
        || place
            .network_acls
            .all()
            .any(|acl| acl.vpc == id && !acl.default)
        || place
            .security_groups
            .all()
            .any(|group| group.vpc == id && group.name != "default")
        || place.interfaces.all().any(|interface| interface.vpc == id);
    if held {
        return Err(Failure::dependency("vpc", &id));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    for id in ids(place.route_tables.iter(), |table| table.vpc == id) {
        place.route_tables.remove(&id, seen);
    }
    for id in ids(place.network_acls.iter(), |acl| acl.vpc == id) {
        place.network_acls.remove(&id, seen);
    }
    for id in ids(place.security_groups.iter(), |group| group.vpc == id) {
        place.security_groups.remove(&id, seen);
    }
    place.vpcs.remove(&id, seen);
    Ok(json!({"return": true}))
}

fn ids<'a, T: 'a>(
    things: impl Iterator<Item = (&'a str, &'a T)>,
    wanted: impl Fn(&T) -> bool,
) -> Vec<String> {
    let found = things.filter(|(_, thing)| wanted(thing));
    found.map(|(id, _)| id.to_owned()).collect()
}

/// A CIDR from /16 to /28, brought to its network.
///
/// # Errors
/// `InvalidParameterValue` for no CIDR at all, `code` for one of another size.
pub(crate) fn block(text: &str, code: &str, what: &str) -> Result<Ipv4Net, Failure> {
    let Ok(cidr) = text.parse::<Ipv4Net>() else {
        let message = format!(
            "Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        );
        return Err(Failure::value(message));
    };
    match cidr.prefix_len() {
        16..=28 => Ok(cidr.trunc()),
        _ => Err(Failure::new(
            code,
            format!("The CIDR '{text}' is invalid for a {what}."),
        )),
    }
}

/// Whether two networks share an address.
pub(crate) fn overlap(a: &Ipv4Net, b: &Ipv4Net) -> bool {
    a.contains(b) || b.contains(a)
}
