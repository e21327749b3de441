//! Routes: where to, and whether they lead anywhere.

use ipnet::{Ipv4Net, Ipv6Net};
use serde_json::{Value, json};

use super::propagation::PROPAGATED;
use super::{LISTING, Route, RouteTable, Target, apart};
use crate::ec2::listing::well_formed;
use crate::ec2::{Call, Endpoint, NatGateway, Vpc, limit};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::Params;

/// The parameters that name a target.
const TARGETS: [&str; 8] = [
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
];

/// Whether a route leads anywhere, or into a blackhole. Transit gateways,
/// peering connections and virtual private gateways are taken as there.
pub fn active(place: &Place, table: &RouteTable, route: &Route) -> bool {
    let Target::To(_, id) = &route.target else {
        return true;
    };
    match id.split_once('-').map(|(kind, _)| kind) {
        Some("nat") => place.nat_gateways.get(id).is_some_and(NatGateway::alive),
        Some("igw") => {
            let gateway = place.internet_gateways.get(id);
            gateway.is_some_and(|gateway| gateway.vpc.as_ref() == Some(&table.vpc))
        }
        Some("vpce") => place.endpoints.get(id).is_some_and(Endpoint::alive),
        Some("eni") => place.interfaces.has(id),
        Some("eigw") => place.egress_only_gateways.has(id),
        _ => true,
    }
}

/// The routes within a VPC.
pub(super) fn locals(vpc: &Vpc) -> Vec<Route> {
    let blocks = vpc.cidrs.iter().chain(&vpc.ipv6);
    let routes = blocks.map(|block| Route {
        destination: block.cidr.clone(),
        target: Target::Local,
        origin: "CreateRouteTable".to_owned(),
    });
    routes.collect()
}

pub(super) fn show(place: &Place, table: &RouteTable, route: &Route) -> Value {
    let (member, id) = match &route.target {
        Target::Local => ("gatewayId", "local"),
        Target::To(member, id) => (member.as_str(), id.as_str()),
    };
    let state = match active(place, table, route) {
        true => "active",
        false => "blackhole",
    };
    json!({
        (kind(&route.destination)): route.destination,
        (member): id,
        "origin": route.origin,
        "state": state,
    })
}

/// The member of the API for a destination.
fn kind(destination: &str) -> &'static str {
    if destination.starts_with("pl-") {
        "destinationPrefixListId"
    } else if destination.contains(':') {
        "destinationIpv6CidrBlock"
    } else {
        "destinationCidrBlock"
    }
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("RouteTableId")?;
    let destination = destination(&mut call.params)?;
    let (parameter, target) = named(&mut call.params)?;
    call.checked()?;
    let table = LISTING.need(call, &id)?;
    let target = reach(call, table, &destination, parameter, &target)?;
    // A static route may stand beside a propagated one, and wins.
    let own = || {
        let routes = table.routes.iter();
        routes.filter(|route| route.origin != PROPAGATED)
    };
    if own().any(|route| route.destination == destination) {
        let message = format!("The route identified by {destination} already exists.");
        return Err(Failure::new("RouteAlreadyExists", message));
    }
    if own().count() >= limit::ROUTES {
        let message = "The maximum number of routes has been reached.";
        return Err(Failure::new("RouteLimitExceeded", message));
    }
    let seen = call.seen();
    if let Some(table) = call.place.route_tables.change(&id, seen) {
        table.routes.push(Route {
            destination,
            target,
            origin: "CreateRoute".to_owned(),
        });
    }
    Ok(json!({"return": true}))
}

