//! The out-of-band changes that move traffic, one by one: what is said of each.
//! The snapshot is the contract; read its diff before you accept it.

use std::fmt::Write;

use killick_path::*;

use crate::topology::*;

/// All that is said, in a few lines.
fn told(network: &Network, runner: &Runner, asked: &Asked) -> String {
    let proof = prove(network, runner, asked);
    let mut text = String::new();
    for path in &proof.paths {
        let subnet = path.subnet.as_deref().unwrap_or("no subnet");
        writeln!(text, "  {subnet}: {:?}", path.judgement).unwrap();
        for class in &path.classes {
            writeln!(text, "    {class}").unwrap();
        }
        if let Some((from, to)) = &path.crosses_zones {
            writeln!(text, "    from zone {from} into zone {to}").unwrap();
        }
        for note in &path.notes {
            writeln!(text, "    note: {note}").unwrap();
        }
    }
    text
}

pub(crate) struct Table(pub(crate) String);

impl Table {
    pub(crate) fn row(&mut self, name: &str, change: impl FnOnce(&mut Network)) {
        self.asking(name, |network, _, _| change(network));
    }

    pub(crate) fn asking(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Network, &mut Runner, &mut Asked),
    ) {
        let (mut network, mut runner, mut asked) = (two_zones(), runner(), asked());
        runner.subnets.truncate(1);
        change(&mut network, &mut runner, &mut asked);
        writeln!(self.0, "{name}\n{}", told(&network, &runner, &asked)).unwrap();
    }
}

pub(crate) fn replace(network: &mut Network, table: &str, target: &str) {
    let routes = routes(network, table);
    routes.retain(|route| route.origin == Origin::Local);
    routes.push(route("0.0.0.0/0", target));
}

fn remove(network: &mut Network, table: &str) {
    routes(network, table).retain(|route| route.origin == Origin::Local);
}

pub(crate) fn denying(network: &mut Network, subnet: &str, entries: Vec<AclEntry>) {
    let acls = of(&mut network.acls);
    acls[0].subnets.retain(|id| id != subnet);
    acls.push(acl("acl-deny", false, &[subnet], entries));
}

pub(crate) fn dual_stack(network: &mut Network) {
    for subnet in of(&mut network.subnets) {
        subnet.ipv6_cidrs = vec!["2001:db8:0:1::/64".parse().unwrap()];
    }
    routes(network, "rtb-a").push(route("::/0", "eigw-1"));
    let groups = of(&mut network.security_groups);
    groups[0].egress.push(allow("::/0", None));
    let acls = of(&mut network.acls);
    for egress in [true, false] {
        acls[0].entries.push(AclEntry {
            net: v4("::/0"),
            ..entry(110, egress, true, None)
        });
    }
}

