//! How events are found.

use killick_sim::{Settings, World};
use serde_json::{Value, json};

use super::{BEGINNING, REGION, Sky, inside, names};

/// Three addresses and a VPC, a minute apart.
fn sky() -> Sky {
    let mut sky = Sky::calm();
    for _ in 0..3 {
        sky.ec2("AllocateAddress", &[]);
        sky.now += 60_000;
    }
    sky.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]);
    sky
}

fn code(sky: &mut Sky, body: &Value) -> (u16, String) {
    let (status, answer) = sky.ask(REGION, body);
    (
        status,
        answer["__type"].as_str().unwrap_or_default().to_owned(),
    )
}

#[test]
fn the_newest_comes_first() {
    let mut sky = sky();
    let events = sky.look(&json!({}));
    let address = "AllocateAddress";
    assert_eq!(names(&events), ["CreateVpc", address, address, address]);
    let times = events.iter().map(|event| event["EventTime"].as_u64());
    let times: Vec<u64> = times
        .map(|time| time.expect("a number") - BEGINNING / 1000)
        .collect();
    assert_eq!(times, [180, 120, 60, 0]);
    assert_eq!(events[0]["ReadOnly"], "false");
    assert_eq!(events[0]["EventSource"], "ec2.amazonaws.com");
}

#[test]
fn by_one_attribute() {
    let mut sky = sky();
    let last = sky.look(&json!({"MaxResults": 1})).remove(0);
    let text = |name: &str| last[name].as_str().expect("a text").to_owned();
    for (key, value, count) in [
        ("EventName", "AllocateAddress".to_owned(), 3),
        ("EventName", "allocateaddress".to_owned(), 0),
        ("EventId", text("EventId"), 1),
        ("EventSource", "ec2.amazonaws.com".to_owned(), 4),
        ("EventSource", "lambda.amazonaws.com".to_owned(), 0),
        ("Username", text("Username"), 4),
        ("Username", "alex".to_owned(), 0),
        ("AccessKeyId", text("AccessKeyId"), 4),
        ("ReadOnly", "false".to_owned(), 4),
        ("ReadOnly", "true".to_owned(), 0),
        ("ResourceType", "AWS::EC2::VPC".to_owned(), 1),
        ("ResourceName", "vpc-00000000000000000".to_owned(), 0),
    ] {
        assert_eq!(sky.find(key, &value).len(), count, "{key} {value}");
    }
}

#[test]
fn by_time() {
    let mut sky = sky();
    let at = |seconds: u64| BEGINNING / 1000 + seconds;
    for (range, count) in [
        (json!({"StartTime": at(60)}), 3),
        (json!({"StartTime": at(61)}), 2),
        (json!({"EndTime": at(60)}), 2),
        (json!({"StartTime": at(60), "EndTime": at(60)}), 1),
        (
            json!({"StartTime": at(60) as f64 + 0.5, "EndTime": at(120) as f64 + 0.25}),
            2,
        ),
        (json!({"EndTime": at(0) - 1}), 0),
    ] {
        assert_eq!(sky.look(&range).len(), count, "{range}");
    }
    let range = json!({"StartTime": at(2), "EndTime": at(1)});
    assert_eq!(
        code(&mut sky, &range),
        (400, "InvalidTimeRangeException".to_owned())
    );
}

#[test]
fn by_pages() {
    let mut sky = sky();
    let addresses = json!([{"AttributeKey": "EventName", "AttributeValue": "AllocateAddress"}]);
    let mut body = json!({"LookupAttributes": addresses, "MaxResults": 2});
    let (_, first) = sky.ask(REGION, &body);
    assert_eq!(first["Events"].as_array().map(Vec::len), Some(2));
    // What is new meanwhile does not push anything onto the next page.
    sky.ec2("AllocateAddress", &[]);
    body["NextToken"] = first["NextToken"].clone();
    let (_, second) = sky.ask(REGION, &body);
    assert_eq!(second["Events"].as_array().map(Vec::len), Some(1));
    assert_eq!(second["NextToken"], Value::Null);
    assert_eq!(second["Events"][0]["EventTime"], BEGINNING / 1000);
    let wrong = (400, "InvalidNextTokenException".to_owned());
    body["LookupAttributes"] = json!([]);
    assert_eq!(code(&mut sky, &body), wrong);
    assert_eq!(code(&mut sky, &json!({"NextToken": "nonsense"})), wrong);
    for _ in 0..60 {
        sky.ec2(
            "CreateTags",
            &[("ResourceId.1", &id(&second)), ("Tag.1.Key", "a")],
        );
    }
    assert_eq!(sky.look(&json!({})).len(), 50);
}

