//! SSM's parameters through their API.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use killick_sim::{Request, Response, Settings, World};
use serde_json::{Value, json};

/// A world and its time.
struct Sky {
    world: World,
    now: u64,
}

impl Sky {
    fn new(settings: Settings) -> Self {
        Self {
            world: World::new(7, settings),
            now: 1_767_225_600_000,
        }
    }

    fn send(&mut self, action: &str, body: &Value) -> Response {
        let credential = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/ssm/aws4_request, Signature=0";
        let request = Request {
            method: "POST".to_owned(),
            uri: "/".to_owned(),
            headers: vec![
                ("authorization".to_owned(), credential.to_owned()),
                ("x-amz-target".to_owned(), format!("AmazonSSM.{action}")),
            ],
            body: body.to_string().into_bytes(),
        };
        self.world.handle(self.now, &request)
    }

    /// What an action answers.
    fn ask(&mut self, action: &str, body: Value) -> Value {
        let response = self.send(action, &body);
        let text = String::from_utf8_lossy(&response.body).into_owned();
        assert_eq!(response.status, 200, "{action}: {text}");
        serde_json::from_str(&text).expect("an answer")
    }

    /// How an action fails.
    fn code(&mut self, action: &str, body: Value) -> String {
        let response = self.send(action, &body);
        let value: Value = serde_json::from_slice(&response.body).expect("an answer");
        assert_eq!(response.status, 400, "{action}: {value}");
        value["__type"].as_str().unwrap_or_default().to_owned()
    }
}

fn put(name: &str, value: &str) -> Value {
    json!({"Name": name, "Value": value, "Type": "String"})
}

fn over(name: &str, value: &str) -> Value {
    json!({"Name": name, "Value": value, "Overwrite": true})
}

#[test]
fn a_conditional_write() {
    let mut sky = Sky::new(Settings::default());
    let first = sky.ask("PutParameter", put("/lock", "me"));
    assert_eq!(first, json!({"Version": 1, "Tier": "Standard"}));
    assert_eq!(
        sky.code("PutParameter", put("/lock", "you")),
        "ParameterAlreadyExists"
    );
    let read = sky.ask("GetParameter", json!({"Name": "/lock"}));
    let wanted = json!({"Parameter": {
        "ARN": "arn:aws:ssm:us-east-1:123456789012:parameter/lock",
        "DataType": "text",
        "LastModifiedDate": 1_767_225_600.0,
        "Name": "/lock",
        "Type": "String",
        "Value": "me",
        "Version": 1,
    }});
    assert_eq!(read, wanted);
    let second = sky.ask("PutParameter", over("/lock", "you"));
    assert_eq!(second["Version"], 2);
    let old = sky.ask("GetParameter", json!({"Name": "/lock:1"}));
    assert_eq!(old["Parameter"]["Value"], "me");
    assert_eq!(old["Parameter"]["Selector"], ":1");
    assert_eq!(
        sky.code("GetParameter", json!({"Name": "/lock:3"})),
        "ParameterVersionNotFound"
    );
    assert_eq!(
        sky.ask("DeleteParameter", json!({"Name": "/lock"})),
        json!({})
    );
    assert_eq!(
        sky.code("DeleteParameter", json!({"Name": "/lock"})),
        "ParameterNotFound"
    );
    assert_eq!(
        sky.code("GetParameter", json!({"Name": "/lock"})),
        "ParameterNotFound"
    );
    assert_eq!(sky.ask("PutParameter", put("/lock", "you"))["Version"], 1);
}

#[test]
fn readers_are_late_and_writers_are_not() {
    let mut sky = Sky::new(Settings {
        lag: 5000,
        ..Settings::default()
    });
    sky.ask("PutParameter", put("/lock", "me"));
    let by_path = |sky: &mut Sky| {
        let answer = sky.ask("GetParametersByPath", json!({"Path": "/"}));
        answer["Parameters"].as_array().map(Vec::len)
    };
    assert_eq!(by_path(&mut sky), Some(0));
    // One that is read by its name is what was written.
    let read = sky.ask("GetParameter", json!({"Name": "/lock"}));
    assert_eq!(read["Parameter"]["Value"], "me");
    let some = sky.ask("GetParameters", json!({"Names": ["/lock"]}));
    assert_eq!(some["InvalidParameters"], json!(["/lock"]));
    assert_eq!(
        sky.code("PutParameter", put("/lock", "you")),
        "ParameterAlreadyExists"
    );
    sky.now += 5000;
    assert_eq!(by_path(&mut sky), Some(1));
    sky.ask("DeleteParameter", json!({"Name": "/lock"}));
    assert_eq!(
        sky.code("GetParameter", json!({"Name": "/lock"})),
        "ParameterNotFound"
    );
    assert_eq!(by_path(&mut sky), Some(1));
    sky.now += 5000;
    assert_eq!(by_path(&mut sky), Some(0));
}

