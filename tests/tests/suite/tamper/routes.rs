//! Where packets go: routes of our tables and the tables of our subnets.

use killick_tests::{Aws, Stack};
use serde_json::{Value, json};

use super::{Case, case};

const TABLE: &str = "route_table/private-ap-northeast-1a";
const DEFAULT: &str = "routes.0.0.0.0/0";
const ASSOCIATION: &str = "associations.subnet/private-ap-northeast-1a";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = several();
    cases.extend([
        case(
            "default route to the internet gateway",
            TABLE,
            DEFAULT,
            |aws, stack| {
                replace(aws, stack, "GatewayId", stack.id("internet_gateway/main"));
            },
        )
        .of_the_forty(),
        case(
            "default route to the other zone",
            TABLE,
            DEFAULT,
            |aws, stack| {
                replace(
                    aws,
                    stack,
                    "NatGatewayId",
                    stack.id("nat_gateway/ap-northeast-1c"),
                );
            },
        )
        .of_the_forty(),
        case(
            "default route to a stranger's interface",
            TABLE,
            DEFAULT,
            |aws, stack| {
                let args = json!({"SubnetId": stack.id("subnet/public-ap-northeast-1c")});
                let id = "/NetworkInterface/NetworkInterfaceId";
                let interface = aws.ec2_id("create_network_interface", args, id);
                replace(aws, stack, "NetworkInterfaceId", &interface);
            },
        )
        .of_the_forty(),
        case(
            "association moved to the public table",
            TABLE,
            ASSOCIATION,
            |aws, stack| {
                move_to(aws, stack, "private-ap-northeast-1a", "route_table/public");
            },
        )
        .of_the_forty(),
        case(
            "association moved to the other zone",
            TABLE,
            ASSOCIATION,
            |aws, stack| {
                let other = "route_table/private-ap-northeast-1c";
                move_to(aws, stack, "private-ap-northeast-1a", other);
            },
        )
        .of_the_forty(),
        case(
            "association moved to a stranger's table",
            TABLE,
            ASSOCIATION,
            |aws, stack| {
                let args = json!({
                    "VpcId": stack.id("vpc/main"),
                    "TagSpecifications": [{
                        "ResourceType": "route-table", "Tags": [{"Key": "Name", "Value": "theirs"}],
                    }],
                });
                let table = aws.ec2_id("create_route_table", args, "/RouteTable/RouteTableId");
                let association = aws.association(stack.id("subnet/private-ap-northeast-1a"));
                let args = json!({"AssociationId": association, "RouteTableId": table});
                aws.ec2("replace_route_table_association", args);
            },
        ),
        case("associations swapped", TABLE, ASSOCIATION, |aws, stack| {
            let (a, c) = ("private-ap-northeast-1a", "private-ap-northeast-1c");
            move_to(aws, stack, a, "route_table/private-ap-northeast-1c");
            move_to(aws, stack, c, "route_table/private-ap-northeast-1a");
        }),
    ]);
    cases
}

/// Changes that do not get in each other's way.
pub(crate) fn several() -> Vec<Case> {
    let public = "route_table/public";
    vec![
        case("default route deleted", TABLE, DEFAULT, |aws, stack| {
            aws.ec2("delete_route", default_of(stack, TABLE));
        })
        .of_the_forty(),
        case(
            "public default route deleted",
            public,
            DEFAULT,
            |aws, stack| {
                aws.ec2("delete_route", default_of(stack, "route_table/public"));
            },
        ),
        case("association missing", TABLE, ASSOCIATION, |aws, stack| {
            let association = aws.association(stack.id("subnet/private-ap-northeast-1a"));
            aws.ec2(
                "disassociate_route_table",
                json!({"AssociationId": association}),
            );
        })
        .of_the_forty(),
        case(
            "public association missing",
            public,
            "associations.subnet/public-ap-northeast-1c",
            |aws, stack| {
                let association = aws.association(stack.id("subnet/public-ap-northeast-1c"));
                aws.ec2(
                    "disassociate_route_table",
                    json!({"AssociationId": association}),
                );
            },
        ),
    ]
}

fn default_of(stack: &Stack, table: &str) -> Value {
    json!({"RouteTableId": stack.id(table), "DestinationCidrBlock": "0.0.0.0/0"})
}

fn replace(aws: &Aws, stack: &Stack, target: &str, id: &str) {
    let mut args = default_of(stack, TABLE);
    args[target] = json!(id);
    aws.ec2("replace_route", args);
}

fn move_to(aws: &Aws, stack: &Stack, subnet: &str, table: &str) {
    let association = aws.association(stack.id(&format!("subnet/{subnet}")));
    let args = json!({"AssociationId": association, "RouteTableId": stack.id(table)});
    aws.ec2("replace_route_table_association", args);
}
