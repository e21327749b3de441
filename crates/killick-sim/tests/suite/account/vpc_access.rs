//! What Lambda needs of a role to put a function into a VPC.

use killick_sim::Settings;
use serde_json::{Value, json};

use super::{ACCOUNT, REGION, Sky, TRUST, VPC_ACCESS, described};

const INVALID: &str = "InvalidParameterValueException";
const ROLE: (&str, &str) = ("RoleName", "crawler");

/// A network for functions.
fn network(sky: &mut Sky) -> Value {
    let vpc = sky.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId");
    let params = [("VpcId", vpc.as_str()), ("CidrBlock", "10.0.0.0/24")];
    let subnet = sky.ec2("CreateSubnet", &params, "subnetId");
    let filter = [("Filter.1.Name", "vpc-id"), ("Filter.1.Value.1", &vpc)];
    let group = sky.ec2("DescribeSecurityGroups", &filter, "groupId");
    json!({"SubnetIds": [subnet], "SecurityGroupIds": [group]})
}

fn update(sky: &mut Sky, body: &Value) -> (u16, Value) {
    let answer = sky.lambda("PUT", "/crawl/configuration", body);
    sky.wait(300_000);
    answer
}

/// Why an update is refused.
fn refusal(sky: &mut Sky, body: &Value) -> String {
    let (status, answer) = update(sky, body);
    assert_eq!(status, 400, "{answer}");
    assert_eq!(answer["__type"], INVALID);
    answer["message"].as_str().unwrap_or_default().to_owned()
}

fn lacking(action: &str) -> String {
    format!("The provided execution role does not have permissions to call {action} on EC2")
}

fn put(sky: &mut Sky, statement: &Value) {
    let text = json!({"Statement": statement}).to_string();
    let own = [
        ROLE,
        ("PolicyName", "own"),
        ("PolicyDocument", text.as_str()),
    ];
    sky.iam("PutRolePolicy", &own);
}

#[test]
fn without_the_policy_a_function_stays_outside() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let inside = json!({"VpcConfig": network(&mut sky)});
    sky.iam("DetachRolePolicy", &[ROLE, ("PolicyArn", VPC_ACCESS)]);
    assert_eq!(
        refusal(&mut sky, &inside),
        lacking("CreateNetworkInterface")
    );
    let place = sky.world.place(ACCOUNT, REGION);
    assert!(place.interfaces.is_empty());
    let function = place.functions.get("crawl").cloned().expect("a function");
    assert_eq!(
        (function.effective(), function.latest.last_update.as_str()),
        (None, "Successful")
    );
    // Nor is one made there.
    let mut other = described("other", "crawler");
    other["VpcConfig"] = inside["VpcConfig"].clone();
    let (status, answer) = sky.lambda("POST", "", &other);
    assert_eq!(
        (status, answer["message"].as_str()),
        (400, Some(lacking("CreateNetworkInterface").as_str()))
    );
    // All else can change.
    assert_eq!(update(&mut sky, &json!({"Timeout": 9})).0, 200);
    sky.iam("AttachRolePolicy", &[ROLE, ("PolicyArn", VPC_ACCESS)]);
    assert_eq!(update(&mut sky, &inside).0, 200);
}

#[test]
fn inside_it_goes_on_and_may_leave() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let inside = json!({"VpcConfig": network(&mut sky)});
    assert_eq!(update(&mut sky, &inside).0, 200);
    sky.iam("DetachRolePolicy", &[ROLE, ("PolicyArn", VPC_ACCESS)]);
    let role = |name: &str| json!({"Role": format!("arn:aws:iam::{ACCOUNT}:role/{name}")});
    let refused = refusal(&mut sky, &role("crawler"));
    assert_eq!(refused, lacking("CreateNetworkInterface"));
    assert_eq!(update(&mut sky, &json!({"Timeout": 9})).0, 200);
    // A role that nobody spoke of yet has the policy.
    assert_eq!(update(&mut sky, &role("fresh")).0, 200);
    assert_eq!(update(&mut sky, &inside).0, 200);
    sky.iam(
        "DetachRolePolicy",
        &[("RoleName", "fresh"), ("PolicyArn", VPC_ACCESS)],
    );
    let outside = json!({"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}});
    assert_eq!(update(&mut sky, &outside).0, 200);
}

#[test]
fn policies_of_its_own_will_do() {
    let mut sky = Sky::calm();
    let trust = ("AssumeRolePolicyDocument", TRUST);
    sky.iam("CreateRole", &[ROLE, trust]);
    sky.function("crawl", "crawler");
    let inside = json!({"VpcConfig": network(&mut sky)});
    let allow = |actions: &[&str], resources: &[&str]| json!({"Effect": "Allow", "Action": actions, "Resource": resources});
    let network = [
        "arn:aws:ec2:*:*:network-interface/*",
        "arn:aws:ec2:*:*:subnet/*",
    ];
    let create = allow(&["ec2:CreateNetworkInterface"], &network);
    let all = ["ec2:Describe*", "ec2:DeleteNetworkInterface"];
    for (statements, missing) in [
        (json!([allow(&all, &["*"])]), "CreateNetworkInterface"),
        (json!([create]), "DescribeNetworkInterfaces"),
        (
            json!([create, allow(&all[..1], &["*"]), allow(&all[1..], &network)]),
            "DeleteNetworkInterface",
        ),
    ] {
        put(&mut sky, &statements);
        assert_eq!(refusal(&mut sky, &inside), lacking(missing));
    }
    put(&mut sky, &json!([create, allow(&all, &["*"])]));
    assert_eq!(update(&mut sky, &inside).0, 200);
}

#[test]
fn a_role_that_is_gone_serves_nobody() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let inside = json!({"VpcConfig": network(&mut sky)});
    sky.iam("DetachRolePolicy", &[ROLE, ("PolicyArn", VPC_ACCESS)]);
    sky.iam("DeleteRole", &[ROLE]);
    assert_eq!(sky.no("GetRole", &[ROLE]).1, "NoSuchEntity");
    let why = "The role defined for the function cannot be assumed by Lambda.";
    assert_eq!(refusal(&mut sky, &inside), why);
    let (status, answer) = sky.lambda("POST", "", &described("other", "crawler"));
    assert_eq!((status, answer["message"].as_str()), (400, Some(why)));
}

#[test]
fn lambda_may_be_late_to_hear_of_it() {
    let mut sky = Sky::new(Settings {
        lag: 60_000,
        throttle: false,
        ..Settings::default()
    });
    sky.iam("CreateRole", &[ROLE, ("AssumeRolePolicyDocument", TRUST)]);
    let create = |sky: &mut Sky| sky.lambda("POST", "", &described("crawl", "crawler")).0;
    assert_eq!(create(&mut sky), 400);
    sky.wait(60_000);
    assert_eq!(create(&mut sky), 201);
}

#[test]
fn what_fails_later_still_does() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let inside = json!({"VpcConfig": network(&mut sky)});
    let place = sky.world.place(ACCOUNT, REGION);
    place
        .function_failures
        .push("InsufficientRolePermissions".to_owned());
    assert_eq!(update(&mut sky, &inside).0, 200);
    let (_, shown) = sky.lambda("GET", "/crawl/configuration", &json!({}));
    assert_eq!(
        shown["LastUpdateStatusReasonCode"],
        "InsufficientRolePermissions"
    );
}
