//! Digests, and how values read.

use std::collections::BTreeSet;

use killick_core::{Digest, Health, Key, Policy, Value};

use crate::tamper::World;
use crate::topology::{OUT, Stack, foreign, to};

fn digest(stack: &Stack, world: &World, policy: Policy) -> String {
    Digest::of(&(stack.desired(), &world.0, policy))
        .unwrap()
        .as_str()
        .to_owned()
}

#[test]
fn every_fact_counts() {
    let stack = Stack::zones(&["a", "c"]);
    let (world, policy) = (stack.observed(), Policy::default());
    let facts = [
        digest(&stack, &world, policy),
        digest(
            &stack,
            &world,
            Policy {
                prune: true,
                ..policy
            },
        ),
        digest(&stack.clone().single("a"), &world, policy),
        digest(&stack, &world.clone().lost("elastic_ip/a"), policy),
        digest(
            &stack,
            &world
                .clone()
                .health("nat_gateway/a", Health::Settling("pending".into())),
            policy,
        ),
        digest(
            &stack,
            &world
                .clone()
                .health("nat_gateway/a", Health::Broken("pending".into())),
            policy,
        ),
        digest(
            &stack,
            &world
                .clone()
                .entry("route_table/private-a", "routes", OUT, to("nat_gateway/c")),
            policy,
        ),
        digest(
            &stack,
            &world
                .clone()
                .entry("route_table/private-a", "routes", OUT, foreign("nat-0")),
            policy,
        ),
        digest(
            &stack,
            &world.clone().field("vpc/main", "dns", false.into()),
            policy,
        ),
    ];
    assert_eq!(facts.iter().collect::<BTreeSet<_>>().len(), facts.len());
    assert_eq!(facts[0], digest(&stack, &stack.observed(), policy));
}

#[test]
fn a_digest_does_not_change_from_release_to_release() {
    let facts = (
        Value::from("x"),
        Value::Absent,
        to("vpc/main"),
        Value::from(true),
    );
    let digest = Digest::of(&facts).unwrap();
    assert_eq!(digest.short(12), "321627285e66");
    assert_eq!(digest.as_str().len(), 64);
    assert_eq!(digest.short(100), digest.as_str());
}

#[test]
fn values_read_as_people_say_them() {
    let key = Key::new("nat_gateway", "a");
    let both: Value = [Value::Ref(key.clone()), foreign("nat-0theirs")]
        .into_iter()
        .collect();
    let routes: Value = [(OUT.to_owned(), Value::Ref(key))].into_iter().collect();
    for (value, text, json) in [
        (Value::Absent, "nothing", "null"),
        (Value::Bool(true), "on", "true"),
        (Value::from("10.0.0.0/16"), "10.0.0.0/16", "\"10.0.0.0/16\""),
        (Value::Set(BTreeSet::new()), "none", "[]"),
        (
            both,
            "nat_gateway/a\nnat-0theirs",
            "[\"nat_gateway/a\",\"nat-0theirs\"]",
        ),
        (
            routes,
            "0.0.0.0/0 = nat_gateway/a",
            "{\"0.0.0.0/0\":\"nat_gateway/a\"}",
        ),
    ] {
        assert_eq!(value.to_string(), text);
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
    }
}
