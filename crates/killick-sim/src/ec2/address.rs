//! Elastic IPs.

mod association;
mod attribute;
mod transfer;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call};
use crate::agenda::Event;
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};
use crate::world::Millis;

/// An Elastic IP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The allocation id, `eipalloc-…`.
    pub id: String,
    /// The address.
    pub ip: String,
    /// What holds it.
    pub association: Option<Association>,
    /// Its offer to another account.
    pub transfer: Option<Transfer>,
    /// Its tags.
    pub tags: Tags,
}

/// What holds an Elastic IP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Association {
    /// Its id, `eipassoc-…`.
    pub id: String,
    /// The network interface; for an instance of which no interface is known,
    /// its id.
    pub interface: String,
    /// The private address that it stands for.
    pub private_ip: String,
    /// The NAT gateway, when one holds it: the association is AWS's own then.
    pub nat_gateway: Option<String>,
}

/// An offer of an address to another account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The other account.
    pub account: String,
    /// When the offer ends, in milliseconds since 1970.
    pub until: Millis,
}

/// An address that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Removed {
    pub(crate) ip: String,
    /// Whether another account has it by now.
    #[serde(default)]
    pub(crate) taken: bool,
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("AllocateAddress", allocate),
    ("DescribeAddresses", describe),
    ("ReleaseAddress", release),
    ("AssociateAddress", association::associate),
    ("DisassociateAddress", association::disassociate),
    ("DescribeAddressesAttribute", attribute::describe),
    ("EnableAddressTransfer", transfer::enable),
    ("DisableAddressTransfer", transfer::disable),
    ("DescribeAddressTransfers", transfer::describe),
];

pub(crate) const LISTING: Listing<Address> = Listing {
    set: "addressesSet",
    ids: "AllocationId",
    prefix: "eipalloc",
    page: None,
    filters: &[
        ("allocation-id", "allocationId"),
        ("association-id", "associationId"),
        ("domain", "domain"),
        ("instance-id", "instanceId"),
        ("network-border-group", "networkBorderGroup"),
        ("network-interface-id", "networkInterfaceId"),
        ("network-interface-owner-id", "networkInterfaceOwnerId"),
        ("private-ip-address", "privateIpAddress"),
        ("public-ip", "publicIp"),
    ],
    table: |place| &place.addresses,
    tags: |address| &address.tags,
    show,
    codes: (
        "InvalidAllocationID.Malformed",
        "InvalidAllocationID.NotFound",
    ),
};

/// Where addresses come from: documentation's own networks.
const POOL: [&str; 3] = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"];

fn show(place: &Place, address: &Address) -> Value {
    let held = address.association.as_ref();
    let interface = held.filter(|held| held.interface.starts_with("eni-"));
    let instance = held.and_then(|held| match place.interfaces.get(&held.interface) {
        Some(interface) => interface.instance.as_ref(),
        None => Some(&held.interface).filter(|holder| holder.starts_with("i-")),
    });
    let private_ip = held.map(|held| &held.private_ip);
    json!({
        "allocationId": address.id,
        "publicIp": address.ip,
        "domain": "vpc",
        "publicIpv4Pool": "amazon",
        "networkBorderGroup": place.region,
        "associationId": held.map(|held| &held.id),
        "networkInterfaceId": interface.map(|held| &held.interface),
        "networkInterfaceOwnerId": interface.map(|_| &place.account),
        "privateIpAddress": private_ip.filter(|ip| !ip.is_empty()),
        "instanceId": instance,
        "tagSet": shown(&address.tags),
    })
}

fn allocate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let domain = call.params.text("Domain");
    let wanted = call.params.text("Address");
    let pool = call.params.text("PublicIpv4Pool");
    let border = call.params.text("NetworkBorderGroup");
    let tags = call.params.tags("elastic-ip")?;
    call.checked()?;
    if let Some(domain) = domain.filter(|domain| domain != "vpc") {
        let message = format!("Invalid value '{domain}' for domain.");
        return Err(Failure::value(message));
    }
    if let Some(pool) = pool.filter(|pool| pool != "amazon") {
        let message = format!("The pool ID '{pool}' does not exist");
        return Err(Failure::new("InvalidPublicIpv4PoolID.NotFound", message));
    }
    border_group(call.place, border.as_deref())?;
    if call.place.addresses.len() >= call.settings.address_quota {
        let message = "The maximum number of addresses has been reached.";
        return Err(Failure::new("AddressLimitExceeded", message));
    }
    let ip = match wanted {
        Some(wanted) => recover(call.place, &wanted)?,
        None => next(call.place)?,
    };
    let seen = call.seen();
    let place = &mut *call.place;
    place.released.retain(|gone| gone.ip != ip);
    let address = Address {
        id: place.dice.id("eipalloc"),
        ip,
        association: None,
        transfer: None,
        tags,
    };
    place.addresses.insert(&address.id, address.clone(), seen);
    Ok(json!({
        "allocationId": address.id,
        "publicIp": address.ip,
        "domain": "vpc",
        "publicIpv4Pool": "amazon",
        "networkBorderGroup": place.region,
    }))
}

