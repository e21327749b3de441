//! VPC endpoints.

mod change;
mod create;
mod service;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, Route, Target, prefix_list};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};
use crate::world::{Millis, timestamp};

pub(crate) use change::settled;

/// A VPC endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id, `vpce-…`.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// The service's name, such as `com.amazonaws.ap-northeast-1.s3`.
    pub service: String,
    /// `Gateway` or `Interface`.
    pub kind: String,
    /// `pending`, `available` or `deleting`.
    pub state: String,
    /// The tables that a gateway endpoint has routes in.
    pub route_tables: Vec<String>,
    /// The subnets that an interface endpoint is in.
    pub subnets: Vec<String>,
    /// The security groups of an interface endpoint.
    pub groups: Vec<String>,
    /// The network interfaces of an interface endpoint.
    pub interfaces: Vec<String>,
    /// Whether an interface endpoint has the service's public name in the VPC.
    pub private_dns: bool,
    /// `ipv4` and its like.
    pub address_type: String,
    /// The policy, as JSON text.
    pub policy: String,
    /// When it was made, in milliseconds since 1970.
    pub created: Millis,
    /// Its tags.
    pub tags: Tags,
}

impl Endpoint {
    /// Whether it is there or on its way.
    pub(crate) fn alive(&self) -> bool {
        matches!(self.state.as_str(), "pending" | "available")
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateVpcEndpoint", create::create),
    ("DescribeVpcEndpoints", describe),
    ("ModifyVpcEndpoint", change::modify),
    ("DeleteVpcEndpoints", change::delete),
    ("DescribeVpcEndpointServices", service::describe),
];

pub(crate) const LISTING: Listing<Endpoint> = Listing {
    set: "vpcEndpointSet",
    ids: "VpcEndpointId",
    prefix: "vpce",
    // More than 1000 is not refused, but gives 1000.
    page: Some(1..=i64::MAX),
    filters: &[
        ("ip-address-type", "ipAddressType"),
        ("service-name", "serviceName"),
        ("service-region", "serviceRegion"),
        ("vpc-endpoint-id", "vpcEndpointId"),
        ("vpc-endpoint-state", "state"),
        ("vpc-endpoint-type", "vpcEndpointType"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.endpoints,
    tags: |endpoint| &endpoint.tags,
    show,
    codes: (
        "InvalidVpcEndpointId.Malformed",
        "InvalidVpcEndpointId.NotFound",
    ),
};

/// What an endpoint without a policy of its own lets through: everything.
const POLICY: &str = r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;

fn show(place: &Place, endpoint: &Endpoint) -> Value {
    let group = |id: &String| {
        let group = place.security_groups.get(id);
        json!({"groupId": id, "groupName": group.map(|group| &group.name)})
    };
    let tables = endpoint.route_tables.iter();
    json!({
        "vpcEndpointId": endpoint.id,
        "vpcEndpointType": endpoint.kind,
        "vpcId": endpoint.vpc,
        "serviceName": endpoint.service,
        "serviceRegion": place.region,
        "state": endpoint.state,
        "policyDocument": endpoint.policy,
        "routeTableIdSet": tables.filter(|id| place.route_tables.has(id)).collect::<Vec<_>>(),
        "subnetIdSet": endpoint.subnets,
        "groupSet": endpoint.groups.iter().map(group).collect::<Vec<_>>(),
        "networkInterfaceIdSet": endpoint.interfaces,
        "dnsEntrySet": [],
        "ipAddressType": endpoint.address_type,
        "dnsOptions": {"dnsRecordIpType": endpoint.address_type},
        "privateDnsEnabled": endpoint.private_dns,
        "requesterManaged": false,
        "ownerId": place.account,
        "creationTimestamp": timestamp(endpoint.created),
        "tagSet": shown(&endpoint.tags),
    })
}

/// # Errors
/// `InvalidPolicyDocument`: the text is no policy.
fn is_policy(text: &str) -> Result<(), Failure> {
    let policy: Option<Value> = serde_json::from_str(text).ok();
    if policy.is_some_and(|policy| policy.get("Statement").is_some()) {
        return Ok(());
    }
    let message = "The specified policy document is not a valid JSON policy document.";
    Err(Failure::new("InvalidPolicyDocument", message))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

/// Whether tables are of the endpoint's VPC and have no route to the service:
/// only one may.
fn can_join(call: &Call<'_>, endpoint: &Endpoint, tables: &[String]) -> Result<(), Failure> {
    let place = &*call.place;
    let list = prefix_list::of(place, &endpoint.service);
    let list = list.map(|list| list.id).unwrap_or_default();
    for id in tables {
        let known = place.route_tables.find(id, &call.eye);
        let Some(table) = known.and_then(|_| place.route_tables.get(id)) else {
            let message = format!("The routeTable ID '{id}' does not exist");
            return Err(Failure::new("InvalidRouteTableId.NotFound", message));
        };
        if table.vpc != endpoint.vpc {
            let vpc = &endpoint.vpc;
            let message = format!("Route table {id} does not belong to VPC {vpc}");
            return Err(Failure::new("InvalidParameter", message));
        }
        if table.routes.iter().any(|route| route.destination == list) {
            let message = format!(
                "route table {id} already has a route with destination-prefix-list-id {list}"
            );
            return Err(Failure::new("RouteAlreadyExists", message));
        }
    }
    Ok(())
}

fn join(place: &mut Place, endpoint: &Endpoint, tables: &[String], seen: Millis) {
    let Some(list) = prefix_list::of(place, &endpoint.service) else {
        return;
    };
    for id in tables {
        if let Some(table) = place.route_tables.change(id, seen) {
            table.routes.push(Route {
                destination: list.id.clone(),
                target: target(&endpoint.id),
                origin: "CreateRoute".to_owned(),
            });
        }
    }
}

/// Endpoint routes show the endpoint as a gateway.
fn target(id: &str) -> Target {
    Target::To("gatewayId".to_owned(), id.to_owned())
}
