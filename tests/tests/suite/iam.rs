//! The policies in docs/iam allow every call that changes something, and little else.

use std::collections::BTreeSet;

use killick_tests::iam::{Statement, action, allowed, documented, made};
use killick_tests::{Call, Site, Spec};
use serde_json::{Value, json};

const TAG: &str = "killick:stack";
const STACK: &str = "partner-egress";

/// Whether a statement insists that this, of the request or the resource, is the stack's.
fn wants(one: &Statement, key: &str) -> bool {
    one.condition["StringEquals"][format!("{key}/{TAG}")] == STACK
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_whole_life_needs_both_policies_and_all_of_them() {
    let (read, write, retag) = (documented("read"), documented("write"), documented("retag"));
    let site = Site::new(Spec::two_zones());
    let mut owned = BTreeSet::new();
    let apply = |args: &[&str]| {
        site.killick.run(args).code(0);
        let stack = site.stack();
        stack
            .ids()
            .values()
            .flatten()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    owned.extend(apply(&["apply", "--yes"]));
    tamper(&site);
    owned.extend(apply(&["apply", "--yes"]));
    let theirs = litter(&site);
    owned.extend(apply(&["apply", "--yes", "--prune"]));
    let subnet = json!({"SubnetId": theirs});
    site.aws.ec2("delete_subnet", subnet);
    // What AWS Lambda leaves behind in a subnet is looked at before the next try.
    let held = json!([{"kind": "error", "action": "DeleteSubnet", "code": "DependencyViolation", "count": 1}]);
    site.server.faults(&held);
    apply(&["destroy", "--yes", "--release-addresses"]);

    let calls = site.server.calls();
    let mut wanted = allowed(&write);
    // AWS Lambda asks for it in the name of whoever changes a VPC config.
    assert!(wanted.remove("ec2:GetSecurityGroupsForVpc"));
    let made: BTreeSet<String> = &made(&calls) - &allowed(&read);
    assert_eq!(made, wanted);
    for call in calls.iter().filter(|call| !call.read) {
        within(call, &write, &retag, &owned);
    }
}

/// What is somebody else's, or opens something, is left to a policy of its own.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_flags_that_reach_further_need_one_more_policy() {
    let (write, guarded) = (documented("write"), documented("guarded"));
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let (nat, eip) = ("nat_gateway/ap-northeast-1a", "elastic_ip/ap-northeast-1c");
    let address = site.aws.create_address();
    let args = json!({"NatGatewayId": stack.id(nat), "AllocationIds": [address]});
    site.aws.ec2("associate_nat_gateway_address", args);
    let args = json!({"AllocationId": stack.id(eip), "TransferAccountId": "111122223333"});
    site.aws.ec2("enable_address_transfer", args);
    let subnet = stack.id("subnet/private-ap-northeast-1a");
    site.aws.deny_subnet(stack.id("vpc/main"), subnet);
    site.aws.deny_replies(stack.id("vpc/main"));
    site.aws.withhold_interfaces();
    site.killick
        .run(&["apply", "--yes", "--prune", "--grant"])
        .code(0);
    let calls = site.server.calls();
    let calls: Vec<_> = calls.into_iter().filter(|call| !call.read).collect();
    assert_eq!(&made(&calls) - &allowed(&write), allowed(&guarded));
    site.in_sync().unwrap();
}

/// What is brought carries no tag of ours: another policy names it, and allows nothing to change or delete it.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn building_in_what_is_brought_needs_a_policy_that_names_it() {
    let brought = documented("brought");
    let site = Site::new(Spec::two_zones());
    let theirs = site.aws.create_brought(20);
    // A public subnet and the group are left for killick to make.
    let text = theirs
        .to_toml(&["billing-sync"])
        .replace(&theirs.public[1], "10.20.10.0/24")
        .replace(&format!("security_groups = [\"{}\"]", theirs.group), "");
    site.killick.write("killick.toml", text);
    for args in [&["apply", "--yes"][..], &["destroy", "--yes"]] {
        site.killick.run(args).code(0);
    }
    let mut needed = BTreeSet::new();
    for call in site.server.calls().iter().filter(|call| !call.read) {
        let params = call.params.as_object().unwrap().iter();
        let ids = params.filter_map(|(name, value)| Some((name, value.as_str()?)));
        for (name, id) in ids.filter(|(_, id)| theirs.ids().contains(id)) {
            // A route may lead to any gateway: only its table counts.
            if call.action == "CreateRoute" && name == "GatewayId" {
                continue;
            }
            let kind = id.rsplit_once('-').unwrap().0;
            let named = format!("/{kind}-0123456789abcdef0");
            assert!(brought[0].resource.contains(&named), "{call:?}");
            needed.insert(action(call));
        }
        // An association is changed by its own id, and it is one of their subnets.
        if call.params.get("AssociationId").is_some() {
            needed.insert(action(call));
        }
    }
    assert_eq!(needed, allowed(&brought));
}

