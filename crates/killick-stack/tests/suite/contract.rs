//! What would make the addresses others than partners know, and what would not.

use killick_stack::{Assessment, Danger, Identity, Moment, Snapshot, StackView, State, abroad};

use crate::support::{A, C, TWO_ZONES, deployed, desired, found, spec, tags, text};

const ONE: &str = "203.0.113.1";
const TWO: &str = "203.0.113.2";

/// The danger of applying a spec to the two-zone stack after a change.
fn danger(text: &str, change: impl FnOnce(&mut Snapshot)) -> Danger {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    change(&mut snapshot);
    let spec = spec(text);
    // Only the records of the spec's own stack are read.
    let own = |stack: &String| spec.stack == *stack || spec.moved.stacks.contains(stack);
    snapshot.records.retain(|record| own(&record.stack));
    let identity = Identity::of(&spec, &snapshot).unwrap();
    let seen = StackView {
        snapshot: &snapshot,
        identity: &identity,
    };
    let desired = desired(&spec, &seen);
    let assessment = Assessment::of(&spec, &seen, &desired);
    assessment.pins().danger().clone()
}

fn promising(addresses: &[&str]) -> String {
    let list: Vec<String> = addresses.iter().map(|ip| format!("\"{ip}\"")).collect();
    format!("{TWO_ZONES}\n[egress]\naddresses = [{}]\n", list.join(", "))
}

fn without_zone_c() -> String {
    let begins = TWO_ZONES
        .find("[[zone]]\nname    = \"ap-northeast-1c\"")
        .unwrap();
    let ends = TWO_ZONES.find("[[function]]").unwrap();
    format!("{}{}", &TWO_ZONES[..begins], &TWO_ZONES[ends..])
}

#[test]
fn a_stack_as_declared_is_in_no_danger() {
    assert!(!danger(TWO_ZONES, |_| ()).any());
    assert!(!danger(&promising(&[ONE, TWO]), |_| ()).any());
    // A promise that nothing keeps is another set than the one that is used.
    let spare = |snapshot: &mut Snapshot| {
        let mut address = snapshot.addresses[0].clone();
        (address.id, address.ip) = ("eipalloc-spare".to_owned(), "203.0.113.3".to_owned());
        address.association = None;
        address.tags = tags(&spec(TWO_ZONES), "elastic_ip/ap-northeast-1d");
        snapshot.addresses.push(address);
    };
    let unused = danger(&promising(&[ONE, TWO, "203.0.113.3"]), spare);
    assert_eq!(unused.leaves, ["203.0.113.3"]);
}

#[test]
fn what_is_only_broken_is_mended_without_leave() {
    let route = |snapshot: &mut Snapshot, target: &str| {
        let mut tables = snapshot.route_tables.iter_mut();
        let table = tables.find(|table| table.id.ends_with(A)).unwrap();
        table.routes[1].target = target.to_owned();
    };
    assert!(!danger(TWO_ZONES, |snapshot| route(snapshot, "igw-1")).any());
    assert!(!danger(TWO_ZONES, |snapshot| route(snapshot, &format!("nat-{C}"))).any());
    // Its gateway is gone, and its address waits.
    let gone = |snapshot: &mut Snapshot| snapshot.nat_gateways[0].state = "deleted".to_owned();
    assert!(!danger(TWO_ZONES, gone).any());
    assert!(!danger(&promising(&[ONE, TWO]), gone).any());
    let detached = |snapshot: &mut Snapshot| snapshot.functions[0].subnets.clear();
    assert!(!danger(TWO_ZONES, detached).any());
}

#[test]
fn another_set_of_zones_is_another_set_of_addresses() {
    let fewer = danger(&without_zone_c(), |_| ());
    assert_eq!(fewer.leaves, [TWO]);
    assert_eq!(fewer.before, [ONE, TWO]);
    assert_eq!(fewer.functions, ["billing-sync"]);
    let single = TWO_ZONES.replace("[[function]]", "[egress]\nnat = \"single\"\n\n[[function]]");
    assert_eq!(danger(&single, |_| ()).leaves, [TWO]);
    let third = "[[zone]]\nname = \"ap-northeast-1d\"\npublic = \"10.0.4.0/24\"\n\
                 private = \"10.0.5.0/24\"\n\n[[function]]";
    let third = TWO_ZONES.replace("[[function]]", third);
    assert_eq!(danger(&third, |_| ()).joins, [None]);
    // Nobody leaves yet, so nobody knows the set.
    let idle = danger(&third, |snapshot| snapshot.functions[0].subnets.clear());
    assert!(!idle.any());
}

#[test]
fn a_gateway_made_by_hand_on_another_address_is_swapped_only_with_leave() {
    let by_hand = danger(TWO_ZONES, |on| by_hand(on, false));
    assert_eq!(by_hand.leaves, ["198.51.100.7"]);
    assert!(by_hand.joins.is_empty());
}

