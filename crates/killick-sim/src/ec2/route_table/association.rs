//! Who follows a route table: subnets, gateways, and the VPC itself.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::{LISTING, RouteTable, TableAssociation, apart};
use crate::ec2::Call;
use crate::ec2::listing::well_formed;
use crate::failure::Failure;
use crate::place::Place;

/// The table that a subnet follows: its own, or else the main one of its VPC.
pub fn table_of<'a>(place: &'a Place, subnet: &str) -> Option<&'a RouteTable> {
    if let Some(table) = followed(place, subnet) {
        return Some(table);
    }
    let vpc = &place.subnets.get(subnet)?.vpc;
    let mut tables = place.route_tables.all();
    tables.find(|table| table.vpc == *vpc && table.is_main())
}

/// The table that a subnet or gateway was given.
fn followed<'a>(place: &'a Place, member: &str) -> Option<&'a RouteTable> {
    let mut tables = place.route_tables.all();
    tables.find(|table| entry(table, member).is_some())
}

fn entry<'a>(table: &'a RouteTable, member: &str) -> Option<&'a TableAssociation> {
    let mut entries = table.associations.iter();
    entries.find(|entry| entry.member.as_deref() == Some(member))
}

pub(super) fn show(table: &RouteTable, entry: &TableAssociation) -> Value {
    let subnet = |id: &&String| id.starts_with("subnet-");
    let member = entry.member.as_ref();
    json!({
        "routeTableAssociationId": entry.id,
        "routeTableId": table.id,
        "main": member.is_none(),
        "subnetId": member.filter(subnet),
        "gatewayId": member.filter(|id| !subnet(id)),
        "associationState": {"state": "associated"},
    })
}

pub(super) fn associate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("RouteTableId")?;
    let subnet = call.params.text("SubnetId");
    let gateway = call.params.text("GatewayId");
    call.checked()?;
    let table = LISTING.need(call, &id)?;
    let member = match (subnet, gateway) {
        (Some(subnet), None) => subnet_of(call, table, subnet)?,
        (None, Some(gateway)) => gateway_of(call, table, gateway)?,
        (None, None) => return Err(Failure::missing("subnetId")),
        _ => {
            let message = "The parameters subnetId and gatewayId cannot be used together";
            return Err(Failure::combination(message));
        }
    };
    if let Some(entry) = entry(table, &member) {
        return Ok(answer("associationId", &entry.id));
    }
    if followed(call.place, &member).is_some() {
        let message = format!(
            "the specified association for route table {id} conflicts with an existing association"
        );
        return Err(Failure::new("Resource.AlreadyAssociated", message));
    }
    let seen = call.seen();
    let new = call.place.dice.id("rtbassoc");
    if let Some(table) = call.place.route_tables.change(&id, seen) {
        table.associations.push(TableAssociation {
            id: new.clone(),
            member: Some(member),
        });
    }
    Ok(answer("associationId", &new))
}

fn answer(member: &str, id: &str) -> Value {
    json!({(member): id, "associationState": {"state": "associated"}})
}

fn subnet_of(call: &Call<'_>, table: &RouteTable, id: String) -> Result<String, Failure> {
    well_formed(&id, "subnet", "InvalidSubnetID.Malformed")?;
    match call.place.subnets.visible(&id, &call.eye) {
        None => {
            let message = format!("The subnet ID '{id}' does not exist");
            Err(Failure::new("InvalidSubnetID.NotFound", message))
        }
        Some(subnet) if subnet.vpc != table.vpc => Err(apart(table, "subnet", &id)),
        Some(_) => Ok(id),
    }
}

fn gateway_of(call: &Call<'_>, table: &RouteTable, id: String) -> Result<String, Failure> {
    if well_formed(&id, "vgw", "").is_ok() {
        return Ok(id);
    }
    match call.place.internet_gateways.visible(&id, &call.eye) {
        None => {
            let message = format!("The gateway ID '{id}' does not exist");
            Err(Failure::new("InvalidGatewayID.NotFound", message))
        }
        Some(gateway) if gateway.vpc.as_ref() != Some(&table.vpc) => {
            Err(apart(table, "network gateway", &id))
        }
        Some(_) => Ok(id),
    }
}

pub(super) fn replace(call: &mut Call<'_>) -> Result<Value, Failure> {
    let old = call.params.need("AssociationId")?;
    let id = call.params.need("RouteTableId")?;
    call.checked()?;
    let (from, entry) = holder(call, &old)?;
    let table = LISTING.need(call, &id)?;
    if from.vpc != table.vpc {
        let message = format!("{old} and route table {id} belong to different networks");
        return Err(Failure::value(message));
    }
    let (from, member) = (from.id.clone(), entry.member.clone());
    let seen = call.seen();
    let place = &mut *call.place;
    let new = TableAssociation {
        id: place.dice.id("rtbassoc"),
        member,
    };
    if let Some(table) = place.route_tables.change(&from, seen) {
        table.associations.retain(|entry| entry.id != old);
    }
    if let Some(table) = place.route_tables.change(&id, seen) {
        table.associations.push(new.clone());
    }
    Ok(answer("newAssociationId", &new.id))
}

pub(super) fn disassociate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("AssociationId")?;
    call.checked()?;
    let (table, entry) = holder(call, &id)?;
    if entry.member.is_none() {
        let message = format!("cannot disassociate the main route table association {id}");
        return Err(Failure::value(message));
    }
    let table = table.id.clone();
    let seen = call.seen();
    if let Some(table) = call.place.route_tables.change(&table, seen) {
        table.associations.retain(|entry| entry.id != id);
    }
    Ok(json!({"return": true}))
}

/// An association that this call knows of, with its table.
fn holder<'a>(
    call: &'a Call<'_>,
    id: &str,
) -> Result<(&'a RouteTable, &'a TableAssociation), Failure> {
    well_formed(id, "rtbassoc", "InvalidAssociationID.Malformed")?;
    let place = &*call.place;
    let known = |table: &RouteTable| table.associations.iter().any(|entry| entry.id == id);
    let seen = place
        .route_tables
        .seen(&call.eye)
        .any(|(_, table)| known(table));
    let pairs = place.route_tables.all().flat_map(|table| {
        let entries = table.associations.iter();
        entries.map(move |entry| (table, entry))
    });
    let mut pairs = pairs.filter(|(_, entry)| seen && entry.id == id);
    pairs.next().ok_or_else(|| {
        let message = format!("The association ID '{id}' does not exist");
        Failure::new("InvalidAssociationID.NotFound", message)
    })
}
