//! What lies around routes: ACLs, attributes, names, endpoints, IPv6.

use ipnet::Ipv6Net;

use super::hand::{Done, Hand};
use super::stack::{ANYWHERE, Stack, called};
use crate::ec2::Subnet;
use crate::place::Place;

pub(super) fn deny_subnet(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let subnet = stack.zone("a private subnet", |zone| zone.private.as_ref())?;
    let association = acl_association(hand.place(), &subnet.id);
    let association = association.ok_or_else(|| format!("{} has no network ACL", subnet.id))?;
    let action = ("CreateNetworkAcl", "network-acl");
    let vpc = [("VpcId", stack.vpc.id.as_str())];
    let acl = hand.make(action, &vpc, "networkAclId")?;
    for egress in ["true", "false"] {
        let params = [
            ("NetworkAclId", acl.as_str()),
            ("RuleNumber", "90"),
            ("Egress", egress),
            ("Protocol", "-1"),
            ("RuleAction", "deny"),
            ("CidrBlock", ANYWHERE),
        ];
        hand.ec2("CreateNetworkAclEntry", &params)?;
    }
    let params = [
        ("AssociationId", association.as_str()),
        ("NetworkAclId", &acl),
    ];
    hand.ec2("ReplaceNetworkAclAssociation", &params)?;
    let subnet = called(&subnet.id, &subnet.tags);
    Ok(format!(
        "made {subnet} follow {acl}, which denies all by rule 90"
    ))
}

/// The association of a subnet with its network ACL.
fn acl_association(place: &Place, subnet: &str) -> Option<String> {
    let acls = place.network_acls.all();
    let mut entries = acls.flat_map(|acl| &acl.associations);
    let entry = entries.find(|(_, follower)| follower == subnet);
    entry.map(|(id, _)| id.clone())
}

pub(super) fn deny_replies(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let vpc = &stack.vpc.id;
    let acl = default_acl(hand.place(), vpc);
    let acl = acl.ok_or_else(|| format!("{vpc} has no default network ACL"))?;
    let params = [
        ("NetworkAclId", acl.as_str()),
        ("RuleNumber", "50"),
        ("Egress", "false"),
        ("Protocol", "6"),
        ("PortRange.From", "1024"),
        ("PortRange.To", "65535"),
        ("RuleAction", "deny"),
        ("CidrBlock", ANYWHERE),
    ];
    hand.ec2("CreateNetworkAclEntry", &params)?;
    Ok(format!(
        "denied inbound tcp 1024-65535 by rule 50 of the default {acl}"
    ))
}

fn default_acl(place: &Place, vpc: &str) -> Option<String> {
    let mut acls = place.network_acls.all();
    let acl = acls.find(|acl| acl.default && acl.vpc == vpc);
    acl.map(|acl| acl.id.clone())
}

pub(super) fn map_public(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let subnet = stack.zone("a private subnet that maps no addresses", |zone| {
        let subnet = zone.private.as_ref();
        subnet.filter(|subnet| !subnet.map_public_ip)
    })?;
    let params = [
        ("SubnetId", subnet.id.as_str()),
        ("MapPublicIpOnLaunch.Value", "true"),
    ];
    hand.ec2("ModifySubnetAttribute", &params)?;
    let subnet = called(&subnet.id, &subnet.tags);
    Ok(format!("made {subnet} map public addresses on launch"))
}

pub(super) fn disable_dns(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let vpc = &stack.vpc;
    if !vpc.dns_support {
        return Err(format!("{} has no DNS support already", vpc.id));
    }
    let params = [
        ("VpcId", vpc.id.as_str()),
        ("EnableDnsSupport.Value", "false"),
    ];
    hand.ec2("ModifyVpcAttribute", &params)?;
    let vpc = called(&vpc.id, &vpc.tags);
    Ok(format!("turned DNS support of {vpc} off"))
}

pub(super) fn other_dns(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let server = "192.0.2.53";
    let params = [
        ("DhcpConfiguration.1.Key", "domain-name-servers"),
        ("DhcpConfiguration.1.Value.1", server),
    ];
    let action = ("CreateDhcpOptions", "dhcp-options");
    let options = hand.make(action, &params, "dhcpOptionsId")?;
    let vpc = &stack.vpc;
    let params = [("DhcpOptionsId", options.as_str()), ("VpcId", &vpc.id)];
    hand.ec2("AssociateDhcpOptions", &params)?;
    let vpc = called(&vpc.id, &vpc.tags);
    Ok(format!(
        "gave {vpc} the DHCP options {options} with the name server {server}"
    ))
}

