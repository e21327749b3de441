//! Service Quotas.

use killick_sim::Settings;
use serde_json::{Value, json};

use super::Sky;

fn ask(sky: &mut Sky, action: &str, body: &Value) -> (u16, Value) {
    sky.json(
        "servicequotas",
        &format!("ServiceQuotasV20190624.{action}"),
        body,
    )
}

fn value(sky: &mut Sky, action: &str, service: &str, code: &str) -> Value {
    let body = json!({"ServiceCode": service, "QuotaCode": code});
    let (status, answer) = ask(sky, action, &body);
    assert_eq!(status, 200, "{answer}");
    answer["Quota"]["Value"].clone()
}

#[test]
fn they_are_what_the_world_enforces() {
    let mut sky = Sky::new(Settings {
        address_quota: 12,
        vpc_quota: 7,
        nat_quota: 3,
        ..Settings::default()
    });
    for (service, code, applied, default) in [
        ("ec2", "L-0263D0A3", 12.0, 5.0),
        ("vpc", "L-F678F1CE", 7.0, 5.0),
        ("vpc", "L-A4707A72", 7.0, 5.0),
        ("vpc", "L-FE5A380F", 3.0, 5.0),
        ("vpc", "L-407747CB", 200.0, 200.0),
        ("vpc", "L-589F43AA", 200.0, 200.0),
        ("vpc", "L-93826ACB", 500.0, 500.0),
        ("vpc", "L-E79EC296", 2500.0, 2500.0),
        ("vpc", "L-2AFB9258", 5.0, 5.0),
    ] {
        assert_eq!(
            value(&mut sky, "GetServiceQuota", service, code),
            applied,
            "{code}"
        );
        let usual = value(&mut sky, "GetAWSDefaultServiceQuota", service, code);
        assert_eq!(usual, default, "{code}");
    }
    let body = json!({"ServiceCode": "ec2", "QuotaCode": "L-0263D0A3"});
    let (_, answer) = ask(&mut sky, "GetServiceQuota", &body);
    let wanted = json!({
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "QuotaArn": "arn:aws:servicequotas:ap-northeast-1:123456789012:ec2/L-0263D0A3",
        "QuotaCode": "L-0263D0A3",
        "QuotaName": "EC2-VPC Elastic IPs",
        "Value": 12.0,
        "Unit": "None",
        "Adjustable": true,
        "GlobalQuota": false,
        "QuotaAppliedAtLevel": "ACCOUNT",
    });
    assert_eq!(answer["Quota"], wanted);
}

#[test]
fn lists_have_pages() {
    let mut sky = Sky::calm();
    let vpc = json!({"ServiceCode": "vpc", "MaxResults": 5});
    for action in ["ListServiceQuotas", "ListAWSDefaultServiceQuotas"] {
        let (_, first) = ask(&mut sky, action, &vpc);
        assert_eq!(first["Quotas"].as_array().map(Vec::len), Some(5));
        let mut more = vpc.clone();
        more["NextToken"] = first["NextToken"].clone();
        let (_, rest) = ask(&mut sky, action, &more);
        assert_eq!(rest["Quotas"].as_array().map(Vec::len), Some(3));
        assert_eq!(rest.get("NextToken"), None);
    }
    let one = json!({"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"});
    let (_, found) = ask(&mut sky, "ListServiceQuotas", &one);
    assert_eq!(found["Quotas"].as_array().map(Vec::len), Some(1));
    let none = json!({"ServiceCode": "vpc", "QuotaAppliedAtLevel": "RESOURCE"});
    let (_, found) = ask(&mut sky, "ListServiceQuotas", &none);
    assert_eq!(found["Quotas"], json!([]));
}

#[test]
fn what_is_refused() {
    let mut sky = Sky::new(Settings::default());
    for (action, body, code) in [
        (
            "GetServiceQuota",
            json!({"ServiceCode": "s3", "QuotaCode": "L-F678F1CE"}),
            "NoSuchResourceException",
        ),
        (
            "GetServiceQuota",
            json!({"ServiceCode": "ec2", "QuotaCode": "L-F678F1CE"}),
            "NoSuchResourceException",
        ),
        (
            "GetAWSDefaultServiceQuota",
            json!({"ServiceCode": "vpc", "QuotaCode": "L-0"}),
            "NoSuchResourceException",
        ),
        (
            "GetServiceQuota",
            json!({"ServiceCode": "vpc"}),
            "ValidationException",
        ),
        (
            "ListServiceQuotas",
            json!({"ServiceCode": "none"}),
            "NoSuchResourceException",
        ),
        (
            "ListServiceQuotas",
            json!({"ServiceCode": "vpc", "MaxResults": 101}),
            "ValidationException",
        ),
        (
            "ListServiceQuotas",
            json!({"ServiceCode": "vpc", "NextToken": "x"}),
            "InvalidPaginationTokenException",
        ),
        (
            "ListServiceQuotas",
            json!({"ServiceCode": "vpc", "QuotaAppliedAtLevel": "x"}),
            "ValidationException",
        ),
        (
            "RequestServiceQuotaIncrease",
            json!({}),
            "UnknownOperationException",
        ),
    ] {
        let (status, answer) = ask(&mut sky, action, &body);
        assert_eq!(
            (status, answer["__type"].as_str()),
            (400, Some(code)),
            "{action} {body}"
        );
    }
    let body = json!({"ServiceCode": "vpc"});
    let limited = |sky: &mut Sky| {
        ask(sky, "ListAWSDefaultServiceQuotas", &body).1["__type"] == "TooManyRequestsException"
    };
    assert!((0..101).any(|_| limited(&mut sky)));
}
