//! Functions from their making to their end, without their networks.

use killick_sim::{Settings, exist};
use serde_json::{Value, json};

use crate::sky::{ACCOUNT, ARN, FUNCTIONS, REGION, SECOND, Sky, described};

#[test]
fn a_function_is_pending_and_then_active() {
    let mut sky = Sky::calm();
    let (status, made) = sky.call("POST", FUNCTIONS, &described("crawl"));
    assert_eq!((status, &made["State"]), (201, &json!("Pending")));
    assert_eq!(made["StateReasonCode"], "Creating");
    let refused = sky.update("crawl", &json!({"Timeout": 9}));
    assert_eq!(refused.0, 409);
    let message = refused.1["Message"].as_str().expect("a message");
    assert!(message.ends_with("state: Pending"), "{message}");
    sky.wait(10 * SECOND);
    let (status, shown) = sky.get("/crawl/configuration");
    assert_eq!((status, &shown["State"]), (200, &json!("Active")));
    assert_eq!(shown["LastUpdateStatus"], "Successful");
    assert_eq!(shown["FunctionArn"], format!("{ARN}:crawl"));
    for (member, value) in [
        ("Timeout", json!(3)),
        ("MemorySize", json!(128)),
        ("TracingConfig", json!({"Mode": "PassThrough"})),
        ("EphemeralStorage", json!({"Size": 512})),
        ("Architectures", json!(["x86_64"])),
        ("PackageType", json!("Zip")),
        ("Version", json!("$LATEST")),
        ("LastModified", json!("2026-01-01T00:00:00.000+0000")),
    ] {
        assert_eq!(shown[member], value, "{member}");
    }
    assert_eq!(shown.get("VpcConfig"), None);
    assert_ne!(shown["RevisionId"], made["RevisionId"]);
    assert_eq!(shown["CodeSha256"], made["CodeSha256"]);
    assert_eq!(sky.code("POST", "", &described("crawl")).0, 409);
}

#[test]
fn what_is_refused() {
    let mut sky = Sky::calm();
    sky.make("crawl");
    let nothing = json!({});
    let without = |member: &str| {
        let mut body = described("other");
        body.as_object_mut().expect("an object").remove(member);
        body
    };
    let mut role = described("other");
    role["Role"] = json!("crawler");
    for (method, path, body, status, code) in [
        ("GET", "/none", &nothing, 404, "ResourceNotFoundException"),
        (
            "GET",
            "/crawl?Qualifier=7",
            &nothing,
            404,
            "ResourceNotFoundException",
        ),
        (
            "GET",
            "/crawl/policy",
            &nothing,
            404,
            "UnknownOperationException",
        ),
        ("GET", "/a%20b", &nothing, 400, "ValidationException"),
        (
            "GET",
            "/crawl/nonsense",
            &nothing,
            404,
            "UnknownOperationException",
        ),
        ("GET", "?MaxItems=0", &nothing, 400, "ValidationException"),
        (
            "GET",
            "?Marker=x",
            &nothing,
            400,
            "InvalidParameterValueException",
        ),
        ("POST", "", &role, 400, "ValidationException"),
        ("POST", "", &without("Code"), 400, "ValidationException"),
        ("POST", "", &without("Role"), 400, "ValidationException"),
        (
            "POST",
            "",
            &without("Handler"),
            400,
            "InvalidParameterValueException",
        ),
        (
            "PUT",
            "/crawl/configuration",
            &json!({"Timeout": 901}),
            400,
            "ValidationException",
        ),
        (
            "PUT",
            "/crawl/configuration",
            &json!({"Timeout": "9"}),
            400,
            "SerializationException",
        ),
        (
            "PUT",
            "/crawl/configuration",
            &json!({"RevisionId": "x"}),
            412,
            "PreconditionFailedException",
        ),
        (
            "PUT",
            "/crawl/code",
            &nothing,
            400,
            "InvalidParameterValueException",
        ),
        (
            "POST",
            "/crawl/versions",
            &json!({"CodeSha256": "x"}),
            400,
            "InvalidParameterValueException",
        ),
        (
            "POST",
            "/crawl/aliases",
            &json!({"Name": "1", "FunctionVersion": "1"}),
            400,
            "ValidationException",
        ),
        (
            "POST",
            "/crawl/aliases",
            &json!({"Name": "a", "FunctionVersion": "1"}),
            404,
            "ResourceNotFoundException",
        ),
        (
            "DELETE",
            "/crawl?Qualifier=$LATEST",
            &nothing,
            400,
            "InvalidParameterValueException",
        ),
    ] {
        let found = sky.code(method, path, body);
        assert_eq!(found, (status, code.to_owned()), "{method} {path} {body}");
    }
    let (_, missing) = sky.get("/none/configuration");
    assert_eq!(
        missing["Message"],
        format!("Function not found: {ARN}:none")
    );
    assert_eq!(missing["Type"], "User");
    // Members that nobody knows are ignored.
    assert_eq!(
        sky.code("PUT", "/crawl/configuration", &json!({"Odd": 1}))
            .0,
        200
    );
}

#[test]
fn names_in_arns() {
    let mut sky = Sky::calm();
    sky.make("crawl");
    for name in [
        "arn%3Aaws%3Alambda%3Aap-northeast-1%3A123456789012%3Afunction%3Acrawl",
        "123456789012:function:crawl",
        "function:crawl",
        "crawl:$LATEST",
    ] {
        assert_eq!(sky.get(&format!("/{name}/configuration")).0, 200, "{name}");
    }
    let elsewhere = "arn:aws:lambda:eu-west-1:123456789012:function:crawl";
    assert_eq!(sky.get(&format!("/{elsewhere}")).0, 404);
}

