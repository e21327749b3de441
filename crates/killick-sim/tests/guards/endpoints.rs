//! VPC endpoints and prefix lists.

use super::{Cloud, all, one};

const S3: &str = "com.amazonaws.ap-northeast-1.s3";

/// A VPC with a route table of its own.
fn start() -> (Cloud, String, String) {
    let mut cloud = Cloud::new();
    let vpc = cloud.vpc("10.0.0.0/16");
    let made = cloud.ok("CreateRouteTable", &[("VpcId", &vpc)]);
    let table = one(&made, "routeTableId");
    (cloud, vpc, table)
}

fn gateway<'a>(vpc: &'a str, service: &'a str, table: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("VpcId", vpc),
        ("ServiceName", service),
        ("VpcEndpointType", "Gateway"),
        ("PrivateDnsEnabled", "false"),
        ("RouteTableId.1", table),
    ]
}

/// The routes of a table, in XML.
fn routes(cloud: &mut Cloud, table: &str) -> String {
    let body = cloud.ok("DescribeRouteTables", &[("RouteTableId.1", table)]);
    one(&body, "routeSet")
}

#[test]
fn a_gateway_endpoint_lives_and_goes_with_its_routes() {
    let (mut cloud, vpc, table) = start();
    let made = cloud.ok("CreateVpcEndpoint", &gateway(&vpc, S3, &table));
    let id = one(&made, "vpcEndpointId");
    assert_eq!(one(&made, "state"), "pending");
    assert!(one(&made, "policyDocument").contains("2008-10-17"));
    let filter = [
        ("Filter.1.Name", "prefix-list-name"),
        ("Filter.1.Value.1", S3),
    ];
    let list = one(&cloud.ok("DescribePrefixLists", &filter), "prefixListId");
    let routes_now = routes(&mut cloud, &table);
    assert_eq!(one(&routes_now, "destinationPrefixListId"), list);
    assert!(all(&routes_now, "gatewayId").contains(&id));

    cloud.now += 15_000;
    let filter = [
        ("Filter.1.Name", "vpc-endpoint-state"),
        ("Filter.1.Value.1", "available"),
        ("MaxResults", "5000"),
    ];
    let body = cloud.ok("DescribeVpcEndpoints", &filter);
    assert_eq!(all(&body, "vpcEndpointId"), [id.as_str()]);
    assert_eq!(one(&one(&body, "routeTableIdSet"), "item"), table);

    let code = cloud.code("CreateVpcEndpoint", &gateway(&vpc, S3, &table));
    assert_eq!(code, "RouteAlreadyExists");
    cloud.ok(
        "CreateVpcEndpoint",
        &gateway(&vpc, "com.amazonaws.ap-northeast-1.dynamodb", &table),
    );

    let gone = [
        ("VpcEndpointId.1", id.as_str()),
        ("VpcEndpointId.2", "vpce-00000000000000000"),
    ];
    let body = cloud.ok("DeleteVpcEndpoints", &gone);
    assert_eq!(all(&body, "code"), ["InvalidVpcEndpoint.NotFound"]);
    assert_eq!(one(&body, "resourceId"), "vpce-00000000000000000");
    assert!(!routes(&mut cloud, &table).contains(&list));
    let body = cloud.ok("DescribeVpcEndpoints", &gone[..1]);
    assert_eq!(one(&body, "state"), "deleting");
    cloud.now += 20_000;
    let code = cloud.code("DescribeVpcEndpoints", &gone[..1]);
    assert_eq!(code, "InvalidVpcEndpointId.NotFound");
}

#[test]
fn tables_and_policy_change_in_place() {
    let (mut cloud, vpc, table) = start();
    let made = cloud.ok("CreateVpcEndpoint", &gateway(&vpc, S3, &table));
    let id = one(&made, "vpcEndpointId");
    let other = cloud.ok("CreateRouteTable", &[("VpcId", &vpc)]);
    let other = one(&other, "routeTableId");
    let policy = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let change = [
        ("VpcEndpointId", id.as_str()),
        ("AddRouteTableId.1", &other),
        ("RemoveRouteTableId.1", &table),
        ("PolicyDocument", policy),
    ];
    cloud.ok("ModifyVpcEndpoint", &change);
    assert!(!routes(&mut cloud, &table).contains(&id));
    assert!(routes(&mut cloud, &other).contains(&id));
    let body = cloud.ok("DescribeVpcEndpoints", &[]);
    assert!(one(&body, "policyDocument").contains("2012-10-17"));
    let reset = [("VpcEndpointId", id.as_str()), ("ResetPolicy", "true")];
    cloud.ok("ModifyVpcEndpoint", &reset);
    let body = cloud.ok("DescribeVpcEndpoints", &[]);
    assert!(one(&body, "policyDocument").contains("2008-10-17"));
    let code = cloud.code("ModifyVpcEndpoint", &change[..2]);
    assert_eq!(code, "RouteAlreadyExists");
    let bad = [change[0], ("PolicyDocument", "{")];
    let code = cloud.code("ModifyVpcEndpoint", &bad);
    assert_eq!(code, "InvalidPolicyDocument");
}

