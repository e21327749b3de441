//! Who follows which table.

use super::{A, C, Stage};

#[test]
fn a_private_subnet_follows_another_table() {
    let private = format!("private-{A}");
    let mut stage = Stage::standing();
    let public = stage.route_table("public").id;
    stage.done("swap-table-to-public");
    assert_eq!(stage.followed(&private).id, public);

    let mut stage = Stage::standing();
    let other = stage.route_table(&format!("private-{C}")).id;
    stage.done("swap-table-to-other-zone");
    assert_eq!(stage.followed(&private).id, other);
    assert_eq!(stage.followed(&format!("private-{C}")).id, other);

    let mut stage = Stage::standing();
    stage.done("disassociate-table");
    assert!(stage.followed(&private).is_main());
}

#[test]
fn strangers_follow_ours() {
    let mut stage = Stage::standing();
    let done = stage.done("share-table");
    let table = stage.route_table(&format!("private-{A}"));
    let ours = stage.subnet_id(&format!("private-{A}"));
    let members = table.associations.iter().flat_map(|entry| &entry.member);
    let foreign: Vec<_> = members.filter(|member| **member != ours).collect();
    let subnet = stage.place().subnets.get(foreign[0]).unwrap();
    assert_eq!((subnet.zone.as_str(), foreign.len()), (A, 1));
    assert_eq!(subnet.cidr, "10.0.255.240/28");
    assert!(!subnet.tags.contains_key("killick:stack"));
    assert!(done.contains(&subnet.id));
}

#[test]
fn the_main_table() {
    let mut stage = Stage::standing();
    let (vpc, gateway) = (
        stage.id_of("vpc/main"),
        stage.id_of("internet_gateway/main"),
    );
    let main = |stage: &mut Stage| {
        let mut tables = stage.place().route_tables.all();
        let main = tables.find(|table| table.vpc == vpc && table.is_main());
        main.unwrap().clone()
    };
    let before = main(&mut stage);
    stage.done("swap-main-table");
    let after = main(&mut stage);
    assert_ne!(before.id, after.id);

    let done = stage.done("main-default-route");
    let route = main(&mut stage).routes.pop().unwrap();
    assert_eq!(route.destination, "0.0.0.0/0");
    assert!(done.contains(&after.id) && done.contains(&gateway));
}

#[test]
fn an_edge_table() {
    let mut stage = Stage::standing();
    let gateway = stage.id_of("internet_gateway/main");
    stage.done("edge-table");
    let mut tables = stage.place().route_tables.all();
    let follows = |table: &&killick_sim::RouteTable| {
        let mut entries = table.associations.iter();
        entries.any(|entry| entry.member.as_ref() == Some(&gateway))
    };
    let edge = tables.find(follows).unwrap();
    let routes: Vec<_> = edge.routes.iter().map(|one| &one.destination).collect();
    assert_eq!(routes, ["10.0.0.0/16", "10.0.0.0/24"]);
}
