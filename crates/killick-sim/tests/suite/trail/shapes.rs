//! How EC2's parameters and answers are told.

use serde_json::{Value, json};

use super::{ACCOUNT, REGION, Sky, one};

#[test]
fn an_older_action_has_its_parameters_at_the_top() {
    let mut sky = Sky::calm();
    let vpc = one(
        &sky.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]),
        "vpcId",
    );
    let made = sky.last();
    assert_eq!(
        made["requestParameters"],
        json!({"cidrBlock": "10.0.0.0/16"})
    );
    assert_eq!(made["responseElements"]["vpc"]["vpcId"], vpc.as_str());
    let table = one(
        &sky.ec2("CreateRouteTable", &[("VpcId", &vpc)]),
        "routeTableId",
    );
    let made = sky.last();
    assert_eq!(
        made["responseElements"]["routeTable"]["routeTableId"],
        table.as_str()
    );
    let gateway = one(&sky.ec2("CreateInternetGateway", &[]), "internetGatewayId");
    assert_eq!(sky.last()["requestParameters"], Value::Null);
    let params = [("InternetGatewayId", gateway.as_str()), ("VpcId", &vpc)];
    sky.ec2("AttachInternetGateway", &params);
    sky.now += 90_123;
    let route = [
        ("RouteTableId", table.as_str()),
        ("DestinationCidrBlock", "0.0.0.0/0"),
        ("GatewayId", &gateway),
    ];
    sky.ec2("CreateRoute", &route);
    let event = sky.last();
    let told = json!({
        "routeTableId": table,
        "destinationCidrBlock": "0.0.0.0/0",
        "gatewayId": gateway,
    });
    assert_eq!(event["requestParameters"], told);
    assert_eq!(event["responseElements"]["_return"], true);
    for (name, value) in [
        ("eventTime", "2026-01-01T00:01:30Z"),
        ("eventSource", "ec2.amazonaws.com"),
        ("eventName", "CreateRoute"),
        ("awsRegion", REGION),
        ("userAgent", "killick/0.1"),
        ("recipientAccountId", ACCOUNT),
        ("eventType", "AwsApiCall"),
    ] {
        assert_eq!(event[name], value, "{name}");
    }
    assert_eq!(
        (&event["readOnly"], &event["managementEvent"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(event["errorCode"], Value::Null);
    assert!(event["sourceIPAddress"].is_string());
    // Attributes keep their types, and lists are items.
    sky.ec2(
        "ModifyVpcAttribute",
        &[("VpcId", &vpc), ("EnableDnsSupport.Value", "false")],
    );
    let told = json!({"vpcId": vpc, "enableDnsSupport": {"value": false}});
    assert_eq!(sky.last()["requestParameters"], told);
    let tags = [
        ("ResourceId.1", vpc.as_str()),
        ("ResourceId.2", &table),
        ("Tag.1.Key", "armed"),
        ("Tag.1.Value", "true"),
    ];
    sky.ec2("CreateTags", &tags);
    let told = json!({
        "resourcesSet": {"items": [{"resourceId": vpc}, {"resourceId": table}]},
        "tagSet": {"items": [{"key": "armed", "value": "true"}]},
    });
    assert_eq!(sky.last()["requestParameters"], told);
}

#[test]
fn rules_and_specifications_are_lists() {
    let mut sky = Sky::calm();
    let vpc = one(
        &sky.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]),
        "vpcId",
    );
    let params = [
        ("VpcId", vpc.as_str()),
        ("GroupName", "functions"),
        ("GroupDescription", "functions"),
        ("TagSpecification.1.ResourceType", "security-group"),
        ("TagSpecification.1.Tag.1.Key", "Name"),
        ("TagSpecification.1.Tag.1.Value", "functions"),
    ];
    let group = one(&sky.ec2("CreateSecurityGroup", &params), "groupId");
    let event = sky.last();
    let specification = json!({"items": [{
        "resourceType": "security-group",
        "tags": [{"key": "Name", "value": "functions"}],
    }]});
    assert_eq!(
        event["requestParameters"]["tagSpecificationSet"],
        specification
    );
    assert_eq!(event["responseElements"]["groupId"], group.as_str());
    let rule = [
        ("GroupId", group.as_str()),
        ("IpPermissions.1.IpProtocol", "tcp"),
        ("IpPermissions.1.FromPort", "443"),
        ("IpPermissions.1.ToPort", "443"),
        ("IpPermissions.1.IpRanges.1.CidrIp", "198.51.100.0/24"),
    ];
    let id = one(
        &sky.ec2("AuthorizeSecurityGroupIngress", &rule),
        "securityGroupRuleId",
    );
    let event = sky.last();
    let told = json!({"groupId": group, "ipPermissions": {"items": [{
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "ipRanges": {"items": [{"cidrIp": "198.51.100.0/24"}]},
    }]}});
    assert_eq!(event["requestParameters"], told);
    let rules = &event["responseElements"]["securityGroupRuleSet"]["items"];
    assert_eq!(rules[0]["securityGroupRuleId"], id.as_str());
    let acl = one(
        &sky.ec2("CreateNetworkAcl", &[("VpcId", &vpc)]),
        "networkAclId",
    );
    let entry = [
        ("NetworkAclId", acl.as_str()),
        ("RuleNumber", "90"),
        ("Protocol", "6"),
        ("RuleAction", "deny"),
        ("Egress", "false"),
        ("CidrBlock", "0.0.0.0/0"),
        ("PortRange.From", "1024"),
        ("PortRange.To", "65535"),
    ];
    sky.ec2("CreateNetworkAclEntry", &entry);
    let told = json!({
        "networkAclId": acl,
        "ruleNumber": 90,
        "aclProtocol": "6",
        "ruleAction": "deny",
        "egress": false,
        "cidrBlock": "0.0.0.0/0",
        "portRange": {"from": 1024, "to": 65535},
    });
    assert_eq!(sky.last()["requestParameters"], told);
}