pub(super) fn replace(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("RouteTableId")?;
    let destination = destination(&mut call.params)?;
    let (parameter, target) = named(&mut call.params)?;
    call.checked()?;
    let table = LISTING.need(call, &id)?;
    let target = reach(call, table, &destination, parameter, &target)?;
    let fits = |route: &Route| route.destination == destination && route.origin != PROPAGATED;
    match table.routes.iter().find(|route| fits(route)) {
        None => {
            let message = format!(
                "There is no route defined for '{destination}' in the route table. Use CreateRoute instead."
            );
            return Err(Failure::value(message));
        }
        Some(route) => changeable(route, &id, "replace")?,
    }
    let seen = call.seen();
    if let Some(table) = call.place.route_tables.change(&id, seen) {
        let mut routes = table.routes.iter_mut();
        if let Some(route) = routes.find(|route| fits(route)) {
            route.target = target;
        }
    }
    Ok(json!({"return": true}))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("RouteTableId")?;
    let destination = destination(&mut call.params)?;
    call.checked()?;
    let missing = || {
        let message =
            format!("no route with destination-cidr-block {destination} in route table {id}");
        Failure::new("InvalidRoute.NotFound", message)
    };
    let table = LISTING.need(call, &id).map_err(|failure| {
        // A table that is not there has no such route either.
        match failure.code == LISTING.codes.1 {
            true => missing(),
            false => failure,
        }
    })?;
    let routes = table.routes.iter();
    let route = routes
        .filter(|route| route.destination == destination)
        .max_by_key(|route| route.origin != PROPAGATED)
        .ok_or_else(missing)?
        .clone();
    changeable(&route, &id, "remove")?;
    let seen = call.seen();
    if let Some(table) = call.place.route_tables.change(&id, seen) {
        table.routes.retain(|other| *other != route);
    }
    Ok(json!({"return": true}))
}

/// Refuses to touch what AWS put there.
fn changeable(route: &Route, table: &str, verb: &str) -> Result<(), Failure> {
    let destination = &route.destination;
    let whose = match &route.target {
        Target::Local => "local",
        _ if route.origin == PROPAGATED => "propagated",
        Target::To(_, id) if destination.starts_with("pl-") && id.starts_with("vpce-") => {
            "VPC endpoint"
        }
        Target::To(..) => return Ok(()),
    };
    let message = format!("cannot {verb} {whose} route {destination} in route table {table}");
    Err(Failure::value(message))
}

/// The destination, brought to one form.
fn destination(params: &mut Params) -> Result<String, Failure> {
    let ipv4 = params.text("DestinationCidrBlock");
    let ipv6 = params.text("DestinationIpv6CidrBlock");
    let list = params.text("DestinationPrefixListId");
    let bad = |name: &str, text: &str| {
        Failure::value(format!(
            "Value ({text}) for parameter {name} is invalid. This is not a valid CIDR block."
        ))
    };
    match (ipv4, ipv6, list) {
        (Some(text), None, None) => match text.parse::<Ipv4Net>() {
            Ok(cidr) => Ok(cidr.trunc().to_string()),
            Err(_) => Err(bad("destinationCidrBlock", &text)),
        },
        (None, Some(text), None) => match text.parse::<Ipv6Net>() {
            Ok(cidr) => Ok(cidr.trunc().to_string()),
            Err(_) => Err(bad("destinationIpv6CidrBlock", &text)),
        },
        (None, None, Some(list)) => {
            well_formed(&list, "pl", "InvalidPrefixListId.Malformed").map(|()| list)
        }
        (None, None, None) => Err(Failure::missing("destinationCidrBlock")),
        _ => Err(Failure::combination(
            "A route has exactly one of destinationCidrBlock, destinationIpv6CidrBlock and destinationPrefixListId",
        )),
    }
}

/// The one target with its parameter's name.
fn named(params: &mut Params) -> Result<(&'static str, String), Failure> {
    let given = TARGETS.map(|name| params.text(name).map(|id| (name, id)));
    let mut given = given.into_iter().flatten();
    let message = format!(
        "The request must contain exactly one of {}",
        TARGETS.join(", ")
    );
    match (given.next(), given.next()) {
        (Some(target), None) => Ok(target),
        (None, _) => Err(Failure::new("MissingParameter", message)),
        _ => Err(Failure::combination(message)),
    }
}

