//! Which id is which key.

use killick_core::Key;
use killick_stack::Identity;

use crate::support::{A, TWO_ZONES, deployed, found, spec, strip};

#[test]
fn every_resource_is_found_again_without_its_tags() {
    let spec = spec(TWO_ZONES);
    let all = Identity::of(&spec, &deployed(&spec)).unwrap();
    for (key, id) in all.iter().filter(|(key, _)| key.kind != "function") {
        let mut snapshot = deployed(&spec);
        strip(&mut snapshot, id);
        let identity = Identity::of(&spec, &snapshot).unwrap();
        assert_eq!(identity.id(key), Some(id), "{key}");
        let fields: Vec<_> = found(&spec, &snapshot)
            .into_iter()
            .map(|one| (one.key.to_string(), one.field.unwrap().to_string()))
            .collect();
        // Who takes one of the two takes both: one finding.
        let tags = ["tags.Name", "tags.killick:key", "tags.team"];
        let expected: Vec<_> = tags.map(|tag| (key.to_string(), tag.to_owned())).into();
        let sorted = |mut fields: Vec<(String, String)>| {
            fields.sort();
            fields
        };
        assert_eq!(sorted(fields), expected);
    }
}

#[test]
fn a_gateway_and_its_address_without_tags_are_found_by_the_routes() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    strip(&mut snapshot, "nat-ap-northeast-1a");
    strip(&mut snapshot, "eipalloc-ap-northeast-1a");
    let identity = Identity::of(&spec, &snapshot).unwrap();
    assert_eq!(
        identity.id(&Key::new("elastic_ip", A)),
        Some("eipalloc-ap-northeast-1a")
    );
    assert_eq!(
        identity.id(&Key::new("nat_gateway", A)),
        Some("nat-ap-northeast-1a")
    );
}

#[test]
fn a_gateway_made_by_hand_on_another_address_is_not_taken_for_ours() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    let nat = &mut snapshot.nat_gateways[0];
    nat.id = "nat-byhand".to_owned();
    nat.tags.clear();
    nat.addresses[0].allocation = Some("eipalloc-byhand".to_owned());
    let identity = Identity::of(&spec, &snapshot).unwrap();
    assert_eq!(identity.id(&Key::new("nat_gateway", A)), None);
    assert_eq!(identity.key("nat-byhand"), None);
}

#[test]
fn a_table_put_in_place_of_ours_is_not_taken_for_ours() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    let key = Key::new("route_table", format!("private-{A}"));
    let table = snapshot
        .route_tables
        .iter_mut()
        .find(|table| table.id.ends_with(A))
        .unwrap();
    table.tags.clear();
    table.routes[1].target = "tgw-1".to_owned();
    assert_eq!(Identity::of(&spec, &snapshot).unwrap().id(&key), None);
}

#[test]
fn two_of_one_key_are_ambiguous_and_named() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    let mut copy = snapshot.vpcs[0].clone();
    copy.id = "vpc-2".to_owned();
    snapshot.vpcs.push(copy);
    let ambiguous = Identity::of(&spec, &snapshot).unwrap_err();
    assert_eq!(ambiguous.len(), 1);
    assert_eq!(ambiguous[0].key, Key::new("vpc", "main"));
    assert_eq!(ambiguous[0].ids, ["vpc-1", "vpc-2"]);
}

#[test]
fn tombstones_are_no_gateways() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    for (state, id) in [
        ("deleted", "nat-1"),
        ("deleting", "nat-2"),
        ("failed", "nat-3"),
    ] {
        let mut ghost = snapshot.nat_gateways[0].clone();
        ghost.state = state.to_owned();
        ghost.id = id.to_owned();
        snapshot.nat_gateways.insert(0, ghost);
    }
    assert_eq!(found(&spec, &snapshot), []);
}

#[test]
fn a_gateway_that_is_gone_still_tells_which_address_it_held() {
    let spec = spec(TWO_ZONES);
    for state in ["deleting", "deleted", "failed"] {
        let mut snapshot = deployed(&spec);
        snapshot.nat_gateways[0].state = state.to_owned();
        strip(&mut snapshot, "eipalloc-ap-northeast-1a");
        let identity = Identity::of(&spec, &snapshot).unwrap();
        let address = Key::new("elastic_ip", A);
        assert_eq!(
            identity.id(&address),
            Some("eipalloc-ap-northeast-1a"),
            "{state}"
        );
    }
}

#[test]
fn a_moved_internet_gateway_does_not_make_another_vpc_ours() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    snapshot.vpcs[0].id = "vpc-foreign".to_owned();
    snapshot.vpcs[0].tags.clear();
    snapshot.internet_gateways[0].vpc = Some("vpc-foreign".to_owned());
    snapshot.subnets.clear();
    snapshot.route_tables.clear();
    snapshot.security_groups.clear();
    snapshot.nat_gateways.clear();
    let identity = Identity::of(&spec, &snapshot).unwrap();
    assert_eq!(identity.key("vpc-foreign"), None);
}

#[test]
fn a_vpc_of_another_cidr_is_not_taken_for_ours() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    snapshot.vpcs[0].tags.clear();
    snapshot.vpcs[0].cidr = "172.16.0.0/16".to_owned();
    assert_eq!(Identity::of(&spec, &snapshot).unwrap().key("vpc-1"), None);
}
