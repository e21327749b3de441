//! Stopped at any moment: the next run must find what the last one made, and make nothing twice.

use killick_tests::{Site, Spec};
use serde_json::json;

/// How many writing calls a run makes when nothing goes wrong.
fn writes_of(site: &Site, args: &[&str]) -> usize {
    site.server.reset_calls();
    site.killick.run(args).code(0);
    site.writes().len()
}

/// Kills `args` at writing call n; false if the run ended before it came so far.
fn kill_at(site: &Site, args: &[&str], n: usize, when: &str, freeze: bool) -> bool {
    let hang = json!([{"kind": "hang_at", "n": n, "when": when, "freeze": freeze}]);
    site.server.faults(&hang);
    let running = site.killick.spawn(args);
    let reached = site.server.wait_hung(60).is_some();
    running.kill();
    site.server.clear_faults();
    // Nobody waits here until the lock of the dead ends by itself.
    site.killick.run(&["unlock", "--yes"]).code(0);
    reached
}

/// Kills apply at a part of its writing calls, each time from an empty account. All parts together are
/// every second call for `after` and every fourth for `before`.
fn killed_apply_converges(when: &str, freeze: bool, part: usize) {
    let site = Site::new(Spec::two_zones());
    let total = writes_of(&site, &["apply", "--yes"]);
    assert!(
        total >= 15,
        "{total} writing calls are too few for two zones"
    );
    let every = if when == "after" { 2 } else { 4 };
    for n in (1..=total).step_by(every).skip(part).step_by(3) {
        site.restart();
        let reached = kill_at(&site, &["apply", "--yes"], n, when, freeze);
        assert!(reached, "call {n} of {total} was never made");
        let left = site.stack();
        let output = site.killick.run(&["apply", "--yes"]);
        let what =
            format!("killed {when} writing call {n} of {total}, which left {left:#?}\n{output}");
        assert_eq!(output.status, Some(0), "{what}");
        site.aws
            .topology(&site.spec)
            .unwrap_or_else(|wrong| panic!("{wrong}\n{what}"));
        assert_eq!(site.stack().addresses().len(), 2, "{what}");
        // What AWS gave without a tag would be missed above.
        let world = site.aws.world();
        for (kind, count) in [
            ("elastic_ip", 2),
            ("nat_gateway", 2),
            ("internet_gateway", 1),
            ("vpc", 2),
        ] {
            assert_eq!(world.of(kind).len(), count, "{kind}, {what}");
        }
        site.in_sync()
            .unwrap_or_else(|wrong| panic!("{wrong}\n{what}"));
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_after_a_write_0() {
    killed_apply_converges("after", true, 0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_after_a_write_1() {
    killed_apply_converges("after", true, 1);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_after_a_write_2() {
    killed_apply_converges("after", true, 2);
}

// Without the freeze the calls beside the killed one still take effect.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_before_a_write_0() {
    killed_apply_converges("before", false, 0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_before_a_write_1() {
    killed_apply_converges("before", false, 1);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_before_a_write_2() {
    killed_apply_converges("before", false, 2);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_killed_destroy_is_finished_by_the_next() {
    let destroy = ["destroy", "--yes"];
    let site = Site::deployed(Spec::two_zones());
    let total = writes_of(&site, &destroy);
    for n in (1..=total).step_by(4) {
        site.restart();
        site.apply();
        let addresses = site.stack().addresses().clone();
        assert!(
            kill_at(&site, &destroy, n, "after", true),
            "call {n} of {total} was never made"
        );
        site.killick.run(&destroy).code(0);
        let stack = site.stack();
        assert!(
            stack
                .keys()
                .iter()
                .all(|key| key.starts_with("elastic_ip/")),
            "{stack:#?}"
        );
        assert_eq!(
            *stack.addresses(),
            addresses,
            "killed at writing call {n} of {total}"
        );
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_killed_repair_is_finished_by_the_next() {
    let site = Site::deployed(Spec::two_zones());
    let addresses = site.stack().addresses().clone();
    for n in 1..=3 {
        for zone in site.spec.zone_names() {
            let nat = site.stack().id(&format!("nat_gateway/{zone}")).to_owned();
            site.aws
                .ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
        }
        kill_at(&site, &["apply", "--yes"], n, "after", true);
        site.apply();
        assert_eq!(
            *site.stack().addresses(),
            addresses,
            "killed at writing call {n}"
        );
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn ctrl_c_finishes_what_runs_and_starts_nothing_new() {
    let site = Site::new(Spec::two_zones());
    let total = writes_of(&site, &["apply", "--yes"]);
    for n in [1, total / 2] {
        site.restart();
        site.server
            .faults(&json!([{"kind": "hang_at", "n": n, "freeze": false}]));
        let running = site.killick.spawn(&["apply", "--yes"]);
        assert!(
            site.server.wait_hung(60).is_some(),
            "call {n} was never made"
        );
        running.interrupt();
        // The signal must have arrived before the call is let go.
        std::thread::sleep(std::time::Duration::from_millis(300));
        site.server.release(false);
        let output = running.wait().code(130);
        assert!(!output.stderr.is_empty(), "nothing was reported\n{output}");
        assert!(
            site.writes().len() < total,
            "the interrupted run did everything\n{output}"
        );
        site.apply();
        assert_eq!(site.stack().addresses().len(), 2);
    }
}
