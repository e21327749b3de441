//! Internet gateways and their attachments.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, NatState, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};

/// An internet gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternetGateway {
    /// Its id.
    pub id: String,
    /// The VPC that it is attached to.
    pub vpc: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateInternetGateway", create),
    ("DescribeInternetGateways", describe),
    ("AttachInternetGateway", attach),
    ("DetachInternetGateway", detach),
    ("DeleteInternetGateway", delete),
];

pub(crate) const LISTING: Listing<InternetGateway> = Listing {
    set: "internetGatewaySet",
    ids: "InternetGatewayId",
    prefix: "igw",
    page: Some(5..=1000),
    filters: &[
        ("attachment.state", "attachmentSet.state"),
        ("attachment.vpc-id", "attachmentSet.vpcId"),
        ("internet-gateway-id", "internetGatewayId"),
        ("owner-id", "ownerId"),
    ],
    table: |place| &place.internet_gateways,
    tags: |gateway| &gateway.tags,
    show,
    codes: (
        "InvalidInternetGatewayID.Malformed",
        "InvalidInternetGatewayID.NotFound",
    ),
};

fn show(place: &Place, gateway: &InternetGateway) -> Value {
    // `available` is not among the values that the API's model knows.
    let attachment = |vpc: &String| json!({"vpcId": vpc, "state": "available"});
    json!({
        "internetGatewayId": gateway.id,
        "ownerId": place.account,
        "attachmentSet": gateway.vpc.iter().map(attachment).collect::<Vec<_>>(),
        "tagSet": shown(&gateway.tags),
    })
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let tags = call.params.tags("internet-gateway")?;
    call.checked()?;
    if call.place.internet_gateways.len() >= call.settings.vpc_quota {
        let message = "The maximum number of internet gateways has been reached.";
        return Err(Failure::new("InternetGatewayLimitExceeded", message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let gateway = InternetGateway {
        id: place.dice.id("igw"),
        vpc: None,
        tags,
    };
    place
        .internet_gateways
        .insert(&gateway.id, gateway.clone(), seen);
    Ok(json!({"internetGateway": show(place, &gateway)}))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn attach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("InternetGatewayId")?;
    let vpc = call.params.need("VpcId")?;
    call.checked()?;
    let gateway = LISTING.need(call, &id)?;
    vpc::LISTING.need(call, &vpc)?;
    if let Some(network) = &gateway.vpc {
        let message = format!("resource {id} is already attached to network {network}");
        return Err(Failure::new("Resource.AlreadyAssociated", message));
    }
    let others = &call.place.internet_gateways;
    if others.all().any(|other| other.vpc.as_ref() == Some(&vpc)) {
        let message = format!("Network {vpc} already has an internet gateway attached");
        return Err(Failure::value(message));
    }
    let seen = call.seen();
    if let Some(gateway) = call.place.internet_gateways.change(&id, seen) {
        gateway.vpc = Some(vpc);
    }
    Ok(json!({"return": true}))
}

fn detach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("InternetGatewayId")?;
    let vpc = call.params.need("VpcId")?;
    call.checked()?;
    let gateway = LISTING.need(call, &id)?;
    vpc::LISTING.need(call, &vpc)?;
    if gateway.vpc.as_ref() != Some(&vpc) {
        let message = format!("resource {id} is not attached to network {vpc}");
        return Err(Failure::new("Gateway.NotAttached", message));
    }
    if mapped(call.place, &vpc) {
        let message = format!(
            "Network {vpc} has some mapped public address(es). Please unmap those public \
             address(es) before detaching the gateway."
        );
        return Err(Failure::new("DependencyViolation", message));
    }
    let seen = call.seen();
    if let Some(gateway) = call.place.internet_gateways.change(&id, seen) {
        gateway.vpc = None;
    }
    Ok(json!({"return": true}))
}

/// Whether a VPC has public addresses: a NAT gateway keeps its own until it
/// is gone.
fn mapped(place: &Place, vpc: &str) -> bool {
    let gateways = place.nat_gateways.all();
    let mut gateways = gateways.filter(|gateway| gateway.vpc == vpc);
    let mut held = place
        .addresses
        .all()
        .filter_map(|address| address.association.as_ref());
    gateways.any(|gateway| {
        let gone = matches!(gateway.state, NatState::Failed | NatState::Deleted);
        gateway.connectivity == "public" && !gone
    }) || held.any(|held| {
        let interface = place.interfaces.get(&held.interface);
        interface.is_some_and(|interface| interface.vpc == vpc)
    })
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("InternetGatewayId")?;
    call.checked()?;
    if LISTING.need(call, &id)?.vpc.is_some() {
        return Err(Failure::dependency("internetGateway", &id));
    }
    let seen = call.seen();
    call.place.internet_gateways.remove(&id, seen);
    Ok(json!({"return": true}))
}
