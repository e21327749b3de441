//! Routes that lead elsewhere.

use killick_sim::NatState;

use super::{A, C, Stage};

const ANYWHERE: &str = "0.0.0.0/0";

fn private(zone: &str) -> String {
    format!("private-{zone}")
}

#[test]
fn longer_prefixes() {
    let mut stage = Stage::standing();
    let nat = stage.nat(A).id;
    let done = stage.done("route-prefix-elsewhere");
    let hop = stage.hop(&private(A), "203.0.113.0/24").unwrap();
    assert!(hop.starts_with("tgw-"), "{hop}");
    assert!(done.contains(&hop) && done.contains("(route_table/private-ap-northeast-1a)"));
    assert_eq!(stage.hop(&private(A), ANYWHERE), Some(nat));
    assert_eq!(stage.hop(&private(C), "203.0.113.0/24"), None);

    stage.done("shadow-default-route");
    for half in ["0.0.0.0/1", "128.0.0.0/1"] {
        assert!(stage.hop(&private(A), half).unwrap().starts_with("tgw-"));
    }
    // Once more hits the next zone, and then there is none left.
    stage.done("route-prefix-elsewhere");
    assert!(stage.hop(&private(C), "203.0.113.0/24").is_some());
    let why = stage.tamper("route-prefix-elsewhere").unwrap_err();
    assert!(why.starts_with("no zone of the stack has"), "{why}");
}

#[test]
fn default_routes_to_what_is_there() {
    let mut stage = Stage::standing();
    let (gateway, other) = (stage.id_of("internet_gateway/main"), stage.nat(C).id);
    stage.done("route-to-other-nat");
    assert_eq!(stage.hop(&private(A), ANYWHERE), Some(other.clone()));
    assert_eq!(stage.hop(&private(C), ANYWHERE), Some(other.clone()));
    stage.done("route-to-internet-gateway");
    assert_eq!(stage.hop(&private(A), ANYWHERE), Some(gateway));
    assert_eq!(stage.hop(&private(C), ANYWHERE), Some(other));
}

#[test]
fn default_routes_to_what_is_foreign() {
    let mut stage = Stage::standing();
    let done = stage.done("route-to-foreign-nat");
    let hop = stage.hop(&private(A), ANYWHERE).unwrap();
    let public = stage.subnet_id(&format!("public-{A}"));
    let nat = stage.place().nat_gateways.get(&hop).unwrap().clone();
    assert_eq!((nat.state, nat.subnet), (NatState::Pending, public));
    assert!(!nat.tags.contains_key("killick:stack"));
    assert!(done.contains(nat.addresses[0].public_ip.as_ref().unwrap()));
    stage.wait();
    let nat = stage.place().nat_gateways.get(&hop).unwrap();
    assert_eq!(nat.state, NatState::Available);

    let mut stage = Stage::standing();
    let done = stage.done("route-to-instance");
    let hop = stage.hop(&private(A), ANYWHERE).unwrap();
    let interface = stage.place().interfaces.get(&hop).unwrap();
    assert!(!interface.source_dest_check);
    assert!(done.contains(interface.instance.as_ref().unwrap()));
}

#[test]
fn default_routes_that_are_gone() {
    let mut stage = Stage::standing();
    stage.done("delete-default-route");
    assert_eq!(stage.hop(&private(A), ANYWHERE), None);
    assert!(stage.hop(&private(C), ANYWHERE).is_some());
    stage.done("delete-default-route");
    assert_eq!(stage.hop(&private(C), ANYWHERE), None);
    assert!(stage.tamper("delete-default-route").is_err());
}

#[test]
fn propagated_routes() {
    let mut stage = Stage::standing();
    let done = stage.done("propagate-routes");
    let table = stage.route_table(&private(A));
    assert!(table.propagating[0].starts_with("vgw-"));
    let routes = table.routes.iter();
    let routes: Vec<_> = routes
        .filter(|route| route.origin == "EnableVgwRoutePropagation")
        .collect();
    assert!(!routes.is_empty());
    assert!(routes.iter().all(|route| done.contains(&route.destination)));
}

#[test]
fn the_public_way_out() {
    let mut stage = Stage::standing();
    stage.done("route-public-elsewhere");
    assert!(stage.hop("public", ANYWHERE).unwrap().starts_with("tgw-"));
}
