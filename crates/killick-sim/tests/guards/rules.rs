//! Rules of security groups.

use super::{Cloud, WEB, all, one, with};

#[test]
fn rules_are_brought_to_one_form_and_taken_away_again() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let id = cloud.group(&vpc, "web");
    let tag = [
        ("TagSpecification.1.ResourceType", "security-group-rule"),
        ("TagSpecification.1.Tag.1.Key", "why"),
        ("TagSpecification.1.Tag.1.Value", "web"),
    ];
    let params = with(&id, &[WEB.as_slice(), &tag].concat());
    let made = cloud.ok("AuthorizeSecurityGroupIngress", &params);
    assert_eq!(one(&made, "cidrIpv4"), "203.0.113.0/24");
    assert_eq!(one(&made, "ipProtocol"), "tcp");
    assert_eq!(one(&made, "isEgress"), "false");
    let rule = one(&made, "securityGroupRuleId");
    // The short form, a number for tcp and another host are the same rule.
    let short = [
        ("IpProtocol", "6"),
        ("FromPort", "443"),
        ("ToPort", "443"),
        ("CidrIp", "203.0.113.0/24"),
    ];
    let code = cloud.code("AuthorizeSecurityGroupIngress", &with(&id, &short));
    assert_eq!(code, "InvalidPermission.Duplicate");
    let filter = [("Filter.1.Name", "tag:why"), ("Filter.1.Value.1", "web")];
    let rules = cloud.ok("DescribeSecurityGroupRules", &filter);
    assert_eq!(all(&rules, "securityGroupRuleId"), [rule.as_str()]);
    let filter = [("Filter.1.Name", "group-id"), ("Filter.1.Value.1", &id)];
    let rules = cloud.ok("DescribeSecurityGroupRules", &filter);
    assert_eq!(all(&rules, "securityGroupRuleId").len(), 2);
    assert!(rules.contains("<fromPort>-1</fromPort>"));

    let code = cloud.code("RevokeSecurityGroupEgress", &with(&id, &WEB));
    assert_eq!(code, "InvalidPermission.NotFound");
    let gone = cloud.ok("RevokeSecurityGroupIngress", &with(&id, &short));
    assert_eq!(one(&gone, "securityGroupRuleId"), rule);
    for (rule, code) in [
        (rule.as_str(), "InvalidSecurityGroupRuleId.NotFound"),
        ("sgr-x", "InvalidSecurityGroupRuleId.Malformed"),
    ] {
        let params = with(&id, &[("SecurityGroupRuleId.1", rule)]);
        assert_eq!(cloud.code("RevokeSecurityGroupIngress", &params), code);
        let params = [("SecurityGroupRuleId.1", rule)];
        assert_eq!(cloud.code("DescribeSecurityGroupRules", &params), code);
    }
    assert_eq!(
        cloud.code("RevokeSecurityGroupIngress", &with(&id, &[])),
        "MissingParameter"
    );
}

#[test]
fn all_egress_can_be_revoked() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let id = cloud.group(&vpc, "web");
    let open = [
        ("IpPermissions.1.IpProtocol", "-1"),
        ("IpPermissions.1.FromPort", "0"),
        ("IpPermissions.1.ToPort", "0"),
        ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"),
    ];
    let (_, body) = cloud.ask("AuthorizeSecurityGroupEgress", &with(&id, &open));
    assert!(body.contains("&quot;peer: 0.0.0.0/0, ALL, ALLOW&quot; already exists"));
    cloud.ok("RevokeSecurityGroupEgress", &with(&id, &open));
    let body = cloud.ok("DescribeSecurityGroups", &[("GroupId.1", &id)]);
    assert_eq!(one(&body, "ipPermissionsEgress"), "");
}