#[test]
fn every_change_that_moves_traffic_is_told() {
    let mut table = Table(String::new());
    table.row("0 nothing", |_| {});
    for target in ["tgw-1", "pcx-1", "igw-1"] {
        table.row(&format!("1 a longer prefix to {target}"), |network| {
            routes(network, "rtb-a").push(route("203.0.113.0/24", target));
        });
    }
    table.row("2 two halves to a transit gateway", |network| {
        let routes = routes(network, "rtb-a");
        routes.extend(["0.0.0.0/1", "128.0.0.0/1"].map(|half| route(half, "tgw-1")));
    });
    table.row("2 one half to a transit gateway", |network| {
        routes(network, "rtb-a").push(route("0.0.0.0/1", "tgw-1"));
    });
    table.row("3 the internet gateway as the default route", |network| {
        replace(network, "rtb-a", "igw-1");
    });
    table.row("4 the other zone's NAT gateway", |network| {
        replace(network, "rtb-a", "nat-c");
    });
    table.row("5 a foreign NAT gateway", |network| {
        of(&mut network.nat_gateways).push(nat(
            "nat-9",
            "subnet-pub-a",
            "198.51.100.7",
            "10.0.0.99",
        ));
        replace(network, "rtb-a", "nat-9");
    });
    table.row("5 an instance's interface", |network| {
        replace(network, "rtb-a", "eni-1");
    });
    table.row("6 no default route", |network| remove(network, "rtb-a"));
    table.row("7 propagated routes", |network| {
        for net in ["0.0.0.0/0", "192.0.2.0/24", "172.16.0.0/12"] {
            routes(network, "rtb-a").push(Route {
                origin: Origin::Propagated,
                ..route(net, "vgw-1")
            });
        }
    });
    for other in ["rtb-pub", "rtb-c"] {
        table.row(&format!("8 the subnet moves to {other}"), |network| {
            tables(network, "rtb-a").subnets.clear();
            tables(network, other).subnets.push("subnet-fn-a".into());
        });
    }
    table.row("9 the subnet falls to the main table", |network| {
        tables(network, "rtb-a").subnets.clear();
    });
    table.asking(
        "10 a stranger's subnet on our table",
        |network, runner, _| {
            let mut stranger = of(&mut network.subnets)[0].clone();
            stranger.id = "subnet-x".into();
            stranger.cidr = "10.0.9.0/24".parse().unwrap();
            of(&mut network.subnets).push(stranger);
            tables(network, "rtb-a").subnets.push("subnet-x".into());
            runner.subnets = vec!["subnet-x".into()];
        },
    );
    table.row(
        "11 a subnet without a table, main leads to a NAT",
        |network| {
            tables(network, "rtb-a").subnets.clear();
            routes(network, "rtb-main").push(route("0.0.0.0/0", "nat-c"));
        },
    );
    table.row("12 an edge table to an appliance", |network| {
        of(&mut network.route_tables).push(RouteTable {
            gateways: vec!["igw-1".into()],
            ..crate::topology::table("rtb-edge", &[], vec![route("10.0.0.0/24", "eni-1")])
        });
    });
    table.row("12 an edge table for the other zone", |network| {
        of(&mut network.route_tables).push(RouteTable {
            gateways: vec!["igw-1".into()],
            ..crate::topology::table("rtb-edge", &[], vec![route("10.0.2.0/24", "eni-1")])
        });
    });
    table.row("13 the public table to a firewall endpoint", |network| {
        replace(network, "rtb-pub", "vpce-1");
    });
    table.row("13 the way back through a firewall endpoint", |network| {
        routes(network, "rtb-pub").push(route("10.0.1.0/24", "vpce-1"));
    });
    table.row("14 the NAT gateway is deleted", |network| {
        of(&mut network.nat_gateways)[0].state = "deleted".into();
        routes(network, "rtb-a")[1].active = false;
    });
    table.row("14 deleted, the route still active", |network| {
        of(&mut network.nat_gateways)[0].state = "deleted".into();
    });
    table.row("16 made again on another address", |network| {
        of(&mut network.nat_gateways)[0].addresses[0].public = Some(address("198.51.100.7"));
    });
    table.row("17 a secondary address", |network| {
        of(&mut network.nat_gateways)[0].addresses.push(NatAddress {
            allocation: None,
            public: Some(address("198.51.100.7")),
            private: Some(address("10.0.0.11")),
        });
    });
    table.row("17 an address that is not known yet", |network| {
        of(&mut network.nat_gateways)[0].addresses[0].public = None;
    });
    table.row("24 the internet gateway is detached", |network| {
        of(&mut network.internet_gateways)[0].vpc = None;
    });
    table.row("25 a denying ACL", |network| {
        denying(network, "subnet-fn-a", Vec::new());
    });
    table.row("26 the default ACL denies replies", |network| {
        let acls = of(&mut network.acls);
        acls[0]
            .entries
            .push(entry(90, false, false, Some((1024, 65535))));
    });
    table.row(
        "26 the default ACL denies one port of the replies",
        |network| {
            let acls = of(&mut network.acls);
            acls[0]
                .entries
                .push(entry(90, false, false, Some((3389, 3389))));
        },
    );
    table.row("26 an ACL that lets web requests out", |network| {
        denying(
            network,
            "subnet-fn-a",
            vec![
                entry(10, true, true, Some((443, 443))),
                entry(20, true, true, Some((80, 80))),
                entry(10, false, true, None),
            ],
        );
    });
    table.asking("26 the same, and SMTP is asked", |network, _, asked| {
        denying(
            network,
            "subnet-fn-a",
            vec![
                entry(10, true, true, Some((443, 443))),
                entry(10, false, true, None),
            ],
        );
        asked.port = Some(25);
    });
    table.row("28 no DNS support", |network| {
        of(&mut network.vpcs)[0].dns_support = Known::Read(false);
    });
    table.row("30 a gateway endpoint, its list read", |network| {
        routes(network, "rtb-a").push(listed("pl-s3", Some(&["52.219.0.0/16"]), "vpce-1"));
    });
    table.row("30 a gateway endpoint, its list not read", |network| {
        routes(network, "rtb-a").push(listed("pl-s3", None, "vpce-1"));
    });
    table.asking("30 the same, one partner is asked", |network, _, asked| {
        routes(network, "rtb-a").push(listed("pl-s3", None, "vpce-1"));
        asked.destination = Some(v4("192.0.2.0/24"));
    });
    for mode in [BlockPublicAccess::Bidirectional, BlockPublicAccess::Ingress] {
        table.row(&format!("31 Block Public Access {mode:?}"), |network| {
            of(&mut network.vpcs)[0].block_public_access = Known::Read(mode);
        });
    }
    table.row(
        "31 both ways, the public subnet is an exclusion",
        |network| {
            of(&mut network.vpcs)[0].block_public_access =
                Known::Read(BlockPublicAccess::Bidirectional);
            of(&mut network.subnets)[0].block_public_access = Some(BlockPublicAccess::Off);
        },
    );
    table.row("32 IPv6 that the function may not use", dual_stack);
    table.row("33 no egress rule", |network| {
        of(&mut network.security_groups)[0].egress.clear();
    });
    table.row("33 egress to one partner on one port", |network| {
        of(&mut network.security_groups)[0].egress = vec![allow("192.0.2.0/24", Some((443, 443)))];
    });
    table.asking("35 no VPC config", |_, runner, _| {
        runner.vpc = None;
        runner.subnets.clear();
        runner.groups.clear();
    });
    table.asking("36 another group, without rules", |network, runner, _| {
        of(&mut network.security_groups).push(group("sg-2", Vec::new()));
        runner.groups = vec!["sg-2".into()];
    });
    table.asking("36 another group, unknown", |_, runner, _| {
        runner.groups = vec!["sg-2".into()];
    });
    table.asking("37 another VPC's subnet", |network, runner, _| {
        let mut foreign = of(&mut network.vpcs)[0].clone();
        foreign.id = "vpc-2".into();
        of(&mut network.vpcs).push(foreign);
        let mut subnet = of(&mut network.subnets)[0].clone();
        (subnet.id, subnet.vpc) = ("subnet-9".into(), "vpc-2".into());
        of(&mut network.subnets).push(subnet);
        of(&mut network.acls).push(Acl {
            vpc: "vpc-2".into(),
            ..acl(
                "acl-2",
                true,
                &["subnet-9"],
                vec![entry(100, true, true, None), entry(100, false, true, None)],
            )
        });
        of(&mut network.route_tables).push(RouteTable {
            vpc: "vpc-2".into(),
            main: true,
            ..crate::topology::table("rtb-9", &[], vec![route("0.0.0.0/0", "nat-9")])
        });
        of(&mut network.nat_gateways).push(NatGateway {
            vpc: "vpc-2".into(),
            subnet: None,
            ..nat("nat-9", "", "198.51.100.9", "10.0.0.99")
        });
        of(&mut network.internet_gateways).push(InternetGateway {
            id: "igw-2".into(),
            vpc: Some("vpc-2".into()),
        });
        (runner.vpc, runner.subnets) = (Some("vpc-2".into()), vec!["subnet-9".into()]);
    });
    table.asking("38 IPv6 that the function may use", |network, runner, _| {
        dual_stack(network);
        runner.ipv6 = true;
    });
    table.asking(
        "38 the same, the egress-only gateway for a part",
        |network, runner, _| {
            dual_stack(network);
            routes(network, "rtb-a").pop();
            routes(network, "rtb-a").push(route("2001:db8:7::/48", "eigw-1"));
            runner.ipv6 = true;
        },
    );
    table.asking("39 an alias on an old version in no VPC", |_, runner, _| {
        runner.version = Some(("live".into(), "7".into()));
        (runner.vpc, runner.subnets) = (None, Vec::new());
    });
    insta::assert_snapshot!("cases", table.0);
}

