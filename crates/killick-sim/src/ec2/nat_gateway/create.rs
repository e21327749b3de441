//! How a NAT gateway is made: what is refused at once, and what fails later.

use serde_json::{Value, json};

use super::address::{self, Wanted};
use super::{NatAddress, NatGateway, NatState, life, show};
use crate::agenda::Event;
use crate::consistency::Eye;
use crate::ec2::listing::well_formed;
use crate::ec2::{Call, Subnet, interface, token};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::Tags;
use crate::wire::Params;
use crate::world::Millis;

const ACTION: &str = "CreateNatGateway";

/// What a client asks for; as text it tells requests with one token apart.
#[derive(Debug)]
struct Wish {
    subnet: String,
    public: bool,
    /// The primary address first.
    addresses: Vec<Wanted>,
    tags: Tags,
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let token = call.params.text("ClientToken");
    let wish = read(&mut call.params)?;
    call.checked()?;
    let asked = format!("{wish:?}");
    let made = token::made(call.place, token.as_deref(), ACTION, &asked)?;
    if let Some(gateway) = made.and_then(|id| call.place.nat_gateways.get(&id)) {
        return Ok(json!({"natGateway": show(call.place, gateway), "clientToken": token}));
    }
    let subnet = subnet(call, &wish.subnet)?;
    let room = address::private_ips(call.place, &subnet, wish.addresses.len());
    room_in_zone(call.place, &subnet, call.settings.nat_quota)?;
    let (seen, now) = (call.seen(), call.now);
    let place = &mut *call.place;
    if room.is_none() && place.dice.percent(50) {
        return Err(address::full());
    }
    let mut gateway = NatGateway {
        id: place.dice.id("nat"),
        vpc: subnet.vpc.clone(),
        subnet: subnet.id.clone(),
        state: NatState::Pending,
        connectivity: if wish.public { "public" } else { "private" }.to_owned(),
        addresses: Vec::new(),
        failure: None,
        created: now,
        deleted: None,
        tags: wish.tags.clone(),
    };
    let interface = match room.as_ref().and_then(|ips| ips.first()) {
        Some(ip) => interface_of(place, &gateway, ip, seen)?,
        None => String::new(),
    };
    let ips = room.into_iter().flatten().map(Some);
    let ips = ips.chain(std::iter::repeat(None));
    let addresses = wish.addresses.iter().zip(ips);
    let addresses = addresses.map(|(wanted, ip)| NatAddress {
        allocation: wanted.allocation.clone(),
        public_ip: None,
        private_ip: ip.unwrap_or_default(),
        interface: interface.clone(),
        association: None,
        status: wanted.status().to_owned(),
    });
    gateway.addresses = addresses.collect();
    let injected = !place.nat_failures.is_empty();
    gateway.failure = match injected.then(|| place.nat_failures.remove(0)) {
        Some(code) => Some(explained(&code, &gateway, None)),
        None => trouble(place, &call.eye, &gateway),
    };
    // Only an address that can be had is held while the gateway is pending.
    let code = gateway.failure.as_ref().map(|(code, _)| code.as_str());
    let lost = matches!(
        code,
        Some("InvalidAllocationID.NotFound" | "Resource.AlreadyAssociated")
    );
    if !interface.is_empty() && !lost {
        for address in &mut gateway.addresses {
            life::hold(place, &gateway.id, address, seen);
        }
    }
    let wait = match gateway.failure {
        None => place.dice.between(85_000, 125_000),
        Some(_) => place.dice.between(3000, 60_000),
    };
    let up = now.saturating_add(wait);
    place.agenda.at(up, Event::NatUp(gateway.id.clone()));
    place
        .nat_gateways
        .insert(&gateway.id, gateway.clone(), seen);
    token::remember(place, token.as_deref(), ACTION, &asked, &gateway.id);
    Ok(json!({"natGateway": show(place, &gateway), "clientToken": token}))
}

/// Its interface, with the private address that was found for it.
fn interface_of(
    place: &mut Place,
    gateway: &NatGateway,
    ip: &str,
    seen: Millis,
) -> Result<String, Failure> {
    let description = format!("Interface for NAT Gateway {}", gateway.id);
    let wanted = interface::Wanted {
        subnet: &gateway.subnet,
        kind: "natGateway",
        description: &description,
        groups: &[],
        managed: true,
    };
    let made = interface::make(place, &wanted, seen)?;
    if let Some(made) = place.interfaces.get_mut(&made.id) {
        ip.clone_into(&mut made.private_ip);
    }
    Ok(made.id)
}

