//! Roles and their policies.

use killick_sim::{Settings, World};
use serde_json::json;

use super::{ACCOUNT, REGION, Sky, TRUST, VPC_ACCESS, all, one};

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const ROLE: (&str, &str) = ("RoleName", "crawler");

fn make(sky: &mut Sky, name: &str) -> String {
    let params = [("RoleName", name), ("AssumeRolePolicyDocument", TRUST)];
    sky.iam("CreateRole", &params)
}

#[test]
fn the_role_of_a_function_is_there() {
    let mut sky = Sky::calm();
    assert_eq!(sky.no("GetRole", &[ROLE]), (404, "NoSuchEntity".to_owned()));
    sky.function("crawl", "team/crawler");
    let role = sky.iam("GetRole", &[ROLE]);
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/team/crawler");
    assert_eq!(
        (one(&role, "Arn"), one(&role, "Path")),
        (arn, "/team/".to_owned())
    );
    assert_eq!(one(&role, "CreateDate"), "2026-01-01T00:00:00Z");
    assert!(one(&role, "AssumeRolePolicyDocument").contains("lambda.amazonaws.com"));
    let attached = sky.iam("ListAttachedRolePolicies", &[ROLE]);
    assert_eq!(all(&attached, "PolicyArn"), [VPC_ACCESS]);
    assert_eq!(one(&attached, "IsTruncated"), "false");
    // It stays when the function goes, and goes when somebody says so.
    let (status, _) = sky.lambda("DELETE", "/crawl", &serde_json::json!({}));
    assert_eq!(status, 204);
    assert_eq!(all(&sky.iam("ListRoles", &[]), "RoleName"), ["crawler"]);
    assert_eq!(
        sky.no("DeleteRole", &[ROLE]),
        (409, "DeleteConflict".to_owned())
    );
    sky.iam("DetachRolePolicy", &[ROLE, ("PolicyArn", VPC_ACCESS)]);
    sky.iam("DeleteRole", &[ROLE]);
    assert_eq!(
        sky.no("DeleteRole", &[ROLE]),
        (404, "NoSuchEntity".to_owned())
    );
}

#[test]
fn that_of_a_function_somebody_else_made_too() {
    let mut sky = Sky::calm();
    let now = sky.now;
    killick_sim::exist(sky.world.place(ACCOUNT, REGION), "old", now);
    killick_sim::exist(sky.world.place("210987654321", REGION), "other", now);
    let mine = sky.iam("ListRoles", &[]);
    assert_eq!(
        all(&mine, "Arn"),
        [format!("arn:aws:iam::{ACCOUNT}:role/sandbox")]
    );
    let (_, theirs) = sky.iam_as("AKIA210987654321", "ListRoles", &[]);
    assert_eq!(
        all(&theirs, "Arn"),
        ["arn:aws:iam::210987654321:role/sandbox"]
    );
    assert_ne!(one(&mine, "RoleId"), one(&theirs, "RoleId"));
}

