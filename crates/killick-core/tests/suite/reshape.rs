//! Another spec for a stack that stands.

use crate::topology::{Stack, foreign, ids, plan, text, to, waits};

#[test]
fn a_zone_is_added() {
    let (old, new) = (Stack::zones(&["a"]), Stack::zones(&["a", "c"]));
    let plan = plan(&new.desired(), &old.observed()).unwrap();
    let ids = ids(&plan);
    assert_eq!(ids.last().unwrap(), "update function/billing");
    assert!(
        ids.iter()
            .all(|id| !id.contains("-a") && !id.ends_with("/a")),
        "{ids:?}"
    );
    assert!(waits(
        &plan,
        "update route_table/public",
        "create nat_gateway/c"
    ));
}

#[test]
fn a_zone_is_removed() {
    let (old, new) = (Stack::zones(&["a", "c"]), Stack::zones(&["a"]));
    let plan = plan(&new.desired(), &old.observed()).unwrap();
    assert_eq!(
        ids(&plan),
        // The public table serves the subnet of the gateway to its end.
        [
            "update function/billing",
            "delete route_table/private-c",
            "delete nat_gateway/c",
            "delete subnet/private-c",
            "delete subnet/public-c",
        ]
    );
    assert!(waits(
        &plan,
        "update function/billing",
        "delete route_table/private-c"
    ));
    assert_eq!(plan.kept[0].0.to_string(), "elastic_ip/c");
}

#[test]
fn a_zone_is_renamed_and_keeps_its_blocks() {
    let (old, new) = (Stack::zones(&["a", "c"]), Stack::zones(&["a", "d"]));
    let plan = plan(&new.desired(), &old.observed()).unwrap();
    let text = text(&plan);
    for line in [
        "release function/billing; subnets: subnet/private-a + subnet/private-c -> subnet/private-a",
        "update function/billing; subnets: subnet/private-a -> subnet/private-a + subnet/private-d",
        "update route_table/public; associations.subnet/public-d: nothing -> subnet/public-d",
    ] {
        assert!(
            text.iter().any(|other| other == line),
            "no {line} in {text:#?}"
        );
    }
    for (first, then) in [
        ("release function/billing", "delete route_table/private-c"),
        ("delete route_table/private-c", "delete subnet/private-c"),
        ("delete subnet/private-c", "create subnet/private-d"),
        ("delete nat_gateway/c", "delete subnet/public-c"),
        ("delete subnet/public-c", "create subnet/public-d"),
        ("create nat_gateway/d", "update function/billing"),
    ] {
        assert!(waits(&plan, first, then), "{then} waits for {first}");
    }
    assert_eq!(plan.kept[0].0.to_string(), "elastic_ip/c");
}

#[test]
fn the_only_zone_is_renamed() {
    let (old, new) = (Stack::zones(&["c"]), Stack::zones(&["d"]));
    let plan = plan(&new.desired(), &old.observed()).unwrap();
    let text = text(&plan);
    let release = "release function/billing; subnets: subnet/private-c -> none; \
                   security_groups: security_group/functions -> none";
    assert!(
        text.iter().any(|line| line == release),
        "a group without subnets: {text:#?}"
    );
}

#[test]
fn from_one_nat_gateway_to_one_a_zone() {
    let new = Stack::zones(&["a", "c"]);
    let plan = plan(&new.desired(), &new.clone().single("a").observed()).unwrap();
    assert_eq!(
        text(&plan),
        [
            "create elastic_ip/c",
            "create nat_gateway/c",
            "update route_table/private-c; routes.0.0.0.0/0: nat_gateway/a -> nat_gateway/c",
        ]
    );
}

#[test]
fn from_one_nat_gateway_a_zone_to_one() {
    let old = Stack::zones(&["a", "c"]);
    let plan = plan(&old.clone().single("a").desired(), &old.observed()).unwrap();
    assert_eq!(
        text(&plan),
        [
            "update route_table/private-c; routes.0.0.0.0/0: nat_gateway/c -> nat_gateway/a",
            "delete nat_gateway/c",
        ]
    );
    assert!(waits(
        &plan,
        "update route_table/private-c",
        "delete nat_gateway/c"
    ));
    assert_eq!(plan.kept[0].0.to_string(), "elastic_ip/c");
}

#[test]
fn the_only_nat_gateway_moves_to_the_other_zone() {
    let stack = Stack::zones(&["a", "c"]);
    let plan = plan(
        &stack.clone().single("c").desired(),
        &stack.single("a").observed(),
    )
    .unwrap();
    for table in [
        "update route_table/private-a",
        "update route_table/private-c",
    ] {
        assert!(waits(&plan, "create nat_gateway/c", table));
        assert!(waits(&plan, table, "delete nat_gateway/a"));
    }
}

#[test]
fn a_route_to_ours_goes_with_it() {
    let (old, new) = (Stack::zones(&["a", "c"]), Stack::zones(&["a"]));
    let world = old
        .observed()
        .entry(
            "route_table/private-a",
            "routes",
            "198.51.100.0/24",
            to("nat_gateway/c"),
        )
        .entry(
            "route_table/private-a",
            "routes",
            "192.0.2.0/24",
            foreign("pcx-0theirs"),
        );
    let plan = plan(&new.desired(), &world).unwrap();
    let text = text(&plan);
    let line = "update route_table/private-a; routes.198.51.100.0/24: nat_gateway/c -> nothing";
    assert!(text.iter().any(|other| other == line), "{text:#?}");
    assert!(waits(
        &plan,
        "update route_table/private-a",
        "delete nat_gateway/c"
    ));
    let left: Vec<String> = plan
        .left_alone
        .iter()
        .map(|(_, diff)| diff.path())
        .collect();
    assert_eq!(left, ["routes.192.0.2.0/24"]);
}
