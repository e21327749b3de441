//! What moves traffic besides the resources of a stack.

use aws_sdk_ec2::types as ec2;
use killick_engine::CloudError;
use killick_stack::snapshot::{
    AclAssociation, AclEntry, DhcpOptions, Endpoint, NetworkAcl, PrefixList,
};

use super::{need, network, text, word};
use crate::error::Operation;

/// The number of the rule that denies what is left.
const LAST: i32 = 32767;

pub(crate) fn network_acl(from: &ec2::NetworkAcl, op: Operation) -> Result<NetworkAcl, CloudError> {
    let associations = from.associations().iter().filter_map(|one| {
        Some(AclAssociation {
            id: text(one.network_acl_association_id())?,
            subnet: text(one.subnet_id())?,
        })
    });
    let mut entries: Vec<AclEntry> = from.entries().iter().filter_map(entry).collect();
    entries.sort();
    Ok(NetworkAcl {
        id: need(from.network_acl_id(), op, "networkAclId")?,
        vpc: need(from.vpc_id(), op, "vpcId")?,
        default: from.is_default().unwrap_or(false),
        associations: associations.collect(),
        entries,
    })
}

fn entry(from: &ec2::NetworkAclEntry) -> Option<AclEntry> {
    let number = from.rule_number().filter(|number| *number < LAST)?;
    let cidr = text(from.cidr_block()).or_else(|| text(from.ipv6_cidr_block()))?;
    let ports = from
        .port_range()
        .and_then(|range| range.from().zip(range.to()));
    Some(AclEntry {
        egress: from.egress().unwrap_or(false),
        number,
        allow: from.rule_action().map(|action| action.as_str()) == Some("allow"),
        protocol: text(from.protocol()).unwrap_or_else(|| "-1".to_owned()),
        ports,
        cidr: network(&cidr),
    })
}

pub(crate) fn dhcp_options(
    from: &ec2::DhcpOptions,
    op: Operation,
) -> Result<DhcpOptions, CloudError> {
    let mut servers = from.dhcp_configurations().iter();
    let servers = servers.find(|one| one.key() == Some("domain-name-servers"));
    let servers = servers.map_or(&[][..], |one| one.values());
    Ok(DhcpOptions {
        id: need(from.dhcp_options_id(), op, "dhcpOptionsId")?,
        servers: servers.iter().filter_map(|one| text(one.value())).collect(),
    })
}

pub(crate) fn endpoint(from: &ec2::VpcEndpoint, op: Operation) -> Result<Endpoint, CloudError> {
    Ok(Endpoint {
        id: need(from.vpc_endpoint_id(), op, "vpcEndpointId")?,
        vpc: text(from.vpc_id()).unwrap_or_default(),
        service: text(from.service_name()).unwrap_or_default(),
        kind: word(
            from.vpc_endpoint_type().map(|kind| kind.as_str()).as_ref(),
            "gateway",
        ),
        // The wire says `available` where the SDK's enum says `Available`.
        state: word(
            from.state().map(|state| state.as_str()).as_ref(),
            "available",
        ),
        tables: from.route_table_ids().to_vec(),
    })
}

pub(crate) fn prefix_list(from: &ec2::PrefixList, op: Operation) -> Result<PrefixList, CloudError> {
    Ok(PrefixList {
        id: need(from.prefix_list_id(), op, "prefixListId")?,
        name: text(from.prefix_list_name()).unwrap_or_default(),
        cidrs: from.cidrs().iter().map(|cidr| network(cidr)).collect(),
    })
}