/// Makes the gateway of zone a somebody else's, on another address, and leads
/// the zone to it.
fn by_hand(snapshot: &mut Snapshot, ours: bool) {
    snapshot.nat_gateways[0].state = "deleted".to_owned();
    let mut nat = snapshot.nat_gateways[0].clone();
    (nat.id, nat.state) = ("nat-hand".to_owned(), "available".to_owned());
    if !ours {
        nat.tags.clear();
    }
    nat.addresses[0].allocation = None;
    nat.addresses[0].ip = Some("198.51.100.7".to_owned());
    snapshot.nat_gateways.push(nat);
    lead(snapshot, "nat-hand");
    snapshot.addresses[0].association = None;
    snapshot.addresses[0].network_interface = None;
}

fn lead(snapshot: &mut Snapshot, target: &str) {
    let mut tables = snapshot.route_tables.iter_mut();
    let table = tables.find(|table| table.id.ends_with(A)).unwrap();
    table.routes[1].target = target.to_owned();
}

/// Functions leave by another address, or by none, and the spec is as it was.
#[expect(clippy::type_complexity, reason = "a table of changes")]
const DIVERTED: [(&str, fn(&mut Snapshot)); 11] = [
    ("remade by hand", |on| by_hand(on, false)),
    ("remade with our tags", |on| by_hand(on, true)),
    ("a route to a foreign gateway", |on| {
        by_hand(on, false);
        on.nat_gateways[0].state = "available".to_owned();
    }),
    ("a further address", |on| {
        let mut more = on.nat_gateways[0].addresses[0].clone();
        more.allocation = None;
        more.ip = Some("198.51.100.9".to_owned());
        on.nat_gateways[0].addresses.push(more);
    }),
    ("another address on our gateway", |on| {
        on.nat_gateways[0].addresses[0].allocation = None;
        on.nat_gateways[0].addresses[0].ip = Some("198.51.100.9".to_owned());
        on.addresses[0].association = None;
    }),
    ("our address as a further one of our gateway", |on| {
        let mut first = on.nat_gateways[0].addresses[0].clone();
        first.allocation = Some("eipalloc-hand".to_owned());
        first.ip = Some("198.51.100.9".to_owned());
        first.interface = Some("eni-hand".to_owned());
        on.nat_gateways[0].addresses.insert(0, first);
    }),
    ("swapped addresses", |on| {
        let (one, two) = on.nat_gateways.split_at_mut(1);
        std::mem::swap(&mut one[0].addresses, &mut two[0].addresses);
    }),
    ("a function in a foreign VPC", |on| {
        on.functions[0].vpc = Some("vpc-2".to_owned());
        on.functions[0].subnets = vec!["subnet-2".to_owned()];
    }),
    ("a function in no VPC", |on| {
        on.functions[0].vpc = None;
        on.functions[0].subnets.clear();
    }),
    ("a function that was never attached", |on| {
        on.functions[0].vpc = None;
        on.functions[0].subnets.clear();
        on.records.clear();
    }),
    ("all tables lead to the foreign gateway", |on| {
        by_hand(on, false);
        on.route_tables
            .retain(|table| table.main || !table.id.contains("private"));
        let main = on.route_tables.iter_mut().find(|table| table.main).unwrap();
        main.routes.push(crate::support::route(
            "0.0.0.0/0",
            "nat-hand",
            "CreateRoute",
        ));
    }),
];

#[test]
fn going_back_to_what_is_pinned_takes_no_flag() {
    for (name, change) in DIVERTED {
        let pinned = danger(&promising(&[ONE, TWO]), change);
        assert!(!pinned.any(), "{name}: {pinned:?}");
        assert_eq!(pinned.before, [ONE, TWO], "{name}");
        let mut snapshot = deployed(&spec(TWO_ZONES));
        change(&mut snapshot);
        for finding in found(&spec(&promising(&[ONE, TWO])), &snapshot) {
            let flag = finding.repair.flag();
            assert_ne!(flag, Some(killick_finding::Flag::ChangeAddresses), "{name}");
        }
    }
    // Without pins, what is in use by now may be known to partners.
    for known in [0, 1, 10] {
        let (name, change) = DIVERTED[known];
        assert_eq!(danger(TWO_ZONES, change).leaves, ["198.51.100.7"], "{name}");
    }
    // Which of two gateways has which address is no matter to them.
    assert!(!danger(TWO_ZONES, DIVERTED[6].1).any());
}

