//! Virtual private gateways.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};

/// A virtual private gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpnGateway {
    /// Its id, `vgw-…`.
    pub id: String,
    /// The VPC that it is attached to.
    pub vpc: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateVpnGateway", create),
    ("AttachVpnGateway", attach),
    ("DetachVpnGateway", detach),
    ("DescribeVpnGateways", describe),
    ("DeleteVpnGateway", delete),
];

pub(crate) const LISTING: Listing<VpnGateway> = Listing {
    set: "vpnGatewaySet",
    ids: "VpnGatewayId",
    prefix: "vgw",
    page: None,
    filters: &[
        ("attachment.state", "attachments.state"),
        ("attachment.vpc-id", "attachments.vpcId"),
        ("state", "state"),
        ("type", "type"),
        ("vpn-gateway-id", "vpnGatewayId"),
    ],
    table: |place| &place.vpn_gateways,
    tags: |gateway| &gateway.tags,
    show,
    codes: (
        "InvalidVpnGatewayID.Malformed",
        "InvalidVpnGatewayID.NotFound",
    ),
};

fn show(_place: &Place, gateway: &VpnGateway) -> Value {
    let attachment = |vpc: &String| json!({"vpcId": vpc, "state": "attached"});
    json!({
        "vpnGatewayId": gateway.id,
        "state": "available",
        "type": "ipsec.1",
        "amazonSideAsn": 64512,
        "attachments": gateway.vpc.iter().map(attachment).collect::<Vec<_>>(),
        "tagSet": shown(&gateway.tags),
    })
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let kind = call.params.need("Type")?;
    let tags = call.params.tags("vpn-gateway")?;
    call.checked()?;
    if kind != "ipsec.1" {
        let message = format!("Value ({kind}) for parameter type is invalid.");
        return Err(Failure::value(message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let gateway = VpnGateway {
        id: place.dice.id("vgw"),
        vpc: None,
        tags,
    };
    place
        .vpn_gateways
        .insert(&gateway.id, gateway.clone(), seen);
    Ok(json!({"vpnGateway": show(place, &gateway)}))
}

fn attach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpnGatewayId")?;
    let vpc = call.params.need("VpcId")?;
    call.checked()?;
    let attached = LISTING.need(call, &id)?.vpc.clone();
    vpc::LISTING.need(call, &vpc)?;
    if attached.is_some_and(|other| other != vpc) {
        let message = format!("The vpnGateway {id} is already attached to another VPC");
        return Err(Failure::new("VpnGatewayAttachmentLimitExceeded", message));
    }
    let seen = call.seen();
    if let Some(gateway) = call.place.vpn_gateways.change(&id, seen) {
        gateway.vpc = Some(vpc.clone());
    }
    Ok(json!({"attachment": {"vpcId": vpc, "state": "attaching"}}))
}

fn detach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpnGatewayId")?;
    let vpc = call.params.need("VpcId")?;
    call.checked()?;
    if LISTING.need(call, &id)?.vpc.as_ref() != Some(&vpc) {
        let message = format!("The vpnGateway {id} is not attached to {vpc}");
        return Err(Failure::new(
            "InvalidVpnGatewayAttachment.NotFound",
            message,
        ));
    }
    let seen = call.seen();
    if let Some(gateway) = call.place.vpn_gateways.change(&id, seen) {
        gateway.vpc = None;
    }
    Ok(json!({"return": true}))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpnGatewayId")?;
    call.checked()?;
    if LISTING.need(call, &id)?.vpc.is_some() {
        let message = format!("The vpnGateway {id} is attached to a VPC");
        return Err(Failure::new("IncorrectState", message));
    }
    let seen = call.seen();
    call.place.vpn_gateways.remove(&id, seen);
    Ok(json!({"return": true}))
}
