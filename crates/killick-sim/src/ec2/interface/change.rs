//! What an account can do with network interfaces.

use serde_json::{Value, json};

use super::describe::show;
use super::{Interface, LISTING, Wanted, make, taken, usable};
use crate::ec2::listing::well_formed;
use crate::ec2::{Call, Subnet, limit, subnet, token};
use crate::failure::Failure;
use crate::place::Place;

/// Interfaces in a region.
const MOST: usize = 5000;

pub(super) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    const ACTION: &str = "CreateNetworkInterface";
    let subnet = call.params.need("SubnetId")?;
    let description = call.params.text("Description").unwrap_or_default();
    let groups = call.params.list("SecurityGroupId");
    let private_ip = call.params.text("PrivateIpAddress");
    let kind = call.params.text("InterfaceType");
    let key = call.params.text("ClientToken");
    let tags = call.params.tags("network-interface")?;
    call.checked()?;
    let asked = format!("{subnet} {description:?} {groups:?} {private_ip:?} {kind:?} {tags:?}");
    let made = token::made(call.place, key.as_deref(), ACTION, &asked)?;
    if let Some(known) = made.and_then(|id| call.place.interfaces.get(&id)) {
        return Ok(json!({"networkInterface": show(call.place, known), "clientToken": key}));
    }
    if let Some(kind) = kind.filter(|kind| kind != "interface") {
        let message = format!("Value ({kind}) for parameter interfaceType is not simulated.");
        return Err(Failure::value(message));
    }
    let subnet = subnet::LISTING.need(call, &subnet)?.clone();
    let groups = groups_of(call, &subnet.vpc, groups)?;
    if let Some(ip) = &private_ip {
        usable_now(call.place, &subnet, ip)?;
    }
    if call.place.interfaces.len() >= MOST {
        let message = "The maximum number of network interfaces has been reached.";
        return Err(Failure::new("NetworkInterfaceLimitExceeded", message));
    }
    let seen = call.seen();
    let wanted = Wanted {
        subnet: &subnet.id,
        kind: "interface",
        description: &description,
        groups: &groups,
        managed: false,
    };
    let mut interface = make(call.place, &wanted, seen)?;
    interface.private_ip = private_ip.unwrap_or(interface.private_ip);
    interface.tags = tags;
    if let Some(row) = call.place.interfaces.get_mut(&interface.id) {
        row.clone_from(&interface);
    }
    let place = &mut *call.place;
    token::remember(place, key.as_deref(), ACTION, &asked, &interface.id);
    Ok(json!({"networkInterface": show(place, &interface), "clientToken": key}))
}

fn usable_now(place: &Place, subnet: &Subnet, ip: &str) -> Result<(), Failure> {
    if !usable(&subnet.cidr).any(|usable| usable.to_string() == ip) {
        let message = "Address does not fall within the subnet's address range";
        return Err(Failure::value(message));
    }
    if taken(place, &subnet.id).any(|taken| taken == ip) {
        let message = "The specified address is already in use.";
        return Err(Failure::new("InvalidIPAddress.InUse", message));
    }
    Ok(())
}

/// The groups that were asked for, or the default one.
fn groups_of(call: &Call<'_>, vpc: &str, asked: Vec<String>) -> Result<Vec<String>, Failure> {
    if asked.is_empty() {
        let mut groups = call.place.security_groups.all();
        let default = groups.find(|group| group.vpc == vpc && group.name == "default");
        return Ok(default.map(|group| group.id.clone()).into_iter().collect());
    }
    if asked.len() > limit::GROUPS_OF_INTERFACE {
        let message = "The maximum number of security groups per interface has been reached.";
        let code = "SecurityGroupsPerInterfaceLimitExceeded";
        return Err(Failure::new(code, message));
    }
    for id in &asked {
        well_formed(id, "sg", "InvalidGroupId.Malformed")?;
        let Some(group) = call.place.security_groups.find(id, &call.eye) else {
            let message = format!("The security group '{id}' does not exist");
            return Err(Failure::new("InvalidGroup.NotFound", message));
        };
        if group.vpc != vpc {
            let message = "You have specified two resources that belong to different networks.";
            return Err(Failure::new("InvalidParameter", message));
        }
    }
    Ok(asked)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NetworkInterfaceId")?;
    call.checked()?;
    idle(LISTING.need(call, &id)?)?;
    let seen = call.seen();
    let place = &mut *call.place;
    place.interfaces.remove(&id, seen);
    let held = place.addresses.iter().filter(|(_, address)| {
        let held = address.association.as_ref();
        held.is_some_and(|held| held.interface == id)
    });
    let held: Vec<String> = held.map(|(id, _)| id.to_owned()).collect();
    for id in held {
        if let Some(address) = place.addresses.change(&id, seen) {
            address.association = None;
        }
    }
    Ok(json!({"return": true}))
}

