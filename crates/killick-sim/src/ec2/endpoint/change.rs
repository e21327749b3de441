//! Endpoints in change, and on their way out.

use serde_json::{Value, json};

use super::{Endpoint, LISTING, POLICY, can_join, is_policy, join, target};
use crate::agenda::Event;
use crate::ec2::Call;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::Millis;

pub(super) fn modify(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpcEndpointId")?;
    let reset = call.params.flag("ResetPolicy")? == Some(true);
    let policy = call.params.text("PolicyDocument");
    let mut adding = call.params.list("AddRouteTableId");
    let leaving = call.params.list("RemoveRouteTableId");
    call.checked()?;
    let endpoint = LISTING.need(call, &id)?.clone();
    if !endpoint.alive() {
        let message = format!("The Vpc Endpoint {id} is {}", endpoint.state);
        return Err(Failure::new("IncorrectState", message));
    }
    if reset && policy.is_some() {
        let message = "The parameter ResetPolicy cannot be used with PolicyDocument";
        return Err(Failure::combination(message));
    }
    if endpoint.kind != "Gateway" && !(adding.is_empty() && leaving.is_empty()) {
        let message = "Route tables can only be set for gateway endpoints";
        return Err(Failure::new("InvalidParameter", message));
    }
    policy.as_deref().map_or(Ok(()), is_policy)?;
    adding.sort();
    adding.dedup();
    can_join(call, &endpoint, &adding)?;
    let seen = call.seen();
    part(call.place, &endpoint, &leaving, seen);
    join(call.place, &endpoint, &adding, seen);
    if let Some(endpoint) = call.place.endpoints.change(&id, seen) {
        endpoint.route_tables.retain(|id| !leaving.contains(id));
        endpoint.route_tables.extend(adding);
        let reset = reset.then(|| POLICY.to_owned());
        if let Some(policy) = reset.or(policy) {
            endpoint.policy = policy;
        }
    }
    Ok(json!({"return": true}))
}

/// Takes an endpoint's routes out of tables.
fn part(place: &mut Place, endpoint: &Endpoint, tables: &[String], seen: Millis) {
    let own = target(&endpoint.id);
    for id in tables {
        if let Some(table) = place.route_tables.change(id, seen) {
            table.routes.retain(|route| route.target != own);
        }
    }
}

/// Deletes what can be deleted and tells of the rest, with HTTP 200.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ids = call.params.list("VpcEndpointId");
    call.checked()?;
    if ids.is_empty() {
        return Err(Failure::missing("VpcEndpointId"));
    }
    let mut unsuccessful = Vec::new();
    for id in ids {
        match LISTING.need(call, &id).cloned() {
            Ok(endpoint) => leave(call, &endpoint),
            Err(failure) => {
                // Here the code has another spelling.
                let code = failure.code.replace("Id.NotFound", ".NotFound");
                let error = json!({"code": code, "message": failure.message});
                unsuccessful.push(json!({"resourceId": id, "error": error}));
            }
        }
    }
    Ok(json!({"unsuccessful": unsuccessful}))
}

/// Its routes go at once, itself a little later.
fn leave(call: &mut Call<'_>, endpoint: &Endpoint) {
    if !endpoint.alive() {
        return;
    }
    let seen = call.seen();
    let place = &mut *call.place;
    part(place, endpoint, &endpoint.route_tables, seen);
    if let Some(endpoint) = place.endpoints.change(&endpoint.id, seen) {
        endpoint.state = "deleting".to_owned();
        endpoint.route_tables.clear();
    }
    let gone = call.now.saturating_add(place.dice.between(3000, 20_000));
    let event = Event::EndpointSettled(endpoint.id.clone());
    place.agenda.at(gone, event);
}

/// An endpoint has come or gone.
pub(crate) fn settled(place: &mut Place, id: &str, _when: Millis) {
    let Some(endpoint) = place.endpoints.get_mut(id) else {
        return;
    };
    if endpoint.state == "pending" {
        endpoint.state = "available".to_owned();
    } else if endpoint.state == "deleting" {
        let endpoint = endpoint.clone();
        give_back(place, &endpoint);
        place.endpoints.remove(id, 0);
    }
}

/// Its network interfaces go with an endpoint.
pub(super) fn give_back(place: &mut Place, endpoint: &Endpoint) {
    for id in &endpoint.interfaces {
        place.interfaces.remove(id, 0);
    }
}
