//! Route tables, routes and associations.

mod association;
mod propagation;
mod route;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, Vpc, limit, token, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};
use crate::world::Millis;

pub use association::table_of;
pub use route::active;

/// A route table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// Its id.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Its routes; one for each CIDR of the VPC is `local`.
    pub routes: Vec<Route>,
    /// Who follows it.
    pub associations: Vec<TableAssociation>,
    /// The virtual private gateways whose routes it takes.
    pub propagating: Vec<String>,
    /// Its tags.
    pub tags: Tags,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// An IPv4 or IPv6 network, or a prefix list.
    pub destination: String,
    /// Where to.
    pub target: Target,
    /// `CreateRouteTable`, `CreateRoute` or `EnableVgwRoutePropagation`.
    pub origin: String,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Within the VPC.
    Local,
    /// The member of the API and the id: `natGatewayId`, `gatewayId`,
    /// `transitGatewayId`, `vpcPeeringConnectionId`, `networkInterfaceId`,
    /// `egressOnlyInternetGatewayId`.
    To(String, String),
}

/// Who follows a route table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableAssociation {
    /// Its id, `rtbassoc-…`.
    pub id: String,
    /// The subnet or gateway; none for the main association.
    pub member: Option<String>,
}

impl RouteTable {
    /// Whether subnets without a table of their own follow it.
    pub fn is_main(&self) -> bool {
        self.associations.iter().any(|entry| entry.member.is_none())
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateRouteTable", create),
    ("DescribeRouteTables", describe),
    ("DeleteRouteTable", delete),
    ("CreateRoute", route::create),
    ("ReplaceRoute", route::replace),
    ("DeleteRoute", route::delete),
    ("AssociateRouteTable", association::associate),
    ("ReplaceRouteTableAssociation", association::replace),
    ("DisassociateRouteTable", association::disassociate),
    ("EnableVgwRoutePropagation", propagation::enable),
    ("DisableVgwRoutePropagation", propagation::disable),
];

pub(crate) const LISTING: Listing<RouteTable> = Listing {
    set: "routeTableSet",
    ids: "RouteTableId",
    prefix: "rtb",
    page: Some(5..=100),
    filters: &[
        ("association.gateway-id", "associationSet.gatewayId"),
        ("association.main", "associationSet.main"),
        (
            "association.route-table-association-id",
            "associationSet.routeTableAssociationId",
        ),
        ("association.route-table-id", "associationSet.routeTableId"),
        ("association.subnet-id", "associationSet.subnetId"),
        ("owner-id", "ownerId"),
        ("route-table-id", "routeTableId"),
        (
            "route.destination-cidr-block",
            "routeSet.destinationCidrBlock",
        ),
        (
            "route.destination-ipv6-cidr-block",
            "routeSet.destinationIpv6CidrBlock",
        ),
        (
            "route.destination-prefix-list-id",
            "routeSet.destinationPrefixListId",
        ),
        (
            "route.egress-only-internet-gateway-id",
            "routeSet.egressOnlyInternetGatewayId",
        ),
        ("route.gateway-id", "routeSet.gatewayId"),
        ("route.instance-id", "routeSet.instanceId"),
        ("route.nat-gateway-id", "routeSet.natGatewayId"),
        ("route.origin", "routeSet.origin"),
        ("route.state", "routeSet.state"),
        ("route.transit-gateway-id", "routeSet.transitGatewayId"),
        (
            "route.vpc-peering-connection-id",
            "routeSet.vpcPeeringConnectionId",
        ),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.route_tables,
    tags: |table| &table.tags,
    show,
    codes: (
        "InvalidRouteTableId.Malformed",
        "InvalidRouteTableID.NotFound",
    ),
};

fn associations(table: &RouteTable) -> Vec<Value> {
    let shown = |entry| association::show(table, entry);
    table.associations.iter().map(shown).collect()
}

fn routes(place: &Place, table: &RouteTable) -> Vec<Value> {
    let shown = |entry| route::show(place, table, entry);
    table.routes.iter().map(shown).collect()
}

fn show(place: &Place, table: &RouteTable) -> Value {
    let vgws: Vec<Value> = table
        .propagating
        .iter()
        .map(|id| json!({"gatewayId": id}))
        .collect();
    json!({
        "routeTableId": table.id,
        "vpcId": table.vpc,
        "ownerId": place.account,
        "routeSet": routes(place, table),
        "associationSet": associations(table),
        "propagatingVgwSet": vgws,
        "tagSet": shown(&table.tags),
    })
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let vpc = call.params.need("VpcId")?;
    let token = call.params.text("ClientToken");
    let tags = call.params.tags("route-table")?;
    call.checked()?;
    let asked = format!("{vpc} {tags:?}");
    let made = token::made(call.place, token.as_deref(), "CreateRouteTable", &asked)?;
    if let Some(table) = made.and_then(|id| call.place.route_tables.get(&id)) {
        return Ok(json!({"routeTable": show(call.place, table), "clientToken": token}));
    }
    let vpc = vpc::LISTING.need(call, &vpc)?.clone();
    let others = call.place.route_tables.all();
    if others.filter(|table| table.vpc == vpc.id).count() >= limit::ROUTE_TABLES {
        let message = "The maximum number of route tables has been reached.";
        return Err(Failure::new("RouteTableLimitExceeded", message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let table = new(place, &vpc, tags);
    place.route_tables.insert(&table.id, table.clone(), seen);
    token::remember(
        place,
        token.as_deref(),
        "CreateRouteTable",
        &asked,
        &table.id,
    );
    Ok(json!({"routeTable": show(place, &table), "clientToken": token}))
}

fn new(place: &mut Place, vpc: &Vpc, tags: Tags) -> RouteTable {
    RouteTable {
        id: place.dice.id("rtb"),
        vpc: vpc.id.clone(),
        routes: route::locals(vpc),
        associations: Vec::new(),
        propagating: Vec::new(),
        tags,
    }
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("RouteTableId")?;
    call.checked()?;
    let table = LISTING.need(call, &id)?;
    if !table.associations.is_empty() {
        return Err(Failure::dependency("routeTable", &id));
    }
    let seen = call.seen();
    call.place.route_tables.remove(&id, seen);
    for endpoint in call.place.endpoints.all_mut() {
        endpoint.route_tables.retain(|table| *table != id);
    }
    Ok(json!({"return": true}))
}

/// The table that every VPC is born with.
pub(crate) fn main_of(place: &mut Place, vpc: &Vpc, seen: Millis) {
    let mut table = new(place, vpc, Tags::new());
    table.associations.push(TableAssociation {
        id: place.dice.id("rtbassoc"),
        member: None,
    });
    place.route_tables.insert(&table.id, table.clone(), seen);
}

/// Gives every table of a VPC a `local` route for each of its CIDRs, and no
/// others.
pub(crate) fn local_routes(place: &mut Place, vpc: &str, seen: Millis) {
    let Some(locals) = place.vpcs.get(vpc).map(route::locals) else {
        return;
    };
    let tables = place.route_tables.iter();
    let ids: Vec<String> = tables
        .filter(|(_, table)| table.vpc == vpc)
        .map(|(id, _)| id.to_owned())
        .collect();
    for id in ids {
        if let Some(table) = place.route_tables.change(&id, seen) {
            table.routes.retain(|route| route.target != Target::Local);
            table.routes.splice(0..0, locals.clone());
        }
    }
}

/// Two things that are of different VPCs.
fn apart(table: &RouteTable, what: &str, id: &str) -> Failure {
    let table = &table.id;
    let message = format!("route table {table} and {what} {id} belong to different networks");
    Failure::value(message)
}