#[test]
fn permissions_are_grouped_by_traffic() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let id = cloud.group(&vpc, "web");
    let more = [
        ("IpPermissions.1.IpRanges.2.CidrIp", "192.0.2.0/24"),
        ("IpPermissions.1.IpRanges.2.Description", "office"),
        ("IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "2001:DB8:0::/32"),
        ("IpPermissions.1.Groups.1.GroupId", &id),
        ("IpPermissions.1.Groups.1.UserId", "123456789012"),
        ("IpPermissions.2.IpProtocol", "icmp"),
        ("IpPermissions.2.FromPort", "-1"),
        ("IpPermissions.2.ToPort", "-1"),
        ("IpPermissions.2.IpRanges.1.CidrIp", "10.0.0.0/8"),
    ];
    let params = with(&id, &[WEB.as_slice(), &more].concat());
    let made = cloud.ok("AuthorizeSecurityGroupIngress", &params);
    assert_eq!(all(&made, "securityGroupRuleId").len(), 5);
    let params = [("GroupId.1", id.as_str())];
    let body = cloud.ok("DescribeSecurityGroups", &params);
    let ingress = one(&body, "ipPermissions");
    assert_eq!(all(&ingress, "ipProtocol"), ["tcp", "icmp"]);
    let web = all(&ingress, "ipRanges");
    assert_eq!(all(&web[0], "cidrIp"), ["203.0.113.0/24", "192.0.2.0/24"]);
    assert_eq!(all(&web[0], "description"), ["office"]);
    assert_eq!(all(&ingress, "cidrIpv6"), ["2001:db8::/32"]);
    assert_eq!(all(&ingress, "userId"), ["123456789012"]);
    for (name, value, found) in [
        ("ip-permission.cidr", "192.0.2.0/24", 1),
        ("egress.ip-permission.cidr", "192.0.2.0/24", 0),
        ("ip-permission.from-port", "443", 1),
        ("egress.ip-permission.from-port", "*", 0),
        ("ip-permission.protocol", "icmp", 1),
        ("vpc-id", &vpc, 2),
    ] {
        let filter = [("Filter.1.Name", name), ("Filter.1.Value.1", value)];
        let body = cloud.ok("DescribeSecurityGroups", &filter);
        assert_eq!(all(&body, "groupDescription").len(), found, "{name}");
    }
    let filter = [("Filter.1.Name", "vpc"), ("Filter.1.Value.1", "x")];
    let code = cloud.code("DescribeSecurityGroups", &filter);
    assert_eq!(code, "InvalidParameterValue");
}

#[test]
fn what_makes_no_sense_is_refused_as_a_whole() {
    let mut cloud = Cloud::new();
    let (vpc, other) = (cloud.vpc("10.0.0.0/16"), cloud.vpc("10.1.0.0/16"));
    let id = cloud.group(&vpc, "web");
    let stranger = cloud.group(&other, "web");
    let before = cloud.ok("DescribeSecurityGroupRules", &[]);
    let list = "pl-00000000";
    for (change, code) in [
        (("IpProtocol", "esp"), "InvalidParameterValue"),
        (("IpProtocol", "256"), "InvalidParameterValue"),
        (("FromPort", "70000"), "InvalidParameterValue"),
        (
            ("FromPort", "99999999999999999999"),
            "InvalidParameterValue",
        ),
        (("FromPort", "444"), "InvalidPermission.Malformed"),
        (("IpRanges.2.CidrIp", "::/0"), "InvalidParameterValue"),
        (
            ("IpRanges.2.CidrIp", "203.0.113.9/24"),
            "InvalidParameterValue",
        ),
        (("IpRanges.2.Cidr", "192.0.2.0/24"), "MissingParameter"),
        (("IpRanges.1.Description", "<x>"), "InvalidParameterValue"),
        (
            ("Groups.1.GroupId", "sg-00000000000000000"),
            "InvalidGroup.NotFound",
        ),
        (
            ("Groups.1.GroupId", stranger.as_str()),
            "InvalidGroup.NotFound",
        ),
        (("Groups.1.GroupId", "web"), "InvalidGroupId.Malformed"),
        (
            ("PrefixListIds.1.PrefixListId", list),
            "InvalidPrefixListID.NotFound",
        ),
    ] {
        let name = format!("IpPermissions.1.{}", change.0);
        let mut params = with(&id, &WEB);
        params.retain(|(known, _)| *known != name);
        params.push((&name, change.1));
        let found = cloud.code("AuthorizeSecurityGroupIngress", &params);
        assert_eq!(found, code, "{change:?}");
    }
    let params = with(&id, &WEB[..3]);
    let code = cloud.code("AuthorizeSecurityGroupIngress", &params);
    assert_eq!(code, "MissingParameter");
    let after = cloud.ok("DescribeSecurityGroupRules", &[]);
    assert_eq!(
        all(&before, "securityGroupRuleId"),
        all(&after, "securityGroupRuleId")
    );
}

