use killick_sim::Settings;

use crate::{Aws, one};

#[test]
fn addresses_come_in_order_and_never_come_back_by_themselves() {
    let mut aws = Aws::new();
    let first = aws.ok("AllocateAddress Domain=vpc");
    let (id, ip) = (one(&first, "allocationId"), one(&first, "publicIp"));
    assert_eq!(ip, "203.0.113.1");
    aws.ok(&format!("ReleaseAddress AllocationId={id}"));
    assert_eq!(aws.get("AllocateAddress", "publicIp"), "203.0.113.2");
    // By name it does, once, under a new id.
    let again = aws.ok(&format!("AllocateAddress Address={ip}"));
    assert_eq!(one(&again, "publicIp"), ip);
    assert_ne!(one(&again, "allocationId"), id);
    // One that it never had it does not get.
    let never = "203.0.113.3";
    for wanted in [ip.as_str(), "203.0.113.2", never, "10.0.0.1", "x"] {
        let code = aws.code(&format!("AllocateAddress Address={wanted}"));
        assert_eq!(code, "InvalidAddress.NotFound", "{wanted}");
    }
    assert_eq!(
        aws.code(&format!("ReleaseAddress AllocationId={id}")),
        "InvalidAllocationID.NotFound"
    );
}

#[test]
fn the_pool_and_the_quota_end() {
    let mut aws = Aws::new();
    for _ in 0..5 {
        aws.address();
    }
    assert_eq!(aws.code("AllocateAddress"), "AddressLimitExceeded");

    let mut aws = Aws::with(Settings {
        address_quota: 1000,
        ..Settings::default()
    });
    let mut last = String::new();
    for _ in 0..3 * 254 {
        last = aws.get("AllocateAddress", "publicIp");
    }
    assert_eq!(last, "192.0.2.254");
    assert_eq!(aws.code("AllocateAddress"), "InsufficientAddressCapacity");
}

#[test]
fn reads_are_by_id_address_and_filter_without_pages() {
    let mut aws = Aws::new();
    let (a, b) = (aws.address(), aws.address());
    let ids =
        |aws: &mut Aws, rest: &str| aws.list(&format!("DescribeAddresses {rest}"), "allocationId");
    assert_eq!(ids(&mut aws, "PublicIp.1=203.0.113.2"), [b.as_str()]);
    assert_eq!(ids(&mut aws, &format!("AllocationId.1={a}")), [a.as_str()]);
    let filter = "Filter.1.Name=public-ip Filter.1.Value.1=203.0.113.1";
    assert_eq!(ids(&mut aws, filter), [a.as_str()]);
    for (rest, code) in [
        ("PublicIp.1=203.0.113.9", "InvalidAddress.NotFound"),
        (
            "AllocationId.1=eipalloc-00000000",
            "InvalidAllocationID.NotFound",
        ),
        ("AllocationId.1=eip-1", "InvalidAllocationID.Malformed"),
        ("MaxResults=5", "UnknownParameter"),
        (
            "Filter.1.Name=odd Filter.1.Value.1=x",
            "InvalidParameterValue",
        ),
        ("DryRun=true", "DryRunOperation"),
    ] {
        assert_eq!(aws.code(&format!("DescribeAddresses {rest}")), code);
    }
    // Nothing is shown of what is not there.
    let shown = aws.ok("DescribeAddresses");
    for member in ["instanceId", "networkInterfaceId", "associationId"] {
        assert!(!shown.contains(member), "{member}");
    }
    let attributes = "DescribeAddressesAttribute Attribute=domain-name MaxResults=1";
    let page = aws.ok(attributes);
    let next = one(&page, "nextToken");
    let rest = aws.ok(&format!("{attributes} NextToken={next}"));
    let mut found = [one(&page, "publicIp"), one(&rest, "publicIp")];
    found.sort();
    assert_eq!(found, ["203.0.113.1", "203.0.113.2"]);
    assert!(!rest.contains("nextToken"));
}

