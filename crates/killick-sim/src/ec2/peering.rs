//! VPC peering connections within one account.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};

/// A VPC peering connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peering {
    /// Its id, `pcx-…`.
    pub id: String,
    /// The VPC that asked.
    pub requester: String,
    /// The VPC that was asked.
    pub accepter: String,
    /// `pending-acceptance`, `active` or `deleted`.
    pub state: String,
    /// Its tags.
    pub tags: Tags,
}

impl Peering {
    /// Whether it ties a VPC to another one.
    pub(crate) fn ties(&self, vpc: &str) -> bool {
        self.state == "active" && [&self.requester, &self.accepter].contains(&&vpc.to_owned())
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateVpcPeeringConnection", create),
    ("AcceptVpcPeeringConnection", accept),
    ("DescribeVpcPeeringConnections", describe),
    ("DeleteVpcPeeringConnection", delete),
];

pub(crate) const LISTING: Listing<Peering> = Listing {
    set: "vpcPeeringConnectionSet",
    ids: "VpcPeeringConnectionId",
    prefix: "pcx",
    page: Some(5..=1000),
    filters: &[
        ("accepter-vpc-info.vpc-id", "accepterVpcInfo.vpcId"),
        ("requester-vpc-info.vpc-id", "requesterVpcInfo.vpcId"),
        ("status-code", "status.code"),
        ("vpc-peering-connection-id", "vpcPeeringConnectionId"),
    ],
    table: |place| &place.peerings,
    tags: |peering| &peering.tags,
    show,
    codes: (
        "InvalidVpcPeeringConnectionId.Malformed",
        "InvalidVpcPeeringConnectionID.NotFound",
    ),
};

fn show(place: &Place, peering: &Peering) -> Value {
    let side = |vpc: &String| {
        let known = place.vpcs.get(vpc);
        let cidr = known.and_then(|vpc| vpc.cidrs.first());
        json!({
            "vpcId": vpc,
            "ownerId": place.account,
            "region": place.region,
            "cidrBlock": cidr.map(|block| &block.cidr),
        })
    };
    json!({
        "vpcPeeringConnectionId": peering.id,
        "requesterVpcInfo": side(&peering.requester),
        "accepterVpcInfo": side(&peering.accepter),
        "status": {"code": peering.state, "message": peering.state},
        "tagSet": shown(&peering.tags),
    })
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let requester = call.params.need("VpcId")?;
    let accepter = call.params.need("PeerVpcId")?;
    let tags = call.params.tags("vpc-peering-connection")?;
    call.checked()?;
    vpc::LISTING.need(call, &requester)?;
    vpc::LISTING.need(call, &accepter)?;
    let seen = call.seen();
    let place = &mut *call.place;
    let peering = Peering {
        id: place.dice.id("pcx"),
        requester,
        accepter,
        state: "pending-acceptance".to_owned(),
        tags,
    };
    place.peerings.insert(&peering.id, peering.clone(), seen);
    Ok(json!({"vpcPeeringConnection": show(place, &peering)}))
}

fn accept(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpcPeeringConnectionId")?;
    call.checked()?;
    let state = LISTING.need(call, &id)?.state.clone();
    if state != "pending-acceptance" {
        let message = format!("VPC peering connection {id} is {state}");
        return Err(Failure::new("InvalidStateTransition", message));
    }
    enter(call, &id, "active");
    let shown = call.place.peerings.get(&id);
    let shown = shown.map(|peering| show(call.place, peering));
    Ok(json!({"vpcPeeringConnection": shown}))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

/// It is listed for a while after it is gone.
fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpcPeeringConnectionId")?;
    call.checked()?;
    LISTING.need(call, &id)?;
    enter(call, &id, "deleted");
    Ok(json!({"return": true}))
}

fn enter(call: &mut Call<'_>, id: &str, state: &str) {
    let seen = call.seen();
    if let Some(peering) = call.place.peerings.change(id, seen) {
        state.clone_into(&mut peering.state);
    }
}
