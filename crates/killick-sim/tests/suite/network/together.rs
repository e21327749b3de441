//! What holds what: with NAT gateways, tables, groups and ACLs.

use super::{Aws, all, one};

/// A public subnet with a NAT gateway: gateway, internet gateway, VPC, subnet,
/// address.
fn public(aws: &mut Aws) -> [String; 5] {
    let vpc = aws.vpc();
    let subnet = aws.subnet(&vpc, "10.0.0.0/24");
    let gateway = aws.gateway(&vpc);
    let address = aws.address();
    let create = format!("CreateNatGateway SubnetId={subnet} AllocationId={address}");
    let nat = aws.get(&create, "natGatewayId");
    aws.now += 600_000;
    [nat, gateway, vpc, subnet, address]
}

#[test]
fn a_nat_gateway_keeps_its_way_out_until_it_is_gone() {
    let mut aws = Aws::new();
    let [nat, gateway, vpc, subnet, address] = public(&mut aws);
    let shown = aws.ok("DescribeAddresses");
    let association = one(&shown, "associationId");
    assert!(association.starts_with("eipassoc-"), "{shown}");
    let detach = format!("DetachInternetGateway InternetGatewayId={gateway} VpcId={vpc}");
    let release = format!("ReleaseAddress AllocationId={address}");
    let held = |aws: &mut Aws| {
        let (code, message) = aws.call(&detach).expect_err("held");
        assert_eq!(code, "DependencyViolation");
        assert!(message.contains("has some mapped public address(es)"));
        assert_eq!(
            aws.code(&format!("DeleteSubnet SubnetId={subnet}")),
            "DependencyViolation"
        );
        let disassociate = format!("DisassociateAddress AssociationId={association}");
        for call in [&release, &disassociate] {
            assert_eq!(aws.code(call), "AuthFailure", "{call}");
        }
    };
    held(&mut aws);
    aws.ok(&format!("DeleteNatGateway NatGatewayId={nat}"));
    held(&mut aws);
    // Gone, and the address is not yet free.
    while aws.get("DescribeNatGateways", "state") != "deleted" {
        aws.now += 500;
    }
    assert!(!aws.ok("DescribeAddresses").contains("associationId"));
    assert_eq!(aws.code(&release), "AuthFailure");
    aws.now += 60_000;
    aws.ok(&release);
    aws.ok(&detach);
    aws.ok(&format!("DeleteSubnet SubnetId={subnet}"));
}

#[test]
fn an_interface_of_awss_own_is_not_the_accounts() {
    let mut aws = Aws::new();
    let [nat, _, _, subnet, address] = public(&mut aws);
    let filters = format!(
        "Filter.1.Name=interface-type Filter.1.Value.1=natGateway \
         Filter.2.Name=requester-managed Filter.2.Value.1=true \
         Filter.3.Name=attachment.instance-owner-id Filter.3.Value.1=amazon-aws \
         Filter.4.Name=description Filter.4.Value.1=*{nat} \
         Filter.5.Name=status Filter.5.Value.1=in-use \
         Filter.6.Name=subnet-id Filter.6.Value.1={subnet} \
         Filter.7.Name=association.allocation-id Filter.7.Value.1={address}"
    );
    let shown = aws.ok(&format!("DescribeNetworkInterfaces {filters}"));
    let (id, attachment) = (
        one(&shown, "networkInterfaceId"),
        one(&shown, "attachmentId"),
    );
    assert!(attachment.starts_with("ela-attach-"), "{shown}");
    assert_eq!(one(&shown, "sourceDestCheck"), "false");
    let modify = format!("ModifyNetworkInterfaceAttribute NetworkInterfaceId={id}");
    let other = aws.address();
    for (call, code) in [
        (
            format!("DetachNetworkInterface AttachmentId={attachment}"),
            "OperationNotPermitted",
        ),
        (
            format!("DeleteNetworkInterface NetworkInterfaceId={id}"),
            "InvalidNetworkInterface.InUse",
        ),
        (format!("{modify} Description.Value=x"), "AuthFailure"),
        (
            format!("AssociateAddress AllocationId={other} NetworkInterfaceId={id}"),
            "AuthFailure",
        ),
        (
            format!("AssociateAddress AllocationId={address} InstanceId=i-00000000"),
            "AuthFailure",
        ),
    ] {
        assert_eq!(aws.code(&call), code, "{call}");
    }
    // But for its tags.
    aws.ok(&format!(
        "CreateTags ResourceId.1={id} Tag.1.Key=Name Tag.1.Value=x"
    ));
}