#[test]
fn a_selector_is_a_version() {
    let mut sky = Sky::new(Settings::default());
    sky.ask("PutParameter", put("/lock", "me"));
    let code = "ParameterVersionNotFound";
    for name in ["/lock:2", "/lock:live", "/lock:"] {
        assert_eq!(sky.code("GetParameter", json!({"Name": name})), code);
    }
    let response = sky.send("GetParameter", &json!({"Name": "/lock:live"}));
    let text = String::from_utf8_lossy(&response.body).into_owned();
    assert!(text.contains("version label live"), "{text}");
    // All of it goes, or nothing.
    let one = json!({"Name": "/lock:1"});
    assert_eq!(sky.code("DeleteParameter", one), "ParameterNotFound");
    let none = sky.ask("DeleteParameters", json!({"Names": ["/lock:1"]}));
    assert_eq!(none["InvalidParameters"], json!(["/lock:1"]));
    sky.ask("GetParameter", json!({"Name": "/lock:1"}));
}

#[test]
fn a_path_has_pages_of_ten_and_conditions() {
    let mut sky = Sky::new(Settings::default());
    for number in 0..12 {
        sky.ask("PutParameter", put(&format!("/p/{number:02}"), "1"));
    }
    let mut secret = put("/p/secret", "1");
    secret["Type"] = json!("SecureString");
    sky.ask("PutParameter", secret);
    let first = sky.ask("GetParametersByPath", json!({"Path": "/p"}));
    assert_eq!(first["Parameters"].as_array().map(Vec::len), Some(10));
    let next = json!({"Path": "/p", "NextToken": first["NextToken"]});
    let rest = sky.ask("GetParametersByPath", next);
    assert_eq!(rest["Parameters"].as_array().map(Vec::len), Some(3));
    let by = |key: &str, value: &str| json!({"Path": "/p", "ParameterFilters": [{"Key": key, "Values": [value]}]});
    let found = sky.ask("GetParametersByPath", by("Type", "SecureString"));
    assert_eq!(found["Parameters"][0]["Name"], "/p/secret");
    let none = sky.ask("GetParametersByPath", by("Label", "live"));
    assert_eq!(none["Parameters"], json!([]));
    for key in ["Name", "tag:a"] {
        let code = sky.code("GetParametersByPath", by(key, "x"));
        assert_eq!(code, "InvalidFilterKey");
    }
    let many = json!({"Path": "/p", "MaxResults": 11});
    assert_eq!(sky.code("GetParametersByPath", many), "ValidationException");
}

#[test]
fn what_is_refused() {
    let mut sky = Sky::new(Settings::default());
    sky.ask("PutParameter", put("there", "1"));
    let tags = json!([{"Key": "a", "Value": "b"}]);
    for (action, body, code) in [
        ("PutParameter", put("a b", "1"), "ValidationException"),
        ("PutParameter", put("a", ""), "ValidationException"),
        (
            "PutParameter",
            put("a", &"x".repeat(4097)),
            "ValidationException",
        ),
        (
            "PutParameter",
            json!({"Name": "a", "Value": "1"}),
            "ValidationException",
        ),
        (
            "PutParameter",
            json!({"Name": "a", "Value": "1", "Type": "Odd"}),
            "ValidationException",
        ),
        (
            "PutParameter",
            json!({"Name": "a", "Value": 1}),
            "SerializationException",
        ),
        (
            "PutParameter",
            json!({"Name": "there", "Value": "2", "Overwrite": true, "Tags": tags}),
            "ValidationException",
        ),
        ("GetParameters", json!({"Names": []}), "ValidationException"),
        (
            "DescribeParameters",
            json!({"MaxResults": 51}),
            "ValidationException",
        ),
        (
            "DescribeParameters",
            json!({"NextToken": "x"}),
            "InvalidNextToken",
        ),
        (
            "DescribeParameters",
            json!({"ParameterFilters": [{"Key": "Odd"}]}),
            "InvalidFilterKey",
        ),
        (
            "ListTagsForResource",
            json!({"ResourceType": "Parameter", "ResourceId": "none"}),
            "InvalidResourceId",
        ),
        ("Nonsense", json!({}), "UnknownOperationException"),
    ] {
        assert_eq!(sky.code(action, body.clone()), code, "{action} {body}");
    }
    let response = sky.send("GetParameter", &json!({"Name": "there"}));
    let kinds: Vec<_> = response
        .headers
        .iter()
        .filter(|(name, _)| name == "content-type")
        .collect();
    assert_eq!(kinds.len(), 1);
    assert_eq!(kinds[0].1, "application/x-amz-json-1.1");
}

