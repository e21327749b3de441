//! The order of what was read does not matter; what was not read proves nothing.

use killick_path::*;
use proptest::prelude::*;

use crate::choices::Choices;
use crate::topology::{asked, runner, two_zones};
use crate::wild::{Case, cases};

fn shuffled(case: &Case) -> Network {
    let mut network = case.network.clone();
    let mut choices: Choices = case.samples.clone();
    fn mix<T>(choices: &mut Choices, known: &mut Known<Vec<T>>) {
        if let Known::Read(items) = known {
            choices.shuffle(items);
        }
    }
    mix(&mut choices, &mut network.vpcs);
    mix(&mut choices, &mut network.subnets);
    mix(&mut choices, &mut network.acls);
    mix(&mut choices, &mut network.route_tables);
    mix(&mut choices, &mut network.security_groups);
    mix(&mut choices, &mut network.nat_gateways);
    mix(&mut choices, &mut network.internet_gateways);
    if let Known::Read(acls) = &mut network.acls {
        acls.iter_mut()
            .for_each(|acl| choices.shuffle(&mut acl.entries));
    }
    if let Known::Read(tables) = &mut network.route_tables {
        for table in tables {
            choices.shuffle(&mut table.routes);
            choices.shuffle(&mut table.subnets);
        }
    }
    if let Known::Read(groups) = &mut network.security_groups {
        groups
            .iter_mut()
            .for_each(|group| choices.shuffle(&mut group.egress));
    }
    if let Known::Read(gateways) = &mut network.nat_gateways {
        gateways
            .iter_mut()
            .for_each(|nat| choices.shuffle(&mut nat.addresses));
    }
    network
}

/// Everything that can be unread, one by one.
fn forget(network: &Network, which: usize) -> Network {
    let mut less = network.clone();
    match which {
        0 => less.vpcs = Known::Unread,
        1 => less.subnets = Known::Unread,
        2 => less.acls = Known::Unread,
        3 => less.route_tables = Known::Unread,
        4 => less.security_groups = Known::Unread,
        5 => less.nat_gateways = Known::Unread,
        6 => less.internet_gateways = Known::Unread,
        7 | 8 => {
            if let Known::Read(vpcs) = &mut less.vpcs {
                for vpc in vpcs {
                    if which == 7 {
                        vpc.block_public_access = Known::Unread;
                    } else {
                        vpc.dns_support = Known::Unread;
                    }
                }
            }
        }
        _ => {
            if let Known::Read(tables) = &mut less.route_tables {
                for route in tables.iter_mut().flat_map(|table| &mut table.routes) {
                    if let Destination::List(list) = &mut route.to {
                        list.entries = Known::Unread;
                    }
                }
            }
            if let Known::Read(groups) = &mut less.security_groups {
                for rule in groups.iter_mut().flat_map(|group| &mut group.egress) {
                    if let Peer::List(list) = &mut rule.peer {
                        list.entries = Known::Unread;
                    }
                }
            }
        }
    }
    less
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_what_was_read_does_not_matter(case in cases()) {
        let proof = prove(&case.network, &case.runner, &case.asked);
        let again = prove(&shuffled(&case), &case.runner, &case.asked);
        // The hops tell the addresses of a NAT gateway, primary first: their order is told as read.
        prop_assert_eq!(proof.paths.len(), again.paths.len());
        for (mut one, mut other) in proof.paths.into_iter().zip(again.paths) {
            one.hops.retain(|hop| hop.kind != HopKind::Address);
            other.hops.retain(|hop| hop.kind != HopKind::Address);
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn what_was_not_read_proves_nothing_more(case in cases(), which in 0_usize..10) {
        let proof = prove(&case.network, &case.runner, &case.asked);
        let less = prove(&forget(&case.network, which), &case.runner, &case.asked);
        for (read, unread) in proof.paths.iter().zip(&less.paths) {
            prop_assert!(
                unread.judgement != Judgement::Proven || read.judgement == Judgement::Proven,
                "{which}: {read:?} {unread:?}"
            );
        }
    }
}

#[test]
fn nothing_is_proven_without_any_one_part() {
    let (network, runner, asked) = (two_zones(), runner(), asked());
    assert_eq!(
        prove(&network, &runner, &asked).judgement(),
        Judgement::Proven
    );
    let said: Vec<String> = (0..9)
        .map(|which| {
            let proof = prove(&forget(&network, which), &runner, &asked);
            assert_eq!(proof.judgement(), Judgement::Unknown, "{which}");
            let path = &proof.paths[0];
            format!("{} {:?}", path.classes[0], path.notes)
        })
        .collect();
    insta::assert_snapshot!("unread", said.join("\n"));
}

#[test]
fn a_network_is_data() {
    let network = two_zones();
    let text = serde_json::to_string(&network).unwrap();
    assert_eq!(serde_json::from_str::<Network>(&text).unwrap(), network);
    let proof = prove(&network, &runner(), &asked());
    insta::assert_snapshot!(
        "proof",
        serde_json::to_string_pretty(&proof.paths[0]).unwrap()
    );
}
