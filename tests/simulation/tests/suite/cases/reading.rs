//! What drift reads: how often it asks, and what becomes of a refusal.

use killick_sim::{Fault, Rule};
use killick_simulation::report::Finding;
use killick_simulation::{Stage, live};

use super::base;

/// Each read that a plan does without: the action, how its part is called, and
/// a case that only it shows.
const READS: [(&str, &str, &str); 8] = [
    ("DescribeNetworkAcls", "subnet.network_acl", "deny-subnet"),
    ("DescribeDhcpOptions", "vpc.dhcp_options", "custom-dns"),
    ("DescribeVpcEndpoints", "vpc.endpoints", "add-s3-endpoint"),
    ("DescribePrefixLists", "vpc.prefix_lists", ""),
    (
        "DescribeAddressTransfers",
        "elastic_ip.transfer",
        "transfer-address",
    ),
    (
        "SimulatePrincipalPolicy",
        "function.role",
        "detach-role-policy",
    ),
    ("ListVersionsByFunction", "function.versions", ""),
    ("ListFunctions", "function.others", ""),
];

fn denied(action: &str) -> Rule {
    Rule::always(action, Fault::Deny)
}

#[test]
fn each_read_may_be_refused_without_losing_the_rest() {
    let (base, spec) = base(true, &[0]);
    for (action, part, case) in READS {
        live(async {
            let mut stage = Stage::from(&base, 1);
            stage.tamper("map-public-addresses");
            stage.line.with(|sim, _| sim.faults.add(denied(action)));
            let report = stage.drift(&spec).await;
            assert_eq!(report.code, 3, "{action}");
            assert_eq!(report.unreadable, [part], "{action}");
            let keys: Vec<&str> = report.findings.iter().map(|one| one.key.as_str()).collect();
            assert_eq!(keys, ["subnet/private-us-east-1a"], "{action}");
        });
        // What it alone shows is neither told nor denied.
        live(async {
            let mut stage = Stage::from(&base, 1);
            if !case.is_empty() {
                stage.tamper(case);
                stage.wait(60).await;
            }
            stage.line.with(|sim, _| sim.faults.add(denied(action)));
            let report = stage.drift(&spec).await;
            // The routes to an endpoint are there for all to see.
            let seen = |one: &&Finding| !one.field.starts_with("way");
            let found: Vec<&Finding> = report.findings.iter().filter(seen).collect();
            assert_eq!((report.code, found.len()), (3, 0), "{case}: {found:#?}");
        });
    }
}

#[test]
fn what_is_not_read_is_not_proven() {
    let (base, spec) = base(true, &[0]);
    for (action, _, _) in READS {
        live(async {
            let mut stage = Stage::from(&base, 1);
            stage.line.with(|sim, _| sim.faults.add(denied(action)));
            let ran = stage.run("prove", &spec).await;
            // These have no part in a way.
            let idle = matches!(
                action,
                "DescribeDhcpOptions"
                    | "DescribeVpcEndpoints"
                    | "DescribePrefixLists"
                    | "DescribeAddressTransfers"
                    | "SimulatePrincipalPolicy"
            );
            let code = if idle { 0 } else { 3 };
            assert_eq!(
                ran.code,
                Some(code),
                "{action}: {}{}",
                ran.stdout,
                ran.stderr
            );
        });
    }
}

/// Whatever speaks of egress reads the same, and no more.
#[test]
fn two_zones_take_at_most_twenty_five_calls_in_two_waves() {
    let (base, spec) = base(true, &[0]);
    for command in ["drift", "prove", "plan"] {
        live(async {
            let mut stage = Stage::from(&base, 1);
            let ran = stage.run(command, &spec).await.ends(0);
            let calls: Vec<&str> = ran.calls.iter().map(|call| call.action.as_str()).collect();
            assert!(calls.len() <= 25, "{command} {}: {calls:?}", calls.len());
            assert!(!ran.calls.iter().any(killick_sim::Call::writes));
            // Whatever an answer takes, a wave takes as long as one.
            stage
                .line
                .with(|sim, _| sim.faults.add(Rule::always("*", Fault::Slow(10_000))));
            let ran = stage.run(command, &spec).await.ends(0);
            let first = ran.calls.first().map_or(0, |call| call.at);
            let last = ran.calls.last().map_or(0, |call| call.at);
            assert!(last - first < 20_000, "{command}: {} ms", last - first);
        });
    }
}

/// A read that only decides about egress, and is denied: `apply` does its work,
/// says what it did not look at, and claims no proof.
#[test]
fn what_apply_could_not_look_at_is_said_and_proves_nothing() {
    let (base, spec) = base(true, &[0]);
    for action in [
        "DescribeNetworkAcls",
        "ListFunctions",
        "ListVersionsByFunction",
    ] {
        live(async {
            let mut stage = Stage::from(&base, 1);
            stage.tamper("delete-default-route");
            stage.line.with(|sim, _| sim.faults.add(denied(action)));
            let plan = stage.run("plan", &spec).await.ends(0);
            assert!(
                plan.stderr.contains("not looked at"),
                "{action}: {}",
                plan.stderr
            );
            let ran = stage.run("apply --yes", &spec).await.ends(3);
            assert!(!ran.wrote().is_empty(), "{action}");
            assert!(
                ran.stderr.contains("not proven"),
                "{action}: {}",
                ran.stderr
            );
            assert!(ran.stderr.contains(action), "{action}: {}", ran.stderr);
            stage.line.with(|sim, _| sim.faults.clear());
            stage.run("apply --yes", &spec).await.ends(0);
        });
    }
}

/// AWS shows a new VPC config at once and moves the function later, or not at
/// all.
#[test]
fn a_function_in_the_middle_of_an_update_is_not_proven() {
    let (base, spec) = base(true, &[0]);
    live(async {
        let mut stage = Stage::from(&base, 1);
        let config = stage.place(|place| {
            let function = place.functions.get("f0").expect("the function");
            function.latest.vpc_config.clone().expect("a VPC config")
        });
        stage.tamper("detach-function");
        stage.wait(600).await;
        // Another client puts the config back, and its update has not ended.
        let subnets: Vec<&str> = config.subnets.iter().map(String::as_str).collect();
        let groups: Vec<&str> = config.security_groups.iter().map(String::as_str).collect();
        stage.hand(|hand| hand.connect("f0", &subnets, &groups));
        for command in ["prove", "drift"] {
            let ran = stage.run(command, &spec).await.ends(3);
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert!(
                told.contains("an update is in progress"),
                "{command}: {told}"
            );
        }
        for format in ["markdown", "junit", "sarif", "html"] {
            let command = format!("drift --format {format}");
            let ran = stage.run(&command, &spec).await.ends(3);
            assert!(
                ran.stdout.contains("an update is in progress"),
                "{format}: {}",
                ran.stdout
            );
            assert!(!ran.stdout.contains("In sync"), "{format}: {}", ran.stdout);
        }
        // Apply waits for it.
        let ran = stage.run("apply --yes", &spec).await.ends(0);
        assert!(ran.stderr.contains("wait"), "{}", ran.stderr);
        stage.run("prove", &spec).await.ends(0);
    });
}
