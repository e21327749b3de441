use super::{Aws, all, one};

#[test]
fn hostnames_need_support() {
    let mut aws = Aws::new();
    let id = aws.vpc();
    let modify = format!("ModifyVpcAttribute VpcId={id}");
    let both = format!("{modify} EnableDnsSupport.Value=true EnableDnsHostnames.Value=true");
    let (code, message) = aws.call(&both).expect_err("two at once");
    assert_eq!(code, "InvalidParameterCombination");
    assert!(
        message.ends_with("enableDnsHostnames, enableDnsSupport"),
        "{message}"
    );
    aws.ok(&format!("{modify} EnableDnsSupport.Value=false"));
    let hostnames = format!("{modify} EnableDnsHostnames.Value=true");
    assert_eq!(aws.code(&hostnames), "InvalidParameterValue");
    aws.ok(&format!("{modify} EnableDnsSupport.Value=true"));
    aws.ok(&hostnames);
    for (attribute, value) in [
        ("enableDnsSupport", "true"),
        ("enableDnsHostnames", "true"),
        ("enableNetworkAddressUsageMetrics", "false"),
    ] {
        let describe = format!("DescribeVpcAttribute VpcId={id} Attribute={attribute}");
        assert_eq!(aws.get(&describe, "value"), value, "{attribute}");
    }
}

#[test]
fn further_blocks_are_numbered_and_held() {
    let mut aws = Aws::new();
    let id = aws.vpc();
    let associate = format!("AssociateVpcCidrBlock VpcId={id} CidrBlock=");
    let association = aws.get(&format!("{associate}100.68.0.18/18"), "associationId");
    let filter = "Filter.1.Name=cidr-block-association.cidr-block Filter.1.Value.1=100.68.0.0/18";
    assert_eq!(
        aws.list(&format!("DescribeVpcs {filter}"), "vpcId"),
        [id.as_str()]
    );
    for (cidr, code) in [
        ("10.0.0.0/20", "InvalidVpc.Range"),
        ("10.0.0.0/8", "InvalidVpc.Range"),
        ("odd", "InvalidParameterValue"),
    ] {
        assert_eq!(aws.code(&format!("{associate}{cidr}")), code, "{cidr}");
    }
    let subnet = aws.subnet(&id, "100.68.1.0/24");
    let leave = format!("DisassociateVpcCidrBlock AssociationId={association}");
    assert_eq!(aws.code(&leave), "InvalidCidrBlock.InUse");
    aws.ok(&format!("DeleteSubnet SubnetId={subnet}"));
    aws.ok(&leave);
    assert_eq!(
        aws.code(&leave),
        "InvalidVpcCidrBlockAssociationID.NotFound"
    );
    let primary = aws.get("DescribeVpcs", "associationId");
    let primary = format!("DisassociateVpcCidrBlock AssociationId={primary}");
    assert_eq!(aws.code(&primary), "OperationNotPermitted");
    for number in 1..5 {
        aws.ok(&format!("{associate}10.{number}.0.0/16"));
    }
    assert_eq!(
        aws.code(&format!("{associate}10.9.0.0/16")),
        "CidrLimitExceeded"
    );
}

#[test]
fn vpcs_do_not_share_ipv6() {
    let mut aws = Aws::new();
    let create = "CreateVpc CidrBlock=10.0.0.0/16 AmazonProvidedIpv6CidrBlock=true";
    for _ in 0..5 {
        aws.ok(create);
    }
    let shown = aws.ok("DescribeVpcs");
    let mut blocks = all(&shown, "ipv6CidrBlock");
    blocks.sort();
    blocks.dedup();
    assert_eq!(blocks.len(), 5);
    let filter = format!(
        "Filter.1.Name=ipv6-cidr-block-association.ipv6-cidr-block Filter.1.Value.1={}",
        blocks[0]
    );
    assert_eq!(
        aws.list(&format!("DescribeVpcs {filter}"), "vpcId").len(),
        1
    );
    assert_eq!(aws.code(create), "VpcLimitExceeded");
}

#[test]
fn what_is_not_there_is_refused() {
    let mut aws = Aws::new();
    let code = aws.code("CreateVpc CidrBlock=10.0.0.0/16 InstanceTenancy=host");
    assert_eq!(code, "InvalidParameterValue");
    aws.ok("CreateVpc CidrBlock=10.0.0.0/16 InstanceTenancy=dedicated");
    assert_eq!(aws.get("DescribeVpcs", "instanceTenancy"), "dedicated");
}

#[test]
fn dhcp_options_are_exchanged() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let options = |aws: &mut Aws| aws.get("DescribeVpcs", "dhcpOptionsId");
    let default = options(&mut aws);
    let shown = aws.ok(&format!("DescribeDhcpOptions DhcpOptionsId.1={default}"));
    assert_eq!(
        all(&shown, "value"),
        ["ap-northeast-1.compute.internal", "AmazonProvidedDNS"]
    );

    let create = "CreateDhcpOptions DhcpConfiguration.1.Key=domain-name-servers \
                  DhcpConfiguration.1.Value.1=192.0.2.53";
    let made = aws.ok(create);
    let id = one(&made, "dhcpOptionsId");
    let associate = format!("AssociateDhcpOptions VpcId={vpc} DhcpOptionsId=");
    aws.ok(&format!("{associate}{id}"));
    assert_eq!(options(&mut aws), id);
    let delete = format!("DeleteDhcpOptions DhcpOptionsId={id}");
    assert_eq!(aws.code(&delete), "DependencyViolation");
    aws.ok(&format!("{associate}default"));
    assert_eq!(options(&mut aws), "default");
    let filter = "Filter.1.Name=value Filter.1.Value.1=192.0.2.53";
    assert_eq!(
        aws.list(&format!("DescribeDhcpOptions {filter}"), "dhcpOptionsId"),
        [id.as_str()]
    );
    aws.ok(&delete);
    assert_eq!(aws.code(&delete), "InvalidDhcpOptionID.NotFound");
    assert_eq!(
        aws.code(&format!("{associate}{id}")),
        "InvalidDhcpOptionID.NotFound"
    );
    let odd = "CreateDhcpOptions DhcpConfiguration.1.Key=odd DhcpConfiguration.1.Value.1=x";
    assert_eq!(aws.code(odd), "InvalidParameterValue");
}
