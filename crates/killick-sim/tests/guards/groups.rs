//! Security groups.

use super::{Cloud, WEB, all, one, with};
use killick_sim::Settings;

#[test]
fn a_vpc_is_born_with_a_group_that_cannot_go() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let body = cloud.ok("DescribeSecurityGroups", &[]);
    let id = one(&body, "groupId");
    assert_eq!(one(&body, "groupName"), "default");
    assert_eq!(one(&body, "vpcId"), vpc);
    // Ingress from itself, egress to everywhere.
    let ingress = one(&body, "ipPermissions");
    assert_eq!(all(&ingress, "groupId"), [id.as_str()]);
    assert!(all(&ingress, "cidrIp").is_empty());
    let egress = one(&body, "ipPermissionsEgress");
    assert_eq!(all(&egress, "cidrIp"), ["0.0.0.0/0"]);
    assert_eq!(one(&egress, "ipProtocol"), "-1");
    assert!(all(&egress, "fromPort").is_empty());
    let code = cloud.code("DeleteSecurityGroup", &[("GroupId", &id)]);
    assert_eq!(code, "CannotDelete");
}

#[test]
fn names_are_checked() {
    let mut cloud = Cloud::new();
    let (vpc, other) = (cloud.vpc("10.0.0.0/16"), cloud.vpc("10.1.0.0/16"));
    cloud.group(&vpc, "Web");
    cloud.group(&other, "Web");
    let long = "x".repeat(256);
    for (name, code) in [
        ("web", "InvalidGroup.Duplicate"),
        ("Default", "InvalidGroup.Reserved"),
        ("sg-web", "InvalidParameterValue"),
        ("wéb", "InvalidParameterValue"),
        (&long, "InvalidParameterValue"),
    ] {
        let params = [
            ("GroupName", name),
            ("GroupDescription", "x"),
            ("VpcId", &vpc),
        ];
        assert_eq!(cloud.code("CreateSecurityGroup", &params), code, "{name}");
    }
    let params = [("GroupName", "x"), ("GroupDescription", "y")];
    let code = cloud.code("CreateSecurityGroup", &params);
    assert_eq!(code, "VPCIdNotSpecified");
    let params = [params[0], params[1], ("VpcId", "vpc-00000000000000000")];
    let code = cloud.code("CreateSecurityGroup", &params);
    assert_eq!(code, "InvalidVpcID.NotFound");
}

#[test]
fn a_new_group_lets_everything_out_over_ipv6_too() {
    let mut cloud = Cloud::new();
    let params = [
        ("CidrBlock", "10.0.0.0/16"),
        ("AmazonProvidedIpv6CidrBlock", "true"),
    ];
    let vpc = one(&cloud.ok("CreateVpc", &params), "vpcId");
    let params = [
        ("GroupName", "fn"),
        ("GroupDescription", "functions"),
        ("VpcId", &vpc),
        ("TagSpecification.1.ResourceType", "security-group"),
        ("TagSpecification.1.Tag.1.Key", "team"),
        ("TagSpecification.1.Tag.1.Value", "a"),
    ];
    let made = cloud.ok("CreateSecurityGroup", &params);
    let id = one(&made, "groupId");
    let arn = format!("arn:aws:ec2:ap-northeast-1:123456789012:security-group/{id}");
    assert_eq!(one(&made, "securityGroupArn"), arn);
    assert_eq!(one(&made, "key"), "team");
    let filter = [("Filter.1.Name", "tag:team"), ("Filter.1.Value.1", "?")];
    let body = cloud.ok("DescribeSecurityGroups", &filter);
    assert_eq!(all(&body, "groupName"), ["fn"]);
    assert_eq!(one(&body, "ipPermissions"), "");
    assert_eq!(one(&body, "cidrIpv6"), "::/0");
}

#[test]
fn groups_in_use_stay() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let (used, user) = (cloud.group(&vpc, "used"), cloud.group(&vpc, "user"));
    let params = [
        ("GroupId", user.as_str()),
        ("IpPermissions.1.IpProtocol", "-1"),
        ("IpPermissions.1.Groups.1.GroupId", &used),
    ];
    cloud.ok("AuthorizeSecurityGroupEgress", &params);
    let code = cloud.code("DeleteSecurityGroup", &[("GroupId", &used)]);
    assert_eq!(code, "DependencyViolation");
    let gone = cloud.ok("DeleteSecurityGroup", &[("GroupId", &user)]);
    assert_eq!(one(&gone, "groupId"), user);
    cloud.ok("DeleteSecurityGroup", &[("GroupId", &used)]);
    let code = cloud.code("DeleteSecurityGroup", &[("GroupId", &used)]);
    assert_eq!(code, "InvalidGroup.NotFound");
    let code = cloud.code("DescribeSecurityGroups", &[("GroupId.1", "web")]);
    assert_eq!(code, "InvalidGroupId.Malformed");
}

#[test]
fn pages_hold_every_group_and_rule_once() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    for number in 0..11 {
        cloud.group(&vpc, &format!("g{number}"));
    }
    for (action, vpc, element, count) in [
        ("DescribeSecurityGroups", None, "groupName", 12),
        (
            "DescribeSecurityGroupRules",
            None,
            "securityGroupRuleId",
            13,
        ),
        (
            "GetSecurityGroupsForVpc",
            Some(("VpcId", vpc.as_str())),
            "groupName",
            12,
        ),
    ] {
        let (mut found, mut token) = (Vec::new(), String::new());
        loop {
            let mut params: Vec<_> = vpc.into_iter().collect();
            params.extend([("MaxResults", "5"), ("NextToken", token.as_str())]);
            let body = cloud.ok(action, &params);
            found.extend(all(&body, element));
            let Some(next) = all(&body, "nextToken").pop() else {
                break;
            };
            token = next;
        }
        found.sort();
        found.dedup();
        assert_eq!(found.len(), count, "{action}");
    }
    let code = cloud.code("DescribeSecurityGroups", &[("MaxResults", "4")]);
    assert_eq!(code, "InvalidParameterValue");
}

#[test]
fn a_new_group_is_seen_late() {
    let mut cloud = Cloud::with(Settings {
        lag: 10_000,
        ..Settings::default()
    });
    let vpc = cloud.vpc("10.0.0.0/16");
    cloud.now += 20_000;
    let id = cloud.group(&vpc, "web");
    let code = cloud.code("AuthorizeSecurityGroupIngress", &with(&id, &WEB));
    assert_eq!(code, "InvalidGroup.NotFound");
    let twin = [
        ("GroupName", "WEB"),
        ("GroupDescription", "x"),
        ("VpcId", &vpc),
    ];
    let code = cloud.code("CreateSecurityGroup", &twin);
    assert_eq!(code, "InvalidGroup.Duplicate");
    cloud.now += 10_000;
    cloud.ok("AuthorizeSecurityGroupIngress", &with(&id, &WEB));
    let dry = with(&id, &[("DryRun", "true")]);
    let code = cloud.code("DeleteSecurityGroup", &dry);
    assert_eq!(code, "DryRunOperation");
    cloud.ok("DeleteSecurityGroup", &with(&id, &[]));
}
