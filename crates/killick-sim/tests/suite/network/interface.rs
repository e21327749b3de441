use super::{Aws, all, one};

#[test]
fn an_interface_takes_a_free_address() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let subnet = aws.subnet(&vpc, "10.0.0.0/28");
    let create = format!("CreateNetworkInterface SubnetId={subnet}");
    let first = aws.ok(&format!(
        "{create} Description=mine PrivateIpAddress=10.0.0.5"
    ));
    assert_eq!(one(&first, "privateIpAddress"), "10.0.0.5");
    assert_eq!(one(&first, "status"), "available");
    assert_eq!(one(&first, "requesterManaged"), "false");
    assert_eq!(aws.get(&create, "privateIpAddress"), "10.0.0.4");
    assert_eq!(aws.get(&create, "privateIpAddress"), "10.0.0.6");
    for (ip, code) in [
        ("10.0.0.5", "InvalidIPAddress.InUse"),
        ("10.0.0.3", "InvalidParameterValue"),
        ("10.0.0.15", "InvalidParameterValue"),
        ("10.0.1.5", "InvalidParameterValue"),
    ] {
        assert_eq!(
            aws.code(&format!("{create} PrivateIpAddress={ip}")),
            code,
            "{ip}"
        );
    }
    let subnets = format!("DescribeSubnets SubnetId.1={subnet}");
    assert_eq!(aws.get(&subnets, "availableIpAddressCount"), "8");
    for _ in 0..8 {
        aws.ok(&create);
    }
    assert_eq!(aws.code(&create), "InsufficientFreeAddressesInSubnet");
    assert_eq!(aws.get(&subnets, "availableIpAddressCount"), "0");
}

#[test]
fn a_token_makes_one_interface() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let subnet = aws.subnet(&vpc, "10.0.0.0/28");
    let create = format!("CreateNetworkInterface SubnetId={subnet} ClientToken=t");
    let element = "networkInterfaceId";
    assert_eq!(aws.get(&create, element), aws.get(&create, element));
    assert_eq!(
        aws.code(&format!("{create} Description=other")),
        "IdempotentParameterMismatch"
    );
}

#[test]
fn an_interface_in_use_stays() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let subnet = aws.subnet(&vpc, "10.0.0.0/28");
    let id = aws.interface(&subnet);
    let instance = "InstanceId=i-0123456789abcdef0";
    let attach = format!("AttachNetworkInterface NetworkInterfaceId={id} DeviceIndex=1 {instance}");
    let attachment = aws.get(&attach, "attachmentId");
    let delete = format!("DeleteNetworkInterface NetworkInterfaceId={id}");
    assert_eq!(aws.code(&attach), "InvalidNetworkInterface.InUse");
    assert_eq!(aws.code(&delete), "InvalidNetworkInterface.InUse");
    let filter = "Filter.1.Name=attachment.instance-id Filter.1.Value.1=i-0123*";
    let describe = format!("DescribeNetworkInterfaces {filter}");
    assert_eq!(aws.list(&describe, "attachmentId"), [attachment.as_str()]);
    assert_eq!(
        aws.code(&format!("DeleteSubnet SubnetId={subnet}")),
        "DependencyViolation"
    );

    let detach = format!("DetachNetworkInterface AttachmentId={attachment} Force=true");
    aws.ok(&detach);
    assert_eq!(aws.code(&detach), "InvalidAttachmentID.NotFound");
    aws.ok(&delete);
    assert_eq!(aws.code(&delete), "InvalidNetworkInterfaceID.NotFound");
    aws.ok(&format!("DeleteSubnet SubnetId={subnet}"));
}

#[test]
fn one_attribute_at_a_time() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let subnet = aws.subnet(&vpc, "10.0.0.0/28");
    let id = aws.interface(&subnet);
    let modify = format!("ModifyNetworkInterfaceAttribute NetworkInterfaceId={id}");
    aws.ok(&format!("{modify} SourceDestCheck.Value=false"));
    aws.ok(&format!("{modify} Description.Value=firewall"));
    let both = format!("{modify} SourceDestCheck.Value=true Description.Value=x");
    assert_eq!(aws.code(&both), "InvalidParameterCombination");
    assert_eq!(
        aws.code(&format!("{modify} SecurityGroupId.1=sg-00000000")),
        "InvalidGroup.NotFound"
    );
    let shown = aws.ok("DescribeNetworkInterfaces");
    assert_eq!(one(&shown, "sourceDestCheck"), "false");
    assert_eq!(one(&shown, "description"), "firewall");
}

#[test]
fn a_public_address_has_a_name_where_the_vpc_gives_names() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    aws.gateway(&vpc);
    let subnet = aws.subnet(&vpc, "10.0.0.0/28");
    let (id, address) = (aws.interface(&subnet), aws.address());
    aws.ok(&format!(
        "AssociateAddress AllocationId={address} NetworkInterfaceId={id}"
    ));
    let describe = "DescribeNetworkInterfaces";
    let shown = aws.ok(describe);
    assert_eq!(all(&shown, "publicDnsName"), ["", ""]);
    let names = format!("ModifyVpcAttribute VpcId={vpc} EnableDnsHostnames.Value=true");
    aws.ok(&names);
    let ip = one(&shown, "publicIp").replace('.', "-");
    let name = format!("ec2-{ip}.ap-northeast-1.compute.amazonaws.com");
    assert_eq!(aws.list(describe, "publicDnsName"), [&*name, &*name]);
}