fn read(params: &mut Params) -> Result<Wish, Failure> {
    let mode = params.text("AvailabilityMode");
    let vpc = params.text("VpcId");
    let zones = params.structs("AvailabilityZoneAddress");
    if mode.as_deref() == Some("regional") || vpc.is_some() || !zones.is_empty() {
        let message = "Regional NAT gateways are not simulated; name a subnet";
        return Err(Failure::new("UnsupportedOperation", message));
    }
    if let Some(other) = mode.filter(|mode| mode != "zonal") {
        let message = format!("Value ({other}) for parameter availabilityMode is invalid.");
        return Err(Failure::value(message));
    }
    let subnet = params.need("SubnetId")?;
    let public = match params.text("ConnectivityType").as_deref() {
        None | Some("public") => true,
        Some("private") => false,
        Some(other) => {
            let message = format!("Value ({other}) for parameter connectivityType is invalid.");
            return Err(Failure::value(message));
        }
    };
    let allocation = params.text("AllocationId");
    let count = params.number("SecondaryPrivateIpAddressCount")?;
    match (public, &allocation) {
        (true, None) => return Err(Failure::missing("AllocationId")),
        (true, Some(_)) if count.is_some() => {
            let message = "SecondaryPrivateIpAddressCount is for private NAT gateways";
            return Err(Failure::combination(message));
        }
        (false, Some(_)) => {
            let message = "A private NAT gateway has no Elastic IP addresses";
            return Err(Failure::combination(message));
        }
        _ => {}
    }
    let mut addresses = vec![Wanted { allocation }];
    if let Some(count) = count {
        addresses.extend(address::private(count)?);
    }
    address::check(&addresses, addresses.len(), public)?;
    Ok(Wish {
        subnet,
        public,
        addresses,
        tags: params.tags("natgateway")?,
    })
}

/// The subnet. One that is too new to be seen has a code of its own here.
fn subnet(call: &Call<'_>, id: &str) -> Result<Subnet, Failure> {
    well_formed(id, "subnet", "InvalidSubnetID.Malformed")?;
    let known = call.place.subnets.visible(id, &call.eye);
    known.cloned().ok_or_else(|| {
        let code = match call.place.subnets.has(id) {
            true => "InvalidSubnet",
            false => "InvalidSubnetID.NotFound",
        };
        Failure::new(code, format!("The subnet ID '{id}' does not exist"))
    })
}

/// Whether the zone takes one more; those on their way out count.
fn room_in_zone(place: &Place, subnet: &Subnet, quota: usize) -> Result<(), Failure> {
    let zone = |id: &str| place.subnets.get(id).map(|subnet| subnet.zone.as_str());
    let here = Some(subnet.zone.as_str());
    let gateways = place.nat_gateways.all();
    let near = gateways.filter(|gateway| gateway.holds() && zone(&gateway.subnet) == here);
    if near.count() < quota {
        return Ok(());
    }
    let message =
        format!("Performing this operation would exceed the limit of {quota} NAT gateways");
    Err(Failure::new("NatGatewayLimitExceeded", message))
}

/// What will keep a gateway from coming up.
fn trouble(place: &Place, eye: &Eye, gateway: &NatGateway) -> Option<(String, String)> {
    let explained = |code, allocation| Some(explained(code, gateway, allocation));
    if gateway
        .addresses
        .iter()
        .any(|address| address.interface.is_empty())
    {
        return explained("InsufficientFreeAddressesInSubnet", None);
    }
    let mut ways_out = place.internet_gateways.all();
    let attached = ways_out.any(|way_out| way_out.vpc.as_ref() == Some(&gateway.vpc));
    if gateway.connectivity == "public" && !attached {
        return explained("Gateway.NotAttached", None);
    }
    let mut allocations = gateway
        .addresses
        .iter()
        .filter_map(|address| address.allocation.as_deref());
    allocations.find_map(|id| match place.addresses.visible(id, eye) {
        None => explained("InvalidAllocationID.NotFound", Some(id)),
        Some(address) if address.association.is_some() => {
            explained("Resource.AlreadyAssociated", Some(id))
        }
        Some(_) => None,
    })
}

/// A failure code with the message that the API's model gives for it.
fn explained(code: &str, gateway: &NatGateway, allocation: Option<&str>) -> (String, String) {
    let primary = gateway.addresses.first();
    let allocation = allocation.or_else(|| primary?.allocation.as_deref());
    let allocation = allocation.unwrap_or_default();
    let interface = primary.map_or("", |address| &address.interface);
    let message = match code {
        "InsufficientFreeAddressesInSubnet" => {
            "Subnet has insufficient free addresses to create this NAT gateway".to_owned()
        }
        "Gateway.NotAttached" => {
            format!("Network {} has no Internet gateway attached", gateway.vpc)
        }
        "InvalidAllocationID.NotFound" => {
            format!("Elastic IP address {allocation} could not be associated with this NAT gateway")
        }
        "Resource.AlreadyAssociated" => {
            format!("Elastic IP address {allocation} is already associated")
        }
        "InvalidSubnetID.NotFound" => format!(
            "The specified subnet {} does not exist or could not be found.",
            gateway.subnet
        ),
        _ => format!(
            "Network interface {interface}, created and used internally by this NAT gateway is in an invalid state. Please try again."
        ),
    };
    (code.to_owned(), message)
}
