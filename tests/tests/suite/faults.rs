//! AWS refuses, throttles, answers late, wrongly or not at all.

use killick_tests::{Output, Site, Spec};
use serde_json::{Value, json};

const APPLY: [&str; 2] = ["apply", "--yes"];

fn site_with(rules: &Value) -> Site {
    let site = Site::new(Spec::two_zones());
    site.server.faults(rules);
    site
}

#[track_caller]
fn says(output: &Output, words: &[&str]) {
    for word in words {
        assert!(
            output.stderr.contains(word),
            "{word:?} is missing\n{output}"
        );
    }
    assert!(!output.stderr.contains("panicked"), "{output}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_third_of_the_calls_throttled() {
    let site = site_with(&json!([{"kind": "throttle", "probability": 0.33, "seed": 1}]));
    site.apply();
    let calls = site.server.calls();
    let throttled = calls.iter().filter(|call| !call.acted).count();
    assert!(throttled > 5, "only {throttled} calls were throttled");
    site.in_sync().unwrap();
    site.killick.run(&["destroy", "--yes"]).code(0);
    assert_eq!(site.stack().addresses().len(), 2);
}

/// Every read fails twice at first and once more later: no more than a read is tried.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_stutter_of_the_servers_is_ridden_out() {
    let mut rules = Vec::new();
    for action in [
        "GetCallerIdentity",
        "DescribeVpcs",
        "DescribeVpcAttribute",
        "DescribeInternetGateways",
        "DescribeSubnets",
        "DescribeAddresses",
        "DescribeNatGateways",
        "DescribeRouteTables",
        "DescribeSecurityGroups",
        "ListFunctions",
        "GetFunctionConfiguration",
        "GetParametersByPath",
    ] {
        let error = json!({"kind": "error", "status": 500, "code": "InternalError", "count": 1});
        let before = json!({"kind": "cut_before", "count": 1});
        let after = json!({"kind": "cut_after", "skip": 4, "count": 1});
        for mut rule in [error, before, after] {
            rule["action"] = json!(action);
            rules.push(rule);
        }
    }
    let site = site_with(&json!(rules));
    site.apply();
    let calls = site.server.calls();
    let cut = calls.iter().filter(|call| call.status.is_none()).count();
    assert!(cut > 10, "only {cut} calls were cut");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn denied_reads_end_the_plan_and_name_the_permission() {
    let site = Site::deployed(Spec::two_zones());
    for (service, action) in [
        ("ec2", "DescribeVpcs"),
        ("ec2", "DescribeNatGateways"),
        ("ec2", "DescribeAddresses"),
        ("ec2", "DescribeRouteTables"),
        ("sts", "GetCallerIdentity"),
        ("lambda", "GetFunction*"),
    ] {
        site.server
            .faults(&json!([{"kind": "deny", "service": service, "action": action}]));
        let operation = action.trim_end_matches('*');
        let code = match service {
            "ec2" => "UnauthorizedOperation",
            "sts" => "AccessDenied",
            _ => "AccessDeniedException",
        };
        let permission = format!("{service}:{operation}");
        let output = site.killick.run(&["plan"]).code(1);
        says(&output, &[operation, code, &permission]);
        assert_eq!(output.stdout, "", "a plan was shown\n{output}");
        let output = site.killick.run(&APPLY).code(1);
        says(&output, &[operation, code, &permission]);
        assert_eq!(site.writes(), [""; 0]);
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_drift_cannot_read_is_not_in_sync() {
    let site = Site::deployed(Spec::two_zones());
    for action in [
        "DescribeNatGateways",
        "DescribeSecurityGroups",
        "ListFunctions",
    ] {
        site.server
            .faults(&json!([{"kind": "deny", "action": action}]));
        let output = site.killick.run(&["drift", "--json"]);
        assert_eq!(output.status, Some(3), "{action}: {output}");
        says(&output, &[action]);
        let drift = output.json();
        assert_eq!(drift["in_sync"], false, "{output}");
        assert_eq!(drift["findings"], json!([]), "{output}");
        assert_ne!(drift["coverage"]["unreadable"], json!([]), "{output}");
        site.killick.run(&["drift"]).code(3);
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_denied_write_fails_its_step_and_skips_only_what_needs_it() {
    for (action, service, kept) in [
        ("CreateNatGateway", "ec2", "route_table/public"),
        ("AllocateAddress", "ec2", "subnet/private-ap-northeast-1c"),
        (
            "UpdateFunctionConfiguration",
            "lambda",
            "nat_gateway/ap-northeast-1c",
        ),
    ] {
        let site = site_with(&json!([{"kind": "deny", "action": action}]));
        let output = site.killick.run(&APPLY).code(3);
        says(&output, &[action, &format!("{service}:{action}")]);
        let stack = site.stack();
        stack.id(kept);
        assert_eq!(
            site.aws.vpc_config("billing-sync"),
            (vec![], vec![]),
            "{action}"
        );
        site.server.clear_faults();
        site.apply();
        for (key, ids) in stack.ids() {
            assert_eq!(site.stack().ids()[key], *ids, "{key} was made again");
        }
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_quota_is_reported_as_aws_words_it() {
    let site = site_with(&json!([{
        "kind": "error", "action": "AllocateAddress", "code": "AddressLimitExceeded",
        "message": "The maximum number of addresses has been reached.",
    }]));
    let output = site.killick.run(&APPLY).code(3);
    says(
        &output,
        &[
            "AllocateAddress",
            "AddressLimitExceeded",
            "maximum number of addresses",
        ],
    );
}

/// One create with a client token and one without. The simulation loses the answer of every create, up to three times
/// (tests/simulation, `lost_answers.rs`), and of any other call in its random lives.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn an_answer_lost_after_the_create_makes_no_second() {
    for action in ["AllocateAddress", "CreateNatGateway"] {
        let site = site_with(&json!([{"kind": "cut_after", "action": action, "count": 1}]));
        site.apply();
        let world = site.aws.world();
        assert_eq!(world.of("elastic_ip").len(), 2, "{action}");
        assert_eq!(world.of("nat_gateway").len(), 2, "{action}");
        assert_eq!(world.of("internet_gateway").len(), 1, "{action}");
        assert_eq!(world.of("vpc").len(), 2, "{action}, with the default VPC");
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn an_answer_lost_after_another_write_does_no_harm() {
    for (kind, action) in [
        ("cut_before", "CreateRoute"),
        ("cut_after", "AssociateRouteTable"),
        ("cut_after", "UpdateFunctionConfiguration"),
    ] {
        let site = site_with(&json!([{"kind": kind, "action": action, "lock": false, "count": 1}]));
        let output = site.killick.run(&APPLY);
        // It may go on by itself or leave the step to the next run, but not claim what is not so.
        if output.status == Some(0) {
            site.aws
                .topology(&site.spec)
                .unwrap_or_else(|wrong| panic!("{kind} {action}: {wrong}"));
        } else {
            assert_eq!(output.status, Some(3), "{kind} {action}: {output}");
            says(&output, &[action]);
            site.apply();
        }
    }
}

/// A page that is not AWS parses as an answer without content: an empty account.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn nonsense_is_not_an_empty_account() {
    let pages = [
        "<html><body>It works!</body></html>",
        "{}",
        "",
        "<<<",
        "{\"Functions\": 7}",
    ];
    let site = Site::deployed(Spec::two_zones());
    let before = site.aws.world();
    // What every command makes of every page of every call would take minutes.
    let commands = [&["plan"][..], &["drift"], &APPLY, &["destroy", "--yes"]];
    for (service, action, pages, commands) in [
        ("ec2", "*", &pages[..1], &commands[..]),
        ("ec2", "*", &pages[1..], &commands[..1]),
        ("ec2", "DescribeVpcs", &pages[..1], &commands[2..3]),
        ("ec2", "DescribeAddresses", &pages[..1], &commands[2..3]),
        ("lambda", "*", &pages[..1], &commands[1..3]),
        ("lambda", "*", &pages[4..], &commands[..1]),
        ("sts", "*", &pages[..1], &commands[..1]),
    ] {
        for page in pages {
            let rule =
                json!({"kind": "nonsense", "service": service, "action": action, "body": page});
            site.server.faults(&json!([rule]));
            for args in commands {
                let output = site.killick.run(args);
                let partly = args[0] == "drift" && output.status == Some(3);
                assert!(
                    partly || output.status == Some(1),
                    "{service} {action} {page:?}: {output}"
                );
                assert!(!output.stderr.contains("panicked"), "{output}");
            }
        }
        assert_eq!(site.writes(), [""; 0], "{service} {action}");
        assert_eq!(before, site.aws.world());
    }
}

/// Writes that may be repeated: what must not be is looked up for minutes first,
/// which a test on a real clock cannot wait for.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_foreign_page_in_the_answer_to_a_write_is_not_success() {
    for action in ["CreateRoute", "UpdateFunctionConfiguration"] {
        let site = site_with(&json!([{"kind": "nonsense", "action": action, "count": 1}]));
        site.apply();
        let sent = site.writes().into_iter().filter(|call| *call == action);
        assert!(sent.count() > 1, "{action} was taken for done");
    }
}