/// The call passes the conditions on tags: new things carry the tag in the call that makes them, and no
/// call names a resource of somebody else.
fn within(call: &Call, write: &[Statement], retag: &[Statement], owned: &BTreeSet<String>) {
    let action = action(call);
    let mut statements = write.iter().filter(|one| one.actions.contains(&action));
    if call.service == "lambda" {
        let statement = statements.next().unwrap();
        assert!(statement.resource.contains(":function:billing-sync"));
        assert!(call.params["Path"].to_string().contains("/billing-sync/"));
        return;
    }
    if call.service == "ssm" {
        let scope = &statements.next().unwrap().resource;
        assert!(scope.contains(":parameter/killick/partner-egress/*"));
        let name = call.params["Name"].as_str().unwrap();
        assert!(name.starts_with("/killick/partner-egress/"), "{name}");
        return;
    }
    let params = call.params.as_object().unwrap();
    let text = |name: &str| params.get(name).and_then(Value::as_str);
    let tags = |prefix: &str| {
        let named = params.iter().find(|(name, value)| {
            name.starts_with(prefix) && name.ends_with(".Key") && **value == TAG
        });
        named.is_some_and(|(name, _)| text(&name.replace(".Key", ".Value")) == Some(STACK))
    };
    let ids = params.values().filter_map(Value::as_str);
    let strange: Vec<&str> = ids
        .filter(|value| is_id(value) && !owned.contains(*value))
        .collect();
    assert!(strange.is_empty(), "{action} names {strange:?}");
    if action == "ec2:CreateTags" && tags("Tag.") {
        // What lost the tag of its stack is nobody's: to claim it takes the third policy.
        assert!(retag[0].actions.contains(&action) && wants(&retag[0], "aws:RequestTag"));
    } else if text("TagSpecification.1.ResourceType").is_some() {
        assert!(tags("TagSpecification.1.Tag."), "{action} without the tag");
        assert!(statements.any(|one| wants(one, "aws:RequestTag")));
        let tagging = write
            .iter()
            .find(|one| !one.condition["StringEquals"]["ec2:CreateAction"].is_null());
        let actions = &tagging.unwrap().condition["StringEquals"]["ec2:CreateAction"];
        let listed = actions.as_array().unwrap().contains(&json!(call.action));
        assert!(listed, "{action} is missing in ec2:CreateAction");
    } else {
        assert!(
            statements.any(|one| wants(one, "aws:ResourceTag")),
            "{action}"
        );
    }
}

fn is_id(value: &str) -> bool {
    [
        "vpc-",
        "subnet-",
        "igw-",
        "rtb-",
        "nat-",
        "sg-",
        "eipalloc-",
    ]
    .iter()
    .any(|prefix| value.starts_with(prefix))
}

/// Changes that `apply` puts right.
fn tamper(site: &Site) {
    let (aws, stack) = (&site.aws, site.stack());
    let table = |zone: &str| {
        stack
            .id(&format!("route_table/private-ap-northeast-1{zone}"))
            .to_owned()
    };
    let subnet = |name: &str| stack.id(&format!("subnet/{name}")).to_owned();
    let igw = stack.id("internet_gateway/main");
    let default = "0.0.0.0/0";
    aws.ec2(
        "delete_route",
        json!({"RouteTableId": table("a"), "DestinationCidrBlock": default}),
    );
    aws.ec2(
        "replace_route",
        json!({"RouteTableId": table("c"), "DestinationCidrBlock": default, "GatewayId": igw}),
    );
    aws.ec2(
        "detach_internet_gateway",
        json!({"InternetGatewayId": igw, "VpcId": stack.id("vpc/main")}),
    );
    let moved = aws.association(&subnet("private-ap-northeast-1a"));
    aws.ec2(
        "replace_route_table_association",
        json!({"AssociationId": moved, "RouteTableId": table("c")}),
    );
    let group = stack.id("security_group/functions");
    let everything = json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": default}]}]);
    aws.ec2(
        "revoke_security_group_egress",
        json!({"GroupId": group, "IpPermissions": everything}),
    );
    aws.untag(stack.id("nat_gateway/ap-northeast-1a"), &["killick:key"]);
    aws.untag(group, &[TAG]);
}

/// What somebody adds, and `apply --prune` takes away; the subnet, which is given, stays as it is.
fn litter(site: &Site) -> String {
    let (aws, stack) = (&site.aws, site.stack());
    let table = stack.id("route_table/private-ap-northeast-1a");
    let igw = stack.id("internet_gateway/main");
    aws.ec2(
        "create_route",
        json!({"RouteTableId": table, "DestinationCidrBlock": "198.51.100.0/24", "GatewayId": igw}),
    );
    let group = stack.id("security_group/functions");
    let rule = json!([{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]);
    for operation in [
        "authorize_security_group_ingress",
        "authorize_security_group_egress",
    ] {
        aws.ec2(operation, json!({"GroupId": group, "IpPermissions": rule}));
    }
    let args = json!({"VpcId": stack.id("vpc/main"), "CidrBlock": "10.0.200.0/24"});
    let theirs = aws.ec2_id("create_subnet", args, "/Subnet/SubnetId");
    let association = json!({"RouteTableId": stack.id("route_table/public"), "SubnetId": theirs});
    aws.ec2("associate_route_table", association);
    theirs
}
