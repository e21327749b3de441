//! Network interfaces as the API shows them.

use serde_json::{Value, json};

use super::Interface;
use crate::dice::digest;
use crate::ec2::listing::Listing;
use crate::ec2::{Address, Call, region};
use crate::failure::Failure;
use crate::place::Place;
use crate::sts::USER_ID;
use crate::tags::shown;

pub(crate) const LISTING: Listing<Interface> = Listing {
    set: "networkInterfaceSet",
    ids: "NetworkInterfaceId",
    prefix: "eni",
    page: Some(5..=1000),
    filters: &[
        (
            "addresses.association.owner-id",
            "privateIpAddressesSet.association.ipOwnerId",
        ),
        (
            "addresses.association.public-ip",
            "privateIpAddressesSet.association.publicIp",
        ),
        ("addresses.primary", "privateIpAddressesSet.primary"),
        (
            "addresses.private-ip-address",
            "privateIpAddressesSet.privateIpAddress",
        ),
        ("association.allocation-id", "association.allocationId"),
        ("association.association-id", "association.associationId"),
        ("association.ip-owner-id", "association.ipOwnerId"),
        ("association.public-ip", "association.publicIp"),
        ("attachment.attachment-id", "attachment.attachmentId"),
        (
            "attachment.delete-on-termination",
            "attachment.deleteOnTermination",
        ),
        ("attachment.device-index", "attachment.deviceIndex"),
        ("attachment.instance-id", "attachment.instanceId"),
        ("attachment.instance-owner-id", "attachment.instanceOwnerId"),
        ("attachment.status", "attachment.status"),
        ("availability-zone", "availabilityZone"),
        ("availability-zone-id", "availabilityZoneId"),
        ("description", "description"),
        ("group-id", "groupSet.groupId"),
        ("group-name", "groupSet.groupName"),
        ("interface-type", "interfaceType"),
        (
            "ipv6-addresses.ipv6-address",
            "ipv6AddressesSet.ipv6Address",
        ),
        ("mac-address", "macAddress"),
        ("network-interface-id", "networkInterfaceId"),
        ("operator.managed", "operator.managed"),
        ("operator.principal", "operator.principal"),
        ("owner-id", "ownerId"),
        ("private-ip-address", "privateIpAddress"),
        ("requester-id", "requesterId"),
        ("requester-managed", "requesterManaged"),
        ("source-dest-check", "sourceDestCheck"),
        ("status", "status"),
        ("subnet-id", "subnetId"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.interfaces,
    tags: |interface| &interface.tags,
    show,
    codes: (
        "InvalidNetworkInterfaceID.Malformed",
        "InvalidNetworkInterfaceID.NotFound",
    ),
};

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    // Interfaces that AWS hides unless asked are not simulated.
    call.params.flag("IncludeManagedResources")?;
    LISTING.answer(call)
}

pub(super) fn show(place: &Place, interface: &Interface) -> Value {
    let zone = place.subnets.get(&interface.subnet);
    let zone = zone.map(|subnet| subnet.zone.as_str());
    let groups = interface.groups.iter().map(|id| {
        let group = place.security_groups.get(id);
        json!({"groupId": id, "groupName": group.map(|group| &group.name)})
    });
    let public = public(place, interface);
    let on = |ip: &str| {
        let found = public.iter().find(|(private_ip, _)| private_ip == ip);
        found.map(|(_, association)| association)
    };
    let primary = interface.private_ip.as_str();
    let others = public.iter().map(|(private_ip, _)| private_ip.as_str());
    let others = others.filter(|ip| *ip != primary);
    let ips = [primary].into_iter().chain(others).map(|ip| {
        json!({
            "privateIpAddress": ip,
            "primary": ip == primary,
            "association": on(ip),
        })
    });
    json!({
        "networkInterfaceId": interface.id,
        "ownerId": place.account,
        "vpcId": interface.vpc,
        "subnetId": interface.subnet,
        "availabilityZone": zone,
        "availabilityZoneId": zone.map(|zone| region::zone_id(&place.region, zone)),
        "interfaceType": interface.kind,
        "description": interface.description,
        "status": interface.status,
        "requesterId": interface.requester.as_deref().unwrap_or(USER_ID),
        "requesterManaged": interface.requester.is_some(),
        "operator": {"managed": false},
        "sourceDestCheck": interface.source_dest_check,
        "macAddress": mac(&interface.id),
        "privateIpAddress": primary,
        "privateIpAddressesSet": ips.collect::<Vec<_>>(),
        "ipv6AddressesSet": [],
        "groupSet": groups.collect::<Vec<_>>(),
        "association": on(primary),
        "attachment": attachment(place, interface),
        "tagSet": shown(&interface.tags),
    })
}

/// The Elastic IPs on an interface, by private address.
fn public(place: &Place, interface: &Interface) -> Vec<(String, Value)> {
    let vpc = place.vpcs.get(&interface.vpc);
    let named = vpc.is_some_and(|vpc| vpc.dns_hostnames);
    let name = |ip: &str| match (named, place.region.as_str()) {
        (false, _) => String::new(),
        (true, "us-east-1") => format!("ec2-{}.compute-1.amazonaws.com", ip.replace('.', "-")),
        (true, region) => format!(
            "ec2-{}.{region}.compute.amazonaws.com",
            ip.replace('.', "-")
        ),
    };
    let associated = |address: &Address| {
        let held = address.association.as_ref()?;
        let block = json!({
            "allocationId": address.id,
            "associationId": held.id,
            "ipOwnerId": place.account,
            "publicDnsName": name(&address.ip),
            "publicIp": address.ip,
        });
        (held.interface == interface.id).then(|| (held.private_ip.clone(), block))
    };
    place.addresses.all().filter_map(associated).collect()
}

fn attachment(place: &Place, interface: &Interface) -> Option<Value> {
    let owner = match interface.requester {
        Some(_) => "amazon-aws",
        None => place.account.as_str(),
    };
    Some(json!({
        "attachmentId": interface.attachment()?,
        "instanceId": interface.instance,
        "instanceOwnerId": owner,
        "deviceIndex": 1,
        "status": "attached",
        "deleteOnTermination": false,
    }))
}

fn mac(id: &str) -> String {
    let bytes = digest(id).to_be_bytes();
    let bytes = bytes
        .iter()
        .take(5)
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>();
    format!("06:{}", bytes.join(":"))
}