#[test]
fn pins_that_the_spec_does_not_build_are_broken() {
    let pins = |promised: &[&str], change: fn(&mut Snapshot)| {
        let mut snapshot = deployed(&spec(TWO_ZONES));
        change(&mut snapshot);
        let spec = spec(&promising(promised));
        let identity = Identity::of(&spec, &snapshot).unwrap();
        let seen = StackView {
            snapshot: &snapshot,
            identity: &identity,
        };
        let assessment = Assessment::of(&spec, &seen, &desired(&spec, &seen));
        let ips = |all: Vec<&killick_stack::Pin>| {
            let ips = all.into_iter().filter_map(|pin| pin.ip.clone());
            ips.collect::<Vec<_>>()
        };
        let pins = assessment.pins();
        (
            ips(pins.broken().collect()),
            ips(pins.broken_after().collect()),
        )
    };
    let nothing: Vec<String> = Vec::new();
    let all = |ips: &[&str]| -> Vec<String> { ips.iter().map(|ip| (*ip).to_owned()).collect() };
    let same = |ips: &[&str]| (all(ips), all(ips));
    assert_eq!(pins(&[ONE, TWO], |_| ()), same(&[]));
    // It builds .1 and .2, and pinned are others.
    let others = ["203.0.113.98", "203.0.113.99"];
    let broken = [others[0], others[1], ONE, TWO];
    assert_eq!(pins(&others, |_| ()), same(&broken));
    assert_eq!(pins(&[ONE], |_| ()), same(&[TWO]));
    // Going back ends it.
    let back = pins(&[ONE, TWO], |on| by_hand(on, false));
    assert_eq!(back, (all(&["198.51.100.7"]), nothing.clone()));
    let waits = pins(&[ONE, TWO], |on| {
        on.nat_gateways[0].state = "deleted".to_owned()
    });
    assert_eq!(waits, (nothing.clone(), nothing));
}

#[test]
fn a_promise_is_held_against_what_the_stack_has() {
    let other = danger(&promising(&[ONE, "203.0.113.99"]), |_| ());
    assert_eq!(other.joins, [Some(TWO.to_owned())]);
    assert_eq!(other.broken[0].ip.as_deref(), Some("203.0.113.99"));
    assert_eq!(other.broken[0].state(Moment::Before), State::Released);
    // Released: the zone that has none can have it back.
    let released = |snapshot: &mut Snapshot| {
        snapshot.addresses.remove(0);
        snapshot.nat_gateways.remove(0);
    };
    let lost = danger(&promising(&[ONE, TWO]), released);
    assert_eq!(lost.broken[0].state(Moment::Before), State::Recoverable);
    assert_eq!(lost.broken[0].zone.as_deref(), Some(A));
    assert!(lost.joins.is_empty(), "{lost:?}");
    // In the account, and not of the stack.
    let foreign = danger(&promising(&[ONE, TWO, "203.0.113.3"]), |snapshot| {
        let mut address = snapshot.addresses[0].clone();
        (address.id, address.ip) = ("eipalloc-x".to_owned(), "203.0.113.3".to_owned());
        address.tags.clear();
        snapshot.addresses.push(address);
    });
    assert_eq!(foreign.broken[0].state(Moment::Before), State::Elsewhere);
    assert_eq!(foreign.broken[0].stack, None);
}

#[test]
fn a_stack_under_another_name_would_take_the_functions_along() {
    let renamed = TWO_ZONES.replace("\"partner-egress\"", "\"renamed\"");
    let moved = danger(&renamed, |_| ());
    let by = vec![ONE.to_owned(), TWO.to_owned()];
    assert_eq!(moved.moves, [("billing-sync".to_owned(), by)]);
    let told = format!("{renamed}\n[[moved]]\nfrom = \"partner-egress\"\nto = \"renamed\"\n");
    assert!(!danger(&told, |_| ()).any());
}

#[test]
fn only_a_function_that_is_new_here_is_abroad() {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    snapshot.functions[0].vpc = Some("vpc-2".to_owned());
    snapshot.functions[0].subnets = vec!["subnet-2".to_owned()];
    let spec = spec(TWO_ZONES);
    let identity = Identity::of(&spec, &snapshot).unwrap();
    let seen = |snapshot| StackView {
        snapshot,
        identity: &identity,
    };
    let expected = [("billing-sync".to_owned(), "vpc-2".to_owned())];
    let mut fresh = snapshot.clone();
    fresh.records.clear();
    assert_eq!(abroad(&spec, &seen(&fresh)), expected);
    // The record is of a function that was in no VPC before: this one was made
    // anew under its name, or somebody moved it and had reasons to.
    assert_eq!(abroad(&spec, &seen(&snapshot)), expected);
    // A deployment put it back to where it was before.
    let mut back = snapshot.clone();
    let former = &mut back.records[0].former;
    former.subnets.insert("subnet-2".to_owned());
    assert!(abroad(&spec, &seen(&back)).is_empty());
    // In no VPC it loses nothing.
    let mut bare = snapshot.clone();
    bare.functions[0].subnets.clear();
    bare.functions[0].vpc = None;
    assert!(abroad(&spec, &seen(&bare)).is_empty());
}

#[test]
fn a_broken_promise_is_critical_drift() {
    let promised = promising(&[ONE, TWO, "203.0.113.99"]);
    let keys: Vec<(String, String)> = found(&spec(&promised), &deployed(&spec(TWO_ZONES)))
        .into_iter()
        .map(|one| (one.key.to_string(), text(&one)))
        .collect();
    let field = "promised.203.0.113.99".to_owned();
    assert_eq!(keys, [("elastic_ip/203.0.113.99".to_owned(), field)]);
}
