//! What cannot be changed in place.

use killick_core::{Health, Plan, PlanError, Policy};

use crate::topology::{CATALOGUE, Stack, foreign, ids, key, plan, text, to, waits};

fn broken() -> Health {
    Health::Broken("InsufficientFreeAddressesInSubnet: none is left".to_owned())
}

#[test]
fn a_nat_gateway_is_replaced_without_an_outage() {
    let stack = Stack::zones(&["a", "c"]);
    let world = stack
        .observed()
        .field("nat_gateway/a", "subnet", to("subnet/public-c"));
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        text(&plan),
        [
            "release route_table/private-a; routes.0.0.0.0/0: nat_gateway/a -> nat_gateway/c",
            "delete nat_gateway/a; subnet: subnet/public-c -> subnet/public-a",
            "create nat_gateway/a",
            "update route_table/private-a; routes.0.0.0.0/0: nat_gateway/c -> nat_gateway/a",
        ]
    );
    for pair in ids(&plan).windows(2) {
        assert!(waits(&plan, &pair[0], &pair[1]));
    }
}

#[test]
fn a_broken_nat_gateway_is_replaced_on_the_same_address() {
    let stack = Stack::zones(&["a", "c"]);
    let plan = plan(
        &stack.desired(),
        &stack.observed().health("nat_gateway/c", broken()),
    )
    .unwrap();
    assert_eq!(
        ids(&plan),
        [
            "release route_table/private-c",
            "delete nat_gateway/c",
            "create nat_gateway/c",
            "update route_table/private-c",
        ]
    );
    let (_, delete) = plan.steps().nth(1).unwrap();
    assert_eq!(
        delete.note.as_deref(),
        Some("InsufficientFreeAddressesInSubnet: none is left")
    );
}

#[test]
fn nothing_can_stand_in_for_the_only_nat_gateway() {
    let stack = Stack::zones(&["a"]);
    let plan = plan(
        &stack.desired(),
        &stack.observed().health("nat_gateway/a", broken()),
    )
    .unwrap();
    let text = text(&plan);
    assert_eq!(
        text[0],
        "release route_table/private-a; routes.0.0.0.0/0: nat_gateway/a -> nothing"
    );
    assert_eq!(
        text[3],
        "update route_table/private-a; routes.0.0.0.0/0: nothing -> nat_gateway/a"
    );
}

#[test]
fn what_does_not_work_does_not_stand_in() {
    let stack = Stack::zones(&["a", "b", "c", "d"]);
    let world = stack
        .observed()
        .health("nat_gateway/a", broken())
        .health("nat_gateway/b", Health::Settling("pending".to_owned()))
        .health("nat_gateway/c", broken());
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        text(&plan)[0],
        "release route_table/private-a; routes.0.0.0.0/0: nat_gateway/a -> nat_gateway/d"
    );
}

#[test]
fn an_extra_route_to_a_replaced_nat_gateway_is_put_back() {
    let stack = Stack::zones(&["a", "c"]);
    let world = stack.observed().health("nat_gateway/a", broken());
    let extra = world.clone().entry(
        "route_table/private-c",
        "routes",
        "198.51.100.0/24",
        to("nat_gateway/a"),
    );
    let plan = plan(&stack.desired(), &extra).unwrap();
    let text = text(&plan);
    assert!(text.contains(
        &"release route_table/private-c; routes.198.51.100.0/24: nat_gateway/a -> nat_gateway/c"
            .to_owned()
    ));
    assert!(
        text.contains(
            &"update route_table/private-c; routes.198.51.100.0/24: nat_gateway/c -> nat_gateway/a"
                .to_owned()
        )
    );
    assert!(waits(
        &plan,
        "create nat_gateway/a",
        "update route_table/private-c"
    ));
    assert_eq!(plan.left_alone.len(), 1);
    let policy = Policy {
        prune: true,
        ..Policy::default()
    };
    let pruned = Plan::new(CATALOGUE, &stack.desired(), &extra.0, policy).unwrap();
    assert!(waits(
        &pruned,
        "update route_table/private-c",
        "delete nat_gateway/a"
    ));
}

#[test]
fn a_nat_gateway_on_an_address_that_is_not_ours() {
    let stack = Stack::zones(&["a", "c"]);
    let world = stack
        .observed()
        .field("nat_gateway/a", "address", foreign("eipalloc-0theirs"));
    let plan = plan(&stack.desired(), &world).unwrap();
    assert_eq!(
        ids(&plan)[1..3],
        ["delete nat_gateway/a", "create nat_gateway/a"]
    );
}

#[test]
fn two_nat_gateways_that_swapped_their_addresses() {
    let stack = Stack::zones(&["a", "c"]);
    let world = stack
        .observed()
        .field("nat_gateway/a", "address", to("elastic_ip/c"))
        .field("nat_gateway/c", "address", to("elastic_ip/a"));
    let plan = plan(&stack.desired(), &world).unwrap();
    assert!(waits(&plan, "delete nat_gateway/c", "create nat_gateway/a"));
    assert!(waits(&plan, "delete nat_gateway/a", "create nat_gateway/c"));
}

#[test]
fn another_cidr_is_refused() {
    let stack = Stack::zones(&["a", "c"]);
    let world = stack
        .observed()
        .field("subnet/private-a", "cidr", "10.0.9.0/24".into());
    let Err(PlanError::Refused(deltas)) = plan(&stack.desired(), &world) else {
        panic!("not refused");
    };
    assert_eq!(deltas.len(), 1);
    assert_eq!(deltas[0].key, key("subnet/private-a"));
    let fields: Vec<String> = deltas[0]
        .what
        .fields()
        .iter()
        .map(|diff| diff.path())
        .collect();
    assert_eq!(fields, ["cidr"]);
}

#[test]
fn a_replacement_that_would_need_a_refused_one_is_refused() {
    let stack = Stack::zones(&["a"]);
    let Err(PlanError::Refused(deltas)) = plan(
        &stack.desired(),
        &stack
            .observed()
            .health("subnet/public-a", broken())
            .health("vpc/main", broken()),
    ) else {
        panic!("not refused");
    };
    let keys: Vec<String> = deltas.iter().map(|delta| delta.key.to_string()).collect();
    assert!(keys.contains(&"subnet/private-a".to_owned()), "{keys:?}");
    assert!(
        !keys.contains(&"subnet/public-a".to_owned()),
        "it is replaced anyway: {keys:?}"
    );
    assert_eq!(deltas[0].what.fields()[0].live.to_string(), "vpc/main");
}

#[test]
fn a_function_that_did_not_take_its_config_gets_it_again() {
    let stack = Stack::zones(&["a", "c"]);
    let world = stack.observed().health("function/billing", broken());
    assert_eq!(
        text(&plan(&stack.desired(), &world).unwrap()),
        [
            "update function/billing; state: InsufficientFreeAddressesInSubnet: none is left \
             -> ready"
        ]
    );
}
