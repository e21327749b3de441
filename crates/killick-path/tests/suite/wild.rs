//! Random networks: few small prefixes, so that they collide and shadow each
//! other. The first choice everywhere is the sound set-up.

use std::collections::BTreeSet;

use ipnet::{IpNet, Ipv4Net};
use killick_path::*;
use proptest::prelude::*;

use crate::choices::Choices;
use crate::topology::{acl, address, allow, entry, group, listed, nat, route, table, v4};

pub(crate) const REMOTE: [&str; 12] = [
    "203.0.113.0/24",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "203.0.113.0/25",
    "203.0.113.128/25",
    "203.0.113.64/26",
    "203.0.113.7/32",
    "198.51.100.0/24",
    "198.51.100.128/25",
    "192.0.0.0/3",
    "0.0.0.0/0",
    "10.0.0.0/8",
];

const V6: [&str; 3] = ["::/0", "2001:db8::/32", "2001:db8:1::/48"];

pub(crate) const PORTS: [(u16, u16); 9] = [
    (0, 65535),
    (443, 443),
    (1024, 65535),
    (1, 1023),
    (80, 443),
    (3389, 3389),
    (1025, 32768),
    (32768, 65535),
    (22, 22),
];

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) network: Network,
    pub(crate) runner: Runner,
    pub(crate) asked: Asked,
    /// For the packets.
    pub(crate) samples: Choices,
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    (Choices::any(), Choices::samples()).prop_map(|(mut choices, samples)| {
        let network = network(&mut choices);
        let (runner, asked) = question(&network, &mut choices);
        Case {
            network,
            runner,
            asked,
            samples,
        }
    })
}

fn target(c: &mut Choices) -> &'static str {
    c.pick(&[
        "nat-0", "nat-1", "nat-2", "nat-r", "nat-gone", "nat-x", "igw-1", "igw-2", "tgw-1",
        "eni-1", "local", "vpce-1",
    ])
}

fn stray(c: &mut Choices, nets: &[&str]) -> Route {
    let mut stray = if c.rare(4) {
        let entries: Vec<&str> = (0..=c.roll(2)).map(|_| c.pick(nets)).collect();
        listed(c.pick(&["pl-1", "pl-2"]), Some(&entries), target(c))
    } else {
        route(c.pick(nets), target(c))
    };
    stray.active = !c.rare(5);
    if c.rare(3) {
        stray.origin = Origin::Propagated;
    } else if stray.origin == Origin::Local {
        stray.origin = Origin::Created;
    }
    stray
}

fn strays(c: &mut Choices, nets: &[&str]) -> Vec<Route> {
    (0..[0, 0, 0, 1, 2][c.roll(5)])
        .map(|_| stray(c, nets))
        .collect()
}

/// Blocks inside of the VPC, as prefixes of routes and rules.
fn inner(zones: usize) -> Vec<String> {
    (0..zones * 2)
        .flat_map(|third| {
            ["0/24", "0/25", "128/25", "10/32", "11/32"].map(|rest| format!("10.0.{third}.{rest}"))
        })
        .chain(["10.0.0.0/16".into(), "10.0.0.0/20".into()])
        .collect()
}

fn entries(c: &mut Choices, nets: &[&str]) -> Vec<AclEntry> {
    let mut entries = Vec::new();
    for number in 0..c.roll(6) {
        let number = u16::try_from(number * 10 + 10).unwrap();
        let ports = (!c.rare(3)).then(|| c.pick(&PORTS));
        let mut one = entry(number, c.rare(2), c.rare(3), ports);
        if c.rare(6) {
            one.protocol = c.pick(&[Protocol::Udp, Protocol::Icmp, Protocol::Other("50".into())]);
        }
        one.net = v4(c.pick(nets));
        entries.push(one);
    }
    for egress in [false, true] {
        if !c.rare(8) {
            let number = u16::try_from(100 + c.roll(3)).unwrap();
            entries.push(entry(number, egress, true, None));
            entries.push(AclEntry {
                net: v4("::/0"),
                ..entry(number + 10, egress, true, None)
            });
        }
    }
    c.shuffle(&mut entries);
    entries
}

