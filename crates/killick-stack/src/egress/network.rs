//! From the snapshot's types to the model's. What cannot be parsed is as if it
//! had not been read: nothing is proven from it.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use killick_finding::Part;
use killick_path as path;
use killick_path::{BlockPublicAccess, Known, Network};

use crate::rule::Rule;
use crate::snapshot::{self, BLOCKED, Snapshot};

/// The network of a snapshot.
pub(super) fn network(from: &Snapshot) -> Network {
    let lists = from.traffic.prefix_lists.as_deref();
    Network {
        vpcs: part(from, Part::Vpcs, from.vpcs.iter().map(vpc)),
        subnets: part(from, Part::Subnets, from.subnets.iter().map(subnet)),
        acls: match &from.traffic.network_acls {
            Some(acls) => all(acls.iter().map(acl)),
            None => Known::Unread,
        },
        route_tables: part(
            from,
            Part::RouteTables,
            from.route_tables
                .iter()
                .map(|table| route_table(from, table)),
        ),
        security_groups: part(
            from,
            Part::SecurityGroups,
            from.security_groups
                .iter()
                .map(|group| security_group(group, lists)),
        ),
        nat_gateways: part(
            from,
            Part::NatGateways,
            from.nat_gateways
                .iter()
                .map(|nat| Some(nat_gateway(from, nat))),
        ),
        internet_gateways: part(
            from,
            Part::InternetGateways,
            from.internet_gateways.iter().map(|gateway| {
                Some(path::InternetGateway {
                    id: gateway.id.clone(),
                    vpc: gateway.vpc.clone(),
                })
            }),
        ),
    }
}

/// The same without what hinders whatever the tables say. A NAT gateway whose
/// public subnet was not read, as in a foreign VPC, is taken for one that has a
/// path to the internet.
pub(super) fn bare(network: &Network) -> Network {
    let mut bare = network.clone();
    let mut acls = Vec::new();
    if let Known::Read(subnets) = &mut bare.subnets {
        for subnet in subnets {
            subnet.block_public_access = Some(BlockPublicAccess::Off);
            acls.push(open(&subnet.id, &subnet.vpc));
        }
    }
    bare.acls = Known::Read(acls);
    if let Known::Read(vpcs) = &mut bare.vpcs {
        for vpc in vpcs {
            vpc.block_public_access = Known::Read(BlockPublicAccess::Off);
            vpc.dns_support = Known::Read(true);
        }
    }
    if let (Known::Read(gateways), Known::Read(subnets)) = (&mut bare.nat_gateways, &bare.subnets) {
        for nat in gateways {
            let read = |id: &String| subnets.iter().any(|subnet| subnet.id == *id);
            nat.subnet = nat.subnet.take().filter(read);
        }
    }
    bare
}

/// A network ACL that lets everything pass.
pub(super) fn open(subnet: &str, vpc: &str) -> path::Acl {
    let anywhere = IpNet::V4(Ipv4Net::default());
    let entries = [true, false].map(|egress| path::AclEntry {
        number: 100,
        egress,
        allow: true,
        protocol: path::Protocol::All,
        ports: None,
        net: anywhere,
    });
    path::Acl {
        id: format!("acl of {subnet}"),
        vpc: vpc.to_owned(),
        default: false,
        subnets: vec![subnet.to_owned()],
        entries: entries.into(),
    }
}

/// The same with a subnet that follows another table.
pub(super) fn following(network: &Network, subnet: &str, table: &str) -> Network {
    let mut network = network.clone();
    if let Known::Read(tables) = &mut network.route_tables {
        for one in tables {
            one.subnets.retain(|follower| follower != subnet);
            if one.id == table {
                one.subnets.push(subnet.to_owned());
            }
        }
    }
    network
}

/// What was read in full and could be understood.
fn part<T>(from: &Snapshot, part: Part, items: impl Iterator<Item = Option<T>>) -> Known<Vec<T>> {
    match from.unread(part) {
        true => Known::Unread,
        false => all(items),
    }
}

fn all<T>(items: impl Iterator<Item = Option<T>>) -> Known<Vec<T>> {
    items
        .collect::<Option<Vec<T>>>()
        .map_or(Known::Unread, Known::Read)
}

fn v4(text: &str) -> Option<Ipv4Net> {
    text.parse::<Ipv4Net>().ok().map(|net| net.trunc())
}

fn v6(texts: &[String]) -> Option<Vec<Ipv6Net>> {
    texts.iter().map(|text| text.parse().ok()).collect()
}

/// A mode that nobody told is the one that AWS begins with.
fn mode(text: Option<&String>) -> Option<BlockPublicAccess> {
    match text?.as_str() {
        BLOCKED => Some(BlockPublicAccess::Bidirectional),
        "block-ingress" => Some(BlockPublicAccess::Ingress),
        _ => Some(BlockPublicAccess::Off),
    }
}

fn vpc(from: &snapshot::Vpc) -> Option<path::Vpc> {
    let cidrs = [&from.cidr].into_iter().chain(&from.secondary);
    Some(path::Vpc {
        id: from.id.clone(),
        cidrs: cidrs.map(|cidr| v4(cidr)).collect::<Option<_>>()?,
        ipv6_cidrs: v6(&from.ipv6)?,
        block_public_access: Known::Read(
            mode(from.block_public_access.as_ref()).unwrap_or(BlockPublicAccess::Off),
        ),
        dns_support: from.dns_support.map_or(Known::Unread, Known::Read),
    })
}

