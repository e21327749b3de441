//! Elastic IPs on interfaces and instances.

use serde_json::{Value, json};

use super::{Address, Association, free_of_nat, named, not_yours};
use crate::ec2::listing::well_formed;
use crate::ec2::{Call, interface};
use crate::failure::Failure;

pub(super) fn associate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.text("AllocationId");
    let ip = call.params.text("PublicIp");
    let interface = call.params.text("NetworkInterfaceId");
    let instance = call.params.text("InstanceId");
    let private_ip = call.params.text("PrivateIpAddress");
    let again = call.params.flag("AllowReassociation")?;
    call.checked()?;
    let address = named(call, id, ip)?;
    let (holder, private_ip) = target(call, interface, instance, private_ip)?;
    free_of_nat(call.place, &address)?;
    if let Some(known) = &address.association {
        if known.interface == holder && known.private_ip == private_ip {
            return Ok(json!({"return": true, "associationId": known.id}));
        }
        if again == Some(false) {
            let (id, known) = (&address.id, &known.id);
            let message = format!("resource {id} is already associated with associate-id {known}");
            return Err(Failure::new("Resource.AlreadyAssociated", message));
        }
    }
    let seen = call.seen();
    let place = &mut *call.place;
    // What the holder had there before goes.
    let former = place.addresses.iter().filter(|(_, other)| {
        let held = other.association.as_ref();
        held.is_some_and(|held| held.interface == holder && held.private_ip == private_ip)
    });
    let former: Vec<String> = former.map(|(id, _)| id.to_owned()).collect();
    for id in former {
        if let Some(other) = place.addresses.change(&id, seen) {
            other.association = None;
        }
    }
    let association = Association {
        id: place.dice.id("eipassoc"),
        interface: holder,
        private_ip,
        nat_gateway: None,
    };
    let id = association.id.clone();
    if let Some(address) = place.addresses.change(&address.id, seen) {
        address.association = Some(association);
    }
    Ok(json!({"return": true, "associationId": id}))
}

/// Whom an address is for: the holder and its private address.
fn target(
    call: &Call<'_>,
    interface: Option<String>,
    instance: Option<String>,
    private_ip: Option<String>,
) -> Result<(String, String), Failure> {
    let found = match (interface, instance) {
        (Some(id), None) => interface::LISTING.need(call, &id)?,
        (None, Some(id)) => {
            well_formed(&id, "i", "InvalidInstanceID.Malformed")?;
            let mut interfaces = call.place.interfaces.all();
            match interfaces.find(|one| one.instance.as_ref() == Some(&id)) {
                Some(interface) => interface,
                // Instances are not simulated: any id will do.
                None => return Ok((id, private_ip.unwrap_or_default())),
            }
        }
        (Some(_), Some(_)) => {
            let message = "Only one of InstanceId and NetworkInterfaceId can be specified";
            return Err(Failure::combination(message));
        }
        (None, None) => {
            let message = "Either 'InstanceId' or 'NetworkInterfaceId' must be specified";
            return Err(Failure::new("MissingParameter", message));
        }
    };
    if found.requester.is_some() {
        return Err(not_yours());
    }
    if let Some(ip) = private_ip.filter(|ip| *ip != found.private_ip) {
        let message = format!("The private address '{ip}' is not assigned to {}", found.id);
        return Err(Failure::value(message));
    }
    let mut gateways = call.place.internet_gateways.all();
    if !gateways.any(|gateway| gateway.vpc.as_ref() == Some(&found.vpc)) {
        let vpc = &found.vpc;
        let message = format!("Network {vpc} is not attached to any internet gateway");
        return Err(Failure::new("Gateway.NotAttached", message));
    }
    Ok((found.id.clone(), found.private_ip.clone()))
}

pub(super) fn disassociate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.text("AssociationId");
    let ip = call.params.text("PublicIp");
    call.checked()?;
    let address = match id {
        Some(id) => {
            well_formed(&id, "eipassoc", "InvalidAssociationID.Malformed")?;
            let is = |address: &Address| {
                let held = address.association.as_ref();
                held.is_some_and(|held| held.id == id)
            };
            let address = call.place.addresses.known(&call.eye, is);
            address.cloned().ok_or_else(|| {
                let message = format!("The association ID '{id}' does not exist");
                Failure::new("InvalidAssociationID.NotFound", message)
            })?
        }
        None => named(call, None, ip)?,
    };
    free_of_nat(call.place, &address)?;
    let seen = call.seen();
    if let Some(address) = call.place.addresses.change(&address.id, seen) {
        address.association = None;
    }
    Ok(json!({"return": true}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::Event;
    use crate::ec2::address;
    use crate::place::Place;
    use crate::settings::Settings;
    use crate::wire::Params;
    use crate::world::Asked;

    fn code(place: &mut Place, action: &str, params: &str) -> Option<String> {
        let asked = Asked {
            now: 0,
            call: 0,
            request_id: String::new(),
            settings: Settings::default(),
        };
        let mut actions = address::ACTIONS.iter();
        let (_, action) = actions.find(|(name, _)| *name == action)?;
        let answer = action(&mut Call::new(
            place,
            &asked,
            Params::parse(params.as_bytes()),
        ));
        answer.err().map(|failure| failure.code)
    }

    #[test]
    fn what_a_nat_gateway_holds_or_just_let_go_is_not_the_accounts() {
        let mut place = Place::default();
        assert_eq!(code(&mut place, "AllocateAddress", ""), None);
        let id = place.addresses.all().next().map(|one| one.id.clone());
        let id = id.unwrap_or_default();
        if let Some(address) = place.addresses.get_mut(&id) {
            address.association = Some(Association {
                id: "eipassoc-00000000".to_owned(),
                interface: "eni-00000000".to_owned(),
                private_ip: "10.0.0.4".to_owned(),
                nat_gateway: Some("nat-00000000".to_owned()),
            });
        }
        let calls = [
            ("ReleaseAddress", format!("AllocationId={id}")),
            (
                "AssociateAddress",
                format!("AllocationId={id}&InstanceId=i-00000000"),
            ),
            (
                "DisassociateAddress",
                "AssociationId=eipassoc-00000000".to_owned(),
            ),
        ];
        for (action, params) in &calls {
            let code = code(&mut place, action, params);
            assert_eq!(code.as_deref(), Some("AuthFailure"), "{action}");
        }
        if let Some(address) = place.addresses.get_mut(&id) {
            address.association = None;
        }
        place.agenda.at(5000, Event::AddressFree(id.clone()));
        let release = code(&mut place, "ReleaseAddress", &calls[0].1);
        assert_eq!(release.as_deref(), Some("AuthFailure"));
        while place.agenda.next(5000).is_some() {}
        assert_eq!(code(&mut place, "ReleaseAddress", &calls[0].1), None);
    }
}
