//! The rules of the walk that no change of the list needs, case by case.

use killick_path::*;

use crate::cases::{Table, denying, dual_stack, replace};
use crate::topology::*;

#[test]
fn what_else_decides() {
    let mut table = Table(String::new());
    for state in ["pending", "failed"] {
        table.row(&format!("a NAT gateway that is {state}"), |network| {
            of(&mut network.nat_gateways)[0].state = state.into();
        });
    }
    table.row("a private NAT gateway", |network| {
        of(&mut network.nat_gateways)[0].public = false;
    });
    table.row("a NAT gateway that is gone", |network| {
        of(&mut network.nat_gateways).remove(0);
    });
    table.row("a regional NAT gateway", |network| {
        of(&mut network.nat_gateways)[0].subnet = None;
    });
    table.row("a NAT gateway behind another", |network| {
        replace(network, "rtb-pub", "nat-c");
    });
    table.row(
        "a network before a list, a list before propagation",
        |network| {
            let routes = routes(network, "rtb-a");
            routes.push(route("192.0.2.0/25", "nat-a"));
            routes.push(listed(
                "pl-1",
                Some(&["192.0.2.0/25", "192.0.2.128/25"]),
                "tgw-1",
            ));
            routes.push(Route {
                origin: Origin::Propagated,
                ..route("192.0.2.128/25", "vgw-1")
            });
        },
    );
    table.row("two lists with one entry", |network| {
        let routes = routes(network, "rtb-a");
        routes.push(listed("pl-1", Some(&["192.0.2.0/24"]), "tgw-1"));
        routes.push(listed("pl-2", Some(&["192.0.2.0/24"]), "tgw-2"));
    });
    table.row(
        "a list that was not read, to the same NAT gateway",
        |network| {
            routes(network, "rtb-a").push(listed("pl-1", None, "nat-a"));
        },
    );
    table.row("a list that was not read, in the public table", |network| {
        routes(network, "rtb-pub").push(listed("pl-s3", None, "vpce-1"));
    });
    table.asking(
        "a group with a list that was not read",
        |network, _, asked| {
            let list = PrefixList {
                id: "pl-1".into(),
                entries: Known::Unread,
            };
            of(&mut network.security_groups)[0].egress = vec![
                allow("0.0.0.0/0", Some((80, 80))),
                Rule {
                    peer: Peer::List(list),
                    ..allow("0.0.0.0/0", Some((443, 443)))
                },
            ];
            asked.port = Some(443);
        },
    );
    table.row("the same, any port is asked, only 443 gets on", |network| {
        let list = PrefixList {
            id: "pl-1".into(),
            entries: Known::Unread,
        };
        of(&mut network.security_groups)[0].egress = vec![
            allow("0.0.0.0/0", Some((80, 80))),
            Rule {
                peer: Peer::List(list),
                ..allow("0.0.0.0/0", Some((443, 443)))
            },
        ];
        let acls = of(&mut network.acls);
        acls[0].entries.push(entry(90, true, false, Some((80, 80))));
    });
    table.row("a public ACL that knows half of the subnet", |network| {
        denying(
            network,
            "subnet-pub-a",
            vec![
                entry(10, true, true, None),
                entry(10, false, true, None),
                AclEntry {
                    net: v4("10.0.1.128/25"),
                    ..entry(5, false, false, None)
                },
            ],
        );
    });
    table.row("seven networks to a transit gateway", |network| {
        let routes = routes(network, "rtb-a");
        routes.extend((1..8).map(|net| route(&format!("8.{net}.0.0/17"), "tgw-1")));
    });
    table.row("a VPC with a public block", |network| {
        of(&mut network.vpcs)[0]
            .cidrs
            .push("192.0.2.0/24".parse().unwrap());
        routes(network, "rtb-a").push(route("192.0.2.0/25", "eni-1"));
    });
    table.asking("a partner inside of the VPC", |_, _, asked| {
        asked.destination = Some(v4("10.0.2.0/24"));
    });
    table.asking("a partner over IPv6, without IPv6", |_, _, asked| {
        asked.destination = Some(v4("2001:db8:7::/48"));
    });
    table.asking(
        "a partner over IPv6, with IPv6",
        |network, runner, asked| {
            dual_stack(network);
            runner.ipv6 = true;
            asked.destination = Some(v4("2001:db8:7::/48"));
        },
    );
    table.asking(
        "a partner over IPv4, with IPv6",
        |network, runner, asked| {
            dual_stack(network);
            runner.ipv6 = true;
            asked.destination = Some(v4("192.0.2.0/24"));
        },
    );
    table.asking("IPv6, but closed", |network, runner, _| {
        dual_stack(network);
        runner.ipv6 = true;
        of(&mut network.acls)[0]
            .entries
            .retain(|entry| entry.net == v4("0.0.0.0/0"));
    });
    for mode in [BlockPublicAccess::Bidirectional, BlockPublicAccess::Ingress] {
        for gateway in ["eigw-1", "igw-1"] {
            let name = format!("IPv6 by {gateway}, Block Public Access {mode:?}");
            table.asking(&name, |network, runner, asked| {
                dual_stack(network);
                let routes = routes(network, "rtb-a");
                routes.pop();
                routes.push(route("::/0", gateway));
                of(&mut network.vpcs)[0].block_public_access = Known::Read(mode);
                runner.ipv6 = true;
                asked.destination = Some(v4("2001:db8:7::/48"));
            });
        }
    }
    table.asking("no fixed address at all", |_, _, asked| asked.set.clear());
    table.asking("no group", |_, runner, _| runner.groups.clear());
    insta::assert_snapshot!("else", table.0);
}
