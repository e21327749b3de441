//! Whole resources that are gone: gateways, tables, and what hung on them.

use killick_tests::{Aws, Stack};
use serde_json::json;

use super::{Case, case};

const ZONES: [&str; 2] = ["ap-northeast-1a", "ap-northeast-1c"];

pub(crate) fn cases() -> Vec<Case> {
    let igw = "internet_gateway/main";
    let table = "route_table/private-ap-northeast-1a";
    vec![
        case(
            "NAT gateway deleted",
            "nat_gateway/ap-northeast-1a",
            "",
            |aws, stack| {
                delete_nat(aws, stack, "ap-northeast-1a");
            },
        )
        .of_the_forty(),
        case(
            "two NAT gateways deleted",
            "nat_gateway/ap-northeast-1c",
            "",
            |aws, stack| {
                for zone in ZONES {
                    delete_nat(aws, stack, zone);
                }
            },
        )
        .of_the_forty(),
        case(
            "NAT gateway deleted and its route too",
            table,
            "routes.0.0.0.0/0",
            |aws, stack| {
                delete_nat(aws, stack, "ap-northeast-1a");
                let table = stack.id("route_table/private-ap-northeast-1a");
                let args = json!({"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"});
                aws.ec2("delete_route", args);
            },
        ),
        case("internet gateway detached", igw, "vpc", detach).of_the_forty(),
        case("internet gateway deleted", igw, "", |aws, stack| {
            detach(aws, stack);
            let id = stack.id("internet_gateway/main");
            aws.ec2("delete_internet_gateway", json!({"InternetGatewayId": id}));
        }),
        case("private table deleted", table, "", |aws, stack| {
            let association = aws.association(stack.id("subnet/private-ap-northeast-1a"));
            aws.ec2(
                "disassociate_route_table",
                json!({"AssociationId": association}),
            );
            let id = stack.id("route_table/private-ap-northeast-1a");
            aws.ec2("delete_route_table", json!({"RouteTableId": id}));
        }),
        case(
            "NAT gateway deleted with its subnet",
            "subnet/public-ap-northeast-1a",
            "",
            |aws, stack| {
                delete_nat(aws, stack, "ap-northeast-1a");
                let id = stack.id("subnet/public-ap-northeast-1a");
                aws.ec2("delete_subnet", json!({"SubnetId": id}));
            },
        ),
    ]
}

fn delete_nat(aws: &Aws, stack: &Stack, zone: &str) {
    let id = stack.id(&format!("nat_gateway/{zone}"));
    aws.ec2("delete_nat_gateway", json!({"NatGatewayId": id}));
}

fn detach(aws: &Aws, stack: &Stack) {
    let (igw, vpc) = (stack.id("internet_gateway/main"), stack.id("vpc/main"));
    aws.ec2(
        "detach_internet_gateway",
        json!({"InternetGatewayId": igw, "VpcId": vpc}),
    );
}