fn pool() -> impl Iterator<Item = Ipv4Addr> {
    let networks = POOL.iter().filter_map(|cidr| cidr.parse::<Ipv4Net>().ok());
    networks.flat_map(|network| network.hosts())
}

/// The next address that nobody ever had.
fn next(place: &Place) -> Result<String, Failure> {
    let released = place.released.iter().map(|gone| gone.ip.as_str());
    let in_use = place.addresses.all().map(|address| address.ip.as_str());
    let had: BTreeSet<&str> = released.chain(in_use).collect();
    let mut all = pool().map(|ip| ip.to_string());
    let found = all.find(|ip| !had.contains(ip.as_str()));
    found.ok_or_else(|| {
        let message = "There are not enough addresses available to fulfil the request.";
        Failure::new("InsufficientAddressCapacity", message)
    })
}

/// An address that the account released before and nobody else got.
fn recover(place: &Place, wanted: &str) -> Result<String, Failure> {
    let mut released = place.released.iter();
    let found = released.find(|gone| gone.ip == wanted && !gone.taken);
    let found = found.map(|gone| gone.ip.clone());
    found.ok_or_else(|| unknown(wanted))
}

/// Another account gets an address that was released.
pub(crate) fn lost_for_good(place: &mut Place, ip: &str) {
    let mut released = place.released.iter_mut();
    if let Some(gone) = released.find(|gone| gone.ip == ip) {
        gone.taken = true;
    }
}

fn unknown(ip: &str) -> Failure {
    let message = format!("Address '{ip}' not found.");
    Failure::new("InvalidAddress.NotFound", message)
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ips = call.params.list("PublicIp");
    let mut answer = LISTING.answer(call)?;
    for ip in &ips {
        let mut seen = call.place.addresses.seen(&call.eye);
        if !seen.any(|(_, address)| address.ip == *ip) {
            return Err(unknown(ip));
        }
    }
    let asked = |item: &Value| {
        ips.iter()
            .any(|ip| item.get("publicIp").is_some_and(|known| known == ip))
    };
    if let Some(items) = answer.get_mut(LISTING.set).and_then(Value::as_array_mut) {
        items.retain(|item| ips.is_empty() || asked(item));
    }
    Ok(answer)
}

fn release(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.text("AllocationId");
    let ip = call.params.text("PublicIp");
    let border = call.params.text("NetworkBorderGroup");
    call.checked()?;
    let address = named(call, id, ip)?;
    if border.is_some_and(|border| border != call.place.region) {
        return Err(unknown(&address.ip));
    }
    free_of_nat(call.place, &address)?;
    if address.association.is_some() {
        let message = format!("The address '{}' is in use.", address.ip);
        return Err(Failure::new("InvalidIPAddress.InUse", message));
    }
    let seen = call.seen();
    call.place.addresses.remove(&address.id, seen);
    call.place.released.push(Removed {
        ip: address.ip,
        taken: false,
    });
    Ok(json!({"return": true}))
}

/// The address that a call means by its id or by itself.
fn named(call: &Call<'_>, id: Option<String>, ip: Option<String>) -> Result<Address, Failure> {
    match (id, ip) {
        (Some(id), _) => LISTING.need(call, &id).cloned(),
        (None, Some(ip)) => {
            let is = |address: &Address| address.ip == ip;
            let address = call.place.addresses.known(&call.eye, is);
            let mut released = call.place.released.iter();
            let taken = released.any(|gone| gone.ip == ip && gone.taken);
            address.cloned().ok_or_else(|| match taken {
                true => not_yours(),
                false => unknown(&ip),
            })
        }
        (None, None) => {
            let message = "Either public IP or allocation id must be specified";
            Err(Failure::new("MissingParameter", message))
        }
    }
}

/// What a NAT gateway holds, or let go seconds ago, is not the account's to
/// change.
fn free_of_nat(place: &Place, address: &Address) -> Result<(), Failure> {
    let held = address.association.as_ref();
    let held = held.is_some_and(|held| held.nat_gateway.is_some());
    let just_left = Event::AddressFree(address.id.clone());
    if held || place.agenda.awaits(&just_left) {
        return Err(not_yours());
    }
    Ok(())
}

/// What EC2 says of things that are AWS's own.
fn not_yours() -> Failure {
    let message = "You do not have permission to access the specified resource.";
    Failure::new("AuthFailure", message)
}

/// There is one network border group: the region.
///
/// # Errors
/// Another one is named.
fn border_group(place: &Place, name: Option<&str>) -> Result<(), Failure> {
    match name {
        Some(name) if name != place.region => {
            let message = format!("The network border group '{name}' is invalid.");
            Err(Failure::value(message))
        }
        _ => Ok(()),
    }
}