#[test]
fn sixty_rules_are_the_most_of_a_direction_and_ip_version() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let id = cloud.group(&vpc, "web");
    let rule = |cloud: &mut Cloud, number: usize, range: &str, cidr: &str| {
        let port = number.to_string();
        let params = [
            ("GroupId", id.as_str()),
            ("IpPermissions.1.IpProtocol", "udp"),
            ("IpPermissions.1.FromPort", &port),
            ("IpPermissions.1.ToPort", &port),
            (range, cidr),
        ];
        cloud.ask("AuthorizeSecurityGroupEgress", &params)
    };
    let ipv4 = "IpPermissions.1.IpRanges.1.CidrIp";
    let ipv6 = "IpPermissions.1.Ipv6Ranges.1.CidrIpv6";
    for number in 1..60 {
        assert_eq!(rule(&mut cloud, number, ipv4, "192.0.2.0/24").0, 200);
    }
    let (_, body) = rule(&mut cloud, 60, ipv4, "192.0.2.0/24");
    assert_eq!(one(&body, "Code"), "RulesPerSecurityGroupLimitExceeded");
    assert_eq!(rule(&mut cloud, 60, ipv6, "2001:db8::/32").0, 200);
}

#[test]
fn rules_change_in_place() {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let id = cloud.group(&vpc, "web");
    let made = cloud.ok("AuthorizeSecurityGroupIngress", &with(&id, &WEB));
    let rule = one(&made, "securityGroupRuleId");
    let change = |peer: &'static str, value: &'static str| {
        vec![
            ("SecurityGroupRule.1.SecurityGroupRule.IpProtocol", "udp"),
            ("SecurityGroupRule.1.SecurityGroupRule.FromPort", "53"),
            ("SecurityGroupRule.1.SecurityGroupRule.ToPort", "53"),
            ("SecurityGroupRule.1.SecurityGroupRule.Description", "dns"),
            (peer, value),
        ]
    };
    let cidr = "SecurityGroupRule.1.SecurityGroupRule.CidrIpv4";
    let ipv6 = "SecurityGroupRule.1.SecurityGroupRule.CidrIpv6";
    let name = ("SecurityGroupRule.1.SecurityGroupRuleId", rule.as_str());
    let params = [with(&id, &[name]), change(ipv6, "2001:db8::/32")].concat();
    let code = cloud.code("ModifySecurityGroupRules", &params);
    assert_eq!(code, "InvalidParameterValue");
    let params = [with(&id, &[name]), change(cidr, "192.0.2.9/24")].concat();
    cloud.ok("ModifySecurityGroupRules", &params);
    let rules = cloud.ok(
        "DescribeSecurityGroupRules",
        &[("SecurityGroupRuleId.1", &rule)],
    );
    assert_eq!(one(&rules, "cidrIpv4"), "192.0.2.0/24");
    assert_eq!(one(&rules, "toPort"), "53");
    assert_eq!(one(&rules, "description"), "dns");

    let params = with(
        &id,
        &[("SecurityGroupRuleDescription.1.SecurityGroupRuleId", &rule)],
    );
    cloud.ok("UpdateSecurityGroupRuleDescriptionsIngress", &params);
    let rules = cloud.ok(
        "DescribeSecurityGroupRules",
        &[("SecurityGroupRuleId.1", &rule)],
    );
    assert!(all(&rules, "description").is_empty());
    let code = cloud.code("UpdateSecurityGroupRuleDescriptionsEgress", &params);
    assert_eq!(code, "InvalidSecurityGroupRuleId.NotFound");
}
