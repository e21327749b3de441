//! From nothing to everything and back.

use killick_core::{Action, Graph, Plan, PlanError, Policy, diff};

use crate::topology::{CATALOGUE, Stack, ids, key, nothing_yet, plan, text, waits};

#[test]
fn two_zones_from_nothing() {
    let plan = plan(&Stack::zones(&["a", "c"]).desired(), &nothing_yet()).unwrap();
    assert_eq!(
        ids(&plan),
        [
            "create vpc/main",
            "create internet_gateway/main",
            "create subnet/private-a",
            "create subnet/private-c",
            "create subnet/public-a",
            "create subnet/public-c",
            "create elastic_ip/a",
            "create elastic_ip/c",
            "create route_table/public",
            "create nat_gateway/a",
            "create nat_gateway/c",
            "create route_table/private-a",
            "create route_table/private-c",
            "create security_group/functions",
            "update function/billing",
        ]
    );
    for (first, then) in [
        ("create internet_gateway/main", "create route_table/public"),
        ("create route_table/public", "create nat_gateway/a"),
        ("create elastic_ip/a", "create nat_gateway/a"),
        ("create nat_gateway/a", "create route_table/private-a"),
        ("create route_table/private-a", "update function/billing"),
        ("create security_group/functions", "update function/billing"),
    ] {
        assert!(waits(&plan, first, then), "{then} waits for {first}");
    }
    assert!(!waits(
        &plan,
        "create nat_gateway/a",
        "create nat_gateway/c"
    ));
}

#[test]
fn a_step_shows_only_what_it_waits_for_itself() {
    let plan = plan(&Stack::zones(&["a", "c"]).desired(), &nothing_yet()).unwrap();
    let last = plan.steps().last().unwrap().0;
    let after: Vec<String> = plan
        .after(last)
        .into_iter()
        .map(|index| plan.step(index).unwrap().id())
        .collect();
    assert_eq!(
        after,
        [
            "create route_table/private-a",
            "create route_table/private-c",
            "create security_group/functions",
        ]
    );
}

#[test]
fn a_create_sets_every_declared_field() {
    let plan = plan(&Stack::zones(&["a"]).desired(), &nothing_yet()).unwrap();
    let (_, step) = plan
        .steps()
        .find(|(_, step)| step.id() == "create nat_gateway/a")
        .unwrap();
    let fields: Vec<String> = step.changes.iter().map(|diff| diff.path()).collect();
    assert_eq!(fields, ["subnet", "address", "tags.team"]);
    assert!(
        step.changes
            .iter()
            .all(|diff| diff.live.is_absent() && diff.guard.is_none())
    );
}

#[test]
fn nothing_differs() {
    let stack = Stack::zones(&["a", "c"]);
    assert_eq!(diff(CATALOGUE, &stack.desired(), &stack.observed().0), []);
    assert!(
        plan(&stack.desired(), &stack.observed())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_function_that_does_not_exist() {
    let stack = Stack::zones(&["a"]);
    let error = plan(&stack.desired(), &stack.observed().lost("function/billing")).unwrap_err();
    assert_eq!(error, PlanError::Absent(vec![key("function/billing")]));
    assert_eq!(
        error.to_string(),
        "something that others must create first does not exist"
    );
}

#[test]
fn destroy_releases_the_function_and_keeps_the_addresses() {
    let plan = plan(&Graph::default(), &Stack::zones(&["a", "c"]).observed()).unwrap();
    let ids = ids(&plan);
    assert_eq!(ids[0], "release function/billing");
    assert_eq!(ids.last().unwrap(), "delete vpc/main");
    assert_eq!(plan.count(Action::Delete), 12);
    for (first, then) in [
        ("release function/billing", "delete route_table/private-a"),
        ("release function/billing", "delete route_table/public"),
        ("delete route_table/private-a", "delete nat_gateway/a"),
        ("delete nat_gateway/a", "delete subnet/public-a"),
        ("delete route_table/public", "delete internet_gateway/main"),
        ("delete internet_gateway/main", "delete vpc/main"),
        ("delete security_group/functions", "delete vpc/main"),
    ] {
        assert!(waits(&plan, first, then), "{then} waits for {first}");
    }
    let kept: Vec<String> = plan.kept.iter().map(|(key, _)| key.to_string()).collect();
    assert_eq!(kept, ["elastic_ip/a", "elastic_ip/c"]);
    assert_eq!(
        text(&plan)[0],
        "release function/billing; subnets: subnet/private-a + subnet/private-c -> none; \
         security_groups: security_group/functions -> none"
    );
}

#[test]
fn destroy_gives_the_addresses_away_only_when_told_to() {
    let policy = Policy {
        release_kept: true,
        ..Policy::default()
    };
    let observed = Stack::zones(&["a"]).observed().0;
    let plan = Plan::new(CATALOGUE, &Graph::default(), &observed, policy).unwrap();
    assert!(plan.kept.is_empty());
    assert!(waits(&plan, "delete nat_gateway/a", "delete elastic_ip/a"));
}

#[test]
fn a_function_we_already_let_go_of_is_no_difference() {
    assert_eq!(diff(CATALOGUE, &Graph::default(), &nothing_yet().0), []);
}
