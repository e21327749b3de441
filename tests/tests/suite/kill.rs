//! Stopped in the middle: the next run must find what the last one made, and make nothing twice. A handful of
//! calls on an emulator of others, as a second opinion: the simulation kills `apply`, `destroy` and repairs before and
//! after every single call (tests/simulation: `kills.rs`, `swap.rs`, `functions.rs`, `moved.rs`, `brought.rs`).

use killick_tests::{Site, Spec};
use serde_json::json;

/// How many writing calls a run makes when nothing goes wrong.
fn writes_of(site: &Site, args: &[&str]) -> usize {
    site.server.reset_calls();
    site.killick.run(args).code(0);
    site.writes().len()
}

/// Kills `args` at the n-th call of an action.
fn kill_at(site: &Site, args: &[&str], (action, n): (&str, usize), when: &str, freeze: bool) {
    let hang = json!([
        {"kind": "hang_at", "action": action, "n": n, "when": when, "freeze": freeze},
    ]);
    site.server.faults(&hang);
    let running = site.killick.spawn(args);
    let reached = site.server.wait_hung(60);
    running.kill();
    site.server.clear_faults();
    assert_eq!(reached.as_deref(), Some(action), "call {n} was never made");
    // Nobody waits here until the lock of the dead ends by itself.
    site.killick.run(&["unlock", "--yes"]).code(0);
}

/// Kills apply at each of these calls, each time from an empty account.
fn killed_apply_converges(when: &str, freeze: bool, calls: &[(&str, usize)]) {
    let site = Site::new(Spec::two_zones());
    for &call in calls {
        site.restart();
        kill_at(&site, &["apply", "--yes"], call, when, freeze);
        let left = site.stack();
        let output = site.killick.run(&["apply", "--yes"]);
        let what = format!("killed {when} {call:?}, which left {left:#?}\n{output}");
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

/// What must not be made twice: known again by its tags, by a client token, by its place.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_after_a_write() {
    let calls = [
        ("AllocateAddress", 2),
        ("CreateNatGateway", 1),
        ("AssociateRouteTable", 1),
        ("UpdateFunctionConfiguration", 1),
    ];
    killed_apply_converges("after", true, &calls);
}

/// Without the freeze the calls beside the killed one still take effect.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn killed_before_a_write() {
    let calls = [("CreateSubnet", 2), ("CreateNatGateway", 2)];
    killed_apply_converges("before", false, &calls);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_killed_destroy_is_finished_by_the_next() {
    let destroy = ["destroy", "--yes"];
    let site = Site::new(Spec::two_zones());
    for call in [("DeleteNatGateway", 1), ("DeleteSubnet", 1)] {
        site.restart();
        site.apply();
        let addresses = site.stack().addresses().clone();
        kill_at(&site, &destroy, call, "after", true);
        site.killick.run(&destroy).code(0);
        let stack = site.stack();
        assert!(
            stack
                .keys()
                .iter()
                .all(|key| key.starts_with("elastic_ip/")),
            "{stack:#?}"
        );
        assert_eq!(*stack.addresses(), addresses, "killed at {call:?}");
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_killed_repair_is_finished_by_the_next() {
    let site = Site::deployed(Spec::two_zones());
    let addresses = site.stack().addresses().clone();
    for zone in site.spec.zone_names() {
        let nat = site.stack().id(&format!("nat_gateway/{zone}")).to_owned();
        site.aws
            .ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
    }
    let call = ("CreateNatGateway", 1);
    kill_at(&site, &["apply", "--yes"], call, "after", true);
    site.apply();
    assert_eq!(*site.stack().addresses(), addresses);
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
