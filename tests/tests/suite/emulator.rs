//! The emulator after its repairs: it does what AWS does where killick depends on it.

use killick_tests::{Aws, Server};
use serde_json::json;

/// A VPC with a gateway, a subnet and a NAT gateway in it: (vpc, igw, subnet, allocation, nat).
fn network(aws: &Aws) -> [String; 5] {
    let vpc = aws.ec2_id(
        "create_vpc",
        json!({"CidrBlock": "10.9.0.0/16"}),
        "/Vpc/VpcId",
    );
    let igw = aws.ec2_id(
        "create_internet_gateway",
        json!({}),
        "/InternetGateway/InternetGatewayId",
    );
    aws.ec2(
        "attach_internet_gateway",
        json!({"InternetGatewayId": igw, "VpcId": vpc}),
    );
    let subnet =
        json!({"VpcId": vpc, "CidrBlock": "10.9.0.0/24", "AvailabilityZone": "ap-northeast-1a"});
    let subnet = aws.ec2_id("create_subnet", subnet, "/Subnet/SubnetId");
    let eip = aws.ec2_id(
        "allocate_address",
        json!({"Domain": "vpc"}),
        "/AllocationId",
    );
    let nat = json!({"SubnetId": subnet, "AllocationId": eip});
    let nat = aws.ec2_id("create_nat_gateway", nat, "/NatGateway/NatGatewayId");
    [vpc, igw, subnet, eip, nat]
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_deleted_nat_gateway_gives_its_address_back() {
    let server = Server::start();
    let aws = server.aws();
    let [vpc, _, subnet, eip, nat] = network(&aws);
    let table = aws.ec2_id(
        "create_route_table",
        json!({"VpcId": vpc}),
        "/RouteTable/RouteTableId",
    );
    let route =
        json!({"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": nat});
    aws.ec2("create_route", route);
    let taken = json!({"SubnetId": subnet, "AllocationId": eip});
    let error = aws
        .try_call("ec2", "create_nat_gateway", taken.clone())
        .unwrap_err();
    assert_eq!(error.code, "Resource.AlreadyAssociated");
    aws.ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
    let world = aws.world();
    assert_eq!(world.of("nat_gateway").len(), 0);
    assert_eq!(world.of("elastic_ip")[&eip]["PublicIp"], "203.0.113.1");
    assert!(
        world.of("elastic_ip")[&eip]["AssociationId"]
            .as_str()
            .unwrap_or_default()
            .is_empty()
    );
    let routes = world.of("route_table")[&table]["Routes"].to_string();
    assert!(routes.contains("blackhole"), "{routes}");
    aws.ec2("create_nat_gateway", taken);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_aws_refuses_is_refused() {
    let server = Server::start();
    let (aws, plain) = (server.aws(), server.aws().ordinary());
    let [vpc, igw, subnet, eip, _] = network(&aws);
    let tables = [(); 2].map(|()| {
        aws.ec2_id(
            "create_route_table",
            json!({"VpcId": vpc}),
            "/RouteTable/RouteTableId",
        )
    });
    let associate = |table: &str| json!({"RouteTableId": table, "SubnetId": subnet});
    aws.ec2("associate_route_table", associate(&tables[0]));
    let second = aws.ec2_id(
        "create_internet_gateway",
        json!({}),
        "/InternetGateway/InternetGatewayId",
    );
    let attach = |igw: &str| json!({"InternetGatewayId": igw, "VpcId": vpc});
    for (operation, args, code) in [
        (
            "associate_route_table",
            associate(&tables[1]),
            "Resource.AlreadyAssociated",
        ),
        (
            "attach_internet_gateway",
            attach(&second),
            "Resource.AlreadyAssociated",
        ),
        (
            "detach_internet_gateway",
            attach(&igw),
            "DependencyViolation",
        ),
        (
            "release_address",
            json!({"AllocationId": eip}),
            "InvalidIPAddress.InUse",
        ),
        (
            "delete_subnet",
            json!({"SubnetId": subnet}),
            "DependencyViolation",
        ),
        ("delete_vpc", json!({"VpcId": vpc}), "DependencyViolation"),
        (
            "delete_nat_gateway",
            json!({"NatGatewayId": "nat-0"}),
            "NatGatewayNotFound",
        ),
    ] {
        let error = plain.try_call("ec2", operation, args).unwrap_err();
        assert_eq!(error.code, code, "{operation}");
    }
    plain.ec2("associate_route_table", associate(&tables[0]));
    aws.ec2("detach_internet_gateway", attach(&igw));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_client_token_is_honoured() {
    let server = Server::start();
    let aws = server.aws();
    let [vpc, ..] = network(&aws);
    let create = |token: &str| {
        let args = json!({"VpcId": vpc, "ClientToken": token});
        aws.ec2_id("create_route_table", args, "/RouteTable/RouteTableId")
    };
    let first = create("one");
    assert_eq!(create("one"), first);
    assert_ne!(create("two"), first);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn functions_join_and_leave_a_vpc() {
    let server = Server::start();
    let aws = server.aws();
    let [vpc, _, subnet, ..] = network(&aws);
    let group = json!({"GroupName": "functions", "Description": "x", "VpcId": vpc});
    let group = aws.ec2_id("create_security_group", group, "/GroupId");
    aws.create_function("billing-sync");
    assert_eq!(aws.vpc_config("billing-sync"), (vec![], vec![]));
    let (subnets, groups) = (vec![subnet.clone()], vec![group.clone()]);
    aws.set_vpc_config("billing-sync", &subnets, &groups);
    assert_eq!(aws.vpc_config("billing-sync"), (subnets, groups.clone()));
    let world = aws.world();
    let config = &world.of("function")["billing-sync"]["VpcConfig"];
    assert_eq!(config["VpcId"], *vpc);
    let plain = aws.clone().ordinary();
    let error = plain
        .try_call("ec2", "delete_security_group", json!({"GroupId": group}))
        .unwrap_err();
    assert_eq!(error.code, "DependencyViolation");
    aws.set_vpc_config("billing-sync", &[], &[]);
    assert_eq!(aws.vpc_config("billing-sync"), (vec![], vec![]));
    plain.ec2("delete_security_group", json!({"GroupId": group}));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_dump_is_stable_and_sees_changes() {
    let server = Server::start();
    let aws = server.aws();
    let [vpc, _, subnet, ..] = network(&aws);
    aws.create_function("billing-sync");
    let world = aws.world();
    assert_eq!(world, aws.world());
    assert_eq!(world.foreign_to("partner-egress", &[]), world);
    let args = json!({"SubnetId": subnet, "MapPublicIpOnLaunch": {"Value": true}});
    aws.ec2("modify_subnet_attribute", args);
    assert_ne!(world, aws.world());
    let tags = json!([{"Key": "killick:stack", "Value": "partner-egress"}]);
    aws.ec2("create_tags", json!({"Resources": [vpc], "Tags": tags}));
    let foreign = aws.world().foreign_to("partner-egress", &[]);
    assert!(!foreign.of("vpc").contains_key(&vpc));
    assert!(!foreign.of("subnet").contains_key(&subnet));
}