/// A target that this call knows of, and that is of the table's VPC.
fn reach(
    call: &Call<'_>,
    table: &RouteTable,
    destination: &str,
    parameter: &str,
    id: &str,
) -> Result<Target, Failure> {
    let (place, eye) = (&*call.place, &call.eye);
    let missing =
        |code: &str, what: &str| Failure::new(code, format!("The {what} ID '{id}' does not exist"));
    let here = Some(table.vpc.as_str());
    let (member, what, vpc) = match parameter {
        "NatGatewayId" => {
            well_formed(id, "nat", "NatGatewayMalformed")?;
            let known = place.nat_gateways.visible(id, eye);
            let gateway = known.filter(|gateway| gateway.alive());
            let gateway =
                gateway.ok_or_else(|| missing("InvalidNatGatewayID.NotFound", "natGateway"))?;
            (
                "natGatewayId",
                "network gateway",
                Some(gateway.vpc.as_str()),
            )
        }
        "GatewayId" | "VpcEndpointId" if id.starts_with("vpce-") => {
            let known = place.endpoints.visible(id, eye);
            let endpoint = known.filter(|endpoint| endpoint.alive());
            let endpoint =
                endpoint.ok_or_else(|| missing("InvalidVpcEndpointId.NotFound", "vpcEndpoint"))?;
            if endpoint.kind == "Gateway" {
                let message = format!("The VPC endpoint {id} cannot be the target of a route");
                return Err(Failure::value(message));
            }
            ("gatewayId", "VPC endpoint", Some(endpoint.vpc.as_str()))
        }
        "VpcEndpointId" => return Err(missing("InvalidVpcEndpointId.Malformed", "vpcEndpoint")),
        "GatewayId" if well_formed(id, "vgw", "").is_ok() => ("gatewayId", "gateway", here),
        "GatewayId" => {
            let known = place.internet_gateways.visible(id, eye);
            let gateway = known.ok_or_else(|| missing("InvalidGatewayID.NotFound", "gateway"))?;
            ("gatewayId", "network gateway", gateway.vpc.as_deref())
        }
        "TransitGatewayId" => {
            well_formed(id, "tgw", "InvalidTransitGatewayID.Malformed")?;
            ("transitGatewayId", "transit gateway", here)
        }
        "VpcPeeringConnectionId" => {
            well_formed(id, "pcx", "InvalidVpcPeeringConnectionId.Malformed")?;
            ("vpcPeeringConnectionId", "peering connection", here)
        }
        "NetworkInterfaceId" => {
            well_formed(id, "eni", "InvalidNetworkInterfaceId.Malformed")?;
            let interface = place
                .interfaces
                .visible(id, eye)
                .ok_or_else(|| missing("InvalidNetworkInterfaceID.NotFound", "networkInterface"))?;
            (
                "networkInterfaceId",
                "interface",
                Some(interface.vpc.as_str()),
            )
        }
        "EgressOnlyInternetGatewayId" => {
            let code = "InvalidEgressOnlyInternetGatewayId";
            well_formed(id, "eigw", &format!("{code}.Malformed"))?;
            let known = place.egress_only_gateways.visible(id, eye);
            let gateway = known
                .ok_or_else(|| missing(&format!("{code}.NotFound"), "egressOnlyInternetGateway"))?;
            if kind(destination) == "destinationCidrBlock" {
                let message = format!("{id} takes IPv6 destinations only");
                return Err(Failure::value(message));
            }
            let member = "egressOnlyInternetGatewayId";
            (member, "network gateway", Some(gateway.vpc.as_str()))
        }
        // There are no instances here.
        _ => return Err(missing("InvalidInstanceID.NotFound", "instance")),
    };
    match vpc == here {
        true => Ok(Target::To(member.to_owned(), id.to_owned())),
        false => Err(apart(table, what, id)),
    }
}