fn idle(interface: &Interface) -> Result<(), Failure> {
    if interface.status == "available" {
        return Ok(());
    }
    let message = format!("Network interface [{}] is currently in use.", interface.id);
    Err(Failure::new("InvalidNetworkInterface.InUse", message))
}

pub(super) fn attach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NetworkInterfaceId")?;
    let instance = call.params.need("InstanceId")?;
    let index = call.params.number("DeviceIndex")?;
    call.checked()?;
    index.ok_or_else(|| Failure::missing("DeviceIndex"))?;
    // Instances are not simulated: any id will do.
    well_formed(&instance, "i", "InvalidInstanceID.Malformed")?;
    let interface = LISTING.need(call, &id)?;
    ours(interface)?;
    idle(interface)?;
    let seen = call.seen();
    let mut attachment = None;
    if let Some(interface) = call.place.interfaces.change(&id, seen) {
        interface.instance = Some(instance);
        interface.status = "in-use".to_owned();
        attachment = interface.attachment();
    }
    Ok(json!({"attachmentId": attachment, "networkCardIndex": 0}))
}

pub(super) fn detach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let attachment = call.params.need("AttachmentId")?;
    call.params.flag("Force")?;
    call.checked()?;
    let is = |interface: &Interface| interface.attachment().as_ref() == Some(&attachment);
    let Some(interface) = call.place.interfaces.known(&call.eye, is) else {
        let message = format!("The attachment ID '{attachment}' does not exist");
        return Err(Failure::new("InvalidAttachmentID.NotFound", message));
    };
    if interface.requester.is_some() {
        let message = "You are not allowed to manage 'ela-attach' attachments.";
        return Err(Failure::new("OperationNotPermitted", message));
    }
    let id = interface.id.clone();
    let seen = call.seen();
    if let Some(interface) = call.place.interfaces.change(&id, seen) {
        interface.instance = None;
        interface.status = "available".to_owned();
    }
    Ok(json!({"return": true}))
}

pub(super) fn modify(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NetworkInterfaceId")?;
    let description = call.params.text("Description.Value");
    let check = call.params.flag("SourceDestCheck.Value")?;
    let groups = call.params.list("SecurityGroupId");
    call.checked()?;
    let interface = LISTING.need(call, &id)?;
    ours(interface)?;
    let vpc = interface.vpc.clone();
    let asked = [description.is_some(), check.is_some(), !groups.is_empty()];
    if asked.iter().filter(|asked| **asked).count() != 1 {
        let message = "Exactly one attribute can be modified at a time";
        return Err(Failure::combination(message));
    }
    let groups = match groups.is_empty() {
        true => None,
        false => Some(groups_of(call, &vpc, groups)?),
    };
    let seen = call.seen();
    if let Some(interface) = call.place.interfaces.change(&id, seen) {
        interface.source_dest_check = check.unwrap_or(interface.source_dest_check);
        if let Some(description) = description {
            interface.description = description;
        }
        if let Some(groups) = groups {
            interface.groups = groups;
        }
    }
    Ok(json!({"return": true}))
}

/// AWS's own interfaces are not the account's to change.
fn ours(interface: &Interface) -> Result<(), Failure> {
    match &interface.requester {
        None => Ok(()),
        Some(_) => {
            let message = "You do not have permission to access the specified resource.";
            Err(Failure::new("AuthFailure", message))
        }
    }
}
