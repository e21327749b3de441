//! Further CIDR blocks of a VPC.

use ipnet::{Ipv4Net, Ipv6Net};
use serde_json::{Value, json};

use super::{Block, LISTING, Vpc, block, overlap};
use crate::ec2::{Call, Subnet, Target, route_table};
use crate::failure::Failure;
use crate::place::Place;

/// CIDR blocks of one VPC, for IPv4 and IPv6 each.
const MOST: usize = 5;

pub(super) fn associate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpcId")?;
    let cidr = call.params.text("CidrBlock");
    let ipv6 = call.params.flag("AmazonProvidedIpv6CidrBlock")?;
    call.checked()?;
    let vpc = LISTING.need(call, &id)?.clone();
    match (cidr, ipv6 == Some(true)) {
        (Some(_), true) => {
            let message = "Only one of cidrBlock and amazonProvidedIpv6CidrBlock can be used";
            Err(Failure::combination(message))
        }
        (None, false) => Err(Failure::missing("CidrBlock")),
        (Some(cidr), false) => associate4(call, &vpc, &cidr),
        (None, true) => associate6(call, &vpc),
    }
}

fn associate4(call: &mut Call<'_>, vpc: &Vpc, cidr: &str) -> Result<Value, Failure> {
    let cidr = block(cidr, "InvalidVpc.Range", "VPC")?;
    if vpc.networks().any(|other| overlap(&other, &cidr)) {
        let message = format!("The CIDR '{cidr}' conflicts with another of the VPC");
        return Err(Failure::new("InvalidVpc.Range", message));
    }
    if swallows_route(call.place, &vpc.id, &cidr) {
        let message = format!("The CIDR '{cidr}' conflicts with a route of the VPC");
        return Err(Failure::new("InvalidVpc.Range", message));
    }
    room(vpc.cidrs.len())?;
    let added = Block {
        association: call.place.dice.id("vpc-cidr-assoc"),
        cidr: cidr.to_string(),
    };
    let seen = call.seen();
    if let Some(vpc) = call.place.vpcs.change(&vpc.id, seen) {
        vpc.cidrs.push(added.clone());
    }
    route_table::local_routes(call.place, &vpc.id, seen);
    Ok(answer(&vpc.id, &added, "associating"))
}

fn associate6(call: &mut Call<'_>, vpc: &Vpc) -> Result<Value, Failure> {
    room(vpc.ipv6.len())?;
    let added = amazon_ipv6(call.place);
    let seen = call.seen();
    if let Some(vpc) = call.place.vpcs.change(&vpc.id, seen) {
        vpc.ipv6.push(added.clone());
    }
    route_table::local_routes(call.place, &vpc.id, seen);
    Ok(answer(&vpc.id, &added, "associating"))
}

fn room(blocks: usize) -> Result<(), Failure> {
    if blocks < MOST {
        return Ok(());
    }
    let message = "The maximum number of CIDR blocks of a VPC has been reached.";
    Err(Failure::new("CidrLimitExceeded", message))
}

/// A block may not be as large as the destination of a route, or larger.
fn swallows_route(place: &Place, vpc: &str, cidr: &Ipv4Net) -> bool {
    let tables = place.route_tables.all().filter(|table| table.vpc == vpc);
    let mut routes = tables.flat_map(|table| &table.routes);
    routes.any(|route| {
        let destination = route.destination.parse::<Ipv4Net>();
        route.target != Target::Local && destination.is_ok_and(|route| cidr.contains(&route))
    })
}

pub(super) fn disassociate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("AssociationId")?;
    call.checked()?;
    let Some((vpc, going)) = holder(call, &id) else {
        let message = format!("The vpc CIDR block association ID '{id}' does not exist");
        let code = "InvalidVpcCidrBlockAssociationID.NotFound";
        return Err(Failure::new(code, message));
    };
    if vpc.cidrs.first() == Some(&going) {
        let message =
            format!("The vpc CIDR block with association ID {id} may not be disassociated.");
        return Err(Failure::new("OperationNotPermitted", message));
    }
    let inside = |subnet: &Subnet| subnet.vpc == vpc.id && within(subnet, &going.cidr);
    if call.place.subnets.all().any(inside) {
        let (vpc, cidr) = (&vpc.id, &going.cidr);
        let message = format!("The vpc {vpc} currently has a subnet within CIDR block {cidr}");
        return Err(Failure::new("InvalidCidrBlock.InUse", message));
    }
    let seen = call.seen();
    if let Some(vpc) = call.place.vpcs.change(&vpc.id, seen) {
        vpc.cidrs.retain(|block| block.association != id);
        vpc.ipv6.retain(|block| block.association != id);
    }
    route_table::local_routes(call.place, &vpc.id, seen);
    Ok(answer(&vpc.id, &going, "disassociating"))
}

/// The VPC that has a block, as far as this call can know of it.
fn holder(call: &Call<'_>, association: &str) -> Option<(Vpc, Block)> {
    let found = |vpc: &Vpc| {
        let mut blocks = vpc.cidrs.iter().chain(&vpc.ipv6);
        blocks
            .find(|block| block.association == association)
            .cloned()
    };
    let known = |vpc: &Vpc| found(vpc).is_some();
    let vpc = call.place.vpcs.known(&call.eye, known)?;
    Some((vpc.clone(), found(vpc)?))
}

fn within(subnet: &Subnet, block: &str) -> bool {
    if let (Ok(block), Ok(cidr)) = (block.parse::<Ipv4Net>(), subnet.cidr.parse::<Ipv4Net>()) {
        return block.contains(&cidr);
    }
    let Ok(block) = block.parse::<Ipv6Net>() else {
        return false;
    };
    let mut cidrs = subnet.networks6();
    cidrs.any(|cidr| block.contains(&cidr))
}

fn answer(vpc: &str, block: &Block, state: &str) -> Value {
    let (id, cidr, state) = (&block.association, &block.cidr, json!({"state": state}));
    match cidr.contains(':') {
        false => json!({"vpcId": vpc, "cidrBlockAssociation": {
            "associationId": id,
            "cidrBlock": cidr,
            "cidrBlockState": state,
        }}),
        true => json!({"vpcId": vpc, "ipv6CidrBlockAssociation": {
            "associationId": id,
            "ipv6CidrBlock": cidr,
            "ipv6CidrBlockState": state,
            "ipv6Pool": "Amazon",
        }}),
    }
}

/// A /56 of documentation's own IPv6 space that no VPC has.
pub(super) fn amazon_ipv6(place: &mut Place) -> Block {
    let start = place.dice.next() % 0xffff;
    let used = |cidr: &String| {
        let mut blocks = place.vpcs.all().flat_map(|vpc| &vpc.ipv6);
        blocks.any(|block| block.cidr == *cidr)
    };
    let all = (0..0xffff).map(|step| format!("2001:db8:{:x}::/56", (start + step) % 0xffff + 1));
    let cidr = all.into_iter().find(|cidr| !used(cidr)).unwrap_or_default();
    Block {
        association: place.dice.id("vpc-cidr-assoc"),
        cidr,
    }
}
