//! Functions by their tags.

use killick_sim::Settings;
use serde_json::{Value, json};

use super::{Sky, described};

fn ask(sky: &mut Sky, body: &Value) -> (u16, Value) {
    sky.json(
        "tagging",
        "ResourceGroupsTaggingAPI_20170126.GetResources",
        body,
    )
}

/// The names of the functions that are found.
fn found(sky: &mut Sky, body: &Value) -> Vec<String> {
    let (status, answer) = ask(sky, body);
    assert_eq!(status, 200, "{answer}");
    let found = answer["ResourceTagMappingList"]
        .as_array()
        .expect("a list")
        .iter();
    let arns = found.map(|one| one["ResourceARN"].as_str().unwrap_or_default());
    arns.map(|arn| arn.rsplit(':').next().unwrap_or_default().to_owned())
        .collect()
}

fn tagged(sky: &mut Sky, name: &str, tags: &Value) {
    let mut body = described(name, "crawler");
    body["Tags"] = tags.clone();
    assert_eq!(sky.lambda("POST", "", &body).0, 201);
}

fn sky() -> Sky {
    let mut sky = Sky::calm();
    tagged(&mut sky, "a", &json!({"team": "red", "stage": "live"}));
    tagged(&mut sky, "b", &json!({"team": "blue", "stage": "live"}));
    tagged(&mut sky, "c", &json!({"team": "blue"}));
    tagged(&mut sky, "plain", &json!({}));
    sky
}

#[test]
fn filters() {
    let mut sky = sky();
    let kinds = json!(["lambda:function"]);
    let (_, answer) = ask(
        &mut sky,
        &json!({"ResourceTypeFilters": kinds, "TagFilters": [{"Key": "team", "Values": ["red"]}]}),
    );
    let wanted = json!({"PaginationToken": "", "ResourceTagMappingList": [{
        "ResourceARN": "arn:aws:lambda:ap-northeast-1:123456789012:function:a",
        "Tags": [{"Key": "stage", "Value": "live"}, {"Key": "team", "Value": "red"}],
    }]});
    assert_eq!(answer, wanted);
    for (filters, names) in [
        (json!([]), &["a", "b", "c"][..]),
        (json!([{"Key": "team"}]), &["a", "b", "c"]),
        (
            json!([{"Key": "team", "Values": ["red", "blue"]}, {"Key": "stage"}]),
            &["a", "b"],
        ),
        (
            json!([{"Key": "team", "Values": ["blue"]}, {"Key": "stage", "Values": ["live"]}]),
            &["b"],
        ),
        (json!([{"Key": "team", "Values": ["Blue"]}]), &[]),
        (json!([{"Key": "Team"}]), &[]),
    ] {
        assert_eq!(
            found(&mut sky, &json!({"TagFilters": filters})),
            names,
            "{filters}"
        );
    }
    for (kinds, count) in [
        (json!(["lambda"]), 3),
        (json!(["ec2:vpc"]), 0),
        (json!(["ec2", "lambda:function"]), 3),
    ] {
        assert_eq!(
            found(&mut sky, &json!({"ResourceTypeFilters": kinds})).len(),
            count,
            "{kinds}"
        );
    }
    let arn = "arn:aws:lambda:ap-northeast-1:123456789012:function:b";
    assert_eq!(found(&mut sky, &json!({"ResourceARNList": [arn]})), ["b"]);
}

#[test]
fn pages() {
    let mut sky = sky();
    let mut body = json!({"ResourcesPerPage": 2});
    assert_eq!(found(&mut sky, &body), ["a", "b"]);
    body["PaginationToken"] = ask(&mut sky, &body).1["PaginationToken"].clone();
    assert_eq!(found(&mut sky, &body), ["c"]);
    assert_eq!(ask(&mut sky, &body).1["PaginationToken"], "");
    sky.world.settings.page = 1;
    assert_eq!(found(&mut sky, &json!({})), ["a"]);
}

#[test]
fn what_is_refused() {
    let mut sky = sky();
    for body in [
        json!({"ResourcesPerPage": 0}),
        json!({"ResourcesPerPage": 101}),
        json!({"PaginationToken": "x"}),
        json!({"TagFilters": [{"Values": ["x"]}]}),
        json!({"TagFilters": [{"Key": "team", "Values": vec!["x"; 21]}]}),
        json!({"TagFilters": vec![json!({"Key": "team"}); 51]}),
        json!({"ResourceARNList": ["arn:aws:lambda:a"], "ResourcesPerPage": 5}),
    ] {
        let (status, answer) = ask(&mut sky, &body);
        let code = answer["__type"].as_str();
        assert_eq!(
            (status, code),
            (400, Some("InvalidParameterException")),
            "{body}"
        );
    }
    let target = "ResourceGroupsTaggingAPI_20170126.TagResources";
    let (_, answer) = sky.json("tagging", target, &json!({}));
    assert_eq!(answer["__type"], "UnknownOperationException");
}

#[test]
fn readers_may_be_late() {
    let mut sky = Sky::new(Settings {
        lag: 60_000,
        ..Settings::default()
    });
    tagged(&mut sky, "a", &json!({"team": "red"}));
    assert!(found(&mut sky, &json!({})).is_empty());
    sky.wait(60_000);
    assert_eq!(found(&mut sky, &json!({})), ["a"]);
}
