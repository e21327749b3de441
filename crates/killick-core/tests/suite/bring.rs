//! A VPC, subnets and addresses that are somebody else's.

use killick_core::{Action, Attrs, Desired, Digest, Graph, Health, Plan, PlanError, Policy, diff};

use crate::tamper::World;
use crate::topology::{
    CATALOGUE, Stack, foreign, ids, key, nothing_yet, plan, ready, set, text, to, waits,
};

const LENT: [&str; 3] = ["vpc", "subnet", "elastic_ip"];

fn brought(zones: &[&'static str]) -> Stack {
    Stack::zones(zones).lending(&LENT)
}

#[test]
fn what_is_lent_is_built_on() {
    let stack = brought(&["a", "c"]);
    let world = nothing_yet().beside(&stack.desired());
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        ids(&plan),
        [
            "create internet_gateway/main",
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
        ("create nat_gateway/a", "create route_table/private-a"),
        ("create route_table/private-a", "update function/billing"),
    ] {
        assert!(waits(&plan, first, then), "{then} waits for {first}");
    }
}

#[test]
fn what_is_lent_outlives_the_stack() {
    for policy in [false, true].map(|release_kept| Policy {
        release_kept,
        prune: true,
        grant: false,
    }) {
        let world = brought(&["a", "c"]).observed();
        let plan = Plan::new(CATALOGUE, &Graph::default(), &world.0, policy).unwrap();
        assert_eq!(
            ids(&plan),
            [
                "release function/billing",
                "delete security_group/functions",
                "delete route_table/private-a",
                "delete route_table/private-c",
                "delete nat_gateway/a",
                "delete nat_gateway/c",
                "delete route_table/public",
                "delete internet_gateway/main",
            ]
        );
        assert!(plan.kept.is_empty());
        for (first, then) in [
            ("release function/billing", "delete route_table/private-a"),
            ("delete route_table/private-a", "delete nat_gateway/a"),
            ("delete nat_gateway/a", "delete route_table/public"),
        ] {
            assert!(waits(&plan, first, then), "{then} waits for {first}");
        }
    }
}

#[test]
fn what_is_lent_and_missing_is_not_ours_to_make() {
    let stack = brought(&["a"]);
    let world = stack
        .observed()
        .lost("elastic_ip/a")
        .lost("subnet/private-a");
    let missing = vec![key("subnet/private-a"), key("elastic_ip/a")];
    assert_eq!(
        plan(&stack.desired(), &world).unwrap_err(),
        PlanError::Absent(missing)
    );
}

#[test]
fn how_it_is_does_not_concern_us() {
    let stack = brought(&["a", "c"]);
    let mut desired = stack.desired();
    desired.insert(Desired {
        key: key("subnet/private-a"),
        attrs: Attrs::new(),
    });
    let world = stack
        .observed()
        .field("vpc/main", "cidr", "172.16.0.0/16".into())
        .field("vpc/main", "tags", set([]))
        .health("subnet/public-a", Health::Settling("pending".to_owned()))
        .health("elastic_ip/c", Health::Broken("gone bad".to_owned()));
    assert_eq!(diff(CATALOGUE, &desired, &world.0), []);
    assert!(plan(&desired, &world).unwrap().is_empty());
}

#[test]
fn one_of_the_two_graphs_says_so() {
    let stack = brought(&["a"]);
    let theirs = stack.observed();
    let wanted = Stack::zones(&["a"]).desired();
    let world = theirs
        .clone()
        .field("vpc/main", "cidr", "172.16.0.0/16".into());
    assert!(plan(&wanted, &world).unwrap().is_empty());
    let unmarked = World(theirs.0.iter().cloned().collect());
    assert!(!unmarked.0.is_lent(&key("vpc/main")));
    let world = unmarked.field("vpc/main", "cidr", "172.16.0.0/16".into());
    assert!(plan(&stack.desired(), &world).unwrap().is_empty());
    assert!(plan(&wanted, &world).is_err());
}

#[test]
fn a_zone_in_lent_subnets_is_removed() {
    let (old, new) = (brought(&["a", "c"]), brought(&["a"]));
    let careful = plan(&new.desired(), &old.observed()).unwrap();
    assert_eq!(
        ids(&careful),
        [
            "update function/billing",
            "delete route_table/private-c",
            "delete nat_gateway/c",
        ]
    );
    assert!(waits(
        &careful,
        "update function/billing",
        "delete route_table/private-c"
    ));
    // Who else is in the subnet may rely on the table.
    let left: Vec<String> = careful
        .left_alone
        .iter()
        .map(|(key, diff)| format!("{key} {}", diff.path()))
        .collect();
    assert_eq!(
        left,
        ["route_table/public associations.subnet/public-c".to_owned()]
    );
    assert!(careful.kept.is_empty());
    let policy = Policy {
        prune: true,
        ..Policy::default()
    };
    let pruned = Plan::new(CATALOGUE, &new.desired(), &old.observed().0, policy).unwrap();
    assert_eq!(
        text(&pruned),
        [
            "release function/billing; subnets: subnet/private-a + subnet/private-c \
             -> subnet/private-a",
            "delete route_table/private-c",
            "delete nat_gateway/c",
            "update route_table/public; associations.subnet/public-c: subnet/public-c -> nothing",
        ]
    );
    for pair in ids(&pruned).windows(2) {
        assert!(waits(&pruned, &pair[0], &pair[1]));
    }
}

#[test]
fn what_needs_lent_subnets_can_stand_in() {
    let stack = brought(&["a", "c"]);
    let world = stack
        .observed()
        .health("nat_gateway/a", Health::Broken("failed".to_owned()));
    assert_eq!(
        text(&plan(&stack.desired(), &world).unwrap())[0],
        "release route_table/private-a; routes.0.0.0.0/0: nat_gateway/a -> nat_gateway/c"
    );
}

#[test]
fn a_function_that_is_lent_has_no_step() {
    let stack = Stack::zones(&["a"]);
    let function = key("function/billing");
    for health in [
        Health::Ready,
        Health::Settling("InProgress".to_owned()),
        Health::Broken("failed".to_owned()),
    ] {
        let mut world = stack.observed().health("function/billing", health);
        world.0.lend(function.clone());
        let other = world.field("function/billing", "subnets", foreign("subnet-0").clone());
        assert!(plan(&stack.desired(), &other).unwrap().is_empty());
        let destroy = plan(&Graph::default(), &other).unwrap();
        assert_eq!(destroy.count(Action::Release), 0);
    }
}

#[test]
fn what_a_lent_one_refers_to_is_not_replaced() {
    let stack = Stack::zones(&["a"]).lending(&["nat_gateway"]);
    let world = stack
        .observed()
        .health("subnet/public-a", Health::Broken("failed".to_owned()));
    let Err(PlanError::Refused(deltas)) = plan(&stack.desired(), &world) else {
        panic!("not refused");
    };
    assert_eq!(deltas[0].key, key("nat_gateway/a"));
    assert_eq!(deltas[0].what.fields()[0].name, "subnet");
}

#[test]
fn a_loan_counts_in_a_digest_and_nothing_else_changes() {
    let vpc = Desired {
        key: key("vpc/main"),
        attrs: Attrs::from([("dns", true.into())]),
    };
    let ours = Graph::from_iter([vpc.clone()]);
    let mut lent = ours.clone();
    lent.lend(key("vpc/main"));
    assert!(lent.is_lent(&key("vpc/main")) && !ours.is_lent(&key("vpc/main")));
    let json = |graph: &Graph<Desired>| serde_json::to_string(graph).unwrap();
    assert_eq!(
        json(&ours),
        r#"{"vpc/main":{"key":"vpc/main","attrs":{"dns":true}}}"#
    );
    assert_eq!(
        json(&lent),
        r#"{"vpc/main":{"key":"vpc/main","attrs":{"dns":true}},"lent":["vpc/main"]}"#
    );
    assert_ne!(Digest::of(&ours), Digest::of(&lent));
    lent.insert(vpc.clone());
    assert!(lent.is_lent(&key("vpc/main")), "putting it in again");
    assert_eq!(json(&Graph::default()), "{}");
    let observed = Graph::from_iter([ready(&vpc)]);
    assert_eq!(
        serde_json::to_string(&observed).unwrap(),
        r#"{"vpc/main":{"key":"vpc/main","id":"main-0","health":"ready","attrs":{"dns":true}}}"#
    );
}

#[test]
fn a_function_moves_to_lent_subnets_behind_their_table() {
    let stack = brought(&["a", "c"]);
    let world = stack.observed().lost("route_table/private-c").field(
        "function/billing",
        "subnets",
        set([to("subnet/private-a")]),
    );
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        ids(&plan),
        ["create route_table/private-c", "update function/billing"]
    );
    assert!(waits(
        &plan,
        "create route_table/private-c",
        "update function/billing"
    ));
}
