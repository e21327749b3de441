//! The lines that `apply --json` prints are a contract.

use crate::support::cloud::{Act, Script, Stop};
use crate::support::error;
use crate::support::plans::creates;
use killick_engine::{Class, CloudError, ErrorFacts, Event};

fn line(event: &Event) -> String {
    serde_json::to_string(event).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_run_in_json() {
    let plan = creates(&[
        ("a", &[]),
        ("b", &["a"]),
        ("c", &["a"]),
        ("d", &["c"]),
        ("e", &["b"]),
    ]);
    let script = Script::of([
        ("a", Act::Takes(60)),
        ("b", Act::Waits(8)),
        ("c", Act::Fails(2)),
    ]);
    let run = script.stop(Stop::After(65)).apply(&plan, 2).await;
    let lines: Vec<String> = run.events.iter().map(|(_, event)| line(event)).collect();
    let expected = [
        r#"{"event":"started","step":"create node/a"}"#,
        r#"{"event":"finished","step":"create node/a","physical_id":"id of a","seconds":60.0}"#,
        r#"{"event":"started","step":"create node/b"}"#,
        r#"{"event":"started","step":"create node/c"}"#,
        r#"{"event":"waiting","step":"create node/b","reason":"pending"}"#,
        concat!(
            r#"{"event":"failed","step":"create node/c","error":{"operation":"CreateThing","#,
            r#""code":"Fatal","message":"as scripted","request_id":"req-1"}}"#,
        ),
        r#"{"event":"skipped","step":"create node/d","because":"create node/c"}"#,
        r#"{"event":"interrupted","not_started":["create node/e"]}"#,
        concat!(
            r#"{"event":"failed","step":"create node/b","error":{"operation":"CreateThing","#,
            r#""code":"Fatal","message":"pending; stopped waiting on request","#,
            r#""request_id":"req-1"}}"#,
        ),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_is_not_known_is_left_out_or_null() {
    let finished = Event::Finished {
        step: "delete node/a".to_owned(),
        physical_id: None,
        seconds: 0.1,
    };
    assert_eq!(
        line(&finished),
        r#"{"event":"finished","step":"delete node/a","seconds":0.1}"#
    );
    let unanswered = CloudError {
        request_id: None,
        message: String::new(),
        ..error(Class::Unknown)
    };
    let failed = Event::Failed {
        step: "create node/a".to_owned(),
        error: ErrorFacts::from(&unanswered),
    };
    let expected = concat!(
        r#"{"event":"failed","step":"create node/a","error":{"operation":"CreateThing","#,
        r#""code":"Unknown","message":"","request_id":null}}"#,
    );
    assert_eq!(line(&failed), expected);
}

#[test]
fn an_error_in_words() {
    let full = error(Class::Denied);
    let words = "CreateThing failed: Denied: as scripted (request id req-1)";
    assert_eq!(full.to_string(), words);
    assert_eq!(full.permission(), "ec2:CreateThing");
    let bare = CloudError {
        request_id: None,
        message: String::new(),
        ..full
    };
    assert_eq!(bare.to_string(), "CreateThing failed: Denied");
}