#[test]
fn the_hops_are_told_in_order() {
    let proof = prove(&two_zones(), &runner(), &asked());
    let hops: Vec<String> = proof.paths[0]
        .hops
        .iter()
        .map(|hop| format!("{:?} {}: {}", hop.kind, hop.id, hop.words))
        .collect();
    insta::assert_snapshot!("hops", hops.join("\n"));
    assert_eq!(proof.judgement(), Judgement::Proven);
}

#[test]
fn a_subnet_alone_leaves_by_its_nat_gateway() {
    let mut network = two_zones();
    of(&mut network.security_groups).clear();
    let said = |network: &Network, subnet| leaves_by(network, subnet, &set()).sentence();
    assert_eq!(said(&network, "subnet-fn-a"), "leaves by 203.0.113.7");
    assert_eq!(said(&network, "subnet-fn-c"), "leaves by 203.0.113.8");
    routes(&mut network, "rtb-a").push(route("192.0.2.0/24", "tgw-1"));
    assert_eq!(said(&network, "subnet-fn-a"), "leaves by 203.0.113.7");
    assert_eq!(
        said(&network, "subnet-gone"),
        "cannot be told, not known: subnet subnet-gone"
    );
}

#[test]
fn a_proof_is_worth_what_its_worst_path_is() {
    let mut network = two_zones();
    replace(&mut network, "rtb-c", "tgw-1");
    let proof = prove(&network, &runner(), &asked());
    let judgements: Vec<Judgement> = proof.paths.iter().map(|path| path.judgement).collect();
    assert_eq!(judgements, [Judgement::Proven, Judgement::Refuted]);
    assert_eq!(proof.judgement(), Judgement::Refuted);
}
