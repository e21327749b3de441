//! Growing, shrinking and going over to one NAT gateway: the addresses that stay must stay.

use std::collections::{BTreeMap, BTreeSet};

use killick_tests::{Site, Spec, Stack, World};
use serde_json::Value;

const CHANGE: [&str; 1] = ["--change-addresses"];

/// The part of the stack that is about some zones only.
fn of_zones(stack: &Stack, zones: &[&str]) -> BTreeMap<String, Vec<String>> {
    let about = |key: &String| zones.iter().any(|zone| key.ends_with(zone));
    stack
        .ids()
        .iter()
        .filter(|(key, _)| about(key))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

/// A kind's resources apart from those whose id was not known before.
fn known<'w>(world: &'w World, kind: &str, before: &World) -> BTreeMap<&'w String, &'w Value> {
    world
        .of(kind)
        .iter()
        .filter(|(id, _)| before.of(kind).contains_key(*id))
        .collect()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_third_zone_touches_nothing_of_the_others() {
    let mut site = Site::deployed(Spec::two_zones());
    let (before, world) = (site.stack(), site.aws.world());
    site.respec(Spec::three_zones());

    let plan = site.plan();
    for step in plan["steps"].as_array().unwrap() {
        let key = step["key"].as_str().unwrap();
        let expected = key.ends_with("ap-northeast-1d")
            || ["route_table/public", "function/billing-sync"].contains(&key);
        assert!(expected, "{step}");
        assert_ne!(step["action"], "delete", "{step}");
    }
    assert_eq!(plan["summary"]["update"], 2, "{plan:#}");

    site.needs(CHANGE[0]);
    site.apply_with(&CHANGE);
    let after = site.stack();
    let zones = ["ap-northeast-1a", "ap-northeast-1c"];
    assert_eq!(of_zones(&after, &zones), of_zones(&before, &zones));
    assert_eq!(after.id("vpc/main"), before.id("vpc/main"));
    assert_eq!(
        after.id("route_table/public"),
        before.id("route_table/public")
    );
    for (allocation, ip) in before.addresses() {
        assert_eq!(after.addresses().get(allocation), Some(ip));
    }
    assert_eq!(after.addresses().len(), 3);
    let now = site.aws.world();
    for kind in [
        "vpc",
        "subnet",
        "nat_gateway",
        "elastic_ip",
        "security_group",
        "internet_gateway",
    ] {
        let then: BTreeMap<_, _> = world.of(kind).iter().collect();
        assert_eq!(known(&now, kind, &world), then, "{kind}");
    }
    site.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_removed_zone_leaves_its_address_and_nothing_else() {
    let mut site = Site::deployed(Spec::three_zones());
    let before = site.stack();
    site.respec(Spec::two_zones());
    let refused = site.needs(CHANGE[0]);
    let lost = before.ip("ap-northeast-1d");
    assert!(
        refused.stderr.contains(lost),
        "{lost} is not named\n{refused}"
    );
    site.apply_with(&CHANGE);
    let after = site.stack();
    assert_eq!(
        after.addresses(),
        before.addresses(),
        "no Elastic IP may be lost"
    );
    let zones = ["ap-northeast-1a", "ap-northeast-1c"];
    assert_eq!(of_zones(&after, &zones), of_zones(&before, &zones));
    assert_eq!(site.plan()["steps"], serde_json::json!([]));
    site.apply();
    // The zone comes back with the address it had.
    site.respec(Spec::three_zones());
    site.needs(CHANGE[0]);
    site.apply_with(&CHANGE);
    assert_eq!(
        site.stack().ip("ap-northeast-1d"),
        before.ip("ap-northeast-1d")
    );
    assert_eq!(site.stack().addresses(), before.addresses());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn one_nat_gateway_and_back_keeps_every_address() {
    let mut site = Site::deployed(Spec::two_zones());
    let before = site.stack();
    let first = "nat_gateway/ap-northeast-1a";
    site.respec(Spec::single_nat());
    site.needs(CHANGE[0]);
    site.apply_with(&CHANGE);
    let single = site.stack();
    assert_eq!(single.addresses(), before.addresses());
    assert_eq!(
        single.id(first),
        before.id(first),
        "the gateway that stays is not touched"
    );
    assert_eq!(site.plan()["steps"], serde_json::json!([]));
    site.in_sync().unwrap();
    // Once is enough: what was allowed is so from now on.
    site.apply();

    // The address was kept for its zone: as far as anybody can see, only its gateway is missing.
    site.respec(Spec::two_zones());
    site.apply();
    let after = site.stack();
    assert_eq!(after.addresses(), before.addresses());
    assert_eq!(after.id(first), before.id(first));
    for zone in site.spec.zone_names() {
        assert_eq!(after.ip(&zone), before.ip(&zone));
    }
    site.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_one_nat_gateway_can_move_to_another_zone() {
    let mut site = Site::deployed(Spec::single_nat());
    let before = site.stack();
    let moved = Spec {
        zones: vec!['c', 'a'],
        ..Spec::single_nat()
    };
    site.respec(moved);
    site.needs(CHANGE[0]);
    site.apply_with(&CHANGE);
    for (allocation, ip) in before.addresses() {
        assert_eq!(site.stack().addresses().get(allocation), Some(ip));
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_second_function_is_attached_and_the_first_left_alone() {
    let mut site = Site::deployed(Spec::two_zones());
    site.aws.create_function("report");
    let mut spec = Spec::two_zones();
    spec.functions.push("report".into());
    let before = site.stack();
    site.respec(spec);
    let plan = site.plan();
    let keys: BTreeSet<&str> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, BTreeSet::from(["function/report"]));
    site.server.reset_calls();
    site.apply();
    assert_eq!(
        site.writes(),
        ["PutParameter", "UpdateFunctionConfiguration"]
    );
    assert_eq!(site.stack(), before);
}
