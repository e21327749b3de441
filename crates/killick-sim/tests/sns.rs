//! SNS through its API.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use killick_sim::{Fault, Outcome, Request, Rule, Settings, Sim, Verdict, World};

const NOW: u64 = 1_767_225_600_000;
const TOPIC: &str = "arn:aws:sns:ap-northeast-1:123456789012:egress-drift";

fn request(action: &str, params: &[(&str, &str)]) -> Request {
    let credential = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/ap-northeast-1/sns/aws4_request, Signature=0";
    let mut form = form_urlencoded::Serializer::new(String::new());
    let form = form.append_pair("Action", action).extend_pairs(params);
    Request {
        method: "POST".to_owned(),
        uri: "/".to_owned(),
        headers: vec![("authorization".to_owned(), credential.to_owned())],
        body: form.finish().into_bytes(),
    }
}

fn ask(world: &mut World, action: &str, params: &[(&str, &str)]) -> (u16, String) {
    let response = world.handle(NOW, &request(action, params));
    let text = String::from_utf8(response.body).expect("text");
    (response.status, text)
}

/// The code of a refusal.
fn no(world: &mut World, params: &[(&str, &str)]) -> (u16, String) {
    let (status, text) = ask(world, "Publish", params);
    (status, member(&text, "Code"))
}

fn member(text: &str, name: &str) -> String {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap_or_default();
    rest.split('<').next().unwrap_or_default().to_owned()
}

fn world() -> World {
    let mut world = World::new(1, Settings::default());
    let (status, text) = ask(&mut world, "CreateTopic", &[("Name", "egress-drift")]);
    assert_eq!((status, member(&text, "TopicArn").as_str()), (200, TOPIC));
    world
}

#[test]
fn a_message_is_kept_as_it_was_published() {
    let mut world = world();
    let params = [
        ("TopicArn", TOPIC),
        ("Subject", "egress: 1 critical"),
        ("Message", "a route <leads> elsewhere & more"),
        ("MessageAttributes.entry.1.Name", "severity"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", "critical"),
    ];
    let (status, text) = ask(&mut world, "Publish", &params);
    assert_eq!(status, 200, "{text}");
    ask(
        &mut world,
        "Publish",
        &[("TargetArn", TOPIC), ("Message", "again")],
    );
    let all = world.published(TOPIC);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].id, member(&text, "MessageId"));
    assert_eq!(all[0].id.len(), 36);
    assert_eq!(all[0].subject.as_deref(), Some("egress: 1 critical"));
    assert_eq!(all[0].body, "a route <leads> elsewhere & more");
    assert_eq!(all[0].attributes["severity"], "critical");
    assert_eq!(all[0].at, NOW);
    assert_eq!((all[1].body.as_str(), &all[1].subject), ("again", &None));
    assert_ne!(all[0].id, all[1].id);
}

#[test]
fn a_topic_is_made_once() {
    let mut world = world();
    ask(
        &mut world,
        "Publish",
        &[("TopicArn", TOPIC), ("Message", "one")],
    );
    // To make it again changes nothing.
    let (_, text) = ask(&mut world, "CreateTopic", &[("Name", "egress-drift")]);
    assert_eq!(member(&text, "TopicArn"), TOPIC);
    assert_eq!(world.published(TOPIC).len(), 1);
    assert!(world.make_topic(TOPIC));
    assert!(!world.make_topic("egress-drift"));
    ask(
        &mut world,
        "Publish",
        &[("TopicArn", TOPIC), ("Message", "two")],
    );
    assert_eq!(world.published(TOPIC).len(), 2);
    let (status, text) = ask(&mut world, "CreateTopic", &[("Name", "no such name")]);
    assert_eq!(
        (status, member(&text, "Code").as_str()),
        (400, "InvalidParameter")
    );
    let (status, text) = ask(&mut world, "Subscribe", &[]);
    assert_eq!(
        (status, member(&text, "Code").as_str()),
        (400, "InvalidAction")
    );
}