#[test]
fn a_life() {
    let mut sky = Sky::calm();
    let tag = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "a<b"),
    ];
    let made = [
        ROLE,
        ("AssumeRolePolicyDocument", TRUST),
        ("Description", "for crawlers"),
        ("MaxSessionDuration", "7200"),
    ];
    let answer = sky.iam("CreateRole", &[&made[..], &tag].concat());
    assert!(one(&answer, "RoleId").starts_with("AROA"));
    assert_eq!(one(&answer, "RoleId").len(), 21);
    let shown = sky.iam("GetRole", &[ROLE]);
    for (element, wanted) in [
        ("Path", "/"),
        ("Description", "for crawlers"),
        ("MaxSessionDuration", "7200"),
        ("Value", "a&lt;b"),
    ] {
        assert_eq!(one(&shown, element), wanted);
    }
    assert!(!sky.iam("ListRoles", &[]).contains("Tags"));
    let twin = [("RoleName", "CRAWLER"), ("AssumeRolePolicyDocument", TRUST)];
    let exists = (409, "EntityAlreadyExists".to_owned());
    assert_eq!(sky.no("CreateRole", &twin), exists);

    let admin = ("PolicyArn", ADMIN);
    for _ in 0..2 {
        sky.iam("AttachRolePolicy", &[ROLE, admin]);
    }
    sky.iam("AttachRolePolicy", &[ROLE, ("PolicyArn", VPC_ACCESS)]);
    let attached = sky.iam("ListAttachedRolePolicies", &[ROLE]);
    let names = ["AWSLambdaVPCAccessExecutionRole", "AdministratorAccess"];
    assert_eq!(all(&attached, "PolicyName"), names);
    let path = [ROLE, ("PathPrefix", "/service-role/")];
    let attached = sky.iam("ListAttachedRolePolicies", &path);
    assert_eq!(all(&attached, "PolicyName"), names[..1]);
    let policy = sky.iam("GetPolicy", &[admin]);
    assert_eq!(one(&policy, "AttachmentCount"), "1");
    let version = one(&policy, "DefaultVersionId");
    let version = [admin, ("VersionId", &version)];
    let document = one(&sky.iam("GetPolicyVersion", &version), "Document");
    let text = form_urlencoded::parse(document.as_bytes()).next();
    assert_eq!(
        text.expect("a policy").0,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
    );

    let text = r#"{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a b+c"}}"#;
    let put = [ROLE, ("PolicyName", "own"), ("PolicyDocument", text)];
    sky.iam("PutRolePolicy", &put);
    assert!(
        sky.iam("ListRolePolicies", &[ROLE])
            .contains("<member>own</member>")
    );
    let read = one(&sky.iam("GetRolePolicy", &put[..2]), "PolicyDocument");
    assert!(!read.contains(['+', '*', ' ', '{']), "{read}");
    let read = form_urlencoded::parse(read.as_bytes()).next();
    assert_eq!(read.expect("a policy").0, text);

    sky.iam("DetachRolePolicy", &[ROLE, admin]);
    let gone = (404, "NoSuchEntity".to_owned());
    assert_eq!(sky.no("DetachRolePolicy", &[ROLE, admin]), gone);
    sky.iam("DetachRolePolicy", &[ROLE, ("PolicyArn", VPC_ACCESS)]);
    assert_eq!(sky.no("DeleteRole", &[ROLE]).1, "DeleteConflict");
    sky.iam("DeleteRolePolicy", &put[..2]);
    assert_eq!(sky.no("DeleteRolePolicy", &put[..2]), gone);
    assert_eq!(sky.no("GetRolePolicy", &put[..2]), gone);
    sky.iam("DeleteRole", &[ROLE]);
    make(&mut sky, "crawler");
}