fn subnet(from: &snapshot::Subnet) -> Option<path::Subnet> {
    Some(path::Subnet {
        id: from.id.clone(),
        vpc: from.vpc.clone(),
        zone: from.zone.clone(),
        cidr: v4(&from.cidr)?,
        ipv6_cidrs: v6(&from.ipv6)?,
        block_public_access: mode(from.block_public_access.as_ref()),
    })
}

pub(super) fn acl(from: &snapshot::NetworkAcl) -> Option<path::Acl> {
    let followers = from.associations.iter();
    Some(path::Acl {
        id: from.id.clone(),
        vpc: from.vpc.clone(),
        default: from.default,
        subnets: followers.map(|one| one.subnet.clone()).collect(),
        entries: from.entries.iter().map(acl_entry).collect::<Option<_>>()?,
    })
}

fn acl_entry(from: &snapshot::AclEntry) -> Option<path::AclEntry> {
    Some(path::AclEntry {
        number: u16::try_from(from.number).ok()?,
        egress: from.egress,
        allow: from.allow,
        protocol: path::Protocol::from(from.protocol.as_str()),
        ports: ports(from.ports),
        net: from.cidr.parse().ok()?,
    })
}

/// A range that is none means every port.
fn ports(from: Option<(i32, i32)>) -> Option<(u16, u16)> {
    let (first, last) = from?;
    Some((u16::try_from(first).ok()?, u16::try_from(last).ok()?))
}

fn route_table(all: &Snapshot, from: &snapshot::RouteTable) -> Option<path::RouteTable> {
    let members = from.associations.iter().map(|one| one.member.clone());
    let (subnets, gateways) = members.partition(|member| member.starts_with("subnet-"));
    Some(path::RouteTable {
        id: from.id.clone(),
        vpc: from.vpc.clone(),
        main: from.main,
        subnets,
        gateways,
        routes: from
            .routes
            .iter()
            .map(|one| route(all, one))
            .collect::<Option<_>>()?,
    })
}

fn route(all: &Snapshot, from: &snapshot::Route) -> Option<path::Route> {
    let lists = all.traffic.prefix_lists.as_deref();
    let to = match from.destination.parse::<IpNet>() {
        Ok(net) => path::Destination::from(net),
        Err(_) if from.destination.starts_with("pl-") => {
            path::Destination::List(prefix_list(&from.destination, lists))
        }
        Err(_) => return None,
    };
    Some(path::Route {
        to,
        target: path::Target::from(from.target.as_str()),
        active: from.state != "blackhole" && !gone(all, &from.target),
        origin: match from.origin.as_str() {
            "CreateRouteTable" => path::Origin::Local,
            "EnableVgwRoutePropagation" | "Advertisement" => path::Origin::Propagated,
            _ => path::Origin::Created,
        },
    })
}

/// Whether a route leads to a NAT gateway that is no more: a read may be behind,
/// and emulators leave such a route `active`.
pub(crate) fn gone(all: &Snapshot, target: &str) -> bool {
    let unread = all.unread(Part::NatGateways);
    let mut live = all.nat_gateways.iter().filter(|nat| nat.exists());
    target.starts_with("nat-") && !unread && !live.any(|nat| nat.id == target)
}

fn prefix_list(id: &str, lists: Option<&[snapshot::PrefixList]>) -> path::PrefixList {
    // One without networks is one that was not told.
    let told = |list: &&snapshot::PrefixList| list.id == id && !list.cidrs.is_empty();
    let list = lists.into_iter().flatten().find(told);
    let entries = list.and_then(|list| {
        let entries = list.cidrs.iter().map(|cidr| cidr.parse().ok());
        entries.collect::<Option<Vec<IpNet>>>()
    });
    path::PrefixList {
        id: id.to_owned(),
        entries: entries.map_or(Known::Unread, Known::Read),
    }
}

fn security_group(
    from: &snapshot::SecurityGroup,
    lists: Option<&[snapshot::PrefixList]>,
) -> Option<path::SecurityGroup> {
    let rules = |rules: &[Rule]| -> Option<Vec<path::Rule>> {
        rules.iter().map(|one| rule(one, lists)).collect()
    };
    Some(path::SecurityGroup {
        id: from.id.clone(),
        vpc: from.vpc.clone(),
        ingress: rules(&from.ingress)?,
        egress: rules(&from.egress)?,
    })
}

fn rule(from: &Rule, lists: Option<&[snapshot::PrefixList]>) -> Option<path::Rule> {
    let peer = from.peer();
    let peer = if peer.starts_with("pl-") {
        path::Peer::List(prefix_list(peer, lists))
    } else if peer.starts_with("sg-") {
        path::Peer::Group(peer.to_owned())
    } else {
        path::Peer::Net(peer.parse().ok()?)
    };
    Some(path::Rule {
        protocol: path::Protocol::from(from.protocol()),
        ports: ports(from.ports()),
        peer,
    })
}

fn nat_gateway(all: &Snapshot, from: &snapshot::NatGateway) -> path::NatGateway {
    let public = |address: &snapshot::NatAddress| {
        let mut known = all.addresses.iter();
        let known = known.find(|one| Some(&one.id) == address.allocation.as_ref());
        let ip = known.map(|one| &one.ip).or(address.ip.as_ref());
        ip.and_then(|ip| ip.parse().ok())
    };
    path::NatGateway {
        id: from.id.clone(),
        vpc: from.vpc.clone(),
        subnet: from.subnet.clone(),
        state: from.state.clone(),
        public: from.connectivity == "public",
        addresses: from
            .addresses
            .iter()
            .map(|address| path::NatAddress {
                allocation: address.allocation.clone(),
                public: public(address),
                private: address.private.as_ref().and_then(|ip| ip.parse().ok()),
            })
            .collect(),
    }
}
