//! Who did it, as a trail tells.

use killick_sim::Principal;
use killick_sim::tamper::CASES;
use serde_json::{Value, json};

use super::cases::ready;
use super::stage::{ACCOUNT, REGION, Stage};
use crate::support::signed;

/// The events since a time, the newest first.
fn events(stage: &mut Stage, region: &str, from: u64) -> Vec<Value> {
    let mut body = json!({"StartTime": from / 1000});
    let mut all = Vec::new();
    loop {
        let key = format!("AKIA{ACCOUNT}");
        let scope = (key.as_str(), region, "cloudtrail");
        let target = "CloudTrail_20131101.LookupEvents";
        let request = signed(scope, ("POST", "/"), target, body.to_string());
        let response = stage.world.handle(stage.now, &request);
        let answer: Value = serde_json::from_slice(&response.body).unwrap();
        let events = answer["Events"].as_array().unwrap().iter();
        let texts = events.map(|event| event["CloudTrailEvent"].as_str().unwrap());
        all.extend(texts.map(|text| serde_json::from_str::<Value>(text).unwrap()));
        match &answer["NextToken"] {
            Value::Null => return all,
            token => body["NextToken"] = token.clone(),
        }
    }
}

#[test]
fn every_case_is_told_of() {
    for case in CASES {
        let mut stage = ready(case);
        stage.now += 10_000;
        let from = stage.now;
        stage.done(case.name);
        stage.wait();
        let mut all = events(&mut stage, REGION, from);
        all.extend(events(&mut stage, "us-east-1", from));
        assert!(!all.is_empty(), "{}", case.name);
        let (role, agent) = match case.by() {
            Principal::Deploy => ("assumed-role/Deploy/ci", "aws-sdk-js/3.600.0"),
            _ => ("assumed-role/Console/alex", "console.amazonaws.com"),
        };
        for event in all {
            let arn = event["userIdentity"]["arn"].as_str().unwrap();
            assert!(arn.ends_with(role), "{}: {arn}", case.name);
            assert_eq!(event["userAgent"], agent);
            assert_eq!(event["errorCode"], Value::Null, "{event}");
        }
    }
    let by: Vec<u8> = CASES
        .iter()
        .filter(|case| case.by() == Principal::Deploy)
        .map(|case| case.number)
        .collect();
    assert_eq!(by, [35, 36, 36, 37, 38, 39]);
}

#[test]
fn a_replaced_route_names_its_table_and_its_gateway() {
    let mut stage = Stage::standing();
    stage.now += 10_000;
    let from = stage.now;
    stage.done("route-to-internet-gateway");
    stage.wait();
    let events = events(&mut stage, REGION, from);
    assert_eq!(events.len(), 1);
    let told = json!({
        "routeTableId": stage.id_of("route_table/private-ap-northeast-1a"),
        "destinationCidrBlock": "0.0.0.0/0",
        "gatewayId": stage.id_of("internet_gateway/main"),
    });
    assert_eq!(events[0]["eventName"], "ReplaceRoute");
    assert_eq!(events[0]["requestParameters"], told);
}
