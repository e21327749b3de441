//! Every state that an address can be in: the one judgement, the table in the
//! docs, and what the commands make of it.

use killick_finding::{Aspect, FieldPath, Part};
use killick_stack::snapshot::Transfer;
use killick_stack::{
    Assessment, Identity, Known, Moment, Origin, Pin, Snapshot, StackView, Standing, State,
    Unreadable, findings, judge,
};

use crate::agreement::pins_agree;
use crate::support::{TWO_ZONES, deployed, desired, spec};

const DOCS: &str = include_str!("../../../../docs/addresses.md");
const D: &str = "ap-northeast-1d";
const ALLOCATION: &str = "eipalloc-00d";
/// The address of zone d.
const THREE: &str = "203.0.113.3";
/// One that no zone ever had.
const NOBODYS: &str = "203.0.113.99";

/// One line of the table: the words of a known address in a state at all
/// moments.
fn row(known: Known, state: State, origin: &str, of: Origin) -> String {
    let cell = |moment: &Moment| {
        let judged = judge(known, state, *moment, of);
        let mark = if judged.broken { "**" } else { "" };
        let (standing, remedy) = (judged.standing.word(), judged.remedy.word());
        match remedy {
            "-" => format!("{mark}{standing}{mark}"),
            remedy => format!("{mark}{standing}{mark}: {remedy}"),
        }
    };
    let cells: Vec<String> = Moment::ALL.iter().map(cell).collect();
    format!(
        "| {} | {} | {origin} | {} |\n",
        known.word(),
        state.word(),
        cells.join(" | ")
    )
}

/// The table of the docs, one line for both origins where they are alike.
fn table() -> String {
    let mut text =
        "| partners | the address is | allocated by | before | during | after |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for known in Known::ALL {
        for state in State::ALL {
            let alike = |moment: &Moment| {
                let of = |origin: &Origin| judge(*known, *state, *moment, *origin);
                let mut all = Origin::ALL.iter().map(of);
                let first = all.next();
                all.all(|one| Some(one) == first)
            };
            if Moment::ALL.iter().all(alike) {
                text += &row(*known, *state, "either", Origin::Managed);
            } else {
                for origin in Origin::ALL {
                    text += &row(*known, *state, origin.word(), *origin);
                }
            }
        }
    }
    text
}

#[test]
fn the_docs_have_every_cell() {
    let table = table();
    assert!(DOCS.contains(&table), "docs/addresses.md lacks\n{table}");
}