#[test]
fn the_right_revision_may_change_it() {
    let mut sky = Sky::calm();
    sky.make("crawl");
    let (_, shown) = sky.get("/crawl");
    let revision = shown["Configuration"]["RevisionId"].clone();
    let body = json!({"RevisionId": revision, "Environment": {"Variables": {"A": "b"}}});
    let (status, shown) = sky.update("crawl", &body);
    assert_eq!(status, 200);
    assert_eq!(shown["Environment"], json!({"Variables": {"A": "b"}}));
    sky.wait(10 * SECOND);
    assert_eq!(sky.update("crawl", &body).0, 412);
    let (_, shown) = sky.get("/crawl/configuration");
    assert_ne!(shown["RevisionId"], revision);
    let code = json!({"ZipFile": "QUJE", "Publish": true});
    let (status, published) = sky.call("PUT", &format!("{FUNCTIONS}/crawl/code"), &code);
    assert_eq!((status, &published["Version"]), (200, &json!("1")));
    assert_ne!(published["CodeSha256"], shown["CodeSha256"]);
    sky.wait(10 * SECOND);
    let (_, one) = sky.get("/crawl/configuration?Qualifier=1");
    assert_eq!(one["LastUpdateStatus"], "Successful");
}

#[test]
fn lists_come_in_pages() {
    let mut sky = Sky::calm();
    for number in 0..60 {
        sky.make(&format!("crawl-{number:02}"));
    }
    let (_, first) = sky.get("?MaxItems=10000");
    assert_eq!(first["Functions"].as_array().map(Vec::len), Some(50));
    assert_eq!(first["Functions"][0].get("State"), None);
    let marker = first["NextMarker"].as_str().expect("a marker").to_owned();
    let (_, second) = sky.get(&format!("?Marker={marker}"));
    assert_eq!(second["Functions"][0]["FunctionName"], "crawl-50");
    assert_eq!(second["Functions"].as_array().map(Vec::len), Some(10));
    assert_eq!(second.get("NextMarker"), None);
    sky.world.settings.page = 7;
    assert_eq!(sky.get("").1["Functions"].as_array().map(Vec::len), Some(7));
    let (_, all) = sky.get("?FunctionVersion=ALL&MaxItems=1");
    assert_eq!(
        all["Functions"][0]["FunctionArn"],
        format!("{ARN}:crawl-00:$LATEST")
    );
}

#[test]
fn tags_are_kept() {
    let mut sky = Sky::calm();
    sky.make("crawl");
    let uri = format!(
        "/2017-03-31/tags/{}",
        format!("{ARN}:crawl").replace(':', "%3A")
    );
    let tags = json!({"Tags": {"a": "1", "b": "2"}});
    assert_eq!(sky.call("POST", &uri, &tags).0, 204);
    assert_eq!(
        sky.call("DELETE", &format!("{uri}?tagKeys=a&tagKeys=c"), &json!({}))
            .0,
        204
    );
    assert_eq!(
        sky.call("GET", &uri, &json!({})).1,
        json!({"Tags": {"b": "2"}})
    );
    assert_eq!(sky.get("/crawl").1["Tags"], json!({"b": "2"}));
    assert_eq!(sky.call("POST", &format!("{uri}%3A1"), &tags).0, 400);
}

#[test]
fn too_many_requests() {
    let mut sky = Sky::new(Settings::default());
    let uri = format!("{FUNCTIONS}/crawl/configuration");
    for _ in 0..15 {
        assert_eq!(sky.send("lambda", "GET", &uri, String::new()).status, 404);
    }
    let response = sky.send("lambda", "GET", &uri, String::new());
    assert_eq!(response.status, 429);
    let header = |name: &str| {
        let found = response.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(header("retry-after"), Some("1"));
    assert_eq!(header("x-amzn-errortype"), Some("TooManyRequestsException"));
    let body: Value = serde_json::from_slice(&response.body).expect("a body");
    assert_eq!(body["Reason"], "CallerRateLimitExceeded");
    // Reading whole functions has a limit of its own.
    let whole = format!("{FUNCTIONS}/crawl");
    assert_eq!(sky.send("lambda", "GET", &whole, String::new()).status, 404);
    sky.wait(SECOND);
    assert_eq!(sky.send("lambda", "GET", &uri, String::new()).status, 404);
}

#[test]
fn a_new_function_shows_late() {
    let mut sky = Sky::new(Settings {
        lag: 5000,
        throttle: false,
        ..Settings::default()
    });
    assert_eq!(sky.call("POST", FUNCTIONS, &described("crawl")).0, 201);
    assert_eq!(sky.get("/crawl").0, 404);
    assert_eq!(sky.code("POST", "", &described("crawl")).0, 409);
    sky.wait(5 * SECOND);
    assert_eq!(sky.get("/crawl").0, 200);
}

#[test]
fn functions_that_somebody_else_has_made() {
    let mut sky = Sky::calm();
    let now = sky.now;
    let place = sky.world.place(ACCOUNT, REGION);
    exist(place, "crawl", now);
    exist(place, &format!("{ARN}:index"), now);
    exist(place, "no name", now);
    assert_eq!(place.functions.len(), 2);
    let (status, shown) = sky.get("/index/configuration");
    assert_eq!((status, &shown["State"]), (200, &json!("Active")));
    assert_eq!(sky.update("crawl", &json!({"Timeout": 9})).0, 200);
    let place = sky.world.place(ACCOUNT, REGION);
    exist(place, "crawl", now);
    assert_eq!(sky.get("/crawl/configuration").1["Timeout"], 9);
}
