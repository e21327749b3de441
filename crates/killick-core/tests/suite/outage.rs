//! Places that lead nowhere, and what stands in.

use std::collections::BTreeSet;

use killick_core::{Attrs, FieldDiff, Health, Key, Observed, Plan, Step, Value};
use proptest::prelude::*;

use crate::model::{closure, needs, value_at};
use crate::tamper::World;
use crate::topology::{OUT, Stack, foreign, ids, key, plan, text, waits};
use crate::world::Case;

/// A place that leads nowhere of ours now, and afterwards to something that
/// does not work yet.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) key: Key,
    name: &'static str,
    entry: Option<Value>,
    /// What could stand in.
    pub(crate) peers: BTreeSet<Key>,
}

impl Place {
    /// What a step does there.
    pub(crate) fn of<'a>(&self, step: &'a Step) -> Option<&'a FieldDiff> {
        let here = |diff: &&FieldDiff| diff.name == self.name && diff.entry == self.entry;
        step.changes.iter().find(here)
    }
}

/// All such places of resources that stay.
pub(crate) fn places(case: &Case, plan: &Plan) -> Vec<Place> {
    let now = needs(
        case,
        case.observed.iter().map(|have| (&have.key, &have.attrs)),
    );
    let well = |key: &Key| {
        let ready = |have: &Observed| have.health == Health::Ready;
        (case.desired.contains(key) || case.lent(key))
            && case.observed.get(key).is_some_and(ready)
            && !plan.deletes(key)
    };
    let works =
        |key: &Key| case.desired.contains(key) && well(key) && closure(&now, key).iter().all(well);
    let mut places = Vec::new();
    for want in case.desired.iter() {
        let key = &want.key;
        let Some(have) = case.observed.get(key) else {
            continue;
        };
        if plan.deletes(key) || case.lent(key) {
            continue;
        }
        let fields = case.catalogue.get(key.kind).unwrap().fields.iter();
        for name in fields
            .filter(|field| field.stand_in)
            .map(|field| field.name)
        {
            for (entry, value) in entries(&want.attrs[name]) {
                let Value::Ref(next) = &value else { continue };
                let place = FieldDiff {
                    name,
                    entry: entry.clone(),
                    live: Value::Absent,
                    desired: value.clone(),
                    guard: None,
                };
                let live = value_at(&have.attrs, &place);
                let dead = matches!(live, Value::Absent | Value::Text(_) | Value::Foreign(_));
                if !dead || works(next) {
                    continue;
                }
                let peers = case.observed.iter().map(|have| have.key.clone());
                let peers = peers.filter(|peer| peer.kind == next.kind && works(peer));
                places.push(Place {
                    key: key.clone(),
                    name,
                    entry,
                    peers: peers
                        .filter(|peer| !closure(&now, peer).contains(key))
                        .collect(),
                });
            }
        }
    }
    places
}

fn entries(value: &Value) -> Vec<(Option<Value>, Value)> {
    match value {
        Value::Map(items) => items
            .iter()
            .map(|(name, item)| (Some(Value::Text(name.clone())), item.clone()))
            .collect(),
        other => vec![(None, other.clone())],
    }
}

/// A gate that somebody deleted, and what is left in its place.
#[derive(Clone, Debug)]
pub(crate) struct Loss {
    nth: usize,
    left: Value,
}

/// Losses; nothing is lost in many of the worlds.
pub(crate) fn losses() -> impl Strategy<Value = Loss> {
    let left = prop_oneof![
        Just(Value::Absent),
        Just(Value::from("blackhole (gate-0lost)")),
        Just(foreign("gate-0lost")),
    ];
    (0..8usize, left).prop_map(|(nth, left)| Loss { nth, left })
}

impl Loss {
    /// The world after it.
    pub(crate) fn suffered(&self, mut case: Case) -> Case {
        let lost = Key::new("gate", self.nth.to_string());
        let left = |value: &Value| match value {
            Value::Ref(key) if *key == lost => self.left.clone(),
            other => other.clone(),
        };
        let without = |value: &Value| match value {
            Value::Map(items) => items
                .iter()
                .map(|(name, item)| (name.clone(), left(item)))
                .filter(|(_, item)| !item.is_absent())
                .collect(),
            other => left(other),
        };
        let rest = case.observed.iter().filter(|have| have.key != lost);
        let rest = rest.map(|have| Observed {
            attrs: have
                .attrs
                .iter()
                .map(|(name, value)| (*name, without(value)))
                .collect::<Attrs>(),
            ..have.clone()
        });
        case.observed = rest.collect();
        case
    }
}