#[test]
fn a_newer_action_wraps_its_parameters() {
    let mut sky = Sky::calm();
    let vpc = one(
        &sky.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]),
        "vpcId",
    );
    sky.now += 10_000;
    let internet = one(&sky.ec2("CreateInternetGateway", &[]), "internetGatewayId");
    let params = [("InternetGatewayId", internet.as_str()), ("VpcId", &vpc)];
    sky.ec2("AttachInternetGateway", &params);
    let subnet = [("VpcId", vpc.as_str()), ("CidrBlock", "10.0.0.0/24")];
    let subnet = one(&sky.ec2("CreateSubnet", &subnet), "subnetId");
    let address = one(&sky.ec2("AllocateAddress", &[]), "allocationId");
    sky.now += 10_000;
    let params = [
        ("SubnetId", subnet.as_str()),
        ("AllocationId", &address),
        ("TagSpecification.1.ResourceType", "natgateway"),
        ("TagSpecification.1.Tag.1.Key", "Name"),
        ("TagSpecification.1.Tag.1.Value", "egress"),
    ];
    let gateway = one(&sky.ec2("CreateNatGateway", &params), "natGatewayId");
    let event = sky.last();
    let told = json!({"CreateNatGatewayRequest": {
        "SubnetId": subnet,
        "AllocationId": address,
        "TagSpecification": {
            "ResourceType": "natgateway",
            "Tag": {"Key": "Name", "Value": "egress", "tag": 1},
            "tag": 1,
        },
    }});
    assert_eq!(event["requestParameters"], told);
    let made = &event["responseElements"]["CreateNatGatewayResponse"]["natGateway"];
    assert_eq!(made["natGatewayId"], gateway.as_str());
    sky.now += 300_000;
    let further = one(&sky.ec2("AllocateAddress", &[]), "allocationId");
    let params = [
        ("NatGatewayId", gateway.as_str()),
        ("AllocationId.1", &further),
    ];
    sky.ec2("AssociateNatGatewayAddress", &params);
    let told = json!({"AssociateNatGatewayAddressRequest": {
        "NatGatewayId": gateway,
        "AllocationId": {"content": further, "tag": 1},
    }});
    assert_eq!(sky.last()["requestParameters"], told);
    sky.ec2("DeleteNatGateway", &[("NatGatewayId", &gateway)]);
    let told = json!({"DeleteNatGatewayRequest": {"NatGatewayId": gateway}});
    assert_eq!(sky.last()["requestParameters"], told);
}