#[test]
fn bad_endpoints_are_refused() {
    let (mut cloud, vpc, table) = start();
    let nothing = "rtb-00000000000000000";
    let ec2 = "com.amazonaws.ap-northeast-1.ec2";
    let elsewhere = "com.amazonaws.us-east-1.s3";
    let nowhere = "vpc-00000000000000000";
    for (vpc, service, table, code) in [
        (nowhere, S3, table.as_str(), "InvalidVpcId.NotFound"),
        (&vpc, elsewhere, &table, "InvalidServiceName"),
        (&vpc, ec2, &table, "InvalidParameter"),
        (&vpc, S3, nothing, "InvalidRouteTableId.NotFound"),
    ] {
        let found = cloud.code("CreateVpcEndpoint", &gateway(vpc, service, table));
        assert_eq!(found, code);
    }
    let mut params = gateway(&vpc, S3, &table);
    params.push(("ClientToken", "t1"));
    let id = one(&cloud.ok("CreateVpcEndpoint", &params), "vpcEndpointId");
    let again = cloud.ok("CreateVpcEndpoint", &params);
    assert_eq!(one(&again, "vpcEndpointId"), id);
    params.retain(|(name, _)| *name != "RouteTableId.1");
    let code = cloud.code("CreateVpcEndpoint", &params);
    assert_eq!(code, "IdempotentParameterMismatch");
    params.retain(|(name, _)| *name != "ClientToken");
    for _ in 1..20 {
        cloud.ok("CreateVpcEndpoint", &params);
    }
    let code = cloud.code("CreateVpcEndpoint", &params);
    assert_eq!(code, "VpcEndpointLimitExceeded");
}

#[test]
fn an_interface_endpoint_has_interfaces_that_hold_its_group() {
    let (mut cloud, vpc, _) = start();
    let params = [("VpcId", vpc.as_str()), ("CidrBlock", "10.0.1.0/24")];
    let subnet = one(&cloud.ok("CreateSubnet", &params), "subnetId");
    let group = cloud.group(&vpc, "endpoints");
    let params = [
        ("VpcId", vpc.as_str()),
        ("ServiceName", "com.amazonaws.ap-northeast-1.ssm"),
        ("VpcEndpointType", "Interface"),
        ("SubnetId.1", &subnet),
        ("SecurityGroupId.1", &group),
    ];
    let made = cloud.ok("CreateVpcEndpoint", &params);
    let id = one(&made, "vpcEndpointId");
    assert!(one(&made, "networkInterfaceIdSet").contains("eni-"));
    assert_eq!(one(&made, "groupName"), "endpoints");
    let delete = [("GroupId", group.as_str())];
    let code = cloud.code("DeleteSecurityGroup", &delete);
    assert_eq!(code, "DependencyViolation");
    cloud.ok("DeleteVpcEndpoints", &[("VpcEndpointId.1", &id)]);
    cloud.now += 20_000;
    cloud.ok("DeleteSecurityGroup", &delete);
}

#[test]
fn aws_keeps_two_prefix_lists() {
    let mut cloud = Cloud::new();
    let lists = cloud.ok("DescribeManagedPrefixLists", &[]);
    let ids = all(&lists, "prefixListId");
    assert_eq!(ids.len(), 2);
    assert_eq!(all(&lists, "ownerId"), ["AWS", "AWS"]);
    let params = [("PrefixListId.1", "pl-00000000")];
    let code = cloud.code("DescribePrefixLists", &params);
    assert_eq!(code, "InvalidPrefixListId.NotFound");
    // A rule may name one.
    let vpc = cloud.vpc("10.0.0.0/16");
    let id = cloud.group(&vpc, "web");
    let params = [
        ("GroupId", id.as_str()),
        ("IpPermissions.1.IpProtocol", "-1"),
        ("IpPermissions.1.PrefixListIds.1.PrefixListId", &ids[0]),
    ];
    cloud.ok("AuthorizeSecurityGroupEgress", &params);
    let services = cloud.ok("DescribeVpcEndpointServices", &[("ServiceName.1", S3)]);
    assert_eq!(all(&one(&services, "serviceNameSet"), "item"), [S3]);
    assert_eq!(all(&services, "serviceId").len(), 2);
}
