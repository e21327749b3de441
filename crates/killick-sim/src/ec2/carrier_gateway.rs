//! Carrier gateways, for Wavelength zones.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};

/// A carrier gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierGateway {
    /// Its id, `cagw-…`.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Its tags.
    pub tags: Tags,
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateCarrierGateway", create),
    ("DescribeCarrierGateways", describe),
    ("DeleteCarrierGateway", delete),
];

pub(crate) const LISTING: Listing<CarrierGateway> = Listing {
    set: "carrierGatewaySet",
    ids: "CarrierGatewayId",
    prefix: "cagw",
    page: Some(5..=1000),
    filters: &[
        ("carrier-gateway-id", "carrierGatewayId"),
        ("owner-id", "ownerId"),
        ("state", "state"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.carrier_gateways,
    tags: |gateway| &gateway.tags,
    show,
    codes: (
        "InvalidCarrierGatewayID.Malformed",
        "InvalidCarrierGatewayID.NotFound",
    ),
};

fn show(place: &Place, gateway: &CarrierGateway) -> Value {
    json!({
        "carrierGatewayId": gateway.id,
        "vpcId": gateway.vpc,
        "state": "available",
        "ownerId": place.account,
        "tagSet": shown(&gateway.tags),
    })
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let vpc = call.params.need("VpcId")?;
    let tags = call.params.tags("carrier-gateway")?;
    call.checked()?;
    vpc::LISTING.need(call, &vpc)?;
    let seen = call.seen();
    let place = &mut *call.place;
    let gateway = CarrierGateway {
        id: place.dice.id("cagw"),
        vpc,
        tags,
    };
    place
        .carrier_gateways
        .insert(&gateway.id, gateway.clone(), seen);
    Ok(json!({"carrierGateway": show(place, &gateway)}))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("CarrierGatewayId")?;
    call.checked()?;
    LISTING.need(call, &id)?;
    let seen = call.seen();
    call.place.carrier_gateways.remove(&id, seen);
    Ok(json!({"carrierGateway": {"carrierGatewayId": id, "state": "deleting"}}))
}
