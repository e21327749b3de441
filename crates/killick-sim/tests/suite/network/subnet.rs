use killick_sim::Settings;

use super::{Aws, one};

#[test]
fn a_subnet_lies_in_its_vpc() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let create = |cidr: &str| format!("CreateSubnet VpcId={vpc} CidrBlock={cidr}");
    let made = aws.ok(&create("10.0.1.7/24"));
    assert_eq!(one(&made, "cidrBlock"), "10.0.1.0/24");
    assert_eq!(one(&made, "state"), "pending");
    assert_eq!(one(&made, "availableIpAddressCount"), "251");
    for (cidr, code) in [
        ("10.0.1.128/25", "InvalidSubnet.Conflict"),
        ("10.0.0.0/16", "InvalidSubnet.Conflict"),
        ("10.1.0.0/24", "InvalidSubnet.Range"),
        ("10.0.0.0/15", "InvalidSubnet.Range"),
        ("10.0.2.0/29", "InvalidSubnet.Range"),
        ("10.0.2.0", "InvalidParameterValue"),
        (
            "10.0.2.0/24&AvailabilityZone=ap-northeast-1b",
            "InvalidParameterValue",
        ),
        (
            "10.0.2.0/24&AvailabilityZoneId=apne1-az3",
            "InvalidParameterValue",
        ),
    ] {
        assert_eq!(aws.code(&create(cidr)), code, "{cidr}");
    }
    let by_id = aws.ok(&create("10.0.2.0/24&AvailabilityZoneId=apne1-az2"));
    assert_eq!(one(&by_id, "availabilityZone"), "ap-northeast-1d");
    aws.now += 3000;
    let filters = "Filter.1.Name=state Filter.1.Value.1=available \
                   Filter.2.Name=cidr-block Filter.2.Value.1=10.0.2.0/24 \
                   Filter.3.Name=availability-zone-id Filter.3.Value.1=apne1-az2 \
                   Filter.4.Name=map-public-ip-on-launch Filter.4.Value.1=false";
    let found = aws.list(&format!("DescribeSubnets {filters}"), "subnetId");
    assert_eq!(found, [one(&by_id, "subnetId").as_str()]);
}

#[test]
fn a_vpc_has_two_hundred_subnets() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    for number in 0..200 {
        aws.subnet(&vpc, &format!("10.0.{number}.0/24"));
    }
    let more = format!("CreateSubnet VpcId={vpc} CidrBlock=10.0.200.0/24");
    assert_eq!(aws.code(&more), "SubnetLimitExceeded");
}

#[test]
fn one_attribute_at_a_time() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let id = aws.subnet(&vpc, "10.0.0.0/24");
    let modify = format!("ModifySubnetAttribute SubnetId={id}");
    for (attribute, element) in [
        ("MapPublicIpOnLaunch.Value=true", "mapPublicIpOnLaunch"),
        ("EnableDns64.Value=true", "enableDns64"),
    ] {
        assert_eq!(aws.get("DescribeSubnets", element), "false");
        aws.ok(&format!("{modify} {attribute}"));
        assert_eq!(aws.get("DescribeSubnets", element), "true");
    }
    for (attributes, code) in [
        ("", "MissingParameter"),
        ("DryRun=true", "DryRunOperation"),
        (
            "AssignIpv6AddressOnCreation.Value=true",
            "InvalidParameterValue",
        ),
        (
            "MapPublicIpOnLaunch.Value=false EnableDns64.Value=false",
            "InvalidParameterCombination",
        ),
    ] {
        assert_eq!(aws.code(&format!("{modify} {attributes}")), code);
    }
}

#[test]
fn ipv6_comes_and_goes() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let id = aws.subnet(&vpc, "10.0.0.0/24");
    let associate = format!("AssociateSubnetCidrBlock SubnetId={id} Ipv6CidrBlock=");
    assert_eq!(
        aws.code(&format!("{associate}2001:db8::/64")),
        "InvalidSubnet.Range"
    );
    let more = format!("AssociateVpcCidrBlock VpcId={vpc} AmazonProvidedIpv6CidrBlock=true");
    let made = aws.ok(&more);
    let block = one(&made, "ipv6CidrBlock");
    let cidr = block.replace("/56", "/64");
    let odd = block.replace("/56", "/62");
    assert_eq!(
        aws.code(&format!("{associate}{odd}")),
        "InvalidSubnet.Range"
    );
    aws.ok(&format!("{associate}{cidr}"));
    let second = format!("CreateSubnet VpcId={vpc} CidrBlock=10.0.1.0/24 Ipv6CidrBlock={cidr}");
    assert_eq!(aws.code(&second), "InvalidSubnet.Conflict");

    let whole = one(&made, "associationId");
    let whole = format!("DisassociateVpcCidrBlock AssociationId={whole}");
    assert_eq!(aws.code(&whole), "InvalidCidrBlock.InUse");
    aws.ok(&format!("DeleteSubnet SubnetId={id}"));
    aws.ok(&whole);
    assert!(!aws.ok("DescribeVpcs").contains("2001:db8"));
}

#[test]
fn readers_may_be_late() {
    let mut aws = Aws::with(Settings {
        lag: 60_000,
        ..Settings::default()
    });
    let vpc = aws.vpc();
    let create = format!("CreateSubnet VpcId={vpc} CidrBlock=10.0.0.0/24");
    assert_eq!(aws.code(&create), "InvalidVpcID.NotFound");
    aws.now += 60_000;
    let id = aws.get(&create, "subnetId");
    let by_id = format!("DescribeSubnets SubnetId.1={id}");
    assert_eq!(aws.code(&by_id), "InvalidSubnetID.NotFound");
    // The conflict is known at once.
    assert_eq!(aws.code(&create), "InvalidSubnet.Conflict");
    aws.now += 60_000;
    aws.ok(&by_id);
    aws.ok(&format!(
        "ModifySubnetAttribute SubnetId={id} MapPublicIpOnLaunch.Value=true"
    ));
    assert_eq!(aws.get(&by_id, "mapPublicIpOnLaunch"), "false");
    aws.now += 60_000;
    assert_eq!(aws.get(&by_id, "mapPublicIpOnLaunch"), "true");
}

#[test]
fn lists_have_pages() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    for number in 0..7 {
        aws.subnet(&vpc, &format!("10.0.{number}.0/24"));
    }
    let first = aws.ok("DescribeSubnets MaxResults=5");
    let next = one(&first, "nextToken");
    let rest = aws.list(
        &format!("DescribeSubnets MaxResults=5 NextToken={next}"),
        "subnetId",
    );
    assert_eq!(rest.len(), 2);
    let id = &rest[0];
    for (rest, code) in [
        ("MaxResults=4".to_owned(), "InvalidParameterValue"),
        (
            format!("MaxResults=5 SubnetId.1={id}"),
            "InvalidParameterCombination",
        ),
        ("NextToken=zz".to_owned(), "InvalidNextToken"),
    ] {
        assert_eq!(aws.code(&format!("DescribeSubnets {rest}")), code);
    }
}
