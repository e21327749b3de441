//! NAT gateways and the internet gateway.

use killick_sim::{NatState, active};

use super::{A, C, Stage};

#[test]
fn deleted() {
    let mut stage = Stage::standing();
    let nat = stage.nat(A);
    let done = stage.done("delete-nat-gateway");
    assert!(done.contains(nat.addresses[0].public_ip.as_ref().unwrap()));
    assert_eq!(stage.nat(A).state, NatState::Deleting);
    assert_eq!(stage.nat(C).state, NatState::Available);
    let table = stage.route_table(&format!("private-{A}"));
    let route = table.routes.last().unwrap();
    assert!(!active(stage.place(), &table, route));

    stage.done("delete-nat-gateways");
    assert_eq!(stage.nat(C).state, NatState::Deleting);
    for name in ["delete-nat-gateway", "delete-nat-gateways"] {
        let why = stage.tamper(name).unwrap_err();
        assert_eq!(why, "no zone of the stack has a NAT gateway");
    }
}

#[test]
fn added() {
    let mut stage = Stage::standing();
    stage.done("add-nat-gateway");
    let public = stage.subnet_id(&format!("public-{A}"));
    let nats = stage.place().nat_gateways.all();
    let here: Vec<_> = nats.filter(|nat| nat.subnet == public).collect();
    assert_eq!(here.len(), 2);
    let foreign = here
        .iter()
        .find(|nat| !nat.tags.contains_key("killick:key"));
    assert_eq!(foreign.unwrap().tags["Name"], "by hand");
}

#[test]
fn made_again() {
    let mut stage = Stage::standing();
    let old = stage.nat(A);
    let address = old.addresses[0].allocation.clone().unwrap();
    stage.done("remake-nat-gateway");
    let hop = stage.hop(&format!("private-{A}"), "0.0.0.0/0").unwrap();
    assert_ne!(hop, old.id);
    stage.wait();
    let place = stage.place();
    let (old, new) = (
        &place.nat_gateways.get(&old.id),
        place.nat_gateways.get(&hop),
    );
    assert_eq!(old.unwrap().state, NatState::Deleted);
    assert_eq!(new.unwrap().state, NatState::Available);
    assert!(place.addresses.get(&address).unwrap().association.is_none());
    // The zone has no gateway of the stack any more: the next one is hit.
    let other = stage.nat(C).id;
    assert!(stage.done("remake-nat-gateway").contains(&other));
}

#[test]
fn detached() {
    let mut stage = Stage::standing();
    let nats = [A, C].map(|zone| stage.nat(zone).id);
    let gateway = stage.id_of("internet_gateway/main");
    let attached = |stage: &mut Stage| {
        let found = stage.place().internet_gateways.get(&gateway);
        found.unwrap().vpc.is_some()
    };
    let why = stage.tamper("detach-internet-gateway").unwrap_err();
    assert!(nats.iter().all(|nat| why.contains(nat)), "{why}");
    assert!(why.contains("DependencyViolation"), "{why}");
    stage.done("delete-nat-gateways");
    assert!(stage.tamper("detach-internet-gateway").is_err());
    assert!(attached(&mut stage));
    stage.wait();
    stage.done("detach-internet-gateway");
    assert!(!attached(&mut stage));
    let why = stage.tamper("detach-internet-gateway").unwrap_err();
    assert!(why.contains("Gateway.NotAttached"), "{why}");
}
