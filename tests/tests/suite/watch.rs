//! The watch: whoever listens is told once what opens and once what ends, whatever dies in between.

mod process;

use std::net::TcpListener;

use killick_tests::{Answer, Delivery, Hook, Output, Site, Spec};
use serde_json::{Value, json};

pub(crate) const STATE: &str = "watch.json";

pub(crate) fn look(site: &Site, hook: &Hook, code: i32) -> Output {
    site.server.reset_calls();
    let url = hook.url();
    let output = site.killick.run(&once(&url)).code(code);
    assert_eq!(site.writes(), [""; 0], "{output}");
    assert!(!output.stderr.contains("secret-path"), "{output}");
    assert!(!output.stdout.contains("secret-path"), "{output}");
    output
}

fn once(url: &str) -> [&str; 6] {
    ["watch", "--once", "--state", STATE, "--webhook", url]
}

/// What was told, as (what became of it, the finding's key).
fn told(delivery: &Delivery) -> Vec<(&str, &str)> {
    let all = delivery.body["transitions"].as_array().unwrap().iter();
    all.map(|one| {
        (
            one["change"].as_str().unwrap(),
            one["finding"]["key"].as_str().unwrap(),
        )
    })
    .collect()
}

const KEY: &str = "function/billing-sync";

pub(crate) fn break_it(site: &Site) {
    site.aws.set_vpc_config("billing-sync", &[], &[]);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn each_change_is_told_once() {
    let (site, hook) = (Site::deployed(Spec::two_zones()), Hook::start());
    let output = look(&site, &hook, 0);
    let line = &output.events()[0];
    assert_eq!(
        (&line["result"], &line["stack"]),
        (&json!("in_sync"), &json!("partner-egress"))
    );
    assert_eq!(hook.take().len(), 0, "nothing to tell");

    break_it(&site);
    let output = look(&site, &hook, 2);
    let line = &output.events()[0];
    assert_eq!(line["result"], "drift", "{output}");
    assert_eq!(line["findings"]["critical"], 1, "{output}");
    let opened = hook.take();
    assert_eq!(opened.len(), 1, "{opened:#?}");
    assert_eq!(told(&opened[0]), [("opened", KEY)]);
    let body = &opened[0].body;
    assert_eq!(
        body["id"],
        opened[0].key.as_str(),
        "the header and the body differ"
    );
    assert_eq!(
        (
            &body["stack"],
            &body["account"],
            &body["region"],
            &body["format"]
        ),
        (
            &json!("partner-egress"),
            &json!("123456789012"),
            &json!("ap-northeast-1"),
            &json!(1)
        )
    );
    let finding = &body["transitions"][0]["finding"];
    assert_eq!(line["opened"], json!([finding["id"]]));
    assert_eq!(finding["id"], site.drift(2).unwrap()["findings"][0]["id"]);
    assert!(!finding["effect"].as_str().unwrap().is_empty());

    for _ in 0..2 {
        look(&site, &hook, 2);
        assert_eq!(hook.take().len(), 0, "nothing has changed");
    }

    site.killick.run(&["apply", "--yes"]).code(0);
    look(&site, &hook, 0);
    let resolved = hook.take();
    assert_eq!(resolved.len(), 1, "{resolved:#?}");
    assert_eq!(told(&resolved[0]), [("resolved", KEY)]);
    assert_ne!(resolved[0].key, opened[0].key);
    look(&site, &hook, 0);
    assert_eq!(hook.take().len(), 0, "nothing has changed");
}

/// What cannot be seen is not resolved.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_hidden_stays_open() {
    let (site, hook) = (Site::deployed(Spec::two_zones()), Hook::start());
    site.aws.withhold_interfaces();
    look(&site, &hook, 2);
    assert_eq!(told(&hook.take()[0]), [("opened", KEY)]);
    site.server
        .faults(&json!([{"kind": "deny", "action": "SimulatePrincipalPolicy"}]));
    let output = look(&site, &hook, 3);
    assert_eq!(output.events()[0]["unseen"], 1, "{output}");
    assert_eq!(hook.take().len(), 0, "it was taken for resolved");
    site.server.clear_faults();
    look(&site, &hook, 2);
    assert_eq!(hook.take().len(), 0, "it was told again");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_refused_is_told_by_the_next_run_under_the_same_id() {
    let (site, hook) = (Site::deployed(Spec::two_zones()), Hook::start());
    break_it(&site);
    hook.answers(Answer::Status(500));
    let output = look(&site, &hook, 2);
    assert!(output.stderr.contains(STATE), "{output}");
    let refused = hook.take();
    assert!(refused.len() > 1, "it was not tried again");
    hook.answers(Answer::Status(200));
    look(&site, &hook, 2);
    let taken = hook.take();
    assert_eq!(taken.len(), 1, "{taken:#?}");
    assert_eq!(told(&taken[0]), [("opened", KEY)]);
    for one in &refused {
        assert_eq!(one.key, taken[0].key, "it came under another id");
    }
    look(&site, &hook, 2);
    assert_eq!(hook.take().len(), 0, "it was told twice");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_between_look_and_delivery_nothing_is_lost_or_told_anew() {
    let (site, hook) = (Site::deployed(Spec::two_zones()), Hook::start());
    break_it(&site);
    hook.answers(Answer::Silence);
    let url = hook.url();
    let running = site.killick.spawn(&once(&url));
    hook.wait();
    running.kill();
    let before = hook.take();
    hook.answers(Answer::Status(204));
    // It may have arrived or not: it is told again, and the receiver knows it by its id.
    look(&site, &hook, 2);
    let after = hook.take();
    assert_eq!(after.len(), 1, "{after:#?}");
    assert_eq!(after[0].key, before[0].key);
    assert_eq!(after[0].body, before[0].body);
    look(&site, &hook, 2);
    assert_eq!(hook.take().len(), 0, "it was told twice");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_broken_state_file_is_said_and_moved_aside() {
    let (site, hook) = (Site::deployed(Spec::two_zones()), Hook::start());
    break_it(&site);
    look(&site, &hook, 2);
    let first = hook.take();
    for broken in ["{\"version\": 1", "", "{\"version\": 99}"] {
        site.killick.write(STATE, broken);
        let output = look(&site, &hook, 2);
        let notes = output.events()[0]["notes"].to_string();
        assert!(notes.contains("watch.json.corrupt"), "{output}");
        let aside = site.killick.dir().join("watch.json.corrupt");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), broken);
        let again = hook.take();
        assert_eq!(
            told(&again[0]),
            [("opened", KEY)],
            "every open finding counts as new"
        );
        assert_ne!(again[0].key, first[0].key, "a receiver would drop it");
    }
    look(&site, &hook, 2);
    assert_eq!(hook.take().len(), 0, "it was told twice");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_command_gets_what_a_webhook_gets() {
    let site = Site::deployed(Spec::two_zones());
    break_it(&site);
    let args = [
        "watch",
        "--once",
        "--state",
        STATE,
        "--exec",
        "cat >> told.json; echo >> told.json",
    ];
    for _ in 0..2 {
        site.killick.run(&args).code(2);
    }
    let text = std::fs::read_to_string(site.killick.dir().join("told.json")).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!(lines[0]["transitions"][0]["change"], "opened", "{text}");
    assert_eq!(lines[0]["transitions"][0]["finding"]["key"], KEY, "{text}");
}

/// Several specs in one state file do not mix, and the worst of them makes the exit code.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn several_specs_at_once() {
    let (site, hook) = (Site::deployed(Spec::two_zones()), Hook::start());
    let other = Spec {
        stack: "second".into(),
        functions: vec!["mailer".into()],
        net: 7,
        ..Spec::two_zones()
    };
    site.aws.create_function("mailer");
    site.killick.write("second.toml", other.to_toml());
    site.killick.run(&["apply", "--yes", "second.toml"]).code(0);
    break_it(&site);
    let url = hook.url();
    let args = [&once(&url)[..], &["killick.toml", "second.toml"]].concat();
    let output = site.killick.run(&args).code(2);
    let results: Vec<_> = output
        .events()
        .iter()
        .map(|line| line["result"].clone())
        .collect();
    assert_eq!(results, ["drift", "in_sync"], "{output}");
    assert_eq!(hook.take().len(), 1);
    site.killick.run(&args).code(2);
    assert_eq!(hook.take().len(), 0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_cannot_be_watched_is_said_at_once() {
    let site = Site::new(Spec::two_zones());
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    site.killick.write("broken.toml", "stack = ");
    for args in [
        &["watch", "--once", "broken.toml"][..],
        &[
            "watch",
            "--once",
            "--state",
            STATE,
            "killick.toml",
            "killick.toml",
        ],
        &["watch", "--every", "29s"],
        &["watch", "--every", "soon"],
        &["watch", "--state", STATE, "--metrics", &address],
        &[
            "watch",
            "--once",
            "--state",
            STATE,
            "--webhook",
            "ftp://127.0.0.1/secret-path",
        ],
    ] {
        let output = site.killick.run(args).code(1);
        assert!(output.stderr.contains("error"), "{output}");
        assert!(!output.stderr.contains("secret-path"), "{output}");
    }
    assert_eq!(site.server.calls().len(), 0);
}
