//! Addresses: added, lost, taken, offered.

use super::{A, C, Stage};

#[test]
fn a_further_one() {
    let mut stage = Stage::standing();
    let done = stage.done("add-nat-address");
    let nat = stage.nat(A);
    assert_eq!((nat.addresses.len(), stage.nat(C).addresses.len()), (2, 1));
    assert!(done.contains(nat.addresses[1].public_ip.as_ref().unwrap()));
    stage.wait();
    assert_eq!(stage.nat(A).addresses[1].status, "succeeded");
}

#[test]
fn an_idle_one_is_lost_or_taken() {
    let mut stage = Stage::standing();
    let (id, nat) = (stage.id_of(&format!("elastic_ip/{A}")), stage.nat(A).id);
    let why = stage.tamper("release-address").unwrap_err();
    assert!(why.contains(&id) && why.contains(&nat), "{why}");
    stage.done("delete-nat-gateway");
    assert!(stage.tamper("release-address").is_err());
    stage.wait();
    let ip = stage.place().addresses.get(&id).unwrap().ip.clone();
    let mut other = stage.clone();
    let mut third = stage.clone();

    let done = stage.done("release-address");
    assert!(done.contains(&id), "{done}");
    assert!(!stage.place().addresses.has(&id));
    let why = stage.tamper("release-address").unwrap_err();
    assert!(why.contains(&stage.nat(C).id), "{why}");
    let (status, body) = stage.ask("AllocateAddress", &[("Address", &ip)]);
    assert_eq!(status, 200, "{body}");

    let done = other.done("take-address");
    let taken = other.place().addresses.get(&id).unwrap().clone();
    let held = taken.association.unwrap();
    assert!(held.nat_gateway.is_none() && done.contains(&held.interface));
    let interface = other.place().interfaces.get(&held.interface).unwrap();
    assert!(done.contains(interface.instance.as_ref().unwrap()));

    let done = third.done("release-address-for-good");
    assert!(done.contains(&id) && done.contains(&ip), "{done}");
    let (_, body) = third.ask("AllocateAddress", &[("Address", &ip)]);
    assert!(body.contains("InvalidAddress.NotFound"), "{body}");
    let (_, body) = third.ask("ReleaseAddress", &[("PublicIp", &ip)]);
    assert!(body.contains("AuthFailure"), "{body}");
    let (_, body) = third.ask("ReleaseAddress", &[("AllocationId", &id)]);
    assert!(body.contains("InvalidAllocationID.NotFound"), "{body}");

    // Nobody else gets it.
    let why = other.tamper("take-address").unwrap_err();
    assert!(why.contains(&held.interface), "{why}");
}

#[test]
fn one_is_offered() {
    let mut stage = Stage::standing();
    let done = stage.done("transfer-address");
    let id = stage.id_of(&format!("elastic_ip/{A}"));
    let address = stage.place().addresses.get(&id).unwrap();
    assert_eq!(address.transfer.as_ref().unwrap().account, "111122223333");
    assert!(done.contains("111122223333") && done.contains(&address.ip));
}
