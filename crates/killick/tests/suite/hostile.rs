//! Names, tags, ids and messages that somebody wrote to fool a reader: whatever
//! is printed of them neither acts nor begins a line of its own.

use std::rc::Rc;

use crate::support::{Case, beside, pretty};
use killick::Error;
use killick::assess::{DriftReport, Wanted};
use killick::report::{Out, Progress, error_text, json, text};
use killick_core::Policy;
use killick_engine::{CloudError, Event};
use killick_finding::Part;
use killick_stack::Unreadable;
use killick_text::is_hidden;

const HOSTILE: &str = "x\u{1b}[2J\u{1b}[31m\u{7}\u{9b}1m\r\nok: all is well\u{61c}\u{200b}\u{200f}\u{202e}\u{2060}\u{2066}\
    \u{3164}\u{feff}\u{e0041}z";
const PLAIN: &str = "xz";

/// A stack in which everything that others may write says `text`.
fn written(text: &str) -> Case {
    let text = text.to_owned();
    Case::deployed().but(move |world| {
        let tags = (world.nat_gateways.iter_mut().map(|one| &mut one.tags))
            .chain(world.addresses.iter_mut().map(|one| &mut one.tags))
            .chain(world.subnets.iter_mut().map(|one| &mut one.tags))
            .chain(world.security_groups.iter_mut().map(|one| &mut one.tags));
        for tags in tags {
            for key in ["team", "Name"] {
                tags.insert(key.to_owned(), text.clone());
            }
        }
        // Anybody may put our tags on what is not ours.
        let mut claimed = world.subnets[0].clone();
        claimed.id = format!("subnet-{text}");
        claimed.cidr = "10.0.9.0/24".into();
        let key = format!("subnet/{text}");
        claimed.tags.insert("killick:key".to_owned(), key);
        world.subnets.push(claimed);
        world.nat_gateways[0].state = "failed".into();
        world.nat_gateways[0].failure = Some(format!("Failed: {text}"));
        world.route_tables[2].routes[1].target = format!("eni-{text}");
        let rule = format!("tcp 443 sg-{}", text.replace(' ', "_"));
        let ours = world.security_groups.last_mut().unwrap();
        ours.egress.push(rule.parse().unwrap());
        let mut guest = world.functions[0].clone();
        guest.name = format!("guest-{text}");
        world.functions.push(guest);
        world.functions[0].reason = Some(text.clone());
        world.records[0]
            .former
            .subnets
            .insert(format!("subnet-{text}"));
        world.unreadable.push(Unreadable {
            part: Part::NatGateways,
            permission: "ec2:DescribeNatGateways".to_owned(),
            code: text.clone(),
            message: text.clone(),
            request_id: Some(text.clone()),
        });
    })
}

/// What is there is printed by every command that only reads.
fn printed(case: &Case) -> Vec<(&'static str, String)> {
    let world = &case.world();
    let report = DriftReport::of(world, 0);
    let caller = world.caller("killick", "killick.toml");
    // Where something could not be read there is no plan.
    let readable = &case.clone().but(|world| world.unreadable.clear()).world();
    let plan = readable.plan(Policy {
        prune: true,
        ..Policy::default()
    });
    let plan = plan.unwrap();
    let digest = readable.digest(Policy::default()).unwrap();
    let now = DriftReport::of(readable, 0);
    let beside = text::Beside {
        verbose: true,
        ..beside(readable, &now)
    };
    vec![
        ("drift", text::drift(world, &report, caller)),
        ("plan", text::plan(readable, &plan, beside)),
        ("destroy", text::destroy(readable, &plan, true)),
        (
            "errors",
            error_text(&Error::unchecked(&world.snapshot.unreadable)),
        ),
        ("drift --json", pretty(&json::drift(world, &report, caller))),
        (
            "plan --json",
            pretty(&json::plan(readable, &plan, &digest, beside)),
        ),
    ]
}

fn out() -> Rc<Out> {
    Rc::new(Out::captured())
}

#[test]
fn what_others_wrote_does_not_act() {
    let (hostile, plain) = (written(HOSTILE), written(PLAIN));
    for ((name, hostile), (_, plain)) in printed(&hostile).into_iter().zip(printed(&plain)) {
        assert!(
            name.ends_with("json") || hostile.contains("\\u{202e}"),
            "{name}: {hostile}"
        );
        assert_eq!(
            hostile
                .lines()
                .filter(|line| line.starts_with("ok: "))
                .count(),
            0,
            "{name}: {hostile}"
        );
        // Long text is broken between words, JSON never.
        if name.ends_with("json") {
            assert_eq!(hostile.lines().count(), plain.lines().count(), "{name}");
        } else {
            let text = anstream::adapter::strip_str(&hostile).to_string();
            assert!(
                !text.replace('\n', "").contains(is_hidden),
                "{name}: {text:?}"
            );
        }
        let out = out();
        out.data(&hostile);
        let shown = out.take().0.replace('\n', "");
        assert!(!shown.contains(is_hidden), "{name}: {shown:?}");
    }
}

#[test]
fn progress_of_an_apply_does_not_act() {
    let plan = Case::fresh().world().plan(Policy::default()).unwrap();
    let error = CloudError {
        service: "ec2",
        operation: "CreateNatGateway",
        code: HOSTILE.to_owned(),
        message: HOSTILE.to_owned(),
        request_id: Some(HOSTILE.to_owned()),
        class: killick_engine::Class::Fatal,
    };
    let step = || format!("create function/{HOSTILE}");
    for json in [false, true] {
        let out = out();
        let progress = Progress::new(Rc::clone(&out), json, &plan);
        for event in [
            Event::Started { step: step() },
            Event::Waiting {
                step: step(),
                reason: HOSTILE.to_owned(),
            },
            Event::Finished {
                step: step(),
                physical_id: Some(HOSTILE.to_owned()),
                seconds: 1.0,
            },
            Event::Failed {
                step: step(),
                error: (&error).into(),
            },
            Event::Skipped {
                step: step(),
                because: step(),
            },
        ] {
            progress.show(&event);
        }
        let (stdout, stderr) = out.take();
        assert_eq!(format!("{stdout}{stderr}").lines().count(), 5);
        for text in [stdout, stderr] {
            assert!(!text.replace('\n', "").contains(is_hidden), "{text:?}");
        }
    }
}

#[test]
fn a_spec_with_hidden_characters_is_shown_with_signs_in_their_place() {
    let case = Case::fresh().spec(
        "stack",
        "# \u{202e}\u{e0041}\u{200b} comment\nst\u{200b}ack",
    );
    let error = case.try_world(Wanted::Spec).unwrap_err();
    let out = out();
    out.error(&error);
    let text = out.take().1.replace('\n', "");
    assert!(!text.contains(is_hidden), "{text:?}");
    assert!(text.contains('\u{fffd}'), "{text}");
}
