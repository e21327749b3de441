//! Network ACLs.

use super::{Cloud, all, one};

/// A VPC with a subnet, and the default ACL.
fn start() -> (Cloud, String, String, String) {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let params = [("VpcId", vpc.as_str()), ("CidrBlock", "10.0.1.0/24")];
    let subnet = one(&cloud.ok("CreateSubnet", &params), "subnetId");
    let acl = one(&cloud.ok("DescribeNetworkAcls", &[]), "networkAclId");
    (cloud, vpc, subnet, acl)
}

fn entry<'a>(acl: &'a str, number: &'a str, egress: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("NetworkAclId", acl),
        ("RuleNumber", number),
        ("Egress", egress),
        ("Protocol", "6"),
        ("RuleAction", "deny"),
        ("CidrBlock", "192.0.2.9/24"),
        ("PortRange.From", "1024"),
        ("PortRange.To", "65535"),
    ]
}

#[test]
fn the_default_acl_lets_all_through_and_has_every_subnet() {
    let (mut cloud, vpc, subnet, acl) = start();
    let filter = [
        ("Filter.1.Name", "default"),
        ("Filter.1.Value.1", "true"),
        ("Filter.2.Name", "association.subnet-id"),
        ("Filter.2.Value.1", &subnet),
    ];
    let body = cloud.ok("DescribeNetworkAcls", &filter);
    assert_eq!(one(&body, "vpcId"), vpc);
    let numbers = all(&body, "ruleNumber");
    assert_eq!(numbers, ["100", "32767", "100", "32767"]);
    let actions = all(&body, "ruleAction");
    assert_eq!(actions, ["allow", "deny", "allow", "deny"]);
    assert_eq!(all(&body, "egress"), ["true", "true", "false", "false"]);
    assert_eq!(one(&body, "protocol"), "-1");
    let code = cloud.code("DeleteNetworkAcl", &[("NetworkAclId", &acl)]);
    assert_eq!(code, "InvalidParameterValue");
}

#[test]
fn entries_come_change_and_go() {
    let (mut cloud, _, _, acl) = start();
    cloud.ok("CreateNetworkAclEntry", &entry(&acl, "50", "false"));
    let body = cloud.ok("DescribeNetworkAcls", &[]);
    assert_eq!(all(&body, "ruleNumber")[2], "50");
    assert_eq!(all(&body, "from"), ["1024"]);
    assert_eq!(all(&body, "cidrBlock")[2], "192.0.2.0/24");
    let code = cloud.code("CreateNetworkAclEntry", &entry(&acl, "50", "false"));
    assert_eq!(code, "NetworkAclEntryAlreadyExists");
    for number in ["51", "50"] {
        let code = cloud.code("ReplaceNetworkAclEntry", &entry(&acl, number, "true"));
        assert_eq!(code, "InvalidNetworkAclEntry.NotFound");
    }
    let icmp = [
        ("NetworkAclId", acl.as_str()),
        ("RuleNumber", "50"),
        ("Egress", "false"),
        ("Protocol", "icmpv6"),
        ("RuleAction", "allow"),
        ("Ipv6CidrBlock", "2001:db8::1/32"),
        ("Icmp.Type", "-1"),
        ("Icmp.Code", "-1"),
    ];
    cloud.ok("ReplaceNetworkAclEntry", &icmp);
    let filter = [
        ("Filter.1.Name", "entry.icmp.type"),
        ("Filter.1.Value.1", "-1"),
    ];
    let body = cloud.ok("DescribeNetworkAcls", &filter);
    assert_eq!(one(&body, "ipv6CidrBlock"), "2001:db8::/32");
    assert!(all(&body, "protocol").contains(&"58".to_owned()));
    let gone = entry(&acl, "50", "false");
    cloud.ok("DeleteNetworkAclEntry", &gone[..3]);
    let code = cloud.code("DeleteNetworkAclEntry", &gone[..3]);
    assert_eq!(code, "InvalidNetworkAclEntry.NotFound");
}

