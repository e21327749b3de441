use super::{Aws, all, one};

#[test]
fn tags_are_set_and_taken_away() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let subnet = aws.subnet(&vpc, "10.0.0.0/24");
    let address = aws.address();
    let ids = format!("ResourceId.1={vpc} ResourceId.2={subnet} ResourceId.3={address}");
    let tags = "Tag.1.Key=Name Tag.1.Value=a Tag.2.Key=empty Tag.2.Value=";
    aws.ok(&format!("CreateTags {ids} {tags}"));
    aws.ok(&format!(
        "CreateTags ResourceId.1={vpc} Tag.1.Key=Name Tag.1.Value=b"
    ));
    let filter = "Filter.1.Name=tag:Name Filter.1.Value.1=a";
    assert!(
        aws.list(&format!("DescribeVpcs {filter}"), "vpcId")
            .is_empty()
    );
    assert_eq!(
        aws.list(&format!("DescribeSubnets {filter}"), "subnetId")
            .len(),
        1
    );
    let types = aws.list(&format!("DescribeTags {filter}"), "resourceType");
    assert_eq!(types, ["elastic-ip", "subnet"]);

    // Only where the value fits; an empty one is a value too.
    aws.ok(&format!("DeleteTags {ids} Tag.1.Key=Name Tag.1.Value=a"));
    aws.ok(&format!("DeleteTags {ids} Tag.1.Key=Name Tag.1.Value="));
    let left = aws.list(
        "DescribeTags Filter.1.Name=key Filter.1.Value.1=Name",
        "resourceId",
    );
    assert_eq!(left, [vpc.as_str()]);
    aws.ok(&format!("DeleteTags {ids} Tag.1.Key=Name"));
    assert_eq!(aws.list("DescribeTags", "key"), ["empty", "empty", "empty"]);
    aws.ok(&format!("DeleteTags {ids}"));
    assert!(aws.list("DescribeTags", "key").is_empty());
}

#[test]
fn tags_have_limits() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    let some = |from: usize, to: usize| {
        let tags = (from..to).map(|n| format!(" Tag.{n}.Key=k{n} Tag.{n}.Value=v"));
        tags.collect::<String>()
    };
    let create = format!("CreateTags ResourceId.1={vpc}");
    aws.ok(&format!("{create}{}", some(1, 51)));
    aws.ok(&format!("{create}{}", some(1, 3)));
    assert_eq!(
        aws.code(&format!("{create}{}", some(51, 52))),
        "TagLimitExceeded"
    );
    let other = aws.vpc();
    let long = "x".repeat(257);
    for (rest, code) in [
        (
            format!("ResourceId.1={other} Tag.1.Key=aws:x"),
            "InvalidParameterValue",
        ),
        (
            format!("ResourceId.1={other} Tag.1.Key=k Tag.1.Value={long}"),
            "InvalidParameterValue",
        ),
        (format!("ResourceId.1={other}"), "MissingParameter"),
        ("Tag.1.Key=k".to_owned(), "MissingParameter"),
        (
            "ResourceId.1=vpc-00000000 Tag.1.Key=k".to_owned(),
            "InvalidVpcID.NotFound",
        ),
        (
            "ResourceId.1=nat-00000000 Tag.1.Key=k".to_owned(),
            "NatGatewayNotFound",
        ),
        (
            "ResourceId.1=sgr-1 Tag.1.Key=k".to_owned(),
            "InvalidSecurityGroupRuleId.Malformed",
        ),
        ("ResourceId.1=thing Tag.1.Key=k".to_owned(), "InvalidID"),
        (
            format!("ResourceId.1={other} ResourceId.2=igw-00000000 Tag.1.Key=k"),
            "InvalidInternetGatewayID.NotFound",
        ),
    ] {
        assert_eq!(aws.code(&format!("CreateTags {rest}")), code, "{rest}");
    }
    let filter = format!("Filter.1.Name=resource-id Filter.1.Value.1={other}");
    assert!(
        aws.list(&format!("DescribeTags {filter}"), "key")
            .is_empty(),
        "all or nothing"
    );
}

#[test]
fn tags_have_pages() {
    let mut aws = Aws::new();
    let vpc = aws.vpc();
    for n in 0..7 {
        aws.ok(&format!(
            "CreateTags ResourceId.1={vpc} Tag.1.Key=k{n} Tag.1.Value=v"
        ));
    }
    let first = aws.ok("DescribeTags MaxResults=5");
    let next = one(&first, "nextToken");
    let rest = aws.list(
        &format!("DescribeTags MaxResults=5 NextToken={next}"),
        "key",
    );
    let mut keys = all(&first, "key");
    keys.extend(rest);
    assert_eq!(keys, ["k0", "k1", "k2", "k3", "k4", "k5", "k6"]);
}

#[test]
fn a_specification_is_for_its_type() {
    let mut aws = Aws::new();
    let specification = |kind: &str| {
        format!(
            "TagSpecification.1.ResourceType={kind} TagSpecification.1.Tag.1.Key=Name \
             TagSpecification.1.Tag.1.Value=x"
        )
    };
    let right = format!("AllocateAddress {}", specification("elastic-ip"));
    aws.ok(&right);
    assert_eq!(aws.get("DescribeAddresses", "value"), "x");
    let wrong = format!("AllocateAddress {}", specification("vpc"));
    assert_eq!(aws.code(&wrong), "InvalidParameterValue");
}
