//! STS through its API.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use killick_sim::{Request, Settings, World};

fn ask(key: &str, body: &str) -> (u16, String) {
    let credential = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/sts/aws4_request, Signature=0"
    );
    let request = Request {
        method: "POST".to_owned(),
        uri: "/".to_owned(),
        headers: vec![("authorization".to_owned(), credential)],
        body: body.as_bytes().to_vec(),
    };
    let mut world = World::new(1, Settings::default());
    let response = world.handle(1_767_225_600_000, &request);
    let text = String::from_utf8(response.body).expect("text");
    (response.status, text)
}

fn member(text: &str, name: &str) -> String {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap_or_default();
    rest.split('<').next().unwrap_or_default().to_owned()
}

#[test]
fn who_is_asking() {
    let (status, text) = ask("AKIAIOSFODNN7EXAMPLE", "Action=GetCallerIdentity&Odd=1");
    assert_eq!(
        (status, member(&text, "Account")),
        (200, "123456789012".to_owned())
    );
}

#[test]
fn a_role_of_another_account() {
    let role =
        "Action=AssumeRole&RoleSessionName=me&RoleArn=arn:aws:iam::210987654321:role/p/deploy";
    let (status, text) = ask("AKIAIOSFODNN7EXAMPLE", role);
    assert_eq!(status, 200, "{text}");
    let arn = "arn:aws:sts::210987654321:assumed-role/deploy/me";
    assert_eq!(member(&text, "Arn"), arn);
    assert_eq!(member(&text, "Expiration"), "2026-01-01T01:00:00.000Z");
    let (_, text) = ask(&member(&text, "AccessKeyId"), "Action=GetCallerIdentity");
    assert_eq!(member(&text, "Account"), "210987654321");
}

#[test]
fn what_is_refused() {
    let key = "AKIAIOSFODNN7EXAMPLE";
    for (body, code) in [
        ("Action=Nonsense", "InvalidAction"),
        (
            "Action=AssumeRole&RoleSessionName=me&RoleArn=x",
            "ValidationError",
        ),
        ("Action=AssumeRole&RoleSessionName=me", "ValidationError"),
        (
            "Action=AssumeRole&RoleSessionName=me&DurationSeconds=1&RoleArn=arn:aws:iam::210987654321:role/deploy",
            "ValidationError",
        ),
    ] {
        let (status, text) = ask(key, body);
        assert_eq!(
            (status, member(&text, "Code")),
            (400, code.to_owned()),
            "{body}"
        );
    }
}