#[test]
fn bad_entries_are_refused() {
    let (mut cloud, _, _, acl) = start();
    for (name, value, code) in [
        ("RuleNumber", "32767", "InvalidParameterValue"),
        ("RuleNumber", "0", "InvalidParameterValue"),
        (
            "RuleNumber",
            "-9223372036854775808",
            "InvalidParameterValue",
        ),
        ("RuleAction", "drop", "InvalidParameterValue"),
        ("Protocol", "tcpp", "InvalidParameterValue"),
        ("Protocol", "1", "MissingParameter"),
        ("PortRange.To", "65536", "InvalidParameterValue"),
        ("PortRange.From", "", "MissingParameter"),
        ("CidrBlock", "192.0.2.0", "InvalidParameterValue"),
        ("CidrBlock", "", "MissingParameter"),
        ("Ipv6CidrBlock", "::/0", "InvalidParameterCombination"),
        (
            "NetworkAclId",
            "acl-00000000000000000",
            "InvalidNetworkAclID.NotFound",
        ),
    ] {
        let mut params = entry(&acl, "50", "false");
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        let found = cloud.code("CreateNetworkAclEntry", &params);
        assert_eq!(found, code, "{name}={value}");
    }
    // Together with the one that lets all out they are twenty.
    for number in 1..20 {
        let number = number.to_string();
        cloud.ok("CreateNetworkAclEntry", &entry(&acl, &number, "true"));
    }
    let code = cloud.code("CreateNetworkAclEntry", &entry(&acl, "999", "true"));
    assert_eq!(code, "NetworkAclEntryLimitExceeded");
    cloud.ok("CreateNetworkAclEntry", &entry(&acl, "999", "false"));
}

#[test]
fn a_subnet_moves_to_another_acl() {
    let (mut cloud, vpc, subnet, default) = start();
    let params = [("VpcId", vpc.as_str()), ("ClientToken", "t1")];
    let made = cloud.ok("CreateNetworkAcl", &params);
    let acl = one(&made, "networkAclId");
    assert_eq!(one(&made, "clientToken"), "t1");
    assert_eq!(all(&made, "ruleNumber"), ["32767", "32767"]);
    let again = cloud.ok("CreateNetworkAcl", &params);
    assert_eq!(one(&again, "networkAclId"), acl);
    let tagged = [
        params[0],
        params[1],
        ("TagSpecification.1.ResourceType", "network-acl"),
        ("TagSpecification.1.Tag.1.Key", "k"),
    ];
    let code = cloud.code("CreateNetworkAcl", &tagged);
    assert_eq!(code, "IdempotentParameterMismatch");

    let body = cloud.ok("DescribeNetworkAcls", &[("NetworkAclId.1", &default)]);
    let old = one(&body, "networkAclAssociationId");
    let change = [("AssociationId", old.as_str()), ("NetworkAclId", &acl)];
    let new = one(
        &cloud.ok("ReplaceNetworkAclAssociation", &change),
        "newAssociationId",
    );
    assert_ne!(new, old);
    let again = one(
        &cloud.ok("ReplaceNetworkAclAssociation", &change),
        "newAssociationId",
    );
    assert_eq!(again, new);
    let filter = [
        ("Filter.1.Name", "association.association-id"),
        ("Filter.1.Value.1", &new),
    ];
    let body = cloud.ok("DescribeNetworkAcls", &filter);
    assert_eq!(one(&body, "subnetId"), subnet);
    assert_eq!(one(&body, "networkAclId"), acl);
    let code = cloud.code("DeleteNetworkAcl", &[("NetworkAclId", &acl)]);
    assert_eq!(code, "DependencyViolation");
    let back = [("AssociationId", old.as_str()), ("NetworkAclId", &default)];
    let code = cloud.code("ReplaceNetworkAclAssociation", &back);
    assert_eq!(code, "InvalidAssociationID.NotFound");
    let back = [("AssociationId", new.as_str()), ("NetworkAclId", &default)];
    cloud.ok("ReplaceNetworkAclAssociation", &back);
    cloud.ok("DeleteNetworkAcl", &[("NetworkAclId", &acl)]);
    let code = cloud.code("DescribeNetworkAcls", &[("NetworkAclId.1", &acl)]);
    assert_eq!(code, "InvalidNetworkAclID.NotFound");
}
