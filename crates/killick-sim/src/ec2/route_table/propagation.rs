//! Routes that virtual private gateways bring along.

use serde_json::{Value, json};

use super::{LISTING, Route, Target};
use crate::ec2::Call;
use crate::ec2::listing::well_formed;
use crate::failure::Failure;

/// The origin of such routes.
pub(super) const PROPAGATED: &str = "EnableVgwRoutePropagation";

/// What every virtual private gateway knows the way to.
const NETWORKS: [&str; 2] = ["172.16.0.0/12", "198.51.100.0/24"];

pub(super) fn enable(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (table, gateway) = read(call)?;
    let seen = call.seen();
    let table = call.place.route_tables.change(&table, seen);
    if let Some(table) = table.filter(|table| !table.propagating.contains(&gateway)) {
        table.routes.extend(NETWORKS.map(|network| Route {
            destination: network.to_owned(),
            target: Target::To("gatewayId".to_owned(), gateway.clone()),
            origin: PROPAGATED.to_owned(),
        }));
        table.propagating.push(gateway);
    }
    Ok(json!({"return": true}))
}

pub(super) fn disable(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (table, gateway) = read(call)?;
    let seen = call.seen();
    if let Some(table) = call.place.route_tables.change(&table, seen) {
        table.propagating.retain(|other| *other != gateway);
        let target = Target::To("gatewayId".to_owned(), gateway);
        let gone = |route: &Route| route.origin == PROPAGATED && route.target == target;
        table.routes.retain(|route| !gone(route));
    }
    Ok(json!({"return": true}))
}

/// The table and the gateway, which is taken as there.
fn read(call: &mut Call<'_>) -> Result<(String, String), Failure> {
    let table = call.params.need("RouteTableId")?;
    let gateway = call.params.need("GatewayId")?;
    call.checked()?;
    LISTING.need(call, &table)?;
    well_formed(&gateway, "vgw", "InvalidVpnGatewayID.Malformed")?;
    Ok((table, gateway))
}
