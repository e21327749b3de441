use crate::Aws;

#[test]
fn zones_have_names_and_ids() {
    let mut aws = Aws::new();
    let describe = "DescribeAvailabilityZones";
    let ids = aws.list(describe, "zoneId");
    assert_eq!(ids, ["apne1-az4", "apne1-az1", "apne1-az2"]);
    let filters = "Filter.1.Name=zone-type Filter.1.Value.1=availability-zone \
                   Filter.2.Name=opt-in-status Filter.2.Value.1=opt-in-not-required \
                   Filter.3.Name=state Filter.3.Value.1=available \
                   Filter.4.Name=region-name Filter.4.Value.1=ap-northeast-1";
    assert_eq!(
        aws.list(&format!("{describe} {filters}"), "zoneName").len(),
        3
    );
    let by_id = format!("{describe} ZoneId.1=apne1-az1 AllAvailabilityZones=true");
    assert_eq!(aws.list(&by_id, "zoneName"), ["ap-northeast-1c"]);
    for rest in ["ZoneName.1=ap-northeast-1b", "ZoneId.1=use1-az1"] {
        assert_eq!(
            aws.code(&format!("{describe} {rest}")),
            "InvalidParameterValue"
        );
    }
}

#[test]
fn an_account_has_attributes() {
    let mut aws = Aws::new();
    let call = "DescribeAccountAttributes AttributeName.1=";
    assert_eq!(
        aws.get(&format!("{call}supported-platforms"), "attributeValue"),
        "VPC"
    );
    let names = aws.list("DescribeAccountAttributes", "attributeName");
    assert!(names.iter().any(|name| name == "vpc-max-elastic-ips"));
    assert_eq!(aws.code(&format!("{call}odd")), "InvalidParameterValue");
}

#[test]
fn public_access_can_be_blocked() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    aws.subnet(&vpc, "10.0.0.0/24");
    let describe = "DescribeVpcBlockPublicAccessOptions";
    assert_eq!(aws.get(describe, "state"), "default-state");
    let modify = "ModifyVpcBlockPublicAccessOptions InternetGatewayBlockMode=";
    assert_eq!(aws.code(&format!("{modify}some")), "InvalidParameterValue");
    aws.ok(&format!("{modify}block-bidirectional"));
    assert_eq!(aws.get(describe, "state"), "update-in-progress");
    for describe in ["DescribeVpcs", "DescribeSubnets"] {
        let mode = aws.get(describe, "internetGatewayBlockMode");
        assert_eq!(mode, "block-bidirectional");
    }
    aws.now += 20_000;
    assert_eq!(aws.get(describe, "state"), "update-complete");
    let describe = "DescribeVpcBlockPublicAccessExclusions";
    for rest in ["MaxResults=5", "Filter.1.Name=state Filter.1.Value.1=x"] {
        let exclusions = aws.ok(&format!("{describe} {rest}"));
        assert!(!exclusions.contains("<item>"));
    }
    let odd = format!("{describe} Filter.1.Name=odd Filter.1.Value.1=x");
    assert_eq!(aws.code(&odd), "InvalidParameterValue");
}
