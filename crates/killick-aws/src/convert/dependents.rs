//! What can keep AWS from deleting a VPC.

use aws_sdk_ec2::types as ec2;
use killick_engine::CloudError;
use killick_stack::snapshot::{Dependent, DependentKind, NetworkInterface};

use super::{need, text, word};
use crate::error::Operation;

type Converted<T> = Result<T, CloudError>;

pub(crate) fn network_interface(
    from: &ec2::NetworkInterface,
    op: Operation,
) -> Converted<NetworkInterface> {
    let public = from.association().and_then(|one| one.public_ip()).is_some()
        || from.private_ip_addresses().iter().any(|one| {
            let association = one.association();
            association.and_then(|one| one.public_ip()).is_some()
        });
    // An interface that is attached to something of a service tells of no
    // instance, and whose instance it is tells it apart too.
    let managed = from.requester_managed().unwrap_or(false);
    let instance = from.attachment().and_then(|one| text(one.instance_id()));
    Ok(NetworkInterface {
        id: need(from.network_interface_id(), op, "networkInterfaceId")?,
        vpc: text(from.vpc_id()).unwrap_or_default(),
        subnet: text(from.subnet_id()).unwrap_or_default(),
        groups: from
            .groups()
            .iter()
            .filter_map(|group| text(group.group_id()))
            .collect(),
        kind: word(
            from.interface_type().map(|kind| kind.as_str()).as_ref(),
            "interface",
        ),
        description: text(from.description()).unwrap_or_default(),
        requester: text(from.requester_id()).filter(|_| managed),
        owner: text(from.owner_id()),
        instance: instance.filter(|_| !managed),
        public,
    })
}

fn dependent(kind: DependentKind, id: String, vpcs: Vec<String>) -> Dependent {
    Dependent {
        kind,
        id,
        vpcs,
        state: String::new(),
        about: None,
        owner: None,
        requested: false,
    }
}

pub(crate) fn endpoint(from: &ec2::VpcEndpoint, op: Operation) -> Converted<Dependent> {
    let id = need(from.vpc_endpoint_id(), op, "vpcEndpointId")?;
    let kind = from.vpc_endpoint_type().map(|kind| kind.as_str());
    let kind = word(kind.as_ref(), "gateway");
    let service = text(from.service_name()).unwrap_or_default();
    Ok(Dependent {
        // The wire says `available` where the SDK's enum says `Available`.
        state: word(from.state().map(|state| state.as_str()).as_ref(), ""),
        about: Some(format!("{kind} endpoint for {service}")),
        owner: text(from.owner_id()),
        requested: from.requester_managed().unwrap_or(false),
        ..dependent(
            DependentKind::VpcEndpoint,
            id,
            text(from.vpc_id()).into_iter().collect(),
        )
    })
}

pub(crate) fn peering_connection(
    from: &ec2::VpcPeeringConnection,
    op: Operation,
) -> Converted<Dependent> {
    let id = need(
        from.vpc_peering_connection_id(),
        op,
        "vpcPeeringConnectionId",
    )?;
    let sides = [from.requester_vpc_info(), from.accepter_vpc_info()];
    let sides = || sides.into_iter().flatten();
    let ends: Vec<String> = sides()
        .filter_map(|side| {
            let vpc = side.vpc_id()?;
            let owner = side.owner_id();
            Some(owner.map_or_else(|| vpc.to_owned(), |owner| format!("{vpc} of {owner}")))
        })
        .collect();
    let state = from.status().and_then(|status| status.code());
    Ok(Dependent {
        state: word(state.map(|state| state.as_str()).as_ref(), ""),
        about: Some(format!("between {}", ends.join(" and "))).filter(|_| !ends.is_empty()),
        ..dependent(
            DependentKind::VpcPeeringConnection,
            id,
            sides().filter_map(|side| text(side.vpc_id())).collect(),
        )
    })
}

pub(crate) fn vpn_gateway(from: &ec2::VpnGateway, op: Operation) -> Converted<Dependent> {
    let id = need(from.vpn_gateway_id(), op, "vpnGatewayId")?;
    let attached = from.vpc_attachments().iter().filter(|one| {
        let state = word(one.state().map(|state| state.as_str()).as_ref(), "attached");
        matches!(state.as_str(), "attaching" | "attached")
    });
    let vpcs = attached.filter_map(|one| text(one.vpc_id())).collect();
    Ok(Dependent {
        state: word(from.state().map(|state| state.as_str()).as_ref(), ""),
        ..dependent(DependentKind::VpnGateway, id, vpcs)
    })
}

pub(crate) fn egress_only_internet_gateway(
    from: &ec2::EgressOnlyInternetGateway,
    op: Operation,
) -> Converted<Dependent> {
    let id = from.egress_only_internet_gateway_id();
    let id = need(id, op, "egressOnlyInternetGatewayId")?;
    let attached = from.attachments().iter().filter(|one| {
        let state = word(one.state().map(|state| state.as_str()).as_ref(), "attached");
        !matches!(state.as_str(), "detaching" | "detached")
    });
    let vpcs = attached.filter_map(|one| text(one.vpc_id())).collect();
    Ok(dependent(
        DependentKind::EgressOnlyInternetGateway,
        id,
        vpcs,
    ))
}

pub(crate) fn carrier_gateway(from: &ec2::CarrierGateway, op: Operation) -> Converted<Dependent> {
    let id = need(from.carrier_gateway_id(), op, "carrierGatewayId")?;
    Ok(Dependent {
        state: word(from.state().map(|state| state.as_str()).as_ref(), ""),
        owner: text(from.owner_id()),
        ..dependent(
            DependentKind::CarrierGateway,
            id,
            text(from.vpc_id()).into_iter().collect(),
        )
    })
}

/// A network ACL; the default one goes with its VPC.
pub(crate) fn network_acl(from: &ec2::NetworkAcl, op: Operation) -> Converted<Option<Dependent>> {
    if from.is_default() == Some(true) {
        return Ok(None);
    }
    let id = need(from.network_acl_id(), op, "networkAclId")?;
    let vpcs = text(from.vpc_id()).into_iter().collect();
    Ok(Some(Dependent {
        owner: text(from.owner_id()),
        ..dependent(DependentKind::NetworkAcl, id, vpcs)
    }))
}

pub(crate) fn group_association(
    from: &ec2::SecurityGroupVpcAssociation,
    op: Operation,
) -> Converted<Dependent> {
    let id = need(from.group_id(), op, "groupId")?;
    Ok(Dependent {
        state: word(from.state().map(|state| state.as_str()).as_ref(), ""),
        about: text(from.vpc_id()).map(|vpc| format!("with {vpc}")),
        ..dependent(
            DependentKind::SecurityGroupVpcAssociation,
            id,
            text(from.vpc_id()).into_iter().collect(),
        )
    })
}
