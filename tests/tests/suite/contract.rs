//! What scripts rely on: the shape of the JSON, the exit codes, and which calls are made.

use std::collections::BTreeSet;

use killick_tests::{Site, Spec, step_ids};
use serde_json::{Value, json};

fn fields(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("not an object: {value}"))
        .keys()
        .map(String::as_str)
        .collect()
}

#[track_caller]
fn has(value: &Value, wanted: &[&str]) {
    assert_eq!(fields(value), wanted.iter().copied().collect(), "{value:#}");
}

#[track_caller]
fn header(value: &Value) {
    assert_eq!(value["format"], 1, "{value:#}");
    assert_eq!(value["stack"], "partner-egress", "{value:#}");
    assert_eq!(value["account"], "123456789012", "{value:#}");
    assert_eq!(value["region"], "ap-northeast-1", "{value:#}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn plan_json() {
    let site = Site::new(Spec::two_zones());
    let plan = site.plan();
    header(&plan);
    has(
        &plan,
        &[
            "format",
            "stack",
            "account",
            "region",
            "digest",
            "steps",
            "summary",
            "addresses",
            "proven",
        ],
    );
    let steps = plan["steps"].as_array().unwrap();
    let mut earlier = BTreeSet::new();
    for step in steps {
        has(
            step,
            &[
                "id",
                "action",
                "key",
                "physical_id",
                "reasons",
                "after",
                "note",
            ],
        );
        let action = step["action"].as_str().unwrap();
        assert!(
            ["create", "update", "release", "delete"].contains(&action),
            "{step}"
        );
        assert_eq!(
            step["id"],
            format!("{action} {}", step["key"].as_str().unwrap())
        );
        for reason in step["reasons"].as_array().unwrap() {
            has(reason, &["field", "live", "desired"]);
        }
        for after in step["after"].as_array().unwrap() {
            assert!(
                earlier.contains(after.as_str().unwrap()),
                "{after} does not come before {step}"
            );
        }
        assert!(
            earlier.insert(step["id"].as_str().unwrap()),
            "{} comes twice",
            step["id"]
        );
    }
    let count = |action: &str| steps.iter().filter(|step| step["action"] == action).count();
    for action in ["create", "update", "delete"] {
        assert_eq!(plan["summary"][action], count(action), "{action}");
    }
    assert_eq!(
        plan["addresses"],
        json!({"now": [], "then": [null, null], "changes": false})
    );
    let again = site.plan();
    assert_eq!(plan["digest"], again["digest"]);
    assert_eq!(step_ids(&plan), step_ids(&again), "the order is not stable");

    site.apply();
    let plan = site.plan();
    assert_eq!(plan["steps"], json!([]));
    assert_eq!(
        plan["summary"],
        json!({"create": 0, "update": 0, "delete": 0})
    );
    let ips: BTreeSet<String> = site.stack().addresses().values().cloned().collect();
    let (now, then) = (&plan["addresses"]["now"], &plan["addresses"]["then"]);
    assert_eq!(now, then);
    let shown = now
        .as_array()
        .unwrap()
        .iter()
        .map(|ip| ip.as_str().unwrap().to_owned());
    assert_eq!(shown.collect::<BTreeSet<_>>(), ips);
    assert_eq!(plan["addresses"]["changes"], false);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn drift_json() {
    let site = Site::deployed(Spec::two_zones());
    let drift = site.drift(0).unwrap();
    header(&drift);
    has(
        &drift,
        &[
            "format", "stack", "account", "region", "in_sync", "findings", "coverage",
        ],
    );
    assert_eq!(
        (&drift["in_sync"], &drift["findings"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(drift["coverage"]["unreadable"], json!([]));
    assert!(
        drift["coverage"]["checked"].as_u64().unwrap() > 20,
        "{drift:#}"
    );

    let (stack, key) = (site.stack(), "route_table/private-ap-northeast-1a");
    let other = stack.id("nat_gateway/ap-northeast-1c");
    let args = json!({
        "RouteTableId": stack.id(key), "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": other,
    });
    site.aws.ec2("replace_route", args);
    let drift = site.drift(2).unwrap();
    assert_eq!(drift["in_sync"], false);
    let findings = drift["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{drift:#}");
    let wanted = [
        "id", "key", "field", "what", "live", "desired", "severity", "effect", "repair", "undo",
    ];
    has(&findings[0], &wanted);
    let text = |name: &str| findings[0][name].as_str().unwrap_or_default();
    assert_eq!((text("key"), text("field")), (key, "routes.0.0.0.0/0"));
    assert_eq!((text("what"), text("repair")), ("changed", "automatic"));
    assert_eq!(text("desired"), "nat_gateway/ap-northeast-1a");
    let live = text("live");
    assert!(
        live == other || live == "nat_gateway/ap-northeast-1c",
        "{live}"
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn ips_json() {
    let site = Site::deployed(Spec::two_zones());
    let ips = site.killick.run(&["ips", "--json"]).code(0).json();
    has(&ips, &["format", "stack", "addresses"]);
    assert_eq!(
        (&ips["format"], &ips["stack"]),
        (&json!(1), &json!("partner-egress"))
    );
    let stack = site.stack();
    let wanted: Vec<Value> = site
        .spec
        .zone_names()
        .iter()
        .map(|zone| {
            let id = stack.id(&format!("elastic_ip/{zone}"));
            json!({"ip": stack.ip(zone), "zone": zone, "allocation_id": id, "state": "in-use",
                "pinned": false, "in_use": true})
        })
        .collect();
    assert_eq!(ips["addresses"], json!(wanted));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn ips_of_nothing_are_none() {
    let site = Site::new(Spec::two_zones());
    let output = site.killick.run(&["ips"]);
    assert_eq!(output.stdout, "", "{output}");
    let ips = site.killick.run(&["ips", "--json"]).json();
    assert_eq!(ips["addresses"], json!([]));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn apply_json_is_one_event_a_line() {
    let site = Site::new(Spec::two_zones());
    let planned: Vec<String> = step_ids(&site.plan())
        .into_iter()
        .map(str::to_owned)
        .collect();
    let output = site.killick.run(&["apply", "--yes", "--json"]).code(0);
    let events = output.events();
    let finished: BTreeSet<&str> = events
        .iter()
        .filter(|event| event["event"] == "finished")
        .filter_map(|event| event["step"].as_str())
        .collect();
    assert_eq!(
        finished,
        planned.iter().map(String::as_str).collect(),
        "{output}"
    );
    site.aws.topology(&site.spec).unwrap();
}
