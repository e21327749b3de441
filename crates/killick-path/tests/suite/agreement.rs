//! The verdicts against single packets.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use killick_path::*;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::choices::Choices;
use crate::packet::{Fate, Packet, World};
use crate::topology::v4;
use crate::wild::{Case, PORTS, REMOTE, cases};

/// First, last and the neighbours of each.
fn edges(net: IpNet) -> Vec<IpAddr> {
    match net {
        IpNet::V4(net) => {
            let (first, last) = (u32::from(net.network()), u32::from(net.broadcast()));
            [first.saturating_sub(1), first, last, last.saturating_add(1)]
                .map(|bits| IpAddr::V4(bits.into()))
                .into()
        }
        IpNet::V6(net) => {
            let (first, last) = (u128::from(net.network()), u128::from(net.broadcast()));
            [first.saturating_sub(1), first, last, last.saturating_add(1)]
                .map(|bits| IpAddr::V6(bits.into()))
                .into()
        }
    }
}

fn special(to: Ipv4Addr) -> bool {
    let [a, b, _, _] = to.octets();
    matches!(a, 0 | 10 | 127 | 224..)
        || (a, b) == (169, 254)
        || (a, b) == (192, 168)
        || (a == 100 && b & 0xc0 == 64)
        || (a == 172 && b & 0xf0 == 16)
        || (a == 198 && b & 0xfe == 18)
}

fn is_asked(case: &Case, to: IpAddr) -> bool {
    let Known::Read(vpcs) = &case.network.vpcs else {
        return false;
    };
    match (case.asked.destination, to) {
        (Some(net), _) => net.contains(&to),
        (None, IpAddr::V4(to)) => {
            !special(to) && !vpcs[0].cidrs.iter().any(|net| net.contains(&to))
        }
        (None, IpAddr::V6(to)) => to.octets()[0] & 0xe0 == 0x20,
    }
}

fn covers(class: &Class, to: IpAddr) -> bool {
    match &class.destinations {
        Destinations::Everything => to.is_ipv4(),
        Destinations::EverythingBut { nets } => {
            to.is_ipv4() && !nets.iter().any(|net| net.contains(&to))
        }
        Destinations::Nets { nets } => nets.iter().any(|net| net.contains(&to)),
        Destinations::List { .. } => false,
        Destinations::EverythingOverIpv6 => to.is_ipv6(),
    }
}

/// What every packet for one destination comes to.
struct Seen<'a> {
    case: &'a Case,
    subnet: &'a str,
    to: IpAddr,
    sources: Vec<Ipv4Addr>,
    /// The addresses that the NAT gateway on the way may take.
    nat: Option<&'a NatGateway>,
}

impl Seen<'_> {
    fn fates(&self, port: u16, nat_port: u16, function_port: u16) -> Vec<Fate> {
        let world = World(&self.case.network);
        let addresses = self.nat.map_or(1, |nat| nat.addresses.len().max(1));
        let mut fates = Vec::new();
        for source in &self.sources {
            for nat_address in 0..addresses {
                let landed = |nat: &NatGateway| {
                    let address = nat.addresses.get(nat_address);
                    address.is_some_and(|address| address.private.is_some())
                };
                let landings: &[u8] = if self.nat.is_none_or(landed) {
                    &[0]
                } else {
                    &[0, 9, 10, 11, 127, 128, 255]
                };
                for landing in landings {
                    let packet = Packet {
                        source: *source,
                        destination: self.to,
                        port,
                        nat_address,
                        landing: *landing,
                        nat_port,
                        function_port,
                    };
                    fates.push(world.fate(self.subnet, &self.case.runner, packet));
                }
            }
        }
        fates
    }
}

fn out(fate: &Fate) -> bool {
    matches!(fate, Fate::Out(_) | Fate::Open)
}

fn dropped(fate: &Fate) -> bool {
    matches!(fate, Fate::Dropped(_))
}

/// What a class says against the fates of one connection.
fn judge(seen: &Seen<'_>, class: &Class, ports: [u16; 3]) -> TestCaseResult {
    let [port, nat_port, function_port] = ports;
    let fates = seen.fates(port, nat_port, function_port);
    let context = format!("{class} at {} {ports:?}: {fates:?}", seen.to);
    let passes = class.ports.contains(port);
    let returns = class.replies.to_nat.contains(nat_port)
        && class.replies.to_function.contains(function_port);
    match &class.verdict {
        Verdict::Leaves { addresses } | Verdict::Outside { addresses, .. } => {
            if passes && returns {
                prop_assert!(fates.iter().all(out), "does not leave: {context}");
                let named: BTreeSet<Ipv4Addr> = fates
                    .iter()
                    .filter_map(|fate| match fate {
                        Fate::Out(address) => *address,
                        _ => None,
                    })
                    .collect();
                let open = fates.contains(&Fate::Open);
                prop_assert!(open || named == *addresses, "addresses: {context}");
                if matches!(class.verdict, Verdict::Leaves { .. }) {
                    prop_assert!(!open && !fates.contains(&Fate::Out(None)), "{context}");
                    prop_assert!(addresses.is_subset(&seen.case.asked.set), "{context}");
                } else {
                    let listed = addresses.is_subset(&seen.case.asked.set);
                    let unnamed = open || fates.contains(&Fate::Out(None));
                    prop_assert!(!listed || unnamed, "inside: {context}");
                }
            } else {
                prop_assert!(fates.iter().any(dropped), "leaves: {context}");
            }
        }
        Verdict::NoWayOut { .. } => {
            prop_assert!(fates.iter().any(dropped), "is not stopped: {context}");
        }
        Verdict::Elsewhere { target, leg } => {
            let away = match leg {
                Leg::Request => Fate::Away(target.clone()),
                Leg::Reply => Fate::ReplyAway(target.clone()),
            };
            if !passes {
                prop_assert!(fates.iter().any(dropped), "goes on: {context}");
            } else if *leg == Leg::Request && seen.to.is_ipv4() {
                prop_assert!(fates.iter().all(|fate| *fate == away), "{context}");
            } else {
                let there = fates.contains(&away) || fates.iter().any(dropped);
                prop_assert!(there, "not diverted: {context}");
            }
        }
        Verdict::Unknown { .. } => {
            if passes && returns {
                prop_assert!(fates.contains(&Fate::Open), "is known: {context}");
            }
        }
    }
    Ok(())
}

