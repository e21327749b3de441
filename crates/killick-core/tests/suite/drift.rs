//! Somebody changed something.

use killick_core::{Change, Delta, Health, Plan, Policy, Value, What, diff};

use crate::tamper::World;
use crate::topology::{CATALOGUE, OUT, Stack, foreign, ids, plan, text, to, waits};

fn two() -> (Stack, World) {
    let stack = Stack::zones(&["a", "c"]);
    let world = stack.observed();
    (stack, world)
}

/// `key path: live -> desired` for every difference.
fn findings(stack: &Stack, world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    for Delta { key, what, .. } in diff(CATALOGUE, &stack.desired(), &world.0) {
        for diff in what.fields() {
            let guarded = if diff.guard.is_some() {
                " (guarded)"
            } else {
                ""
            };
            lines.push(format!(
                "{key} {}: {} -> {}{guarded}",
                diff.path(),
                diff.live,
                diff.desired
            ));
        }
    }
    lines
}

#[test]
fn a_route_points_elsewhere() {
    let (stack, world) = two();
    let world = world.entry(
        "route_table/private-a",
        "routes",
        OUT,
        foreign("igw-0theirs"),
    );
    assert_eq!(
        findings(&stack, &world),
        ["route_table/private-a routes.0.0.0.0/0: igw-0theirs -> nat_gateway/a"]
    );
    assert_eq!(
        ids(&plan(&stack.desired(), &world).unwrap()),
        ["update route_table/private-a"]
    );
}

#[test]
fn a_moved_association_is_one_difference() {
    let (stack, world) = two();
    let world = world
        .field(
            "route_table/private-a",
            "associations",
            Value::Set([].into()),
        )
        .member("route_table/public", "associations", to("subnet/private-a"));
    let line = "route_table/private-a associations.subnet/private-a: \
                route_table/public -> route_table/private-a";
    assert_eq!(findings(&stack, &world), [line]);
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(ids(&plan), ["update route_table/private-a"]);
    assert!(plan.left_alone.is_empty());
}

#[test]
fn two_tables_that_swapped_their_subnets() {
    let (stack, world) = two();
    let world = world
        .field(
            "route_table/private-a",
            "associations",
            Value::Set([to("subnet/private-c")].into()),
        )
        .field(
            "route_table/private-c",
            "associations",
            Value::Set([to("subnet/private-a")].into()),
        );
    assert_eq!(findings(&stack, &world).len(), 2);
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        ids(&plan),
        [
            "update route_table/private-a",
            "update route_table/private-c"
        ]
    );
}

#[test]
fn a_missing_association_is_put_back() {
    let (stack, world) = two();
    let world = world.field(
        "route_table/private-a",
        "associations",
        Value::Set([].into()),
    );
    assert_eq!(
        text(&plan(&stack.desired(), &world).unwrap()),
        [
            "update route_table/private-a; associations.subnet/private-a: nothing -> subnet/private-a"
        ]
    );
}

#[test]
fn a_foreign_route_is_reported_and_goes_only_with_prune() {
    let (stack, world) = two();
    let world = world.entry(
        "route_table/private-a",
        "routes",
        "192.0.2.0/24",
        foreign("pcx-0theirs"),
    );
    assert_eq!(
        findings(&stack, &world),
        ["route_table/private-a routes.192.0.2.0/24: pcx-0theirs -> nothing (guarded)"]
    );
    let careful = plan(&stack.desired(), &world).unwrap();
    assert!(careful.is_empty());
    assert_eq!(careful.left_alone.len(), 1);
    assert_eq!(careful.left_alone[0].1.change(), Change::Extra);
    let policy = Policy {
        prune: true,
        ..Policy::default()
    };
    let pruned = Plan::new(CATALOGUE, &stack.desired(), &world.0, policy).unwrap();
    assert_eq!(ids(&pruned), ["update route_table/private-a"]);
    assert!(pruned.left_alone.is_empty());
}

#[test]
fn foreign_tags_are_no_difference() {
    let (stack, world) = two();
    let world = world.entry("vpc/main", "tags", "theirs", "x".into());
    assert!(findings(&stack, &world).is_empty());
    let world = world.entry("vpc/main", "tags", "team", "sales".into());
    assert_eq!(
        findings(&stack, &world),
        ["vpc/main tags.team: sales -> payments"]
    );
}

#[test]
fn a_function_that_another_deployment_moved() {
    let (stack, world) = two();
    let world = world.field(
        "function/billing",
        "subnets",
        Value::Set([foreign("subnet-0theirs")].into()),
    );
    assert_eq!(
        text(&plan(&stack.desired(), &world).unwrap()),
        ["update function/billing; subnets: subnet-0theirs -> subnet/private-a + subnet/private-c"]
    );
}

#[test]
fn a_nat_gateway_that_is_on_its_way_is_waited_for() {
    let (stack, world) = two();
    let world = world
        .health("nat_gateway/a", Health::Settling("pending".to_owned()))
        .lost("route_table/private-a")
        .field("function/billing", "subnets", Value::Set([].into()));
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        text(&plan)[0],
        "update nat_gateway/a; state: pending -> ready",
    );
    assert!(waits(
        &plan,
        "update nat_gateway/a",
        "create route_table/private-a"
    ));
    assert!(waits(
        &plan,
        "create route_table/private-a",
        "update function/billing"
    ));
    // Through what has no step of its own, too.
    let world = World(stack.observed().0)
        .health("nat_gateway/a", Health::Settling("pending".to_owned()))
        .field("function/billing", "subnets", Value::Set([].into()));
    let plan = crate::topology::plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        ids(&plan),
        ["update nat_gateway/a", "update function/billing"]
    );
    assert!(waits(
        &plan,
        "update nat_gateway/a",
        "update function/billing"
    ));
}

#[test]
fn a_subnet_that_went_missing_with_its_table_in_place() {
    let (stack, world) = two();
    let world = world
        .lost("subnet/private-a")
        .field(
            "route_table/private-a",
            "associations",
            Value::Set([].into()),
        )
        .field(
            "function/billing",
            "subnets",
            Value::Set([to("subnet/private-c")].into()),
        );
    assert_eq!(
        ids(&plan(&stack.desired(), &world).unwrap()),
        [
            "create subnet/private-a",
            "update route_table/private-a",
            "update function/billing"
        ]
    );
}

#[test]
fn the_words_for_a_difference() {
    let (stack, world) = two();
    let world = world
        .lost("elastic_ip/a")
        .health("nat_gateway/c", Health::Broken("it failed".to_owned()))
        .field("nat_gateway/a", "address", foreign("eipalloc-0gone"))
        .field("vpc/main", "dns", false.into());
    let deltas = diff(CATALOGUE, &stack.desired(), &world.0);
    let keys: Vec<String> = deltas.iter().map(|delta| delta.key.to_string()).collect();
    assert_eq!(
        keys,
        ["vpc/main", "elastic_ip/a", "nat_gateway/a", "nat_gateway/c"]
    );
    assert!(matches!(deltas[0].what, What::Changed(_)));
    assert!(matches!(deltas[1].what, What::Missing));
    assert!(matches!(deltas[2].what, What::Replaced(_)));
    assert!(matches!(deltas[3].what, What::Broken(..)));
}
