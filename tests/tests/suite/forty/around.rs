//! What lies around the routes: network ACLs, attributes, names, endpoints, IPv6, Block Public Access.

use killick_tests::Site;
use serde_json::json;

use super::{A, CRITICAL, Case, PRUNE, Repair, TABLE, WARNING, case, hands};
use Repair::{Automatic, Report};

const SUBNET: &str = "subnet/private-ap-northeast-1a";
const VPC: &str = "vpc/main";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(
            "an ACL that denies",
            (CRITICAL, PRUNE),
            SUBNET,
            "network_acl.",
            |site| {
                let (aws, stack) = hands(site);
                aws.deny_subnet(stack.id(VPC), stack.id(SUBNET));
            },
        ),
        case(
            "replies denied",
            (CRITICAL, PRUNE),
            VPC,
            "network_acl.ingress 50",
            |site| {
                let (aws, stack) = hands(site);
                aws.deny_replies(stack.id(VPC));
            },
        ),
        case(
            "public addresses on launch",
            (WARNING, Automatic),
            SUBNET,
            "map_public_ip",
            |site| {
                let (aws, stack) = hands(site);
                let args =
                    json!({"SubnetId": stack.id(SUBNET), "MapPublicIpOnLaunch": {"Value": true}});
                aws.ec2("modify_subnet_attribute", args);
            },
        ),
        case(
            "no DNS",
            (CRITICAL, Automatic),
            VPC,
            "dns_support",
            |site| {
                let (aws, stack) = hands(site);
                let args = json!({"VpcId": stack.id(VPC), "EnableDnsSupport": {"Value": false}});
                aws.ec2("modify_vpc_attribute", args);
            },
        ),
        case(
            "other name servers",
            (WARNING, Report),
            VPC,
            "dhcp_options",
            name_servers,
        ),
        case(
            "no name servers",
            (WARNING, Report),
            VPC,
            "dhcp_options",
            |site| {
                name_servers(site);
                let servers = json!([{"Key": "ntp-servers", "Values": ["192.0.2.5"]}]);
                associate(site, &servers);
            },
        ),
        case(
            "an endpoint for S3",
            (WARNING, Report),
            VPC,
            "endpoints.",
            |site| {
                let (aws, stack) = hands(site);
                let tables = [
                    stack.id(TABLE),
                    stack.id("route_table/private-ap-northeast-1c"),
                ];
                aws.create_s3_endpoint(stack.id(VPC), &tables);
            },
        ),
        case(
            "public access blocked",
            (CRITICAL, Report),
            VPC,
            "block_public_access",
            |site| {
                let args = json!({"InternetGatewayBlockMode": "block-bidirectional"});
                site.aws.ec2("modify_vpc_block_public_access_options", args);
            },
        ),
        case("IPv6", (CRITICAL, PRUNE), TABLE, "routes.::/0", ipv6),
    ]
}

fn name_servers(site: &Site) {
    let servers = json!([{"Key": "domain-name-servers", "Values": ["192.0.2.53"]}]);
    associate(site, &servers);
}

fn associate(site: &Site, configuration: &serde_json::Value) {
    let (aws, stack) = hands(site);
    let args = json!({"DhcpConfigurations": configuration});
    let options = aws.ec2_id("create_dhcp_options", args, "/DhcpOptions/DhcpOptionsId");
    let args = json!({"DhcpOptionsId": options, "VpcId": stack.id(VPC)});
    aws.ec2("associate_dhcp_options", args);
}

/// The subnet gets a network, and its table a way out for it.
fn ipv6(site: &Site) {
    let (aws, stack) = hands(site);
    let vpc = stack.id(VPC);
    let args = json!({"VpcId": vpc, "AmazonProvidedIpv6CidrBlock": true});
    let at = "/Ipv6CidrBlockAssociation/Ipv6CidrBlock";
    let network = aws.ec2_id("associate_vpc_cidr_block", args, at);
    let network = network.replace("/56", "/64");
    let args =
        json!({"SubnetId": stack.id(&format!("subnet/private-{A}")), "Ipv6CidrBlock": network});
    aws.ec2("associate_subnet_cidr_block", args);
    let at = "/EgressOnlyInternetGateway/EgressOnlyInternetGatewayId";
    let args = json!({"VpcId": vpc});
    let gateway = aws.ec2_id("create_egress_only_internet_gateway", args, at);
    let args = json!({
        "RouteTableId": stack.id(TABLE), "DestinationIpv6CidrBlock": "::/0",
        "EgressOnlyInternetGatewayId": gateway,
    });
    aws.ec2("create_route", args);
}