/// A diverted reply has to be diverted for some packet at least.
fn diverts(seen: &Seen<'_>, class: &Class, ports: &[u16], replies: &[u16]) -> TestCaseResult {
    let Verdict::Elsewhere { target, leg } = &class.verdict else {
        return Ok(());
    };
    let away = match leg {
        Leg::Request => Fate::Away(target.clone()),
        Leg::Reply => Fate::ReplyAway(target.clone()),
    };
    let some = ports.iter().any(|port| {
        let mut back = replies.iter();
        back.any(|back| seen.fates(*port, *back, *back).contains(&away))
    });
    prop_assert!(some, "never diverted: {class} at {}", seen.to);
    Ok(())
}

fn agrees(case: &Case, choices: &mut Choices) -> TestCaseResult {
    let proof = prove(&case.network, &case.runner, &case.asked);
    let path = choices.pick(&proof.paths);
    let subnet = path.subnet.as_deref().unwrap();
    let (Known::Read(subnets), Known::Read(nats)) =
        (&case.network.subnets, &case.network.nat_gateways)
    else {
        return Ok(());
    };
    let cidr = subnets.iter().find(|one| one.id == subnet).unwrap().cidr;
    let base = u32::from(cidr.network());
    let sources: Vec<Ipv4Addr> = [0, 9, 10, 11, 127, 128, 255]
        .map(|offset| Ipv4Addr::from(base + offset))
        .into();
    let mut all_ports: Vec<u16> = PORTS
        .iter()
        .flat_map(|(first, last)| {
            [
                first.saturating_sub(1),
                *first,
                *last,
                last.saturating_add(1),
            ]
        })
        .filter(|port| *port > 0)
        .collect();
    all_ports.sort_unstable();
    all_ports.dedup();
    let wanted: Vec<u16> = match case.asked.port {
        Some(port) => vec![port],
        None => all_ports.clone(),
    };
    let ephemeral: Vec<u16> = all_ports.into_iter().filter(|port| *port >= 1024).collect();

    let nets: Vec<&str> = REMOTE
        .into_iter()
        .chain([
            "203.0.113.128/26",
            "2001:db8::/32",
            "2001:db8:1::/48",
            "::/0",
        ])
        .chain(["2000::/3", "11.0.0.0/8", "192.168.0.0/16", "224.0.0.0/3"])
        .collect();
    for _ in 0..5 {
        let net = v4(choices.pick(&nets));
        let to = choices.pick(&edges(net));
        let holding: Vec<&Class> = path
            .classes
            .iter()
            .filter(|class| is_asked(case, to) && covers(class, to))
            .collect();
        // The NAT gateway on the way, told by its id in any fate that is possible.
        for nat in nats.iter().map(Some).chain([None]) {
            let seen = Seen {
                case,
                subnet,
                to,
                sources: sources.clone(),
                nat,
            };
            if nat.map(|nat| nat.id.as_str()) != on_the_way(&seen).as_deref() {
                continue;
            }
            for _ in 0..4 {
                let port = choices.pick(&wanted);
                let (one, other) = (choices.pick(&ephemeral), choices.pick(&ephemeral));
                match holding.as_slice() {
                    [class] => judge(&seen, class, [port, one, other])?,
                    [] => unsaid(&seen, [port, one, other])?,
                    several => prop_assert!(false, "{to} is in {several:?}"),
                }
            }
            if let [class] = holding.as_slice() {
                diverts(&seen, class, &wanted, &ephemeral)?;
            }
        }
    }
    Ok(())
}

/// A destination in no class: not asked for, or not to be reached over IPv6.
fn unsaid(seen: &Seen<'_>, [port, one, other]: [u16; 3]) -> TestCaseResult {
    let (case, to) = (seen.case, seen.to);
    if is_asked(case, to) {
        let beside = to.is_ipv6() && case.asked.destination.is_none();
        prop_assert!(beside, "{to} is in no class");
        let fates = seen.fates(port, one, other);
        prop_assert!(fates.iter().any(dropped), "{to} leaves unsaid: {fates:?}");
    }
    Ok(())
}

/// The NAT gateway that the function's table leads to, by the dumb look-up.
fn on_the_way(seen: &Seen<'_>) -> Option<String> {
    World(&seen.case.network).next_hop(seen.subnet, seen.to)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn verdicts_agree_with_packets(case in cases()) {
        let mut choices = case.samples.clone();
        agrees(&case, &mut choices)?;
    }
}
