//! The IPv6 CIDR of a subnet.

use ipnet::Ipv6Net;
use serde_json::{Value, json};

use super::{LISTING, Subnet};
use crate::ec2::vpc::Block;
use crate::ec2::{Call, Vpc, vpc};
use crate::failure::Failure;
use crate::place::Place;

/// A network that a subnet of a VPC can have.
///
/// # Errors
/// It is none, lies outside the VPC, or another subnet has it.
pub(super) fn network(place: &Place, vpc: &Vpc, text: &str) -> Result<Ipv6Net, Failure> {
    let Ok(network) = text.parse::<Ipv6Net>() else {
        let message = format!(
            "Value ({text}) for parameter ipv6CidrBlock is invalid. This is not a valid CIDR block."
        );
        return Err(Failure::value(message));
    };
    let (network, size) = (network.trunc(), network.prefix_len());
    let fits = (44..=64).contains(&size) && size % 4 == 0;
    if !fits || !vpc.networks6().any(|block| block.contains(&network)) {
        let message = format!("The CIDR '{network}' is invalid.");
        return Err(Failure::new("InvalidSubnet.Range", message));
    }
    let others = place.subnets.all().filter(|other| other.vpc == vpc.id);
    let mut others = others.flat_map(Subnet::networks6);
    if others.any(|other| other.contains(&network) || network.contains(&other)) {
        let message = format!("The CIDR '{network}' conflicts with another subnet");
        return Err(Failure::new("InvalidSubnet.Conflict", message));
    }
    Ok(network)
}

/// The same with an association of its own.
pub(super) fn block(place: &mut Place, network: Ipv6Net) -> Block {
    Block {
        association: place.dice.id("subnet-cidr-assoc"),
        cidr: network.to_string(),
    }
}

pub(super) fn show(block: &Block) -> Value {
    shown(block, "associated")
}

fn shown(block: &Block, state: &str) -> Value {
    json!({
        "associationId": block.association,
        "ipv6CidrBlock": block.cidr,
        "ipv6CidrBlockState": {"state": state},
    })
}

pub(super) fn associate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("SubnetId")?;
    let cidr = call.params.need("Ipv6CidrBlock")?;
    call.checked()?;
    let subnet = LISTING.need(call, &id)?.clone();
    if !subnet.ipv6.is_empty() {
        let message = format!("The subnet '{id}' already has an IPv6 CIDR block");
        return Err(Failure::new("SubnetCidrLimitExceeded", message));
    }
    let vpc = vpc::LISTING.need(call, &subnet.vpc)?.clone();
    let network = network(call.place, &vpc, &cidr)?;
    let seen = call.seen();
    let block = block(call.place, network);
    if let Some(subnet) = call.place.subnets.change(&id, seen) {
        subnet.ipv6.push(block.clone());
    }
    Ok(json!({"subnetId": id, "ipv6CidrBlockAssociation": shown(&block, "associating")}))
}
