//! What must not be read is said, with the permission that it takes, and is never taken for in sync.

use killick_tests::{Site, Spec, finding};
use serde_json::{Value, json};

/// Calls that only a report makes: service, action, what is unreadable without it.
const EXTRA: [(&str, &str, &str); 8] = [
    ("ec2", "DescribeAddressTransfers", "elastic_ip.transfer"),
    ("ec2", "DescribeDhcpOptions", "vpc.dhcp_options"),
    ("ec2", "DescribePrefixLists", "vpc.prefix_lists"),
    ("ec2", "DescribeNetworkAcls", "subnet.network_acl"),
    ("ec2", "DescribeVpcEndpoints", "vpc.endpoints"),
    ("iam", "SimulatePrincipalPolicy", "function.role"),
    ("lambda", "ListVersionsByFunction", "function.versions"),
    ("lambda", "ListAliases", "function.versions"),
];

/// One change that no extra call is needed for, and a version, so that its aliases are asked for.
fn tampered() -> Site {
    let site = Site::deployed(Spec::two_zones());
    site.aws
        .lambda("publish_version", json!({"FunctionName": "billing-sync"}));
    let table = site
        .stack()
        .id("route_table/private-ap-northeast-1a")
        .to_owned();
    let args = json!({"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"});
    site.aws.ec2("delete_route", args);
    site
}

fn unreadable(drift: &Value) -> Vec<(&str, &str)> {
    let all = drift["coverage"]["unreadable"].as_array().unwrap().iter();
    all.map(|one| {
        (
            one["what"].as_str().unwrap(),
            one["permission"].as_str().unwrap(),
        )
    })
    .collect()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn each_denied_read_is_named_and_the_rest_is_found() {
    let site = tampered();
    let whole = site.drift(2).unwrap();
    for (service, action, what) in EXTRA {
        site.server
            .faults(&json!([{"kind": "deny", "service": service, "action": action}]));
        let drift = site.drift(3).unwrap();
        let permission = format!("{service}:{action}");
        assert_eq!(
            unreadable(&drift),
            [(what, permission.as_str())],
            "{drift:#}"
        );
        assert_eq!(drift["in_sync"], false, "{permission}");
        assert_eq!(drift["findings"], whole["findings"], "{permission}");
        let shown = site.killick.run(&["drift"]).code(3);
        assert!(shown.stderr.contains(&permission), "{shown}");
        assert!(shown.stderr.contains("hint:"), "{shown}");
    }
}

/// Neither a flag nor a format makes an exit code of it that a script could take for in sync.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn unread_is_never_in_sync() {
    let site = Site::deployed(Spec::two_zones());
    for (service, action, _) in EXTRA {
        if action == "ListAliases" {
            // It is asked of functions with versions only.
            continue;
        }
        site.server
            .faults(&json!([{"kind": "deny", "service": service, "action": action}]));
        for args in [
            &["drift", "--fail-on", "critical"][..],
            &["drift", "--format", "junit"],
            &["drift", "--format", "markdown"],
            &["watch", "--once", "--state", "watch.json"],
        ] {
            let output = site.killick.run(args);
            assert_eq!(output.status, Some(3), "{action}: {output}");
        }
    }
}

/// What the call is not there for in an old region or an emulator is no less unread than what is denied.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_aws_does_not_know_is_unread_too() {
    let site = tampered();
    let rules: Vec<Value> = EXTRA
        .iter()
        .map(|(service, action, _)| {
            json!({"kind": "error", "service": service, "action": action,
                "code": "InvalidAction", "message": "The action is not valid for this web service."})
        })
        .collect();
    site.server.faults(&json!(rules));
    let drift = site.drift(3).unwrap();
    let named: Vec<&str> = unreadable(&drift).iter().map(|(what, _)| *what).collect();
    for (_, action, what) in EXTRA
        .iter()
        .filter(|(_, action, _)| *action != "ListAliases")
    {
        assert!(named.contains(what), "{action}: {drift:#}");
    }
    let key = "route_table/private-ap-northeast-1a";
    assert!(
        finding(&drift, key, "routes.0.0.0.0/0").is_some(),
        "{drift:#}"
    );
}

/// A difference that only a denied call shows is not reported, and nothing else is said in its place.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_hidden_makes_no_findings() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let vpc = stack.id("vpc/main");
    site.aws
        .deny_subnet(vpc, stack.id("subnet/private-ap-northeast-1a"));
    site.aws.withhold_interfaces();
    let allocation = stack.id("elastic_ip/ap-northeast-1a");
    let offer = json!({"AllocationId": allocation, "TransferAccountId": "111122223333"});
    site.aws.ec2("enable_address_transfer", offer);
    let whole = site.drift(2).unwrap();
    assert_eq!(whole["findings"].as_array().unwrap().len(), 3, "{whole:#}");
    for (action, key) in [
        ("DescribeNetworkAcls", "subnet/private-ap-northeast-1a"),
        ("SimulatePrincipalPolicy", "function/billing-sync"),
        ("DescribeAddressTransfers", "elastic_ip/ap-northeast-1a"),
    ] {
        site.server
            .faults(&json!([{"kind": "deny", "action": action}]));
        let drift = site.drift(3).unwrap();
        let findings = drift["findings"].as_array().unwrap();
        let keys: Vec<&Value> = findings.iter().map(|one| &one["key"]).collect();
        assert_eq!(keys.len(), 2, "{action}: {drift:#}");
        assert!(!keys.contains(&&json!(key)), "{action}: {drift:#}");
    }
}

/// What a way out depends on must be known; what it does not depend on is named all the same.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_proof_does_not_guess() {
    let site = Site::deployed(Spec::two_zones());
    for action in ["DescribeNetworkAcls", "ListVersionsByFunction"] {
        site.server
            .faults(&json!([{"kind": "deny", "action": action}]));
        let output = site.killick.run(&["prove"]).code(3);
        assert!(output.stderr.contains(action), "{output}");
        let proof = site.killick.run(&["prove", "--json"]).code(3).json();
        assert_ne!(proof["unreadable"], json!([]), "{proof:#}");
    }
    for action in ["DescribeVpcEndpoints", "DescribeDhcpOptions"] {
        site.server
            .faults(&json!([{"kind": "deny", "action": action}]));
        let proof = site.killick.run(&["prove", "--json"]).code(0).json();
        assert_eq!(proof["proven"], true, "{proof:#}");
        assert_ne!(proof["unreadable"], json!([]), "{proof:#}");
    }
}

/// Exit code 0 and an error do not go together.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_proof_that_holds_is_no_error() {
    let site = Site::deployed(Spec::two_zones());
    site.server
        .faults(&json!([{"kind": "deny", "action": "DescribeVpcEndpoints"}]));
    let output = site.killick.run(&["prove"]).code(0);
    assert!(!output.stderr.contains("error:"), "{output}");
    assert!(output.stderr.contains("DescribeVpcEndpoints"), "{output}");
}
