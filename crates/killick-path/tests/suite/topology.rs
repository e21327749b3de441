//! The usual set-up: zones with a public and a private subnet each.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use ipnet::IpNet;
use killick_path::*;

pub(crate) fn v4(text: &str) -> IpNet {
    text.parse().unwrap()
}

pub(crate) fn address(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

pub(crate) fn route(to: &str, target: &str) -> Route {
    Route {
        to: v4(to).into(),
        target: target.into(),
        active: true,
        origin: if target == "local" {
            Origin::Local
        } else {
            Origin::Created
        },
    }
}

pub(crate) fn listed(id: &str, entries: Option<&[&str]>, target: &str) -> Route {
    Route {
        to: Destination::List(PrefixList {
            id: id.into(),
            entries: match entries {
                Some(nets) => Known::Read(nets.iter().map(|net| v4(net)).collect()),
                None => Known::Unread,
            },
        }),
        ..route("0.0.0.0/0", target)
    }
}

pub(crate) fn entry(number: u16, egress: bool, allow: bool, ports: Option<(u16, u16)>) -> AclEntry {
    AclEntry {
        number,
        egress,
        allow,
        protocol: if ports.is_some() {
            Protocol::Tcp
        } else {
            Protocol::All
        },
        ports,
        net: v4("0.0.0.0/0"),
    }
}

pub(crate) fn acl(id: &str, default: bool, subnets: &[&str], entries: Vec<AclEntry>) -> Acl {
    Acl {
        id: id.into(),
        vpc: "vpc-1".into(),
        default,
        subnets: subnets.iter().map(ToString::to_string).collect(),
        entries,
    }
}

pub(crate) fn table(id: &str, subnets: &[&str], routes: Vec<Route>) -> RouteTable {
    RouteTable {
        id: id.into(),
        vpc: "vpc-1".into(),
        main: false,
        subnets: subnets.iter().map(ToString::to_string).collect(),
        gateways: Vec::new(),
        routes,
    }
}

pub(crate) fn nat(id: &str, subnet: &str, public: &str, private: &str) -> NatGateway {
    NatGateway {
        id: id.into(),
        vpc: "vpc-1".into(),
        subnet: Some(subnet.into()),
        state: "available".into(),
        public: true,
        addresses: vec![NatAddress {
            allocation: Some(format!("eipalloc-{id}")),
            public: Some(address(public)),
            private: Some(address(private)),
        }],
    }
}

pub(crate) fn group(id: &str, egress: Vec<Rule>) -> SecurityGroup {
    SecurityGroup {
        id: id.into(),
        vpc: "vpc-1".into(),
        ingress: Vec::new(),
        egress,
    }
}

pub(crate) fn allow(net: &str, ports: Option<(u16, u16)>) -> Rule {
    Rule {
        protocol: if ports.is_some() {
            Protocol::Tcp
        } else {
            Protocol::All
        },
        ports,
        peer: Peer::Net(v4(net)),
    }
}

fn subnet(id: &str, zone: &str, cidr: &str) -> Subnet {
    Subnet {
        id: id.into(),
        vpc: "vpc-1".into(),
        zone: zone.into(),
        cidr: cidr.parse().unwrap(),
        ipv6_cidrs: Vec::new(),
        block_public_access: None,
    }
}

fn vpc(id: &str, cidr: &str) -> Vpc {
    Vpc {
        id: id.into(),
        cidrs: vec![cidr.parse().unwrap()],
        ipv6_cidrs: Vec::new(),
        block_public_access: Known::Read(BlockPublicAccess::Off),
        dns_support: Known::Read(true),
    }
}

/// Two zones, a and c: nat-a leaves by 203.0.113.7, nat-c by 203.0.113.8.
pub(crate) fn two_zones() -> Network {
    let local = || route("10.0.0.0/16", "local");
    let main = RouteTable {
        main: true,
        ..table("rtb-main", &[], vec![local()])
    };
    Network {
        vpcs: Known::Read(vec![vpc("vpc-1", "10.0.0.0/16")]),
        subnets: Known::Read(vec![
            subnet("subnet-pub-a", "a", "10.0.0.0/24"),
            subnet("subnet-fn-a", "a", "10.0.1.0/24"),
            subnet("subnet-pub-c", "c", "10.0.2.0/24"),
            subnet("subnet-fn-c", "c", "10.0.3.0/24"),
        ]),
        acls: Known::Read(vec![acl(
            "acl-1",
            true,
            &["subnet-pub-a", "subnet-fn-a", "subnet-pub-c", "subnet-fn-c"],
            vec![entry(100, true, true, None), entry(100, false, true, None)],
        )]),
        route_tables: Known::Read(vec![
            main,
            table(
                "rtb-pub",
                &["subnet-pub-a", "subnet-pub-c"],
                vec![local(), route("0.0.0.0/0", "igw-1")],
            ),
            table(
                "rtb-a",
                &["subnet-fn-a"],
                vec![local(), route("0.0.0.0/0", "nat-a")],
            ),
            table(
                "rtb-c",
                &["subnet-fn-c"],
                vec![local(), route("0.0.0.0/0", "nat-c")],
            ),
        ]),
        security_groups: Known::Read(vec![group("sg-1", vec![allow("0.0.0.0/0", None)])]),
        nat_gateways: Known::Read(vec![
            nat("nat-a", "subnet-pub-a", "203.0.113.7", "10.0.0.10"),
            nat("nat-c", "subnet-pub-c", "203.0.113.8", "10.0.2.10"),
        ]),
        internet_gateways: Known::Read(vec![InternetGateway {
            id: "igw-1".into(),
            vpc: Some("vpc-1".into()),
        }]),
    }
}

pub(crate) fn runner() -> Runner {
    Runner {
        name: "billing-sync".into(),
        version: None,
        vpc: Some("vpc-1".into()),
        subnets: vec!["subnet-fn-a".into(), "subnet-fn-c".into()],
        groups: vec!["sg-1".into()],
        ipv6: false,
        unsettled: None,
    }
}

pub(crate) fn set() -> BTreeSet<Ipv4Addr> {
    [address("203.0.113.7"), address("203.0.113.8")].into()
}

pub(crate) fn asked() -> Asked {
    Asked {
        set: set(),
        ..Asked::default()
    }
}

/// What was read, to be changed.
pub(crate) fn of<T>(known: &mut Known<T>) -> &mut T {
    match known {
        Known::Read(value) => value,
        Known::Unread => panic!("unread"),
    }
}

pub(crate) fn routes<'a>(network: &'a mut Network, id: &str) -> &'a mut Vec<Route> {
    &mut tables(network, id).routes
}

pub(crate) fn tables<'a>(network: &'a mut Network, id: &str) -> &'a mut RouteTable {
    let tables = of(&mut network.route_tables).iter_mut();
    tables.into_iter().find(|table| table.id == id).unwrap()
}