#[test]
fn a_subnet_goes_with_its_associations() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let (subnet, other) = (
        aws.subnet(&vpc, "10.0.0.0/24"),
        aws.subnet(&vpc, "10.0.1.0/24"),
    );
    let table = aws.get(&format!("CreateRouteTable VpcId={vpc}"), "routeTableId");
    aws.ok(&format!(
        "AssociateRouteTable RouteTableId={table} SubnetId={subnet}"
    ));
    assert_eq!(aws.list("DescribeNetworkAcls", "subnetId").len(), 2);
    let delete = format!("DeleteRouteTable RouteTableId={table}");
    assert_eq!(aws.code(&delete), "DependencyViolation");
    aws.ok(&format!("DeleteSubnet SubnetId={subnet}"));
    assert_eq!(aws.list("DescribeNetworkAcls", "subnetId"), [other]);
    aws.ok(&delete);
}

#[test]
fn a_vpc_has_a_local_route_for_each_block() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let routes = |aws: &mut Aws| {
        let shown = aws.ok("DescribeRouteTables");
        let v6 = all(&shown, "destinationIpv6CidrBlock");
        [all(&shown, "destinationCidrBlock"), v6].concat()
    };
    assert_eq!(routes(&mut aws), ["10.0.0.0/16"]);
    let associate = format!("AssociateVpcCidrBlock VpcId={vpc}");
    let made = aws.ok(&format!("{associate} AmazonProvidedIpv6CidrBlock=true"));
    let v6 = one(&made, "ipv6CidrBlock");
    aws.ok(&format!("{associate} CidrBlock=10.1.0.0/16"));
    assert_eq!(routes(&mut aws), ["10.0.0.0/16", "10.1.0.0/16", &v6]);

    // A block may not swallow a route.
    let subnet = aws.subnet(&vpc, "10.0.0.0/24");
    let interface = aws.interface(&subnet);
    let table = aws.get("DescribeRouteTables", "routeTableId");
    let route = format!("CreateRoute RouteTableId={table} NetworkInterfaceId={interface}");
    aws.ok(&format!("{route} DestinationCidrBlock=10.2.1.0/24"));
    let swallow = format!("{associate} CidrBlock=10.2.0.0/16");
    assert_eq!(aws.code(&swallow), "InvalidVpc.Range");
    aws.ok(&format!("{associate} CidrBlock=10.3.0.0/16"));
}

#[test]
fn everything_can_have_tags() {
    let mut aws = Aws::new();
    let [nat, gateway, vpc, subnet, address] = public(&mut aws);
    let eigw = format!("CreateEgressOnlyInternetGateway VpcId={vpc}");
    let eigw = aws.get(&eigw, "egressOnlyInternetGatewayId");
    let endpoint = "ServiceName=com.amazonaws.ap-northeast-1.s3";
    let endpoint = aws.get(
        &format!("CreateVpcEndpoint VpcId={vpc} {endpoint}"),
        "vpcEndpointId",
    );
    let more = [
        ("DescribeNetworkInterfaces", "networkInterfaceId"),
        ("DescribeRouteTables", "routeTableId"),
        ("DescribeSecurityGroups", "groupId"),
        ("DescribeSecurityGroupRules", "securityGroupRuleId"),
        ("DescribeNetworkAcls", "networkAclId"),
        ("DescribeDhcpOptions", "dhcpOptionsId"),
    ];
    let mut ids = vec![nat, gateway, vpc, subnet, address, eigw, endpoint];
    ids.extend(more.map(|(call, element)| aws.get(call, element)));
    let named = |(at, id): (usize, &String)| format!("ResourceId.{}={id} ", at + 1);
    let named: String = ids.iter().enumerate().map(named).collect();
    aws.ok(&format!("CreateTags {named}Tag.1.Key=owner Tag.1.Value=me"));
    let tagged = aws.list(
        "DescribeTags Filter.1.Name=tag:owner Filter.1.Value.1=me",
        "resourceId",
    );
    ids.sort();
    assert_eq!(tagged, ids);
    let rules = "DescribeSecurityGroupRules Filter.1.Name=tag:owner Filter.1.Value.1=me";
    assert_eq!(aws.list(rules, "securityGroupRuleId").len(), 1);
    aws.ok(&format!("DeleteTags {named}"));
    assert!(aws.list("DescribeTags", "key").is_empty());
}
