//! What holds an Elastic IP, and what that means.

use killick_core::Change;
use killick_stack::{Assessment, Finding, Identity, Repair, Snapshot, StackView};

use crate::support::{A, TWO_ZONES, deployed, desired, found, spec};

/// The state and the holder of the first address after a change, and what is
/// found then of its NAT gateway.
fn first(change: impl FnOnce(&mut Snapshot)) -> (&'static str, Option<String>, Option<Finding>) {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    change(&mut snapshot);
    let identity = Identity::of(&spec, &snapshot).unwrap();
    let seen = StackView {
        snapshot: &snapshot,
        identity: &identity,
    };
    let assessment = Assessment::of(&spec, &seen, &desired(&spec, &seen));
    let address = assessment.held()[0].clone();
    assert_eq!(address.zone, A);
    let mut findings = found(&spec, &snapshot).into_iter();
    let gateway = findings.find(|one| one.key.to_string() == format!("nat_gateway/{A}"));
    (address.state, address.holder, gateway)
}

fn foreign(snapshot: &Snapshot) -> killick_stack::snapshot::NatGateway {
    let mut nat = snapshot.nat_gateways[0].clone();
    nat.id = "nat-foreign".to_owned();
    nat.tags.clear();
    nat.subnet = Some("subnet-foreign".to_owned());
    nat
}

#[test]
fn a_gateway_on_its_way_out_holds_its_address_to_the_end() {
    let nat = Some(format!("nat-{A}"));
    for (state, told) in [
        ("deleting", "the deleted NAT gateway lets go of it"),
        ("deleted", "the deleted NAT gateway lets go of it"),
        ("failed", "the failed NAT gateway lets go of it"),
    ] {
        let (now, holder, gateway) = first(|snapshot| {
            snapshot.nat_gateways[0].state = state.to_owned();
        });
        assert_eq!((now, &holder), ("idle", &nat), "{state}");
        let gateway = gateway.unwrap();
        assert!(gateway.effect.contains("203.0.113.1 is kept"), "{state}");
        assert!(gateway.effect.contains(told), "{}", gateway.effect);
        assert_eq!(gateway.repair, Repair::Automatic);
    }
    // Its tags may be gone as well, and the gateway somebody else's.
    for strip in [false, true] {
        let (now, holder, _) = first(|snapshot| {
            let mut gone = foreign(snapshot);
            gone.state = "deleting".to_owned();
            snapshot.nat_gateways.remove(0);
            if strip {
                gone.subnet = Some(format!("subnet-public-{A}"));
            }
            snapshot.nat_gateways.push(gone);
        });
        assert_eq!((now, holder.as_deref()), ("idle", Some("nat-foreign")));
    }
}

#[test]
fn what_keeps_an_address_has_taken_it() {
    // An interface of an instance or of anything else, while the gateway that
    // had it is still listed.
    for (instance, holder) in [(Some("i-1"), "i-1"), (None, "eni-other")] {
        for state in ["deleted", "failed"] {
            let (now, by, gateway) = first(|snapshot| {
                snapshot.nat_gateways[0].state = state.to_owned();
                let address = &mut snapshot.addresses[0];
                address.instance = instance.map(str::to_owned);
                address.network_interface = Some("eni-other".to_owned());
            });
            assert_eq!((now, by.as_deref()), ("taken", Some(holder)));
            let gateway = gateway.unwrap();
            let told = format!("203.0.113.1 is on {holder}, and killick does not take it away");
            assert!(gateway.effect.contains(&told), "{}", gateway.effect);
            assert!(matches!(gateway.repair, Repair::Report(_)));
        }
    }
    // A live gateway of somebody else, also one that is only coming up.
    for state in ["available", "pending"] {
        let (now, by, gateway) = first(|snapshot| {
            let mut nat = foreign(snapshot);
            nat.state = state.to_owned();
            snapshot.nat_gateways[0].state = "deleted".to_owned();
            snapshot.nat_gateways.push(nat);
            if state == "pending" {
                snapshot.addresses[0].association = None;
            }
        });
        assert_eq!((now, by.as_deref()), ("taken", Some("nat-foreign")));
        let gateway = gateway.unwrap();
        assert_eq!(gateway.what, Change::Missing);
        assert!(matches!(gateway.repair, Repair::Report(_)));
    }
}

#[test]
fn a_free_address_is_idle_and_one_in_use_is_not() {
    let (now, holder, gateway) = first(|_| ());
    assert_eq!((now, holder, gateway), ("in-use", None, None));
    let (now, holder, gateway) = first(|snapshot| {
        snapshot.nat_gateways[0].state = "deleted".to_owned();
        snapshot.addresses[0].association = None;
        snapshot.addresses[0].network_interface = None;
    });
    assert_eq!((now, holder), ("idle", None));
    let told = "its address 203.0.113.1 is kept and will be used again";
    assert!(gateway.unwrap().effect.ends_with(told));
}
