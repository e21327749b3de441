//! Functions, their roles and aliases, and the group that they have.

use killick_tests::{Site, Stack};
use serde_json::{Value, json};

use super::{ANYWHERE, CRITICAL, Case, PRUNE, Repair, WARNING, case, hands};
use Repair::{Automatic, Guarded, Report};

const NAME: &str = "billing-sync";
const KEY: &str = "function/billing-sync";
const GROUP: &str = "security_group/functions";

pub(crate) fn cases() -> Vec<Case> {
    let (critical, warning) = ((CRITICAL, Automatic), (WARNING, Automatic));
    vec![
        case("egress revoked", critical, GROUP, "egress.", |site| {
            let group = site.stack().id(GROUP).to_owned();
            revoke(site, &group);
        }),
        case(
            "a further rule inwards",
            (WARNING, PRUNE),
            GROUP,
            "ingress.",
            |site| {
                allow(site, "authorize_security_group_ingress", 22, ANYWHERE);
            },
        ),
        case(
            "a further rule outwards",
            (WARNING, PRUNE),
            GROUP,
            "egress.",
            |site| {
                allow(
                    site,
                    "authorize_security_group_egress",
                    5432,
                    "198.51.100.0/24",
                );
            },
        ),
        case("taken out of the VPC", critical, KEY, "subnets", |site| {
            site.aws.set_vpc_config(NAME, &[], &[]);
        }),
        case("a subnet less", warning, KEY, "subnets", |site| {
            let (aws, stack) = hands(site);
            let (subnets, group) = network(&stack);
            aws.set_vpc_config(NAME, &subnets[1..], &[group]);
        }),
        case(
            "a group that lets nothing out",
            critical,
            KEY,
            "security_groups",
            |site| {
                let (aws, stack) = hands(site);
                let group = other_group(site, stack.id("vpc/main"));
                revoke(site, &group);
                aws.set_vpc_config(NAME, &network(&stack).0, &[group]);
            },
        ),
        case(
            "in another VPC",
            (CRITICAL, Guarded("--move-functions")),
            KEY,
            "subnets",
            |site| {
                let args = json!({"CidrBlock": "10.99.0.0/16"});
                let vpc = site.aws.ec2_id("create_vpc", args, "/Vpc/VpcId");
                let subnet = site.aws.create_subnet(&vpc, 99, 'a', 1);
                let group = other_group(site, &vpc);
                site.aws.set_vpc_config(NAME, &[subnet], &[group]);
            },
        )
        .with(2),
        case("IPv6 allowed", critical, KEY, "ipv6", |site| {
            let (subnets, group) = network(&site.stack());
            let config = json!({
                "SubnetIds": subnets, "SecurityGroupIds": [group], "Ipv6AllowedForDualStack": true,
            });
            let args = json!({"FunctionName": NAME, "VpcConfig": config});
            site.aws.lambda("update_function_configuration", args);
        }),
        case(
            "an alias on an old version",
            (CRITICAL, Report),
            KEY,
            "aliases.live",
            |site| {
                site.aws.set_vpc_config(NAME, &[], &[]);
                let version = site
                    .aws
                    .lambda("publish_version", json!({"FunctionName": NAME}));
                site.killick.run(&["apply", "--yes"]).code(0);
                let args = json!({
                    "FunctionName": NAME, "Name": "live", "FunctionVersion": version["Version"],
                });
                site.aws.lambda("create_alias", args);
            },
        ),
        case(
            "the role's policy detached",
            (WARNING, Guarded("--grant")),
            KEY,
            "role.",
            |site| {
                site.aws.withhold_interfaces();
            },
        ),
    ]
}

/// The private subnets and the group of the stack.
fn network(stack: &Stack) -> (Vec<String>, String) {
    let subnet = |zone: char| {
        stack
            .id(&format!("subnet/private-ap-northeast-1{zone}"))
            .to_owned()
    };
    (vec![subnet('a'), subnet('c')], stack.id(GROUP).to_owned())
}

fn other_group(site: &Site, vpc: &str) -> String {
    let args = json!({"GroupName": "by-hand", "Description": "by hand", "VpcId": vpc});
    site.aws.ec2_id("create_security_group", args, "/GroupId")
}

/// Takes away what every new group allows outwards.
fn revoke(site: &Site, group: &str) {
    let all = json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": ANYWHERE}]}]);
    let args = json!({"GroupId": group, "IpPermissions": all});
    site.aws.ec2("revoke_security_group_egress", args);
}

fn allow(site: &Site, operation: &str, port: u16, cidr: &str) {
    let (aws, stack) = hands(site);
    let rule: Value = json!([{"IpProtocol": "tcp", "FromPort": port, "ToPort": port,
        "IpRanges": [{"CidrIp": cidr}]}]);
    aws.ec2(
        operation,
        json!({"GroupId": stack.id(GROUP), "IpPermissions": rule}),
    );
}
