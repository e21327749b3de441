//! One writer at a time: who comes second is told who is first, and what a dead run left is broken by hand.

use killick_tests::{Killick, Output, Running, Site, Spec};
use serde_json::{Value, json};

const APPLY: [&str; 2] = ["apply", "--yes"];
const LOCK: &str = "/killick/partner-egress/lock";

/// Who holds the lock, as it is written down.
fn holder(site: &Site) -> Option<Value> {
    let answer = site
        .aws
        .try_call("ssm", "get_parameter", json!({"Name": LOCK}));
    match answer {
        Ok(answer) => {
            let text = answer["Parameter"]["Value"].as_str().unwrap();
            let record: Value = serde_json::from_str(text).unwrap();
            // One that was given back says so, and stays.
            (record["expires"] != 0).then_some(record)
        }
        Err(error) => {
            assert_eq!(error.code, "ParameterNotFound");
            None
        }
    }
}

#[track_caller]
fn free(site: &Site, after: &Output) {
    assert_eq!(holder(site), None, "the lock is not given back\n{after}");
}

/// The calls about the lock since the log was emptied.
fn lock_calls(site: &Site) -> Vec<String> {
    let calls = site.server.calls().into_iter();
    let about = calls.filter(|call| call.lock);
    about.map(|call| call.action).collect()
}

/// Two runs of two people, as nearly at once as two processes can be.
fn two(site: &Site, args: &[&str]) -> [Output; 2] {
    let people =
        ["alice", "bob"].map(|who| Killick::new(&site.server, &site.spec).env("USER", who));
    let running: [Running; 2] = people.each_ref().map(|killick| killick.spawn(args));
    running.map(Running::wait)
}

/// The stack is there, and there once. One VPC is the account's own.
#[track_caller]
fn made_once(site: &Site) {
    site.aws.topology(&site.spec).unwrap();
    let world = site.aws.world();
    for (kind, count) in [
        ("vpc", 2),
        ("internet_gateway", 1),
        ("elastic_ip", 2),
        ("nat_gateway", 2),
    ] {
        assert_eq!(world.of(kind).len(), count, "{kind}");
    }
}