fn rules(c: &mut Choices) -> Vec<Rule> {
    if !c.rare(3) {
        return vec![allow("0.0.0.0/0", None), allow("::/0", None)];
    }
    let mut rules = Vec::new();
    for _ in 0..=c.roll(4) {
        let net = c.pick(&REMOTE);
        let ports = (!c.rare(3)).then(|| c.pick(&PORTS));
        let mut rule = allow(net, ports);
        match c.roll(5) {
            3 => rule.peer = Peer::Group("sg-2".into()),
            4 => {
                rule.peer = Peer::List(PrefixList {
                    id: "pl-3".into(),
                    entries: Known::Read(vec![v4(net), v4(c.pick(&REMOTE))]),
                });
            }
            _ => {}
        }
        if c.rare(6) {
            rule.protocol = Protocol::Udp;
        }
        rules.push(rule);
    }
    rules
}

fn modes(c: &mut Choices) -> BlockPublicAccess {
    [
        BlockPublicAccess::Off,
        BlockPublicAccess::Ingress,
        BlockPublicAccess::Bidirectional,
    ][[0, 0, 0, 0, 0, 0, 0, 1, 2][c.roll(9)]]
}

fn gateway(c: &mut Choices, id: &str, subnet: &str, zone: usize) -> NatGateway {
    let mut made = nat(
        id,
        subnet,
        &format!("203.0.113.{}", 7 + zone),
        &format!("10.0.{}.10", zone * 2),
    );
    if c.rare(10) {
        made.state = c.pick(&["deleted", "pending", "failed"]).into();
    }
    made.public = !c.rare(12);
    for extra in 0..[0, 0, 0, 1, 2][c.roll(5)] {
        made.addresses.push(NatAddress {
            allocation: None,
            public: [
                Some(address("203.0.113.9")),
                Some(address("198.51.100.7")),
                None,
            ][c.roll(3)],
            private: Some([10, 0, u8::try_from(zone * 2).unwrap(), 11 + extra].into()),
        });
    }
    for one in &mut made.addresses {
        if c.rare(12) {
            one.private = None;
        }
        if c.rare(12) {
            one.public = Some(address("198.51.100.8"));
        }
    }
    if c.rare(20) {
        made.addresses.clear();
    }
    if c.rare(10) {
        made.subnet = Some(format!("subnet-fn-{zone}"));
    }
    made
}

