use super::{Aws, one};

#[test]
fn a_vpc_has_one_internet_gateway() {
    let mut aws = Aws::new();
    let (vpc, other) = (aws.vpc(), aws.vpc());
    let id = aws.gateway(&vpc);
    let shown = aws.ok("DescribeInternetGateways");
    assert_eq!(one(&shown, "state"), "available");
    let filter = format!("Filter.1.Name=attachment.vpc-id Filter.1.Value.1={vpc}");
    let found = aws.list(
        &format!("DescribeInternetGateways {filter}"),
        "internetGatewayId",
    );
    assert_eq!(found, [id.as_str()]);

    for vpc in [&vpc, &other] {
        let code = aws.code(&format!(
            "AttachInternetGateway InternetGatewayId={id} VpcId={vpc}"
        ));
        assert_eq!(code, "Resource.AlreadyAssociated");
    }
    let second = aws.get("CreateInternetGateway", "internetGatewayId");
    let attach = format!("AttachInternetGateway InternetGatewayId={second} VpcId={vpc}");
    let (code, message) = aws.call(&attach).expect_err("refused");
    assert_eq!(code, "InvalidParameterValue");
    assert_eq!(
        message,
        format!("Network {vpc} already has an internet gateway attached")
    );

    let delete = format!("DeleteInternetGateway InternetGatewayId={id}");
    assert_eq!(aws.code(&delete), "DependencyViolation");
    assert_eq!(
        aws.code(&format!("DeleteVpc VpcId={vpc}")),
        "DependencyViolation"
    );
    assert_eq!(
        aws.code(&format!(
            "DetachInternetGateway InternetGatewayId={id} VpcId={other}"
        )),
        "Gateway.NotAttached"
    );
    aws.ok(&format!(
        "DetachInternetGateway InternetGatewayId={id} VpcId={vpc}"
    ));
    assert!(!aws.ok("DescribeInternetGateways").contains("available"));
    aws.ok(&delete);
    aws.ok(&attach);
    let missing = aws.call(&delete).expect_err("gone");
    assert_eq!(missing.0, "InvalidInternetGatewayID.NotFound");
    assert_eq!(
        missing.1,
        format!("The internetGateway ID '{id}' does not exist")
    );
}

#[test]
fn gateways_have_a_quota() {
    let mut aws = Aws::new();
    for _ in 0..5 {
        aws.ok("CreateInternetGateway");
    }
    assert_eq!(
        aws.code("CreateInternetGateway"),
        "InternetGatewayLimitExceeded"
    );
}

#[test]
fn an_egress_only_gateway_is_made_once_for_a_token() {
    let mut aws = Aws::new();
    let (vpc, other) = (aws.vpc(), aws.vpc());
    let create = format!("CreateEgressOnlyInternetGateway VpcId={vpc}");
    let element = "egressOnlyInternetGatewayId";
    let id = aws.get(&format!("{create} ClientToken=t"), element);
    assert_eq!(aws.get(&format!("{create} ClientToken=t"), element), id);
    let mismatch = format!("CreateEgressOnlyInternetGateway VpcId={other} ClientToken=t");
    assert_eq!(aws.code(&mismatch), "IdempotentParameterMismatch");
    assert_eq!(aws.code(&create), "InvalidParameterValue");
    let describe = "DescribeEgressOnlyInternetGateways";
    assert_eq!(aws.list(describe, element), [id.as_str()]);
    assert_eq!(
        aws.code(&format!("{describe} MaxResults=256")),
        "InvalidParameterValue"
    );
    let filter = format!("Filter.1.Name=attachment.vpc-id Filter.1.Value.1={vpc}");
    assert_eq!(
        aws.code(&format!("{describe} {filter}")),
        "InvalidParameterValue"
    );
    assert_eq!(
        aws.code(&format!("DeleteVpc VpcId={vpc}")),
        "DependencyViolation"
    );
    let delete = format!("DeleteEgressOnlyInternetGateway EgressOnlyInternetGatewayId={id}");
    assert_eq!(aws.get(&delete, "returnCode"), "true");
    assert_eq!(aws.code(&delete), "InvalidGatewayID.NotFound");
}