#[test]
fn an_associated_address_is_in_use() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let subnet = aws.subnet(&vpc, "10.0.0.0/24");
    let (eni, other) = (aws.interface(&subnet), aws.interface(&subnet));
    let (a, b) = (aws.address(), aws.address());
    let associate = format!("AssociateAddress AllocationId={a} NetworkInterfaceId={eni}");
    assert_eq!(aws.code(&associate), "Gateway.NotAttached");
    let gateway = aws.gateway(&vpc);
    let association = aws.get(&associate, "associationId");
    assert_eq!(
        aws.get(&associate, "associationId"),
        association,
        "idempotent"
    );

    let shown = aws.ok("DescribeNetworkInterfaces");
    assert_eq!(one(&shown, "allocationId"), a);
    let filter = format!("Filter.1.Name=association.allocation-id Filter.1.Value.1={a}");
    let found = aws.list(
        &format!("DescribeNetworkInterfaces {filter}"),
        "networkInterfaceId",
    );
    assert_eq!(found, [eni.as_str()]);

    let release = format!("ReleaseAddress AllocationId={a}");
    assert_eq!(aws.code(&release), "InvalidIPAddress.InUse");
    let detach = format!("DetachInternetGateway InternetGatewayId={gateway} VpcId={vpc}");
    assert_eq!(aws.code(&detach), "DependencyViolation");
    let moved = format!("AssociateAddress AllocationId={a} NetworkInterfaceId={other}");
    assert_eq!(
        aws.code(&format!("{moved} AllowReassociation=false")),
        "Resource.AlreadyAssociated"
    );
    let again = aws.get(&moved, "associationId");
    assert_ne!(again, association);
    // The second address takes the first one's place.
    aws.ok(&format!(
        "AssociateAddress AllocationId={b} NetworkInterfaceId={other}"
    ));
    let gone = format!("DisassociateAddress AssociationId={again}");
    assert_eq!(aws.code(&gone), "InvalidAssociationID.NotFound");
    aws.ok(&release);

    aws.ok(&format!(
        "DeleteNetworkInterface NetworkInterfaceId={other}"
    ));
    aws.ok(&format!("ReleaseAddress AllocationId={b}"));
    aws.ok(&detach);
}

#[test]
fn an_instance_need_not_exist_to_hold_an_address() {
    let mut aws = Aws::new();
    let id = aws.address();
    let call = format!("AssociateAddress AllocationId={id} InstanceId=i-0123456789abcdef0");
    let association = aws.get(&call, "associationId");
    let shown = aws.ok("DescribeAddresses");
    assert_eq!(one(&shown, "instanceId"), "i-0123456789abcdef0");
    assert!(!shown.contains("networkInterfaceId"));
    aws.ok(&format!("DisassociateAddress AssociationId={association}"));
    aws.ok("DisassociateAddress PublicIp=203.0.113.1");
    aws.ok(&format!("ReleaseAddress AllocationId={id}"));
    assert_eq!(
        aws.code(&format!(
            "AssociateAddress AllocationId={id} InstanceId=i-1"
        )),
        "InvalidAllocationID.NotFound"
    );
    assert_eq!(aws.code("ReleaseAddress"), "MissingParameter");
}

#[test]
fn a_transfer_is_offered_for_seven_days() {
    let mut aws = Aws::new();
    let id = aws.address();
    let enable = format!("EnableAddressTransfer AllocationId={id} TransferAccountId=");
    assert_eq!(aws.code(&format!("{enable}12345")), "InvalidParameterValue");
    let offer = aws.ok(&format!("{enable}111122223333"));
    assert_eq!(one(&offer, "addressTransferStatus"), "pending");
    assert_eq!(
        one(&offer, "transferOfferExpirationTimestamp"),
        "2026-01-08T00:00:00.000Z"
    );
    let accounts = |aws: &mut Aws| aws.list("DescribeAddressTransfers", "transferAccountId");
    assert_eq!(accounts(&mut aws), ["111122223333"]);
    let disable = format!("DisableAddressTransfer AllocationId={id}");
    assert_eq!(aws.get(&disable, "addressTransferStatus"), "disabled");
    assert!(accounts(&mut aws).is_empty());
    aws.ok(&format!("{enable}111122223333"));
    aws.now += 7 * 24 * 3_600_000;
    assert!(accounts(&mut aws).is_empty());
    assert_eq!(aws.code(&disable), "InvalidTransfer.NotFound");
}
