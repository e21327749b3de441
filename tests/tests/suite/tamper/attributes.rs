//! Attributes of the VPC and its subnets, and the rules of the security group.

use killick_tests::{Aws, Stack};
use serde_json::{Value, json};

use super::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    let subnet = "subnet/private-ap-northeast-1a";
    vec![
        case(
            "DNS hostnames off",
            "vpc/main",
            "dns_hostnames",
            |aws, stack| {
                vpc_attribute(aws, stack, "EnableDnsHostnames");
            },
        ),
        case(
            "DNS support off",
            "vpc/main",
            "dns_support",
            |aws, stack| {
                vpc_attribute(aws, stack, "EnableDnsSupport");
            },
        )
        .of_the_forty(),
        case(
            "public IP on launch",
            subnet,
            "map_public_ip",
            |aws, stack| {
                let id = stack.id("subnet/private-ap-northeast-1a");
                let args = json!({"SubnetId": id, "MapPublicIpOnLaunch": {"Value": true}});
                aws.ec2("modify_subnet_attribute", args);
            },
        )
        .of_the_forty(),
        case(
            "egress revoked",
            "security_group/functions",
            "egress",
            |aws, stack| {
                revoke(aws, stack);
            },
        )
        .of_the_forty(),
    ]
}

fn vpc_attribute(aws: &Aws, stack: &Stack, attribute: &str) {
    let mut args = json!({"VpcId": stack.id("vpc/main")});
    args[attribute] = json!({"Value": false});
    aws.ec2("modify_vpc_attribute", args);
}

/// Takes away every outbound rule, whatever they are.
fn revoke(aws: &Aws, stack: &Stack) {
    let group = stack.id("security_group/functions");
    let found = aws.ec2("describe_security_groups", json!({"GroupIds": [group]}));
    let mut rules = found["SecurityGroups"][0]["IpPermissionsEgress"].clone();
    for rule in rules.as_array_mut().unwrap() {
        let kept = ["IpProtocol", "IpRanges", "FromPort", "ToPort"];
        rule.as_object_mut()
            .unwrap()
            .retain(|name, _| kept.contains(&name.as_str()));
    }
    assert_ne!(rules, Value::Array(vec![]), "there is no rule to take away");
    aws.ec2(
        "revoke_security_group_egress",
        json!({"GroupId": group, "IpPermissions": rules}),
    );
}
