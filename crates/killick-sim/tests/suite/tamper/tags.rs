//! Tags.

use super::{A, C, Stage};

#[test]
fn taken_off() {
    let mut stage = Stage::standing();
    let (nat, other) = (stage.nat(A).id, stage.nat(C).id);
    stage.done("strip-tags");
    let place = stage.place();
    assert!(place.nat_gateways.get(&nat).unwrap().tags.is_empty());
    assert_eq!(place.nat_gateways.get(&other).unwrap().tags.len(), 2);
    // It is nobody's now: the next one is hit.
    assert!(stage.done("delete-nat-gateway").contains(&other));
}

#[test]
fn added() {
    let mut stage = Stage::standing();
    stage.done("add-tags");
    let tagged = "cost-center";
    for key in ["vpc/main", "internet_gateway/main", "route_table/public"] {
        stage.id_of(key);
    }
    let place = stage.place();
    let nats = place.nat_gateways.all().map(|one| &one.tags);
    let addresses = place.addresses.all().map(|one| &one.tags);
    let subnets = place.subnets.all().map(|one| &one.tags);
    let all: Vec<_> = nats.chain(addresses).chain(subnets).collect();
    assert_eq!(all.len(), 8);
    assert!(all.iter().all(|tags| tags[tagged] == "4711"));
    let tables = place.route_tables.all();
    let main = tables.filter(|table| table.is_main());
    assert!(main.into_iter().all(|table| table.tags.is_empty()));
}

#[test]
fn copied() {
    let mut stage = Stage::standing();
    let ours = stage.id_of("vpc/main");
    stage.done("copy-identity");
    let vpcs: Vec<_> = stage.place().vpcs.all().cloned().collect();
    assert_eq!(vpcs.len(), 2);
    let copy = vpcs.iter().find(|vpc| vpc.id != ours).unwrap();
    assert_eq!(copy.tags["killick:key"], "vpc/main");
    assert_eq!(copy.tags["killick:stack"], "partner-egress");
    // The stack is still the one with the subnets.
    assert!(stage.done("disable-dns").contains(&ours));
}