/// A world in which the address is in that state before a plan; none where that
/// cannot be.
fn world(known: Known, state: State, origin: Origin) -> Option<(String, Snapshot, &'static str)> {
    let zone = "[[zone]]\nname = \"ap-northeast-1d\"\npublic = \"10.0.4.0/24\"\n\
                private = \"10.0.5.0/24\"\n";
    let function = "\n[[function]]";
    let three = TWO_ZONES.replacen("[[function]]", &format!("{zone}{function}"), 1);
    let mut snapshot = named(&deployed(&spec(&three)));
    let external = format!("{zone}address = \"{ALLOCATION}\"\n");
    let mut text = match (state, origin) {
        (State::Unused, _) => TWO_ZONES.to_owned(),
        (_, Origin::Managed) => three,
        (_, Origin::External) => three.replacen(zone, &external, 1),
    };
    let mut ip = THREE;
    let pinned = |more: &[&str]| {
        let mut all = vec!["203.0.113.1", "203.0.113.2"];
        all.extend(more);
        format!("\n[egress]\naddresses = {all:?}\n")
    };
    match known {
        Known::Pinned => {
            text += &pinned(&[if state == State::Released {
                NOBODYS
            } else {
                THREE
            }])
        }
        Known::Unpinned => text += &pinned(&[]),
        Known::Used | Known::New | Known::Free => {}
    }
    if origin == Origin::External {
        find(&mut snapshot.addresses, |one| one.id == ALLOCATION)
            .tags
            .clear();
    }
    match state {
        State::InUse => {}
        State::Waiting => idle(&mut snapshot),
        State::Unused => {
            // What the spec no longer names is external to nobody.
            if origin == Origin::External {
                return None;
            }
            idle(&mut snapshot);
        }
        State::Elsewhere => {
            let mut foreign = snapshot.nat_gateways.last()?.clone();
            "nat-foreign".clone_into(&mut foreign.id);
            foreign.tags.clear();
            foreign.addresses[0].allocation = None;
            foreign.addresses[0].ip = Some("198.51.100.7".to_owned());
            snapshot.nat_gateways.push(foreign);
            // Turning a route back to a gateway that works changes no set.
            if known == Known::Used {
                idle(&mut snapshot);
            }
            lead(&mut snapshot, "nat-foreign");
            ip = "198.51.100.7";
            if known == Known::Pinned {
                text = text.replace(THREE, ip);
                let mut address = snapshot.addresses.last()?.clone();
                (address.id, address.ip) = ("eipalloc-foreign".to_owned(), ip.to_owned());
                address.tags.clear();
                snapshot.addresses.push(address);
            }
        }
        State::Further => {
            ip = "198.51.100.9";
            if known == Known::Pinned {
                text = text.replace(THREE, ip);
            }
            let nat = find(&mut snapshot.nat_gateways, |one| one.id.ends_with(D));
            let mut further = nat.addresses[0].clone();
            (further.allocation, further.ip) = (None, Some(ip.to_owned()));
            nat.addresses.push(further);
        }
        State::Released => ip = NOBODYS,
        State::Recoverable => {
            idle(&mut snapshot);
            snapshot.addresses.retain(|one| one.id != ALLOCATION);
        }
        State::Offered => snapshot.transfers.push(Transfer {
            allocation: ALLOCATION.to_owned(),
            account: "210987654321".to_owned(),
            status: "pending".to_owned(),
        }),
        State::Taken => {
            idle(&mut snapshot);
            let address = find(&mut snapshot.addresses, |one| one.id == ALLOCATION);
            address.association = Some("eipassoc-i".to_owned());
            address.instance = Some("i-1".to_owned());
        }
        State::Unread => snapshot.unreadable.push(Unreadable {
            part: Part::Addresses,
            permission: "ec2:DescribeAddresses".to_owned(),
            code: "UnauthorizedOperation".to_owned(),
            message: String::new(),
            request_id: None,
        }),
    }
    match known {
        Known::Pinned | Known::Unpinned | Known::Used => {}
        // The network of the zone was never made, and so nobody leaves by it.
        Known::New | Known::Free => {
            if matches!(state, State::InUse | State::Offered | State::Further) {
                return None;
            }
            snapshot.route_tables.retain(|one| !one.id.ends_with(D));
            snapshot.subnets.retain(|one| !one.id.ends_with(D));
            if known == Known::Free {
                snapshot.functions[0].subnets.clear();
            } else {
                snapshot.functions[0]
                    .subnets
                    .retain(|one| !one.ends_with(D));
            }
        }
    }
    let reachable = match (known, state, origin) {
        // A released address that is not pinned leaves no trace.
        (Known::Unpinned | Known::Used | Known::New | Known::Free, State::Released | State::Recoverable, _)
        // What is elsewhere is named by nobody's id.
        | (_, State::Elsewhere | State::Released | State::Recoverable, Origin::External)
        // Only what leaves is used, and one of ours is primary.
        | (Known::Used, State::Further, _)
        | (_, State::Further, Origin::External)
        // Nobody leaves by it, and it is not ours: nothing names it.
        | (Known::New | Known::Free, State::Elsewhere, _)
        | (_, State::Unread, Origin::External) => false,
        (Known::Used | Known::New | Known::Free, State::Unread, _) => known == Known::Used,
        _ => true,
    };
    reachable.then_some((text, snapshot, ip))
}

/// Ids that a spec can name.
fn named(snapshot: &Snapshot) -> Snapshot {
    let text = serde_json::to_string(snapshot).unwrap();
    let text = text.replace("\"eipalloc-ap-northeast-1d\"", &format!("{ALLOCATION:?}"));
    serde_json::from_str(&text).unwrap()
}

fn find<T>(all: &mut [T], is: impl Fn(&T) -> bool) -> &mut T {
    all.iter_mut().find(|one| is(one)).unwrap()
}

/// Takes the NAT gateway of zone d away, and its address with it.
fn idle(snapshot: &mut Snapshot) {
    "deleted".clone_into(&mut find(&mut snapshot.nat_gateways, |one| one.id.ends_with(D)).state);
    let address = find(&mut snapshot.addresses, |one| one.id == ALLOCATION);
    (address.association, address.network_interface) = (None, None);
}

fn lead(snapshot: &mut Snapshot, target: &str) {
    let table = find(&mut snapshot.route_tables, |one| {
        one.id == format!("rtb-private-{D}")
    });
    target.clone_into(&mut table.routes[1].target);
}