const BLACKHOLE: &str = "blackhole (nat-0lost)";
const ROUTE: &str = "routes.0.0.0.0/0";

fn lost(zones: &[&'static str], route: Value) -> (Stack, World) {
    let stack = Stack::zones(zones);
    let world = stack.observed().lost("nat_gateway/a");
    let world = world.entry("route_table/private-a", "routes", OUT, route);
    (stack, world)
}

#[test]
fn a_lost_nat_gateway_is_stood_in_for_at_once() {
    for route in [Value::from(BLACKHOLE), foreign("nat-0theirs")] {
        let (stack, world) = lost(&["a", "c"], route.clone());
        let plan = plan(&stack.desired(), &world).unwrap();
        assert_eq!(
            text(&plan),
            [
                format!("release route_table/private-a; {ROUTE}: {route} -> nat_gateway/c"),
                "create nat_gateway/a".to_owned(),
                format!("update route_table/private-a; {ROUTE}: nat_gateway/c -> nat_gateway/a"),
            ]
        );
        let (release, step) = plan.steps().next().unwrap();
        assert!(plan.after(release).is_empty());
        assert_eq!(
            step.note.as_deref(),
            Some("leaves by another one until the new one is ready")
        );
        for first in ["release route_table/private-a", "create nat_gateway/a"] {
            assert!(waits(&plan, first, "update route_table/private-a"));
        }
        assert!(!waits(
            &plan,
            "release route_table/private-a",
            "create nat_gateway/a"
        ));
        assert!(plan.creates(&key("nat_gateway/a")) && !plan.deletes(&key("nat_gateway/a")));
    }
}

#[test]
fn a_route_that_is_not_there_is_stood_in_for() {
    let (stack, world) = lost(&["a", "c"], BLACKHOLE.into());
    let none = Value::Map([].into());
    let world = world.field("route_table/private-a", "routes", none);
    assert_eq!(
        text(&plan(&stack.desired(), &world).unwrap())[0],
        format!("release route_table/private-a; {ROUTE}: nothing -> nat_gateway/c")
    );
}

#[test]
fn nothing_stands_in_for_the_only_one_that_is_lost() {
    let (stack, world) = lost(&["a"], BLACKHOLE.into());
    assert_eq!(
        ids(&plan(&stack.desired(), &world).unwrap()),
        ["create nat_gateway/a", "update route_table/private-a"]
    );
}

#[test]
fn a_pending_nat_gateway_is_stood_in_for_and_a_ready_one_is_not() {
    let stack = Stack::zones(&["a", "c"]);
    let blackhole = || Value::from(BLACKHOLE);
    let ready = stack
        .observed()
        .entry("route_table/private-a", "routes", OUT, blackhole());
    assert_eq!(
        ids(&plan(&stack.desired(), &ready).unwrap()),
        ["update route_table/private-a"]
    );
    let pending = ready
        .clone()
        .health("nat_gateway/a", Health::Settling("pending".to_owned()));
    let pending = plan(&stack.desired(), &pending).unwrap();
    assert_eq!(
        ids(&pending),
        [
            "release route_table/private-a",
            "update nat_gateway/a",
            "update route_table/private-a"
        ]
    );
    let broken = ready.health("nat_gateway/a", Health::Broken("failed".to_owned()));
    let broken = plan(&stack.desired(), &broken).unwrap();
    assert_eq!(
        ids(&broken),
        [
            "release route_table/private-a",
            "delete nat_gateway/a",
            "create nat_gateway/a",
            "update route_table/private-a"
        ]
    );
    assert!(broken.creates(&key("nat_gateway/a")) && broken.deletes(&key("nat_gateway/a")));
    assert!(!broken.creates(&key("nat_gateway/c")) && !broken.deletes(&key("nat_gateway/c")));
}

#[test]
fn a_route_that_works_is_left_until_the_new_one_does() {
    let stack = Stack::zones(&["a", "b", "c"]);
    let world = stack.observed().lost("nat_gateway/a");
    let world = world.entry(
        "route_table/private-a",
        "routes",
        OUT,
        crate::topology::to("nat_gateway/c"),
    );
    assert_eq!(
        ids(&plan(&stack.desired(), &world).unwrap()),
        ["create nat_gateway/a", "update route_table/private-a"]
    );
}