/// The allocation of the first event.
fn id(answer: &Value) -> String {
    let event = inside(&answer["Events"][0]);
    let id = event["responseElements"]["allocationId"].as_str();
    id.expect("an id").to_owned()
}

#[test]
fn what_is_refused() {
    let mut sky = sky();
    let one = json!({"AttributeKey": "EventName", "AttributeValue": "CreateVpc"});
    let attributes = "InvalidLookupAttributesException";
    for (body, wrong) in [
        (json!({"LookupAttributes": [one, one]}), attributes),
        (
            json!({"LookupAttributes": [{"AttributeKey": "Colour", "AttributeValue": "red"}]}),
            attributes,
        ),
        (
            json!({"LookupAttributes": [{"AttributeKey": "EventName"}]}),
            attributes,
        ),
        (json!({"MaxResults": 0}), "InvalidMaxResultsException"),
        (json!({"MaxResults": 51}), "InvalidMaxResultsException"),
        (json!({"StartTime": "yesterday"}), "SerializationException"),
    ] {
        assert_eq!(code(&mut sky, &body), (400, wrong.to_owned()), "{body}");
    }
    let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
    let (status, answer) = sky.json("cloudtrail", &format!("{target}.CreateTrail"), &json!({}));
    assert_eq!(
        (status, &answer["__type"]),
        (400, &json!("UnknownOperationException"))
    );
    // The name that some clients use.
    let (status, answer) = sky.json("cloudtrail", &format!("{target}.LookupEvents"), &json!({}));
    assert_eq!(
        (status, answer["Events"].as_array().map(Vec::len)),
        (200, Some(4))
    );
}

#[test]
fn an_event_is_late() {
    let mut sky = Sky::new(Settings::default());
    sky.ec2("AllocateAddress", &[]);
    sky.now += 299_999;
    assert_eq!(sky.look(&json!({})).len(), 0);
    sky.now += 1;
    let events = sky.look(&json!({}));
    assert_eq!(events[0]["EventTime"], BEGINNING / 1000);
}

#[test]
fn two_calls_a_second() {
    let mut sky = Sky::new(Settings::default());
    let fine = (200, String::new());
    let limited = (400, "ThrottlingException".to_owned());
    assert_eq!(code(&mut sky, &json!({})), fine);
    assert_eq!(code(&mut sky, &json!({})), fine);
    assert_eq!(code(&mut sky, &json!({})), limited);
    // Another region has a limit of its own.
    assert_eq!(sky.ask("us-east-1", &json!({})).0, 200);
    sky.now += 500;
    assert_eq!(code(&mut sky, &json!({})), fine);
    assert_eq!(code(&mut sky, &json!({})), limited);
}

#[test]
fn regions_and_accounts_have_their_own() {
    let mut sky = sky();
    let (_, answer) = sky.ask("us-east-1", &json!({}));
    assert_eq!(answer["Events"], json!([]));
}

#[test]
fn a_world_is_kept_with_its_trail() {
    let mut sky = sky();
    let before = sky.look(&json!({}));
    let text = serde_json::to_string(&sky.world).expect("JSON");
    sky.world = serde_json::from_str::<World>(&text).expect("a world");
    assert_eq!(sky.look(&json!({})), before);
    // One that was kept before there were trails has none.
    let mut old: Value = serde_json::from_str(&text).expect("JSON");
    old.as_object_mut().expect("an object").remove("trails");
    sky.world = serde_json::from_value(old).expect("a world");
    assert_eq!(sky.look(&json!({})).len(), 0);
}

#[test]
fn the_oldest_are_forgotten() {
    let mut sky = Sky::calm();
    for _ in 0..5001 {
        sky.query("ec2", "AllocateAddress", &[("DryRun", "true")]);
        sky.now += 1000;
    }
    let early = BEGINNING / 1000 + 1;
    assert_eq!(sky.look(&json!({"EndTime": early})).len(), 1);
    assert_eq!(sky.look(&json!({"EndTime": early - 1})).len(), 0);
}
