//! The function's VPC config, as a deploy tool that knows nothing of killick leaves it.

use killick_tests::{Aws, Stack};
use serde_json::json;

use super::{Case, case};

const NAME: &str = "billing-sync";
const KEY: &str = "function/billing-sync";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = emptied();
    cases.extend([
        case("a subnet left out", KEY, "subnets", |aws, stack| {
            aws.set_vpc_config(NAME, &[private(stack, "a")], &[group(stack)]);
        })
        .of_the_forty(),
        case("a public subnet", KEY, "subnets", |aws, stack| {
            let public = stack.id("subnet/public-ap-northeast-1a").to_owned();
            aws.set_vpc_config(NAME, &[public, private(stack, "c")], &[group(stack)]);
        }),
        case("another group", KEY, "security_groups", |aws, stack| {
            let other = new_group(aws, stack.id("vpc/main"), "other");
            aws.set_vpc_config(NAME, &[private(stack, "a"), private(stack, "c")], &[other]);
        }),
        case("a group too many", KEY, "security_groups", |aws, stack| {
            let second = new_group(aws, stack.id("vpc/main"), "second");
            let subnets = [private(stack, "a"), private(stack, "c")];
            aws.set_vpc_config(NAME, &subnets, &[group(stack), second]);
        }),
        case("another VPC", KEY, "subnets", |aws, _| {
            let vpc = aws.ec2_id(
                "create_vpc",
                json!({"CidrBlock": "10.0.0.0/16"}),
                "/Vpc/VpcId",
            );
            let subnet = json!({"VpcId": vpc, "CidrBlock": "10.0.1.0/24"});
            let subnet = aws.ec2_id("create_subnet", subnet, "/Subnet/SubnetId");
            aws.set_vpc_config(NAME, &[subnet], &[new_group(aws, &vpc, "away")]);
        })
        .of_the_forty(),
    ]);
    cases
}

/// The most common one: a deployment without a VPC config.
pub(crate) fn emptied() -> Vec<Case> {
    vec![
        case("VPC config emptied", KEY, "subnets", |aws, _| {
            aws.set_vpc_config(NAME, &[], &[]);
        })
        .of_the_forty(),
    ]
}

fn private(stack: &Stack, letter: &str) -> String {
    stack
        .id(&format!("subnet/private-ap-northeast-1{letter}"))
        .to_owned()
}

fn group(stack: &Stack) -> String {
    stack.id("security_group/functions").to_owned()
}

fn new_group(aws: &Aws, vpc: &str, name: &str) -> String {
    let args = json!({"GroupName": name, "Description": name, "VpcId": vpc});
    aws.ec2_id("create_security_group", args, "/GroupId")
}
