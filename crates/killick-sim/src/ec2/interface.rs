//! Network interfaces.

mod change;
mod describe;

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::Action;
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::Tags;
use crate::world::Millis;

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// Its id, `eni-…`.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Its subnet.
    pub subnet: String,
    /// Its private address.
    pub private_ip: String,
    /// Its security groups.
    pub groups: Vec<String>,
    /// `interface`, `natGateway` or `lambda`.
    pub kind: String,
    /// Free text; those of AWS's own interfaces tell whose they are.
    pub description: String,
    /// The account of the service that made it, for AWS's own.
    pub requester: Option<String>,
    /// The instance that it is attached to.
    pub instance: Option<String>,
    /// Whether it drops what is neither from nor for its own address.
    pub source_dest_check: bool,
    /// `available` or `in-use`.
    pub status: String,
    /// Its tags.
    pub tags: Tags,
}

impl Interface {
    /// The id of its attachment, while it is in use.
    fn attachment(&self) -> Option<String> {
        let kind = if self.requester.is_some() {
            "ela"
        } else {
            "eni"
        };
        let digits = self.id.trim_start_matches("eni-");
        (self.status == "in-use").then(|| format!("{kind}-attach-{digits}"))
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("DescribeNetworkInterfaces", describe::describe),
    ("CreateNetworkInterface", change::create),
    ("DeleteNetworkInterface", change::delete),
    ("AttachNetworkInterface", change::attach),
    ("DetachNetworkInterface", change::detach),
    ("ModifyNetworkInterfaceAttribute", change::modify),
];

pub(crate) use describe::LISTING;

/// What a new interface is for.
pub(crate) struct Wanted<'a> {
    pub(crate) subnet: &'a str,
    /// `interface`, `natGateway` or `lambda`.
    pub(crate) kind: &'a str,
    pub(crate) description: &'a str,
    pub(crate) groups: &'a [String],
    /// Whether AWS makes it for itself.
    pub(crate) managed: bool,
}

/// Makes an interface with a free private address of its subnet.
///
/// # Errors
/// `InsufficientFreeAddressesInSubnet`.
pub(crate) fn make(
    place: &mut Place,
    wanted: &Wanted<'_>,
    seen: Millis,
) -> Result<Interface, Failure> {
    let full = || {
        let message = "There are not enough free addresses in the subnet.";
        Failure::new("InsufficientFreeAddressesInSubnet", message)
    };
    let subnet = place.subnets.get(wanted.subnet).cloned().ok_or_else(full)?;
    let private_ip = free_address(place, &subnet.id, &subnet.cidr).ok_or_else(full)?;
    let interface = Interface {
        id: place.dice.id("eni"),
        vpc: subnet.vpc,
        subnet: subnet.id,
        private_ip,
        groups: wanted.groups.to_vec(),
        kind: wanted.kind.to_owned(),
        description: wanted.description.to_owned(),
        requester: wanted.managed.then(|| "amazon-aws".to_owned()),
        instance: None,
        // A NAT gateway lives by what is for others.
        source_dest_check: wanted.kind != "natGateway",
        status: if wanted.managed {
            "in-use"
        } else {
            "available"
        }
        .to_owned(),
        tags: Tags::new(),
    };
    place
        .interfaces
        .insert(&interface.id, interface.clone(), seen);
    Ok(interface)
}

/// The first address of a subnet that nothing has.
fn free_address(place: &Place, subnet: &str, cidr: &str) -> Option<String> {
    let taken: Vec<&str> = taken(place, subnet).collect();
    let mut free = usable(cidr).map(|ip| ip.to_string());
    free.find(|ip| !taken.contains(&ip.as_str()))
}

/// The addresses of a subnet; AWS keeps the first four and the last one for
/// itself.
fn usable(cidr: &str) -> impl Iterator<Item = Ipv4Addr> {
    let network = cidr.parse::<Ipv4Net>().ok();
    // Already without the network's own address and the broadcast address.
    network
        .into_iter()
        .flat_map(|network| network.hosts().skip(3))
}

/// The private addresses in use in a subnet.
pub(crate) fn taken<'a>(place: &'a Place, subnet: &'a str) -> impl Iterator<Item = &'a str> {
    let own = place
        .interfaces
        .all()
        .filter(move |one| one.subnet == subnet);
    // The interface of a NAT gateway tells its primary address only.
    let gateways = place
        .nat_gateways
        .all()
        .filter(move |gateway| gateway.subnet == subnet && gateway.holds());
    let more = gateways.flat_map(|gateway| gateway.addresses.iter().skip(1));
    // One that found no room has no address.
    let more = more.filter(|address| !address.private_ip.is_empty());
    own.map(|one| one.private_ip.as_str())
        .chain(more.map(|address| address.private_ip.as_str()))
}