#[test]
fn what_is_refused() {
    let mut sky = Sky::calm();
    make(&mut sky, "crawler");
    let long = format!(
        r#"{{"Statement":{{"Effect":"Allow","Action":"s3:{}","Resource":"*"}}}}"#,
        "x".repeat(10_240)
    );
    let trust = ("AssumeRolePolicyDocument", TRUST);
    let name = ("PolicyName", "own");
    let role: (&str, &str) = ("RoleName", "none");
    for (action, params, code) in [
        ("Nonsense", vec![], "InvalidAction"),
        ("GetRole", vec![], "ValidationError"),
        ("ListRoles", vec![("MaxItems", "0")], "ValidationError"),
        ("ListRoles", vec![("Marker", "x")], "ValidationError"),
        (
            "CreateRole",
            vec![("RoleName", "a b"), trust],
            "ValidationError",
        ),
        ("CreateRole", vec![role], "ValidationError"),
        (
            "CreateRole",
            vec![role, ("AssumeRolePolicyDocument", "{}")],
            "MalformedPolicyDocument",
        ),
        (
            "CreateRole",
            vec![role, trust, ("Path", "team")],
            "ValidationError",
        ),
        (
            "CreateRole",
            vec![role, trust, ("MaxSessionDuration", "1")],
            "ValidationError",
        ),
        ("ListRolePolicies", vec![role], "NoSuchEntity"),
        ("ListAttachedRolePolicies", vec![role], "NoSuchEntity"),
        (
            "AttachRolePolicy",
            vec![ROLE, ("PolicyArn", "x")],
            "InvalidInput",
        ),
        (
            "AttachRolePolicy",
            vec![ROLE, ("PolicyArn", "arn:aws:iam::aws:policy/None")],
            "NoSuchEntity",
        ),
        (
            "GetPolicy",
            vec![("PolicyArn", "arn:aws:iam::aws:policy/None")],
            "NoSuchEntity",
        ),
        (
            "GetPolicyVersion",
            vec![("PolicyArn", ADMIN), ("VersionId", "v9")],
            "NoSuchEntity",
        ),
        (
            "PutRolePolicy",
            vec![ROLE, name, ("PolicyDocument", "{}")],
            "MalformedPolicyDocument",
        ),
        (
            "PutRolePolicy",
            vec![ROLE, name, ("PolicyDocument", &long)],
            "LimitExceeded",
        ),
    ] {
        assert_eq!(sky.no(action, &params).1, code, "{action} {params:?}");
    }
}

#[test]
fn lists_have_pages() {
    let mut sky = Sky::calm();
    for name in ["a", "b", "c"] {
        make(&mut sky, name);
    }
    let first = sky.iam("ListRoles", &[("MaxItems", "2")]);
    assert_eq!(
        (all(&first, "RoleName").len(), one(&first, "IsTruncated")),
        (2, "true".to_owned())
    );
    let marker = one(&first, "Marker");
    let rest = sky.iam("ListRoles", &[("MaxItems", "2"), ("Marker", &marker)]);
    assert_eq!(all(&rest, "RoleName"), ["c"]);
    assert_eq!(
        (one(&rest, "IsTruncated"), rest.contains("Marker")),
        ("false".to_owned(), false)
    );
}

#[test]
fn readers_may_be_late() {
    let mut sky = Sky::new(Settings {
        lag: 60_000,
        ..Settings::default()
    });
    make(&mut sky, "crawler");
    assert_eq!(sky.no("GetRole", &[ROLE]).1, "NoSuchEntity");
    let twin = [ROLE, ("AssumeRolePolicyDocument", TRUST)];
    assert_eq!(sky.no("CreateRole", &twin).1, "EntityAlreadyExists");
    sky.wait(60_000);
    sky.iam("GetRole", &[ROLE]);
}

#[test]
fn there_are_limits_and_no_regions() {
    let mut sky = Sky::new(Settings::default());
    make(&mut sky, "crawler");
    for _ in 0..100 {
        sky.iam("GetRole", &[ROLE]);
    }
    assert_eq!(sky.no("GetRole", &[ROLE]), (400, "Throttling".to_owned()));
    let world = serde_json::to_value(&sky.world).expect("JSON");
    assert_eq!(world["places"], json!({}), "IAM made a place");
}

#[test]
fn worlds_from_before_open() {
    let mut sky = Sky::calm();
    let now = sky.now;
    killick_sim::exist(sky.world.place(ACCOUNT, REGION), "old", now);
    let mut kept = serde_json::to_value(&sky.world).expect("JSON");
    let members = kept.as_object_mut().expect("an object");
    assert!(members.remove("iam").is_some());
    let settings = members["settings"].as_object_mut().expect("an object");
    assert!(settings.remove("nat_quota").is_some());
    sky.world = serde_json::from_value::<World>(kept).expect("a world");
    assert_eq!(sky.world.settings.nat_quota, 5);
    assert_eq!(all(&sky.iam("ListRoles", &[]), "RoleName"), ["sandbox"]);
}
