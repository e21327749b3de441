//! The SDK's types to the snapshot's. What has no id is no resource: an
//! answer without one is refused, never skipped.

pub(crate) mod dependents;
mod function;
mod rule;
mod traffic;

use aws_sdk_ec2::types as ec2;
use killick_engine::CloudError;

use crate::error::Operation;
use crate::tags::from_sdk;

pub(crate) use function::{function, listed_function, tagged_function, version};
use killick_stack::snapshot::{
    Address, Association, InternetGateway, NatAddress, NatGateway, Route, RouteTable,
    SecurityGroup, Subnet, Transfer, Vpc,
};
use killick_stack::{Rule, network};
pub(crate) use rule::permission;
use rule::rules as rules_of;
pub(crate) use traffic::{dhcp_options, endpoint, network_acl, prefix_list};

fn need(value: Option<&str>, operation: Operation, what: &str) -> Result<String, CloudError> {
    match value {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(operation.nonsense(what)),
    }
}

/// Emulators send empty strings where AWS leaves a member out.
fn text(value: Option<&str>) -> Option<String> {
    value.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn word<T: AsRef<str>>(value: Option<&T>, default: &str) -> String {
    value.map_or(default, AsRef::as_ref).to_ascii_lowercase()
}

pub(crate) fn vpc(from: &ec2::Vpc, op: Operation) -> Result<Vpc, CloudError> {
    Ok(Vpc {
        id: need(from.vpc_id(), op, "vpcId")?,
        cidr: need(from.cidr_block(), op, "cidrBlock")?,
        secondary: from
            .cidr_block_association_set()
            .iter()
            .filter_map(|block| text(block.cidr_block()))
            .filter(|block| Some(block.as_str()) != from.cidr_block())
            .collect(),
        ipv6: from
            .ipv6_cidr_block_association_set()
            .iter()
            .filter_map(|block| {
                let state = block
                    .ipv6_cidr_block_state()
                    .and_then(|state| state.state());
                associated(block.ipv6_cidr_block(), state.map(|state| state.as_str()))
            })
            .collect(),
        block_public_access: blocked(from.block_public_access_states()),
        dhcp_options: text(from.dhcp_options_id()),
        state: word(
            from.state().map(|state| state.as_str()).as_ref(),
            "available",
        ),
        dns_support: None,
        dns_hostnames: None,
        tags: from_sdk(from.tags()),
    })
}

/// A CIDR that is not on its way out.
fn associated(cidr: Option<&str>, state: Option<&str>) -> Option<String> {
    let there = state.is_none_or(|state| matches!(state, "associating" | "associated"));
    text(cidr.filter(|_| there)).map(|cidr| network(&cidr))
}

fn blocked(from: Option<&ec2::BlockPublicAccessStates>) -> Option<String> {
    let mode = from?.internet_gateway_block_mode()?;
    text(Some(mode.as_str()))
}

pub(crate) fn internet_gateway(
    from: &ec2::InternetGateway,
    op: Operation,
) -> Result<InternetGateway, CloudError> {
    let attached = from.attachments().iter().find(|attachment| {
        let state = word(
            attachment.state().map(|state| state.as_str()).as_ref(),
            "attached",
        );
        !matches!(state.as_str(), "detaching" | "detached")
    });
    Ok(InternetGateway {
        id: need(from.internet_gateway_id(), op, "internetGatewayId")?,
        vpc: attached.and_then(|attachment| text(attachment.vpc_id())),
        tags: from_sdk(from.tags()),
    })
}

pub(crate) fn nat_gateway(from: &ec2::NatGateway, op: Operation) -> Result<NatGateway, CloudError> {
    // The primary address may not say that it is: an old or single-address
    // gateway leaves the member out.
    let mut addresses: Vec<_> = from.nat_gateway_addresses().iter().collect();
    addresses.sort_by_key(|address| address.is_primary() != Some(true));
    let failure = from.failure_code().map(|code| {
        let message = from.failure_message().unwrap_or_default();
        format!("{code}: {message}")
    });
    Ok(NatGateway {
        id: need(from.nat_gateway_id(), op, "natGatewayId")?,
        vpc: text(from.vpc_id()).unwrap_or_default(),
        subnet: text(from.subnet_id()),
        state: word(
            from.state().map(|state| state.as_str()).as_ref(),
            "available",
        ),
        connectivity: word(
            from.connectivity_type().map(|kind| kind.as_str()).as_ref(),
            "public",
        ),
        availability: word(
            from.availability_mode().map(|mode| mode.as_str()).as_ref(),
            "zonal",
        ),
        addresses: addresses
            .into_iter()
            .map(|address| NatAddress {
                allocation: text(address.allocation_id()),
                ip: text(address.public_ip()),
                interface: text(address.network_interface_id()),
                private: text(address.private_ip()),
                association: text(address.association_id()),
                status: word(address.status().map(|status| status.as_str()).as_ref(), ""),
            })
            .collect(),
        failure,
        created: from
            .create_time()
            .and_then(|at| u64::try_from(at.secs()).ok()),
        tags: from_sdk(from.tags()),
    })
}

pub(crate) fn address(from: &ec2::Address) -> Option<Address> {
    // An address of a carrier, an outpost or the old EC2-Classic domain has no
    // allocation or no public address, and is never ours.
    let (id, ip) = text(from.allocation_id()).zip(text(from.public_ip()))?;
    Some(Address {
        id,
        ip,
        association: text(from.association_id()),
        instance: text(from.instance_id()),
        network_interface: text(from.network_interface_id()),
        service_managed: text(from.service_managed().map(|service| service.as_str())),
        border_group: text(from.network_border_group()),
        tags: from_sdk(from.tags()),
    })
}

pub(crate) fn subnet(from: &ec2::Subnet, op: Operation) -> Result<Subnet, CloudError> {
    Ok(Subnet {
        id: need(from.subnet_id(), op, "subnetId")?,
        vpc: need(from.vpc_id(), op, "vpcId")?,
        zone: need(from.availability_zone(), op, "availabilityZone")?,
        cidr: text(from.cidr_block()).unwrap_or_default(),
        ipv6: from
            .ipv6_cidr_block_association_set()
            .iter()
            .filter_map(|block| {
                let state = block
                    .ipv6_cidr_block_state()
                    .and_then(|state| state.state());
                associated(block.ipv6_cidr_block(), state.map(|state| state.as_str()))
            })
            .collect(),
        block_public_access: blocked(from.block_public_access_states()),
        state: word(
            from.state().map(|state| state.as_str()).as_ref(),
            "available",
        ),
        map_public_ip: from.map_public_ip_on_launch().unwrap_or(false),
        free: from.available_ip_address_count(),
        tags: from_sdk(from.tags()),
    })
}

pub(crate) fn route_table(from: &ec2::RouteTable, op: Operation) -> Result<RouteTable, CloudError> {
    let mut associations = Vec::new();
    for entry in from
        .associations()
        .iter()
        .filter(|entry| entry.main() != Some(true))
    {
        let state = entry.association_state().and_then(|state| state.state());
        if matches!(
            word(state.map(|state| state.as_str()).as_ref(), "associated").as_str(),
            "disassociating" | "disassociated" | "failed"
        ) {
            continue;
        }
        if let Some(member) = text(entry.subnet_id()).or_else(|| text(entry.gateway_id())) {
            associations.push(Association {
                id: need(
                    entry.route_table_association_id(),
                    op,
                    "routeTableAssociationId",
                )?,
                member,
            });
        }
    }
    Ok(RouteTable {
        id: need(from.route_table_id(), op, "routeTableId")?,
        vpc: need(from.vpc_id(), op, "vpcId")?,
        main: from
            .associations()
            .iter()
            .any(|entry| entry.main() == Some(true)),
        routes: from.routes().iter().filter_map(route).collect(),
        associations,
        propagating: from
            .propagating_vgws()
            .iter()
            .filter_map(|gateway| text(gateway.gateway_id()))
            .collect(),
        tags: from_sdk(from.tags()),
    })
}

fn route(from: &ec2::Route) -> Option<Route> {
    let destination = text(from.destination_cidr_block())
        .or_else(|| text(from.destination_ipv6_cidr_block()))
        .or_else(|| text(from.destination_prefix_list_id()))?;
    // A route to an instance names its interface too; the instance says more.
    let target = [
        from.nat_gateway_id(),
        from.transit_gateway_id(),
        from.vpc_peering_connection_id(),
        from.egress_only_internet_gateway_id(),
        from.instance_id(),
        from.network_interface_id(),
        from.local_gateway_id(),
        from.carrier_gateway_id(),
        from.core_network_arn(),
        from.odb_network_arn(),
        from.gateway_id(),
    ]
    .into_iter()
    .find_map(text);
    Some(Route {
        destination: network(&destination),
        target: target.unwrap_or_else(|| "nothing".to_owned()),
        state: word(from.state().map(|state| state.as_str()).as_ref(), "active"),
        origin: text(from.origin().map(|origin| origin.as_str())).unwrap_or_default(),
    })
}

pub(crate) fn security_group(
    from: &ec2::SecurityGroup,
    op: Operation,
) -> Result<SecurityGroup, CloudError> {
    let rules = |from: &[ec2::IpPermission]| {
        let mut rules: Vec<Rule> = from.iter().flat_map(rules_of).collect();
        rules.sort();
        rules
    };
    Ok(SecurityGroup {
        id: need(from.group_id(), op, "groupId")?,
        vpc: text(from.vpc_id()).unwrap_or_default(),
        name: text(from.group_name()).unwrap_or_default(),
        ingress: rules(from.ip_permissions()),
        egress: rules(from.ip_permissions_egress()),
        tags: from_sdk(from.tags()),
    })
}

pub(crate) fn transfer(from: &ec2::AddressTransfer) -> Option<Transfer> {
    Some(Transfer {
        allocation: text(from.allocation_id())?,
        account: text(from.transfer_account_id()).unwrap_or_default(),
        status: word(
            from.address_transfer_status()
                .map(|status| status.as_str())
                .as_ref(),
            "pending",
        ),
    })
}
