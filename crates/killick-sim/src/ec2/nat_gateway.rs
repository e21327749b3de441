//! NAT gateways.

mod address;
mod create;
mod life;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call};
use crate::agenda::Event;
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};
use crate::world::{Millis, timestamp};

pub(super) use life::{drained, forgotten, gone, up};

/// A NAT gateway, or what is left of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatGateway {
    /// Its id.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Its subnet.
    pub subnet: String,
    /// Where it is in its life.
    pub state: NatState,
    /// `public` or `private`.
    pub connectivity: String,
    /// The primary address first.
    pub addresses: Vec<NatAddress>,
    /// Why it failed, or is going to: code and message.
    pub failure: Option<(String, String)>,
    /// When it was made, in milliseconds since 1970.
    pub created: Millis,
    /// When it was deleted or failed.
    pub deleted: Option<Millis>,
    /// Its tags.
    pub tags: Tags,
}

/// The life of a NAT gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NatState {
    /// It is being made.
    Pending,
    /// It carries traffic.
    Available,
    /// It never came up.
    Failed,
    /// It is on its way out and still holds its addresses.
    Deleting,
    /// It is gone, and listed for an hour.
    Deleted,
}

/// An address of a NAT gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatAddress {
    /// The Elastic IP, for a public gateway.
    pub allocation: Option<String>,
    /// The public address.
    pub public_ip: Option<String>,
    /// The private address; empty when the subnet had none.
    pub private_ip: String,
    /// The network interface; empty when the subnet had no room for one.
    pub interface: String,
    /// The association of the Elastic IP.
    pub association: Option<String>,
    /// `associating`, `assigning`, `succeeded`, `disassociating` or `failed`.
    pub status: String,
}

impl NatState {
    /// As the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Available => "available",
            Self::Failed => "failed",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
        }
    }
}

impl NatGateway {
    /// Whether it is there or on its way: routes to it are active.
    pub fn alive(&self) -> bool {
        matches!(self.state, NatState::Pending | NatState::Available)
    }

    /// Whether it holds its addresses, and counts against the quota.
    pub(crate) fn holds(&self) -> bool {
        self.alive() || self.state == NatState::Deleting
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateNatGateway", create::create),
    ("DescribeNatGateways", describe),
    ("DeleteNatGateway", delete),
    ("AssociateNatGatewayAddress", address::associate),
    ("DisassociateNatGatewayAddress", address::disassociate),
];

pub(crate) const LISTING: Listing<NatGateway> = Listing {
    set: "natGatewaySet",
    ids: "NatGatewayId",
    prefix: "nat",
    page: Some(5..=1000),
    filters: &[
        ("nat-gateway-id", "natGatewayId"),
        ("state", "state"),
        ("subnet-id", "subnetId"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.nat_gateways,
    tags: |gateway| &gateway.tags,
    show,
    codes: ("NatGatewayMalformed", "NatGatewayNotFound"),
};

fn show(_place: &Place, gateway: &NatGateway) -> Value {
    let failed = gateway.state == NatState::Failed;
    let failure = gateway.failure.as_ref().filter(|_| failed);
    let addresses = gateway.addresses.iter().enumerate();
    let addresses: Vec<Value> = addresses
        .map(|(at, address)| address::show(address, at == 0))
        .collect();
    json!({
        "natGatewayId": gateway.id,
        "vpcId": gateway.vpc,
        "subnetId": gateway.subnet,
        "state": gateway.state.name(),
        "connectivityType": gateway.connectivity,
        "availabilityMode": "zonal",
        "createTime": timestamp(gateway.created),
        "deleteTime": gateway.deleted.map(timestamp),
        "failureCode": failure.map(|(code, _)| code),
        "failureMessage": failure.map(|(_, message)| message),
        "natGatewayAddressSet": addresses,
        "tagSet": shown(&gateway.tags),
    })
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NatGatewayId")?;
    call.checked()?;
    // What is going, gone or failed may be deleted again.
    if LISTING.need(call, &id)?.alive() {
        let (seen, now) = (call.seen(), call.now);
        let place = &mut *call.place;
        if let Some(gateway) = place.nat_gateways.change(&id, seen) {
            gateway.state = NatState::Deleting;
            gateway.deleted = Some(now);
        }
        let gone = now.saturating_add(place.dice.between(37_000, 79_000));
        place.agenda.at(gone, Event::NatGone(id.clone()));
    }
    Ok(json!({"natGatewayId": id}))
}
