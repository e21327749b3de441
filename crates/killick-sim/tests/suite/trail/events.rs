//! What is told of a call.

use killick_sim::{Fault, Outcome, Principal, Rule, Sim};
use serde_json::{Value, json};

use super::{ACCOUNT, BEGINNING, REGION, Sky, inside, one};

const FUNCTIONS: &str = "/2015-03-31/functions";

fn described(name: &str) -> Value {
    json!({
        "FunctionName": name,
        "Role": "arn:aws:iam::123456789012:role/crawler",
        "Runtime": "provided.al2023",
        "Handler": "bootstrap",
        "Code": {"ZipFile": "QUJDsecret"},
        "Environment": {"Variables": {"TOKEN": "secret"}},
        "Tags": {"Team": "red"},
    })
}

#[test]
fn lambda_names_its_events_with_a_date_and_hides_secrets() {
    let mut sky = Sky::calm();
    sky.lambda("POST", FUNCTIONS, &described("sync"));
    let event = sky.last();
    assert_eq!(event["eventName"], "CreateFunction20150331");
    assert_eq!(event["eventSource"], "lambda.amazonaws.com");
    assert_eq!(event["requestParameters"]["tags"], json!({"Team": "red"}));
    assert!(!event.to_string().contains("secret"), "{event}");
    assert!(sky.kept().contains("crawler") && !sky.kept().contains("secret"));
    sky.now += 10_000;
    let function = |rest: &str| format!("{FUNCTIONS}/sync/{rest}");
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:sync");
    let tags = format!("/2017-03-31/tags/{}", arn.replace(':', "%3A"));
    for (method, uri, body, name) in [
        (
            "PUT",
            function("configuration"),
            json!({"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}}),
            "UpdateFunctionConfiguration20150331v2",
        ),
        (
            "PUT",
            function("code"),
            json!({"ZipFile": "QUJDsecret"}),
            "UpdateFunctionCode20150331v2",
        ),
        (
            "POST",
            function("versions"),
            json!({}),
            "PublishVersion20150331",
        ),
        (
            "POST",
            function("aliases"),
            json!({"Name": "live", "FunctionVersion": "1"}),
            "CreateAlias20150331",
        ),
        (
            "PUT",
            function("aliases/live"),
            json!({"FunctionVersion": "$LATEST"}),
            "UpdateAlias20150331",
        ),
        (
            "DELETE",
            function("aliases/live"),
            json!({}),
            "DeleteAlias20150331",
        ),
        (
            "POST",
            tags.clone(),
            json!({"Tags": {"A": "b"}}),
            "TagResource20170331v2",
        ),
        (
            "DELETE",
            format!("{tags}?tagKeys=A"),
            json!({}),
            "UntagResource20170331v2",
        ),
        (
            "DELETE",
            format!("{FUNCTIONS}/sync"),
            json!({}),
            "DeleteFunction20150331",
        ),
    ] {
        sky.lambda(method, &uri, &body);
        sky.now += 10_000;
        let event = sky.last();
        assert_eq!(event["eventName"], name);
        let told = &event["requestParameters"];
        match name {
            "TagResource20170331v2" => {
                assert_eq!(*told, json!({"resource": arn, "tags": {"A": "b"}}));
            }
            "UntagResource20170331v2" => {
                assert_eq!(*told, json!({"resource": arn, "tagKeys": ["A"]}));
            }
            _ => assert_eq!(told["functionName"], "sync", "{name}"),
        }
        match name {
            "UpdateFunctionConfiguration20150331v2" => {
                let network = json!({"subnetIds": [], "securityGroupIds": []});
                assert_eq!(told["vpcConfig"], network);
                assert_eq!(event["responseElements"]["functionArn"], arn);
            }
            "UpdateAlias20150331" => {
                assert_eq!(
                    (&told["name"], &told["functionVersion"]),
                    (&json!("live"), &json!("$LATEST"))
                );
            }
            "PublishVersion20150331" => assert_eq!(event["responseElements"]["version"], "1"),
            _ => {}
        }
    }
    assert_eq!(
        sky.find("EventName", "UpdateFunctionConfiguration").len(),
        0
    );
}

#[test]
fn iam_and_ssm() {
    let mut sky = Sky::calm();
    let role = [
        ("RoleName", "crawler"),
        (
            "AssumeRolePolicyDocument",
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"}}}",
        ),
        ("Tags.member.1.Key", "armed"),
        ("Tags.member.1.Value", "true"),
    ];
    let (status, text) = sky.query("iam", "CreateRole", &role);
    assert_eq!(status, 200, "{text}");
    // IAM's events are in its region, whatever the request is signed for.
    assert_eq!(sky.look(&json!({})).len(), 0);
    let (_, answer) = sky.ask("us-east-1", &json!({}));
    let event = inside(&answer["Events"][0]);
    assert_eq!(event["eventName"], "CreateRole");
    assert_eq!(
        event["requestParameters"]["tags"],
        json!([{"key": "armed", "value": "true"}])
    );
    let arn = event["responseElements"]["role"]["arn"].as_str();
    assert_eq!(arn, Some("arn:aws:iam::123456789012:role/crawler"));
    let kinds = &answer["Events"][0]["Resources"];
    assert!(kinds.to_string().contains("AWS::IAM::Role"), "{kinds}");
    let put = json!({"Name": "/a/b", "Value": "secret", "Type": "String"});
    assert_eq!(sky.json("ssm", "AmazonSSM.PutParameter", &put).0, 200);
    let event = sky.last();
    assert_eq!(event["requestParameters"]["name"], "/a/b");
    assert!(!event.to_string().contains("secret"));
    assert_eq!(sky.find("ResourceName", "/a/b").len(), 1);
}

#[test]
fn who_it_was() {
    let mut sky = Sky::calm();
    for (principal, kind, name, issuer) in [
        (Principal::User, "IAMUser", "sandbox", None),
        (
            Principal::Console,
            "AssumedRole",
            "alex",
            Some("arn:aws:iam::123456789012:role/Console"),
        ),
        (
            Principal::Deploy,
            "AssumedRole",
            "ci",
            Some("arn:aws:iam::123456789012:role/Deploy"),
        ),
    ] {
        sky.principal = principal;
        let (_, caller) = sky.query("sts", "GetCallerIdentity", &[]);
        sky.ec2("AllocateAddress", &[]);
        let events = sky.look(&json!({"MaxResults": 1}));
        let identity = &inside(&events[0])["userIdentity"];
        assert_eq!(identity["arn"], one(&caller, "Arn"));
        assert_eq!(identity["principalId"], one(&caller, "UserId"));
        assert_eq!(identity["arn"], principal.arn(ACCOUNT));
        assert_eq!(
            (&identity["type"], &identity["accountId"]),
            (&json!(kind), &json!(ACCOUNT))
        );
        assert_eq!(events[0]["Username"], name);
        assert_eq!(events[0]["AccessKeyId"], principal.key(ACCOUNT));
        assert_eq!(
            identity["sessionContext"]["sessionIssuer"]["arn"].as_str(),
            issuer
        );
    }
    let arn = Principal::Deploy.arn(ACCOUNT);
    assert_eq!(arn, "arn:aws:sts::123456789012:assumed-role/Deploy/ci");
}

#[test]
fn a_refusal_is_told_with_its_code() {
    let mut sky = Sky::calm();
    let (status, _) = sky.query("ec2", "DeleteVpc", &[("VpcId", "vpc-0123456789abcdef0")]);
    assert_eq!(status, 400);
    let event = sky.last();
    assert_eq!(event["errorCode"], "Client.InvalidVpcID.NotFound");
    assert!(
        event["errorMessage"]
            .as_str()
            .is_some_and(|text| text.contains("vpc-0123"))
    );
    assert_eq!(event["responseElements"], Value::Null);
    sky.query("ec2", "AllocateAddress", &[("DryRun", "true")]);
    assert_eq!(sky.last()["errorCode"], "Client.DryRunOperation");
    // What no service knows is no event.
    sky.query("ec2", "MakeVpc", &[]);
    sky.query("ec2", "", &[]);
    assert_eq!(sky.look(&json!({})).len(), 2);
    // What is refused on the way there is told as well; a call that is cut off
    // before it is read is not.
    let mut sim = Sim::new(sky.world.clone(), 1);
    sim.faults.add(Rule::once("AllocateAddress", Fault::Deny));
    sim.faults
        .add(Rule::once("AllocateAddress", Fault::CutBefore));
    let request = sky.request(
        ("ec2", REGION),
        ("POST", "/"),
        "",
        "Action=AllocateAddress".into(),
    );
    assert!(
        matches!(sim.serve(sky.now, &request), Outcome::Answer(_, answer) if answer.status == 403)
    );
    assert!(matches!(sim.serve(sky.now, &request), Outcome::Cut(_)));
    sky.world = sim.world;
    let events = sky.look(&json!({}));
    assert_eq!(events.len(), 3);
    assert_eq!(
        inside(&events[0])["errorCode"],
        "Client.UnauthorizedOperation"
    );
}

#[test]
fn reading_is_not_told() {
    let mut sky = Sky::calm();
    sky.ec2("DescribeVpcs", &[]);
    sky.query("sts", "GetCallerIdentity", &[]);
    sky.json("ssm", "AmazonSSM.GetParameter", &json!({"Name": "/a"}));
    sky.lambda("GET", FUNCTIONS, &json!({}));
    assert_eq!(sky.look(&json!({})).len(), 0);
    assert_eq!(sky.look(&json!({})).len(), 0);
}

#[test]
fn things_are_named() {
    let mut sky = Sky::calm();
    let vpc = one(
        &sky.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]),
        "vpcId",
    );
    let answer = sky.ec2("AllocateAddress", &[]);
    let (address, ip) = (one(&answer, "allocationId"), one(&answer, "publicIp"));
    let event = sky.look(&json!({"MaxResults": 1})).remove(0);
    let resources = event["Resources"].as_array().expect("a list");
    for name in [&address, &ip] {
        let one = json!({"ResourceType": "AWS::EC2::EIP", "ResourceName": name});
        assert!(resources.contains(&one), "{resources:?}");
    }
    sky.ec2("CreateRouteTable", &[("VpcId", &vpc)]);
    // A tag that looks like an id is none.
    sky.ec2(
        "CreateTags",
        &[
            ("ResourceId.1", &address),
            ("Tag.1.Key", &vpc),
            ("Tag.1.Value", &vpc),
        ],
    );
    let found = sky.find("ResourceName", &vpc);
    assert_eq!(super::names(&found), ["CreateRouteTable", "CreateVpc"]);
    let found = sky.find("ResourceType", "AWS::EC2::EIP");
    assert_eq!(super::names(&found), ["CreateTags", "AllocateAddress"]);
}

#[test]
fn the_same_world_tells_the_same() {
    let tell = || {
        let mut sky = Sky::calm();
        sky.ec2("AllocateAddress", &[]);
        sky.ec2("AllocateAddress", &[]);
        assert_eq!(sky.now, BEGINNING);
        sky.look(&json!({}))
    };
    let events = tell();
    assert_eq!(events, tell());
    assert_ne!(events[0]["EventId"], events[1]["EventId"]);
    assert_eq!(inside(&events[0])["eventID"], events[0]["EventId"]);
}

impl Sky {
    /// All that is kept of calls.
    fn kept(&self) -> String {
        let world = serde_json::to_value(&self.world).expect("JSON");
        world["trails"].to_string()
    }
}
