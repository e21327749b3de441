//! Egress-only internet gateways, for IPv6.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, token, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};

/// An egress-only internet gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EgressOnlyGateway {
    /// Its id, `eigw-…`.
    pub id: String,
    /// The VPC that it is attached to.
    pub vpc: String,
    /// Its tags.
    pub tags: Tags,
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateEgressOnlyInternetGateway", create),
    ("DescribeEgressOnlyInternetGateways", describe),
    ("DeleteEgressOnlyInternetGateway", delete),
];

pub(crate) const LISTING: Listing<EgressOnlyGateway> = Listing {
    set: "egressOnlyInternetGatewaySet",
    ids: "EgressOnlyInternetGatewayId",
    prefix: "eigw",
    page: Some(5..=255),
    filters: &[],
    table: |place| &place.egress_only_gateways,
    tags: |gateway| &gateway.tags,
    show,
    codes: (
        "InvalidEgressOnlyInternetGatewayId.Malformed",
        "InvalidEgressOnlyInternetGatewayId.NotFound",
    ),
};

fn show(_place: &Place, gateway: &EgressOnlyGateway) -> Value {
    json!({
        "egressOnlyInternetGatewayId": gateway.id,
        "attachmentSet": [{"vpcId": gateway.vpc, "state": "attached"}],
        "tagSet": shown(&gateway.tags),
    })
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    const ACTION: &str = "CreateEgressOnlyInternetGateway";
    let vpc = call.params.need("VpcId")?;
    let key = call.params.text("ClientToken");
    let tags = call.params.tags("egress-only-internet-gateway")?;
    call.checked()?;
    let asked = format!("{vpc} {tags:?}");
    let made = token::made(call.place, key.as_deref(), ACTION, &asked)?;
    if let Some(known) = made.and_then(|id| call.place.egress_only_gateways.get(&id)) {
        let shown = show(call.place, known);
        return Ok(json!({"egressOnlyInternetGateway": shown, "clientToken": key}));
    }
    vpc::LISTING.need(call, &vpc)?;
    let others = &call.place.egress_only_gateways;
    if others.all().any(|other| other.vpc == vpc) {
        let message = format!("Network {vpc} already has an egress-only internet gateway attached");
        return Err(Failure::value(message));
    }
    if call.place.egress_only_gateways.len() >= call.settings.vpc_quota {
        let message = "The maximum number of egress-only internet gateways has been reached.";
        let code = "EgressOnlyInternetGatewayLimitExceeded";
        return Err(Failure::new(code, message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let gateway = EgressOnlyGateway {
        id: place.dice.id("eigw"),
        vpc,
        tags,
    };
    place
        .egress_only_gateways
        .insert(&gateway.id, gateway.clone(), seen);
    token::remember(place, key.as_deref(), ACTION, &asked, &gateway.id);
    let shown = show(place, &gateway);
    Ok(json!({"egressOnlyInternetGateway": shown, "clientToken": key}))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("EgressOnlyInternetGatewayId")?;
    call.checked()?;
    LISTING.need(call, &id).map_err(renamed)?;
    let seen = call.seen();
    call.place.egress_only_gateways.remove(&id, seen);
    Ok(json!({"returnCode": true}))
}

/// The delete call has another name for what is not there.
fn renamed(failure: Failure) -> Failure {
    match failure.code.ends_with(".NotFound") {
        true => Failure::new("InvalidGatewayID.NotFound", failure.message),
        false => failure,
    }
}
