//! Functions by prefix and tag, functions from somebody else's network, and the way back for each.

use std::collections::BTreeSet;

use killick_tests::{Site, Spec, step_ids};
use serde_json::json;

type Config = (Vec<String>, Vec<String>);

/// Where the stack's functions are.
fn inside(site: &Site) -> Config {
    let stack = site.stack();
    let zones = site.spec.zone_names();
    let subnets = zones
        .iter()
        .map(|zone| stack.id(&format!("subnet/private-{zone}")).to_owned());
    let mut subnets: Vec<String> = subnets.collect();
    subnets.sort();
    (
        subnets,
        vec![stack.id("security_group/functions").to_owned()],
    )
}

fn outside() -> Config {
    (vec![], vec![])
}

/// The functions whose former VPC config is written down.
fn recorded(site: &Site) -> BTreeSet<String> {
    let world = site.aws.world();
    let names = world.of("parameter").keys();
    let names = names.map(|name| name.rsplit('/').next().unwrap().to_owned());
    // That of the resources has a name that no function can have.
    names.filter(|name| !name.starts_with('.')).collect()
}

fn names(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|name| (*name).to_owned()).collect()
}

fn arn(function: &str) -> String {
    format!("arn:aws:lambda:ap-northeast-1:123456789012:function:{function}")
}

fn tag(site: &Site, function: &str, value: &str) {
    let args = json!({"Resource": arn(function), "Tags": {"egress": value}});
    site.aws.lambda("tag_resource", args);
}

/// The functions that the plan is about.
fn planned(site: &Site) -> BTreeSet<String> {
    let plan = site.plan();
    let steps = step_ids(&plan).into_iter().map(str::to_owned);
    steps.collect()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_answers_to_a_selector_is_attached_and_what_no_longer_does_goes_back() {
    let spec = Spec {
        functions: vec![],
        ..Spec::two_zones()
    };
    let text = format!(
        "{}\n[[function]]\nprefix = \"billing-\"\n\n[[function]]\ntag = {{ egress = \"fixed\" }}\n",
        spec.to_toml()
    );
    let site = Site::new(spec);
    site.killick.write("killick.toml", &text);
    let theirs = site.aws.create_brought(20);
    for function in [
        "billing-sync",
        "billing-export",
        "billing",
        "mailer",
        "other",
    ] {
        site.aws.create_function(function);
    }
    tag(&site, "mailer", "fixed");
    tag(&site, "other", "any");
    let group = vec![theirs.group.clone()];
    site.aws
        .set_vpc_config("mailer", &theirs.private[..1], &group);
    let formerly = site.aws.vpc_config("mailer");

    let refused = site.needs("--move-functions");
    for word in ["mailer", &theirs.vpc] {
        assert!(refused.stderr.contains(word), "{word}\n{refused}");
    }
    site.apply_with(&["--move-functions"]);
    let at = |function: &str| site.aws.vpc_config(function);
    for function in ["billing-sync", "billing-export", "mailer"] {
        assert_eq!(at(function), inside(&site), "{function}");
    }
    for function in ["billing", "other"] {
        assert_eq!(at(function), outside(), "{function}");
    }
    assert_eq!(
        recorded(&site),
        names(&["billing-sync", "billing-export", "mailer"])
    );
    site.in_sync().unwrap();

    // One comes, one goes, and one is deleted by its owner.
    site.aws.create_function("billing-report");
    tag(&site, "mailer", "any");
    let gone = json!({"FunctionName": "billing-export"});
    site.aws.lambda("delete_function", gone);
    let steps = planned(&site);
    for function in ["billing-report", "mailer"] {
        assert!(
            steps.contains(&format!("update function/{function}")),
            "{steps:?}"
        );
    }
    site.apply();
    assert_eq!(at("billing-report"), inside(&site));
    assert_eq!(at("mailer"), formerly);
    assert_eq!(recorded(&site), names(&["billing-sync", "billing-report"]));
    assert_eq!(planned(&site), names(&[]));
    site.in_sync().unwrap();

    site.killick.run(&["destroy", "--yes"]).code(0);
    assert_eq!(at("billing-sync"), outside());
    assert_eq!(at("billing-report"), outside());
    assert_eq!(at("mailer"), formerly);
    assert_eq!(recorded(&site), names(&[]));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn destroy_puts_a_function_back_where_it_was_found() {
    let site = Site::new(Spec::two_zones());
    let theirs = site.aws.create_brought(20);
    let group = vec![theirs.group.clone()];
    site.aws
        .set_vpc_config("billing-sync", &theirs.private, &group);
    let before = site.aws.world();
    let formerly = site.aws.vpc_config("billing-sync");
    site.needs("--move-functions");
    let plan = site.killick.run(&["plan"]).code(0);
    for word in ["--move-functions", &theirs.vpc] {
        assert!(plan.stdout.contains(word), "{word}\n{plan}");
    }
    site.apply_with(&["--move-functions"]);
    // Somebody takes it out; that is drift, and no reason to forget where it was at first.
    site.aws.set_vpc_config("billing-sync", &[], &[]);
    site.drift(2).unwrap();
    site.apply();
    let destroyed = site
        .killick
        .run(&["destroy", "--yes", "--release-addresses"])
        .code(0);
    for subnet in &theirs.private {
        assert!(destroyed.stdout.contains(subnet), "{subnet}\n{destroyed}");
    }
    assert_eq!(site.aws.vpc_config("billing-sync"), formerly);
    assert_eq!(site.aws.world(), before);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn functions_have_groups_of_their_own() {
    let site = Site::new(Spec {
        functions: vec![],
        ..Spec::two_zones()
    });
    let theirs = site.aws.create_brought(20);
    for function in ["billing-sync", "mailer"] {
        site.aws.create_function(function);
    }
    let args = json!({"GroupName": "mail", "Description": "mail", "VpcId": theirs.vpc});
    let mail = site.aws.ec2_id("create_security_group", args, "/GroupId");
    let text = |group: &str| {
        let own = format!("name = \"mailer\"\nsecurity_groups = [\"{group}\"]\n");
        let text = theirs.to_toml(&["billing-sync", "mailer"]);
        text.replace("name = \"mailer\"\n", &own)
    };
    site.killick.write("killick.toml", text(&mail));
    site.killick.run(&["apply", "--yes"]).code(0);
    let groups = |function: &str| site.aws.vpc_config(function).1;
    assert_eq!(groups("billing-sync"), std::slice::from_ref(&theirs.group));
    assert_eq!(groups("mailer"), [mail]);
    site.in_sync().unwrap();

    // Another group alone is another group alone.
    site.killick.write("killick.toml", text(&theirs.group));
    site.server.reset_calls();
    site.killick.run(&["apply", "--yes"]).code(0);
    assert_eq!(site.writes(), ["UpdateFunctionConfiguration"]);
    assert_eq!(groups("mailer"), std::slice::from_ref(&theirs.group));
}
