//! What roles may do.

use serde_json::{Value, json};

use super::{ACCOUNT, Sky, TRUST, VPC_ACCESS, all, one};

const CREATE: &str = "ec2:CreateNetworkInterface";

/// The decisions on actions and resources.
fn decided(sky: &mut Sky, actions: &[&str], resources: &[&str]) -> Vec<String> {
    let answer = simulated(sky, actions, resources, &[]);
    all(&answer, "EvalDecision")
}

fn simulated(sky: &mut Sky, actions: &[&str], resources: &[&str], more: &[(&str, &str)]) -> String {
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/crawler");
    let mut params = vec![("PolicySourceArn".to_owned(), arn.as_str())];
    for (at, action) in actions.iter().enumerate() {
        params.push((format!("ActionNames.member.{}", at + 1), action));
    }
    for (at, resource) in resources.iter().enumerate() {
        params.push((format!("ResourceArns.member.{}", at + 1), resource));
    }
    let params = params.iter().map(|(name, value)| (name.as_str(), *value));
    let params: Vec<(&str, &str)> = params.chain(more.iter().copied()).collect();
    sky.iam("SimulatePrincipalPolicy", &params)
}

fn put(sky: &mut Sky, name: &str, statement: &Value) {
    let text = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let params = [
        ("RoleName", "crawler"),
        ("PolicyName", name),
        ("PolicyDocument", &text),
    ];
    sky.iam("PutRolePolicy", &params);
}

#[test]
fn the_role_of_a_function_may_make_interfaces() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let answer = simulated(&mut sky, &[CREATE, "s3:GetObject"], &[], &[]);
    assert_eq!(all(&answer, "EvalActionName"), [CREATE, "s3:GetObject"]);
    assert_eq!(all(&answer, "EvalDecision"), ["allowed", "implicitDeny"]);
    assert_eq!(all(&answer, "EvalResourceName"), ["*", "*"]);
    assert_eq!(one(&answer, "IsTruncated"), "false");
    assert_eq!(
        all(&answer, "SourcePolicyId"),
        ["AWSLambdaVPCAccessExecutionRole"]
    );
    assert_eq!(all(&answer, "SourcePolicyType"), ["aws-managed"]);
    assert!(!answer.contains("ResourceSpecificResults"));

    let params = [("RoleName", "crawler"), ("PolicyArn", VPC_ACCESS)];
    sky.iam("DetachRolePolicy", &params);
    assert_eq!(decided(&mut sky, &[CREATE], &[]), ["implicitDeny"]);
    let basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    sky.iam(
        "AttachRolePolicy",
        &[("RoleName", "crawler"), ("PolicyArn", basic)],
    );
    let both = decided(&mut sky, &["logs:PutLogEvents", CREATE], &[]);
    assert_eq!(both, ["allowed", "implicitDeny"]);
    let input = r#"{"Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}"#;
    let more = [("PolicyInputList.member.1", input)];
    let answer = simulated(&mut sky, &[CREATE], &[], &more);
    assert_eq!(one(&answer, "EvalDecision"), "allowed");
    assert_eq!(one(&answer, "SourcePolicyId"), "PolicyInputList.1");
}

#[test]
fn a_denial_wins() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let deny = json!({"Effect": "Deny", "NotAction": "logs:*", "Resource": "*"});
    put(&mut sky, "fence", &deny);
    let answer = simulated(&mut sky, &[CREATE, "logs:PutLogEvents"], &[], &[]);
    assert_eq!(all(&answer, "EvalDecision"), ["explicitDeny", "allowed"]);
    assert_eq!(all(&answer, "SourcePolicyType"), ["role", "aws-managed"]);
    // Lambda's own guide denies function code what the role must have.
    let from_code = json!({
        "Effect": "Deny",
        "Action": "ec2:*",
        "Resource": "*",
        "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": ["arn:aws:lambda:*:*:function:crawl"]}},
    });
    put(&mut sky, "fence", &from_code);
    let answer = simulated(&mut sky, &[CREATE], &[], &[]);
    assert_eq!(one(&answer, "EvalDecision"), "allowed");
    let missing = one(&answer, "MissingContextValues");
    assert_eq!(missing, "<member>lambda:SourceFunctionArn</member>");
}

#[test]
fn each_resource_has_its_own_result() {
    let mut sky = Sky::calm();
    let params = [("RoleName", "crawler"), ("AssumeRolePolicyDocument", TRUST)];
    sky.iam("CreateRole", &params);
    let subnet = "arn:aws:ec2:ap-northeast-1:123456789012:subnet/subnet-1";
    let other = "arn:aws:ec2:ap-northeast-1:123456789012:subnet/subnet-2";
    put(
        &mut sky,
        "own",
        &json!({"Effect": "Allow", "Action": "ec2:*", "Resource": subnet}),
    );
    let answer = simulated(&mut sky, &[CREATE], &[subnet, other], &[]);
    assert_eq!(one(&answer, "EvalDecision"), "implicitDeny");
    let each = all(&answer, "EvalResourceDecision");
    assert_eq!(each, ["allowed", "implicitDeny"]);
    assert_eq!(decided(&mut sky, &[CREATE], &[subnet]), ["allowed"]);
    assert_eq!(decided(&mut sky, &[CREATE], &["*"]), ["implicitDeny"]);
}

#[test]
fn results_have_pages() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let actions = [CREATE, "ec2:DescribeSubnets", "s3:GetObject"];
    let size = ("MaxItems", "2");
    let first = simulated(&mut sky, &actions, &[], &[size]);
    assert_eq!(all(&first, "EvalActionName"), actions[..2]);
    assert_eq!(one(&first, "IsTruncated"), "true");
    let marker = one(&first, "Marker");
    let rest = simulated(&mut sky, &actions, &[], &[size, ("Marker", &marker)]);
    assert_eq!(all(&rest, "EvalActionName"), actions[2..]);
}

#[test]
fn what_is_refused() {
    let mut sky = Sky::calm();
    sky.function("crawl", "crawler");
    let action = ("ActionNames.member.1", CREATE);
    let source = |name: &str| format!("arn:aws:iam::{ACCOUNT}:{name}");
    let (ours, pathless) = (source("role/crawler"), source("role/team/crawler"));
    let (none, user) = (source("role/none"), source("user/me"));
    let ours = ("PolicySourceArn", ours.as_str());
    for (params, code) in [
        (vec![action], "ValidationError"),
        (vec![ours], "ValidationError"),
        (vec![ours, ("ActionNames.member.1", "x")], "ValidationError"),
        (vec![("PolicySourceArn", "crawler"), action], "InvalidInput"),
        (vec![("PolicySourceArn", &none), action], "NoSuchEntity"),
        (vec![("PolicySourceArn", &pathless), action], "NoSuchEntity"),
        (vec![("PolicySourceArn", &user), action], "NoSuchEntity"),
        (
            vec![ours, action, ("PolicyInputList.member.1", "{}")],
            "InvalidInput",
        ),
        (vec![ours, action, ("ResourcePolicy", "{}")], "InvalidInput"),
    ] {
        let (_, found) = sky.no("SimulatePrincipalPolicy", &params);
        assert_eq!(found, code, "{params:?}");
    }
}