pub(super) fn add_endpoint(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let tables = stack.zones.iter().filter_map(|zone| zone.table.as_ref());
    let names: Vec<(String, &str)> = tables
        .enumerate()
        .map(|(at, table)| (format!("RouteTableId.{}", at + 1), table.id.as_str()))
        .collect();
    if names.is_empty() {
        return Err("no zone of the stack has a private route table".to_owned());
    }
    let service = format!("com.amazonaws.{}.s3", hand.region);
    let mut params = vec![
        ("VpcId", stack.vpc.id.as_str()),
        ("ServiceName", &service),
        ("VpcEndpointType", "Gateway"),
    ];
    params.extend(names.iter().map(|(name, id)| (name.as_str(), *id)));
    let action = ("CreateVpcEndpoint", "vpc-endpoint");
    let endpoint = hand.make(action, &params, "vpcEndpointId")?;
    let list: Vec<&str> = names.iter().map(|(_, id)| *id).collect();
    let list = list.join(" and ");
    Ok(format!(
        "made {endpoint} for {service} with routes in {list}"
    ))
}

pub(super) fn block_public_access(hand: &mut Hand<'_>, _stack: &Stack) -> Done {
    let mode = "block-bidirectional";
    if hand.place().block_public_access == mode {
        return Err("public access is blocked already".to_owned());
    }
    let params = [("InternetGatewayBlockMode", mode)];
    hand.ec2("ModifyVpcBlockPublicAccessOptions", &params)?;
    let region = hand.region;
    Ok(format!("blocked public access of all VPCs in {region}"))
}

pub(super) fn add_ipv6(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let needed = "a private subnet without IPv6, with its route table";
    let (subnet, table) = stack.zone(needed, |zone| {
        let subnet = zone.private.as_ref();
        let subnet = subnet.filter(|subnet| subnet.ipv6.is_empty())?;
        Some((subnet, zone.table.as_ref()?))
    })?;
    let cidr = give_ipv6(hand, subnet)?;
    let gateway = egress_only(hand, &stack.vpc.id)?;
    let params = [
        ("RouteTableId", table.id.as_str()),
        ("DestinationIpv6CidrBlock", "::/0"),
        ("EgressOnlyInternetGatewayId", &gateway),
    ];
    hand.ec2("CreateRoute", &params)?;
    let subnet = called(&subnet.id, &subnet.tags);
    let table = called(&table.id, &table.tags);
    Ok(format!(
        "gave {subnet} {cidr}, and {table} the route ::/0 to {gateway}"
    ))
}

/// The egress-only gateway of a VPC, of which there is one.
fn egress_only(hand: &mut Hand<'_>, vpc: &str) -> Done {
    let known = &hand.place().egress_only_gateways;
    if let Some(gateway) = known.all().find(|gateway| gateway.vpc == vpc) {
        return Ok(gateway.id.clone());
    }
    let action = (
        "CreateEgressOnlyInternetGateway",
        "egress-only-internet-gateway",
    );
    hand.make(action, &[("VpcId", vpc)], "egressOnlyInternetGatewayId")
}

/// Gives a subnet an IPv6 network of its VPC, and that VPC one first.
pub(super) fn give_ipv6(hand: &mut Hand<'_>, subnet: &Subnet) -> Done {
    let vpc = &subnet.vpc;
    let known = hand.place().vpcs.get(vpc);
    if known.is_some_and(|vpc| vpc.ipv6.is_empty()) {
        let params = [
            ("VpcId", vpc.as_str()),
            ("AmazonProvidedIpv6CidrBlock", "true"),
        ];
        hand.ec2("AssociateVpcCidrBlock", &params)?;
    }
    let free = free_ipv6(hand.place(), vpc);
    let free = free.ok_or_else(|| format!("{vpc} has no IPv6 network left"))?;
    let cidr = free.to_string();
    let params = [("SubnetId", &subnet.id), ("Ipv6CidrBlock", &cidr)];
    hand.ec2("AssociateSubnetCidrBlock", &params)?;
    Ok(cidr)
}

fn free_ipv6(place: &Place, vpc: &str) -> Option<Ipv6Net> {
    let others = place.subnets.all().filter(|other| other.vpc == vpc);
    let others: Vec<Ipv6Net> = others.flat_map(Subnet::networks6).collect();
    let networks = place.vpcs.get(vpc)?.networks6();
    let networks = networks.filter_map(|network| network.subnets(64).ok());
    let mut networks = networks.flatten();
    networks.find(|network| !others.contains(network))
}
