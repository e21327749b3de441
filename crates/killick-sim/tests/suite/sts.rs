//! STS through its API.

use killick_sim::{Settings, World};

use crate::support::{BEGINNING, KEY, one as member, signed};

fn ask(key: &str, body: &str) -> (u16, String) {
    let request = signed((key, "us-east-1", "sts"), ("POST", "/"), "", body);
    let mut world = World::new(1, Settings::default());
    let response = world.handle(BEGINNING, &request);
    let text = String::from_utf8(response.body).expect("text");
    (response.status, text)
}

#[test]
fn who_is_asking() {
    let (status, text) = ask(KEY, "Action=GetCallerIdentity&Odd=1");
    assert_eq!(
        (status, member(&text, "Account")),
        (200, "123456789012".to_owned())
    );
}

#[test]
fn a_role_of_another_account() {
    let role =
        "Action=AssumeRole&RoleSessionName=me&RoleArn=arn:aws:iam::210987654321:role/p/deploy";
    let (status, text) = ask(KEY, role);
    assert_eq!(status, 200, "{text}");
    let arn = "arn:aws:sts::210987654321:assumed-role/deploy/me";
    assert_eq!(member(&text, "Arn"), arn);
    assert_eq!(member(&text, "Expiration"), "2026-01-01T01:00:00.000Z");
    let (_, text) = ask(&member(&text, "AccessKeyId"), "Action=GetCallerIdentity");
    assert_eq!(member(&text, "Account"), "210987654321");
}

#[test]
fn what_is_refused() {
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
        let (status, text) = ask(KEY, body);
        assert_eq!(
            (status, member(&text, "Code")),
            (400, code.to_owned()),
            "{body}"
        );
    }
}