fn network(c: &mut Choices) -> Network {
    let zones = 1 + c.roll(3);
    let inner = inner(zones);
    let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
    let mut both = REMOTE.to_vec();
    both.extend(&inner);
    both.extend(V6);
    let dual = c.rare(2);

    let mut cidrs: Vec<Ipv4Net> = vec!["10.0.0.0/16".parse().unwrap()];
    if c.rare(4) {
        cidrs.push("203.0.113.128/26".parse().unwrap());
    }
    let vpcs = ["vpc-1", "vpc-2"].map(|id| Vpc {
        id: id.into(),
        cidrs: cidrs.clone(),
        ipv6_cidrs: Vec::new(),
        block_public_access: Known::Read(modes(c)),
        dns_support: Known::Read(!c.rare(12)),
    });

    let mut subnets = Vec::new();
    let mut tables = Vec::new();
    let mut nats = Vec::new();
    for zone in 0..zones {
        for (place, name) in ["pub", "fn"].into_iter().enumerate() {
            let cidr = IpNet::V4(format!("10.0.{}.0/24", zone * 2 + place).parse().unwrap());
            let IpNet::V4(cidr) = cidr else { continue };
            subnets.push(Subnet {
                id: format!("subnet-{name}-{zone}"),
                vpc: "vpc-1".into(),
                zone: format!("z{zone}"),
                cidr,
                ipv6_cidrs: if dual && !c.rare(8) {
                    vec![format!("2600:1f00:0:{zone}{place}::/64").parse().unwrap()]
                } else {
                    Vec::new()
                },
                block_public_access: c.rare(8).then(|| modes(c)),
            });
        }
        nats.push(gateway(
            c,
            &format!("nat-{zone}"),
            &format!("subnet-pub-{zone}"),
            zone,
        ));
        let mut own = strays(c, &REMOTE);
        if !c.rare(8) {
            own.push(route("0.0.0.0/0", &format!("nat-{zone}")));
        }
        if c.rare(8) {
            own.push(route("0.0.0.0/0", target(c)));
        }
        if c.rare(3) {
            own.push(route(
                c.pick(&V6),
                c.pick(&["eigw-1", "igw-1", "tgw-1", "nat-0", "igw-2"]),
            ));
        }
        let subnet = format!("subnet-fn-{zone}");
        let named: &[&str] = if c.rare(8) { &[] } else { &[&subnet] };
        tables.push(table(&format!("rtb-{zone}"), named, own));
    }
    let public: Vec<String> = (0..zones)
        .map(|zone| format!("subnet-pub-{zone}"))
        .collect();
    let public: Vec<&str> = public.iter().map(String::as_str).collect();
    let mut leading = strays(c, &REMOTE);
    if !c.rare(10) {
        leading.push(route("0.0.0.0/0", "igw-1"));
    }
    if c.rare(5) {
        leading.push(stray(c, &inner));
    }
    tables.push(table("rtb-pub", &public, leading));
    tables.push(RouteTable {
        main: true,
        ..table("rtb-main", &[], strays(c, &REMOTE))
    });
    if c.rare(3) {
        tables.push(RouteTable {
            gateways: vec![c.pick(&["igw-1", "igw-2", "vgw-1"]).into()],
            ..table(
                "rtb-edge",
                &[],
                (0..c.roll(3)).map(|_| stray(c, &inner)).collect(),
            )
        });
    }
    for one in &mut tables {
        if !c.rare(3) {
            one.routes.push(route("10.0.0.0/16", "local"));
        }
        c.shuffle(&mut one.routes);
    }
    nats.push(NatGateway {
        subnet: None,
        ..gateway(c, "nat-r", "", 0)
    });
    nats.push(NatGateway {
        vpc: "vpc-2".into(),
        ..gateway(c, "nat-x", "subnet-x", 0)
    });

    let mut acls = vec![acl("acl-1", true, &[], {
        let mut all = vec![entry(100, true, true, None), entry(100, false, true, None)];
        all.extend([true, false].map(|egress| AclEntry {
            net: v4("::/0"),
            ..entry(110, egress, true, None)
        }));
        all
    })];
    for subnet in &subnets {
        if c.rare(3) {
            let id = format!("acl-{}", subnet.id);
            acls.push(acl(&id, false, &[&subnet.id], entries(c, &both)));
        }
    }
    let attached = if c.rare(12) {
        None
    } else {
        Some("vpc-1".into())
    };
    Network {
        vpcs: Known::Read(vpcs.into()),
        subnets: Known::Read(subnets),
        acls: Known::Read(acls),
        route_tables: Known::Read(tables),
        security_groups: Known::Read(vec![group("sg-1", rules(c)), group("sg-2", rules(c))]),
        nat_gateways: Known::Read(nats),
        internet_gateways: Known::Read(vec![
            InternetGateway {
                id: "igw-1".into(),
                vpc: attached,
            },
            InternetGateway {
                id: "igw-2".into(),
                vpc: Some("vpc-2".into()),
            },
        ]),
    }
}

fn question(network: &Network, c: &mut Choices) -> (Runner, Asked) {
    let Known::Read(subnets) = &network.subnets else {
        unreachable!("everything is read");
    };
    let kind = if c.rare(10) { "pub" } else { "fn" };
    let mut wanted: Vec<String> = subnets
        .iter()
        .map(|subnet| subnet.id.clone())
        .filter(|id| id.contains(kind))
        .collect();
    if c.rare(3) {
        wanted.truncate(1);
    }
    c.shuffle(&mut wanted);
    let mut groups = vec!["sg-1".to_owned()];
    match c.roll(16) {
        12..15 => groups.push("sg-2".into()),
        15 => groups.clear(),
        _ => {}
    }
    let runner = Runner {
        name: "billing-sync".into(),
        version: None,
        vpc: Some("vpc-1".into()),
        subnets: wanted,
        groups,
        ipv6: c.rare(2),
        unsettled: None,
    };
    let set: BTreeSet<_> = (7..=9)
        .map(|last| address(&format!("203.0.113.{last}")))
        .collect();
    let asked = Asked {
        set,
        destination: match c.roll(4) {
            2 => Some(v4(c.pick(&REMOTE))),
            3 => Some(v4(c.pick(&V6))),
            _ => None,
        },
        port: c.rare(4).then(|| c.pick(&[443, 80, 3389])),
    };
    (runner, asked)
}