#[test]
fn what_is_refused() {
    let mut world = world();
    let large = "x".repeat(262_145);
    let long = "x".repeat(101);
    let to = |topic| [("TopicArn", topic), ("Message", "text")];
    for (params, status, code) in [
        (
            to("arn:aws:sns:us-east-1:123456789012:egress-drift"),
            400,
            "InvalidParameter",
        ),
        (to("egress-drift"), 400, "InvalidParameter"),
        (
            to("arn:aws:sns:ap-northeast-1:123456789012:other"),
            404,
            "NotFound",
        ),
        (
            to("arn:aws:sns:ap-northeast-1:210987654321:other"),
            403,
            "AuthorizationError",
        ),
        (
            [("TopicArn", TOPIC), ("Message", "")],
            400,
            "InvalidParameter",
        ),
        (
            [("TopicArn", TOPIC), ("Message", &large)],
            400,
            "InvalidParameter",
        ),
        (
            [("Subject", "a"), ("Message", "text")],
            400,
            "InvalidParameter",
        ),
    ] {
        let what = &params[0];
        assert_eq!(
            no(&mut world, &params),
            (status, code.to_owned()),
            "{what:?}"
        );
    }
    let plain = [("TopicArn", TOPIC), ("Message", "text")];
    for (name, value) in [
        ("Subject", long.as_str()),
        ("Subject", "two\nlines"),
        ("Subject", " blank"),
        ("Subject", "größe"),
        ("MessageStructure", "xml"),
        ("MessageStructure", "json"),
    ] {
        let params = [plain.as_slice(), &[(name, value)]].concat();
        let wrong = (400, "InvalidParameter".to_owned());
        assert_eq!(no(&mut world, &params), wrong, "{name} {value}");
    }
    let attribute = [
        ("MessageAttributes.entry.1.Name", "severity"),
        ("MessageAttributes.entry.1.Value.DataType", "Colour"),
        ("MessageAttributes.entry.1.Value.StringValue", "red"),
    ];
    let params = [plain.as_slice(), &attribute].concat();
    assert_eq!(
        no(&mut world, &params),
        (400, "ParameterValueInvalid".to_owned())
    );
    assert_eq!(world.published(TOPIC), []);
    let params = [
        ("TopicArn", TOPIC),
        ("Message", "{\"default\": \"a\"}"),
        ("MessageStructure", "json"),
    ];
    assert_eq!(ask(&mut world, "Publish", &params).0, 200);
}

#[test]
fn faults_reach_it() {
    let mut sim = Sim::new(world(), 1);
    sim.faults.add(Rule::once("Publish", Fault::Deny));
    sim.faults.add(Rule::once("Publish", Fault::Throttle));
    sim.faults.add(Rule::once("Publish", Fault::CutAfter));
    let publish = request("Publish", &[("TopicArn", TOPIC), ("Message", "text")]);
    let told = |sim: &mut Sim| match sim.serve(NOW, &publish) {
        Outcome::Answer(_, response) => {
            let text = String::from_utf8(response.body).expect("text");
            (response.status, member(&text, "Code"))
        }
        _ => (0, String::new()),
    };
    assert_eq!(told(&mut sim), (403, "AuthorizationError".to_owned()));
    assert_eq!(told(&mut sim), (400, "Throttling".to_owned()));
    assert_eq!(sim.world.published(TOPIC).len(), 0);
    assert_eq!(told(&mut sim).0, 0);
    assert_eq!(told(&mut sim), (200, String::new()));
    assert_eq!(sim.world.published(TOPIC).len(), 2);
    let call = sim.calls.last().expect("a call");
    assert_eq!(
        (call.service.as_str(), call.action.as_str()),
        ("sns", "Publish")
    );
    assert_eq!(call.verdict, Verdict::Answered(200));
}