/// The judgement of one address, and that all commands take it from there.
#[track_caller]
fn seen(text: &str, snapshot: &Snapshot, ip: &str) -> Pin {
    let spec = spec(text);
    let identity = Identity::of(&spec, snapshot).unwrap();
    let seen = StackView {
        snapshot,
        identity: &identity,
    };
    let desired = desired(&spec, &seen);
    let assessment = Assessment::of(&spec, &seen, &desired);
    let observed = seen.observed(&desired, &assessment);
    let found = findings(&spec, &seen, &desired, &observed, &assessment).all;
    pins_agree(&spec, snapshot, &assessment, &found);
    let pin = assessment.pins().get(ip);
    let pin = pin.unwrap_or_else(|| panic!("{ip} is not judged: {:?}", assessment.pins()));
    let has = |aspect: Aspect| {
        let field = Some(FieldPath::Beyond(aspect));
        found.iter().any(|one| one.field == field)
    };
    let lost = pin.judge(Moment::Before).standing == Standing::Lost;
    assert_eq!(has(Aspect::Pinned(ip.to_owned())), lost, "{pin:?}");
    let dropped = pin.judge(Moment::After).standing == Standing::Dropped;
    let unused = has(Aspect::Unused(ip.to_owned()));
    assert_eq!(unused, dropped && pin.is_pinned() && !lost, "{pin:?}");
    pin.clone()
}

#[test]
fn every_state_that_can_be_is_seen_as_it_is() {
    let mut count = 0;
    for known in Known::ALL {
        for state in State::ALL {
            for origin in Origin::ALL {
                let Some((text, snapshot, ip)) = world(*known, *state, *origin) else {
                    continue;
                };
                let pin = seen(&text, &snapshot, ip);
                let is = (pin.known, pin.state(Moment::Before), pin.origin);
                assert_eq!(is, (*known, *state, *origin), "{pin:?}");
                for moment in Moment::ALL {
                    let judged = judge(pin.known, pin.state(*moment), *moment, pin.origin);
                    assert_eq!(pin.judge(*moment), judged);
                }
                count += 1;
            }
        }
    }
    assert!(count >= 32, "only {count} worlds");
}

#[test]
fn a_plan_leads_from_state_to_state() {
    let after = |known, state, origin| {
        let (text, snapshot, ip) = world(known, state, origin).unwrap();
        let pin = seen(&text, &snapshot, ip);
        (pin.state(Moment::During), pin.state(Moment::After))
    };
    use State::{Elsewhere, InUse, Offered, Recoverable, Released, Taken, Unused, Waiting};
    for (before, during, then) in [
        (InUse, InUse, InUse),
        (Waiting, Waiting, InUse),
        (Unused, Unused, Unused),
        (Elsewhere, Elsewhere, Elsewhere),
        (Released, Released, Released),
        (Recoverable, Recoverable, InUse),
        (Offered, Offered, Offered),
        (Taken, Taken, Taken),
    ] {
        let led = after(Known::Pinned, before, Origin::Managed);
        assert_eq!(led, (during, then), "{before:?}");
    }
    // A gateway that is replaced, and one that the spec no longer wants.
    let (text, mut snapshot, ip) = world(Known::Pinned, InUse, Origin::Managed).unwrap();
    "subnet-public-ap-northeast-1c".clone_into(
        snapshot
            .nat_gateways
            .last_mut()
            .unwrap()
            .subnet
            .as_mut()
            .unwrap(),
    );
    let replaced = seen(&text, &snapshot, ip);
    assert_eq!(replaced.state(Moment::During), Waiting);
    assert_eq!(replaced.state(Moment::After), InUse);
    let fewer = format!(
        "{TWO_ZONES}\n[egress]\naddresses = [\"203.0.113.1\", \"203.0.113.2\", \"{THREE}\"]\n"
    );
    let (_, snapshot, ip) = world(Known::Pinned, InUse, Origin::Managed).unwrap();
    let fewer = seen(&fewer, &snapshot, ip);
    assert_eq!(fewer.state(Moment::Before), InUse);
    assert_eq!(fewer.state(Moment::After), Unused);
    assert!(!fewer.judge(Moment::Before).broken && fewer.judge(Moment::After).broken);
}

#[test]
fn only_what_is_known_can_break() {
    for known in Known::ALL {
        for state in State::ALL {
            for origin in Origin::ALL {
                for moment in Moment::ALL {
                    let judged = judge(*known, *state, *moment, *origin);
                    let fine = matches!(
                        judged.standing,
                        Standing::Kept | Standing::Waits | Standing::Spare
                    );
                    assert!(!(fine && judged.broken), "{known:?} {state:?} {judged:?}");
                    let pinned = *known == Known::Pinned;
                    assert!(!pinned || fine || judged.broken, "{state:?} {judged:?}");
                }
            }
        }
    }
}
