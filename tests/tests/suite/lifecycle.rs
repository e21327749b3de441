//! The main job, from an empty account to an empty account.

use std::collections::BTreeSet;
use std::path::Path;

use killick_tests::{Killick, Server, Site, Spec, step_ids};
use serde_json::json;

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn from_nothing_to_kept_addresses_and_back() {
    let site = Site::new(Spec::two_zones());
    site.aws.create_foreign();
    let functions = site.spec.functions.clone();
    let foreign = || site.aws.world().foreign_to("partner-egress", &functions);
    let before = site.aws.world();

    let plan = site.plan();
    let created: BTreeSet<&str> = steps(&plan, "create");
    let wanted = site.spec.tagged_keys();
    assert_eq!(
        created,
        wanted.iter().map(String::as_str).collect(),
        "all that is tagged is made"
    );
    assert_eq!(
        steps(&plan, "update"),
        BTreeSet::from(["function/billing-sync"])
    );
    assert_eq!(before, site.aws.world(), "plan changed the account");

    site.apply();
    assert_eq!(step_ids(&site.plan()), [""; 0], "a second plan has steps");
    site.in_sync().unwrap();
    let deployed = site.stack();
    let ips = site.killick.run(&["ips"]).code(0);
    let listed: BTreeSet<&str> = ips.stdout.lines().collect();
    assert_eq!(
        listed,
        deployed.addresses().values().map(String::as_str).collect()
    );

    site.killick.run(&["destroy", "--yes"]).code(0);
    let kept = site.stack();
    assert_eq!(
        kept.keys(),
        ["elastic_ip/ap-northeast-1a", "elastic_ip/ap-northeast-1c"]
    );
    assert_eq!(kept.addresses(), deployed.addresses());
    assert_eq!(site.aws.vpc_config("billing-sync"), (vec![], vec![]));
    assert_eq!(foreign(), before.foreign_to("partner-egress", &functions));

    site.apply();
    assert_eq!(
        site.stack().addresses(),
        deployed.addresses(),
        "the same addresses are taken again"
    );
    site.killick
        .run(&["destroy", "--yes", "--release-addresses"])
        .code(0);
    assert_eq!(site.stack().keys(), [""; 0]);
    assert_eq!(foreign(), before.foreign_to("partner-egress", &functions));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn destroy_of_what_is_not_there_is_done_at_once() {
    let site = Site::new(Spec::two_zones());
    let before = site.aws.world();
    site.killick.run(&["destroy", "--yes"]).code(0);
    assert_eq!(before, site.aws.world());
    site.apply();
    site.killick.run(&["destroy", "--yes"]).code(0);
    site.killick.run(&["destroy", "--yes"]).code(0);
    assert_eq!(site.stack().addresses().len(), 2);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_shipped_specs_run_as_they_are() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut seen = 0;
    for entry in std::fs::read_dir(specs).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            // The examples name things that only their account has.
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let server = Server::start();
        let aws = server.aws();
        for function in functions_of(&text) {
            aws.create_function(&function);
        }
        let killick = Killick::with_text(&server, &text);
        let before = aws.world();
        for args in [
            &["apply", "--yes"][..],
            &["plan", "--detailed-exitcode"],
            &["drift"],
            &["ips"],
        ] {
            let output = killick.run(args);
            assert_eq!(output.status, Some(0), "{}: {output}", path.display());
        }
        killick
            .run(&["destroy", "--yes", "--release-addresses"])
            .code(0);
        let after = aws.world();
        assert_eq!(
            before.foreign_to("", &functions_of(&text)),
            after.foreign_to("", &functions_of(&text))
        );
        seen += 1;
    }
    assert!(
        seen >= 3,
        "the two-zone set-up, three zones and a single NAT gateway"
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn two_stacks_share_an_account() {
    let one = Site::deployed(Spec::two_zones());
    let other = Spec {
        stack: "second".into(),
        functions: vec!["mailer".into()],
        net: 7,
        ..Spec::two_zones()
    };
    one.aws.create_function("mailer");
    let second = Killick::new(&one.server, &other);
    let before = one.stack();
    second.run(&["apply", "--yes"]).code(0);
    one.aws.topology(&other).unwrap();
    one.aws.topology(&one.spec).unwrap();
    one.in_sync().unwrap();
    second
        .run(&["destroy", "--yes", "--release-addresses"])
        .code(0);
    assert_eq!(one.stack(), before);
    one.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_strange_function_in_our_subnets_stops_a_destroy() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let subnet = stack.id("subnet/private-ap-northeast-1a").to_owned();
    let group = json!({
        "GroupName": "theirs", "Description": "theirs", "VpcId": stack.id("vpc/main"),
    });
    let group = site.aws.ec2_id("create_security_group", group, "/GroupId");
    site.aws.create_function("stranger");
    site.aws.set_vpc_config("stranger", &[subnet], &[group]);
    let before = site.aws.world();
    let output = site.killick.run(&["destroy", "--yes"]).code(4);
    assert!(output.stderr.contains("stranger"), "{output}");
    assert_eq!(site.writes(), [""; 0]);
    assert_eq!(before, site.aws.world());
    let drift = site.killick.run(&["drift", "--json"]);
    assert!(
        drift.stdout.contains("stranger"),
        "the guest is not reported\n{drift}"
    );
}

fn steps<'p>(plan: &'p serde_json::Value, action: &str) -> BTreeSet<&'p str> {
    let steps = plan["steps"].as_array().unwrap().iter();
    steps
        .filter(|step| step["action"] == action)
        .map(|step| step["key"].as_str().unwrap())
        .collect()
}

/// The functions that a spec names.
fn functions_of(spec: &str) -> Vec<String> {
    let tables = spec.split("[[function]]").skip(1);
    tables
        .filter_map(|table| table.split('"').nth(1))
        .map(str::to_owned)
        .collect()
}