#[test]
fn many_parameters() {
    let mut sky = Sky::new(Settings::default());
    for name in ["/a/1", "/a/2", "/a/b/3", "/c/4", "/c/5"] {
        sky.ask("PutParameter", put(name, name));
    }
    let names = |answer: &Value, set: &str| -> Vec<String> {
        let items = answer[set].as_array().cloned().unwrap_or_default();
        let names = items
            .iter()
            .map(|item| item["Name"].as_str().or(item.as_str()));
        names
            .map(|name| name.unwrap_or_default().to_owned())
            .collect()
    };
    let flat = sky.ask("GetParametersByPath", json!({"Path": "/a"}));
    assert_eq!(names(&flat, "Parameters"), ["/a/1", "/a/2"]);
    let deep = sky.ask(
        "GetParametersByPath",
        json!({"Path": "/a/", "Recursive": true}),
    );
    assert_eq!(names(&deep, "Parameters"), ["/a/1", "/a/2", "/a/b/3"]);
    let first = sky.ask("DescribeParameters", json!({"MaxResults": 3}));
    assert_eq!(names(&first, "Parameters").len(), 3);
    let token = first["NextToken"].clone();
    let rest = sky.ask(
        "DescribeParameters",
        json!({"MaxResults": 3, "NextToken": token}),
    );
    assert_eq!(names(&rest, "Parameters"), ["/c/4", "/c/5"]);
    assert_eq!(rest.get("NextToken"), None);
    let filter = json!([{"Key": "Name", "Option": "Equals", "Values": ["/c/4"]}]);
    let one = sky.ask("DescribeParameters", json!({"ParameterFilters": filter}));
    assert_eq!(names(&one, "Parameters"), ["/c/4"]);
    let some = sky.ask("GetParameters", json!({"Names": ["/c/4", "/none"]}));
    assert_eq!(names(&some, "Parameters"), ["/c/4"]);
    assert_eq!(names(&some, "InvalidParameters"), ["/none"]);
    let gone = sky.ask("DeleteParameters", json!({"Names": ["/c/4", "/none"]}));
    assert_eq!(names(&gone, "DeletedParameters"), ["/c/4"]);
    assert_eq!(names(&gone, "InvalidParameters"), ["/none"]);
}

#[test]
fn versions_tiers_and_secrets() {
    let mut sky = Sky::new(Settings::default());
    let mut body = put("/secret", "quiet");
    body["Type"] = json!("SecureString");
    sky.ask("PutParameter", body);
    let hidden = sky.ask("GetParameter", json!({"Name": "/secret"}));
    assert_ne!(hidden["Parameter"]["Value"], "quiet");
    let open = sky.ask(
        "GetParameter",
        json!({"Name": "/secret", "WithDecryption": true}),
    );
    assert_eq!(open["Parameter"]["Value"], "quiet");
    let mut long = over("/secret", &"x".repeat(5000));
    long["Tier"] = json!("Intelligent-Tiering");
    let answer = sky.ask("PutParameter", long);
    assert_eq!(answer, json!({"Version": 2, "Tier": "Advanced"}));
    for _ in 0..110 {
        sky.ask("PutParameter", over("/secret", "loud"));
        sky.now += 1000;
    }
    let history = sky.ask("GetParameterHistory", json!({"Name": "/secret"}));
    assert_eq!(history["Parameters"][0]["Version"], 13);
    assert_eq!(history["Parameters"][0]["Type"], "SecureString");
    assert_eq!(history["Parameters"].as_array().map(Vec::len), Some(50));
}

#[test]
fn tags_are_kept() {
    let mut sky = Sky::new(Settings::default());
    let mut body = put("/a", "1");
    body["Tags"] = json!([{"Key": "x", "Value": "1"}]);
    sky.ask("PutParameter", body);
    let about = |more: Value| {
        let mut body = json!({"ResourceType": "Parameter", "ResourceId": "/a"});
        let members = body.as_object_mut().expect("an object");
        members.extend(more.as_object().cloned().unwrap_or_default());
        body
    };
    sky.ask(
        "AddTagsToResource",
        about(json!({"Tags": [{"Key": "y", "Value": "2"}]})),
    );
    let all = sky.ask("ListTagsForResource", about(json!({})));
    let tags = json!([{"Key": "x", "Value": "1"}, {"Key": "y", "Value": "2"}]);
    assert_eq!(all, json!({"TagList": tags}));
}