/// A run that holds the lock and hangs at its second write.
fn hanging(site: &Site) -> Running {
    site.server
        .faults(&json!([{"kind": "hang_at", "n": 2, "freeze": true}]));
    let running = site.killick.spawn(&APPLY);
    assert!(site.server.wait_hung(60).is_some(), "no second write came");
    running
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_second_of_two_is_refused_and_told_who_is_first() {
    let site = Site::new(Spec::two_zones());
    let both = two(&site, &APPLY);
    let [done, refused] = match both[0].status {
        Some(0) => both,
        _ => {
            let [one, other] = both;
            [other, one]
        }
    };
    let (done, refused) = (done.code(0), refused.code(4));
    for word in [
        "locked by",
        " on ",
        "apply",
        "nothing was written",
        "unlock",
    ] {
        assert!(refused.stderr.contains(word), "{word:?}\n{refused}");
    }
    let named = ["alice", "bob"]
        .iter()
        .filter(|who| refused.stderr.contains(**who));
    assert_eq!(named.count(), 1, "{refused}");
    made_once(&site);
    free(&site, &done);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_second_of_two_waits_when_told_to() {
    let site = Site::new(Spec::two_zones());
    let both = two(&site, &["apply", "--yes", "--lock-timeout", "2m"]);
    for output in both {
        let output = output.code(0);
        free(&site, &output);
    }
    made_once(&site);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_a_dead_run_holds_is_broken_by_hand() {
    let site = Site::new(Spec::two_zones());
    hanging(&site).kill();
    site.server.clear_faults();
    let left = holder(&site).expect("a lock that nobody gave back");
    site.server.reset_calls();
    let output = site.killick.run(&APPLY).code(4);
    let host = left["host"].as_str().unwrap();
    let process = left["process"].to_string();
    for word in [host, &process, "apply", "unlock"] {
        assert!(output.stderr.contains(word), "{word:?}\n{output}");
    }
    let output = site.killick.run(&["destroy", "--yes"]).code(4);
    assert!(output.stderr.contains(host), "{output}");
    assert_eq!(site.writes(), [""; 0]);

    // Reading goes on, and asks nobody.
    site.server.reset_calls();
    site.killick.run(&["plan"]).code(0);
    site.killick.run(&["drift"]).code(2);
    site.killick.run(&["ips"]).code(0);
    assert_eq!(lock_calls(&site), [""; 0]);

    let output = site.killick.run(&["unlock"]).code(1);
    assert!(output.stderr.contains("--yes"), "{output}");
    assert_eq!(holder(&site), Some(left.clone()));
    let output = site.killick.run(&["unlock", "--yes"]).code(0);
    assert!(output.stdout.contains(host), "{output}");
    free(&site, &output);
    let output = site.killick.run(&["unlock", "--yes"]).code(0);
    assert!(output.stdout.contains("not locked"), "{output}");
    site.apply();
    made_once(&site);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_lock_that_may_not_be_taken_is_a_warning() {
    let site = Site::new(Spec::two_zones());
    let denied = json!([{"kind": "deny", "action": "PutParameter", "lock": true}]);
    site.server.faults(&denied);
    let output = site
        .killick
        .run(&["apply", "--yes", "--require-lock"])
        .code(1);
    assert!(output.stderr.contains("ssm:PutParameter"), "{output}");
    assert_eq!(site.writes(), [""; 0]);
    let output = site.apply();
    for word in ["warning", "ssm:PutParameter"] {
        assert!(output.stderr.contains(word), "{word:?}\n{output}");
    }
    site.server.clear_faults();
    let output = site.apply();
    assert!(!output.stderr.contains("warning"), "{output}");
    site.killick
        .run(&["apply", "--yes", "--require-lock"])
        .code(0);
}

/// The policies of a version that knew neither locks nor records.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn without_any_right_to_ssm_the_main_job_is_done_and_what_was_not_seen_is_told() {
    let site = Site::new(Spec::two_zones());
    site.server
        .faults(&json!([{"kind": "deny", "service": "ssm"}]));
    // Every step took effect, and which functions once were the stack's is not known.
    let output = site.killick.run(&["apply", "--yes"]).code(3);
    assert!(output.stderr.contains("ssm:PutParameter"), "{output}");
    assert!(output.stderr.contains("not proven"), "{output}");
    let drift = site.killick.run(&["drift"]).code(3);
    assert!(drift.stderr.contains("ssm:GetParametersByPath"), "{drift}");
    // What is in somebody else's VPC stays there as long as nobody can write down that it was.
    let theirs = site.aws.create_brought(20);
    let group = vec![theirs.group.clone()];
    site.aws
        .set_vpc_config("billing-sync", &theirs.private, &group);
    let output = site
        .killick
        .run(&["apply", "--yes", "--move-functions"])
        .code(4);
    assert!(
        output.stderr.contains("ssm:GetParametersByPath"),
        "{output}"
    );
    let mut kept = theirs.private.to_vec();
    kept.sort();
    assert_eq!(site.aws.vpc_config("billing-sync"), (kept, group));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_lock_is_given_back_however_a_run_ends() {
    let site = Site::new(Spec::two_zones());
    // Stopped by a person.
    site.server
        .faults(&json!([{"kind": "hang_at", "n": 2, "freeze": false}]));
    let running = site.killick.spawn(&APPLY);
    assert!(site.server.wait_hung(60).is_some(), "no second write came");
    assert!(holder(&site).is_some(), "a run without a lock");
    running.interrupt();
    // The signal must have arrived before the call is let go.
    std::thread::sleep(std::time::Duration::from_millis(300));
    site.server.release(false);
    free(&site, &running.wait().code(130));
    // Failed half-way.
    site.server
        .faults(&json!([{"kind": "deny", "action": "CreateNatGateway"}]));
    free(&site, &site.killick.run(&APPLY).code(3));
    // Refused before the first step.
    site.server
        .faults(&json!([{"kind": "deny", "action": "DescribeVpcs"}]));
    free(&site, &site.killick.run(&APPLY).code(1));
    site.server.clear_faults();
    // Done, done already, and gone.
    free(&site, &site.apply());
    free(&site, &site.apply());
    free(&site, &site.killick.run(&["destroy", "--yes"]).code(0));
}
