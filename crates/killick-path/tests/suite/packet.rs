//! One packet, step by step, with no cleverness: a second opinion that shares
//! nothing with the product but the data.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use killick_path::*;

/// One connection: where it comes from, where it goes, and the ports that
/// function and NAT gateway took for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packet {
    pub(crate) source: Ipv4Addr,
    pub(crate) destination: IpAddr,
    pub(crate) port: u16,
    /// Which of its addresses the NAT gateway took.
    pub(crate) nat_address: usize,
    /// The last octet of its private address, where that was not read.
    pub(crate) landing: u8,
    pub(crate) nat_port: u16,
    pub(crate) function_port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    Out(Option<Ipv4Addr>),
    Dropped(&'static str),
    Away(String),
    ReplyAway(String),
    /// AWS does not say.
    Open,
}

fn read<T>(known: &Known<T>) -> &T {
    match known {
        Known::Read(value) => value,
        Known::Unread => panic!("packets need everything read"),
    }
}

fn tcp(protocol: &Protocol, ports: Option<(u16, u16)>, port: u16) -> bool {
    match protocol {
        Protocol::All => true,
        Protocol::Tcp => match ports {
            None => true,
            Some((from, to)) => from <= port && port <= to,
        },
        _ => false,
    }
}

pub(crate) struct World<'a>(pub(crate) &'a Network);

impl World<'_> {
    fn subnet(&self, id: &str) -> &Subnet {
        let subnets = read(&self.0.subnets);
        subnets.iter().find(|subnet| subnet.id == id).unwrap()
    }

    fn vpc(&self, id: &str) -> &Vpc {
        let vpcs = read(&self.0.vpcs);
        vpcs.iter().find(|vpc| vpc.id == id).unwrap()
    }

    fn acl_allows(&self, subnet: &Subnet, egress: bool, remote: IpAddr, port: u16) -> bool {
        let acls = read(&self.0.acls);
        let mut mine = None;
        for acl in acls {
            if acl.subnets.contains(&subnet.id) {
                mine = Some(acl);
            }
        }
        for acl in acls {
            if mine.is_none() && acl.default && acl.vpc == subnet.vpc {
                mine = Some(acl);
            }
        }
        let mut decides: Option<&AclEntry> = None;
        for entry in &mine.unwrap().entries {
            if entry.egress == egress
                && entry.net.contains(&remote)
                && tcp(&entry.protocol, entry.ports, port)
                && decides.is_none_or(|lower| entry.number < lower.number)
            {
                decides = Some(entry);
            }
        }
        decides.is_some_and(|entry| entry.allow)
    }

    fn groups_allow(&self, groups: &[String], remote: IpAddr, port: u16) -> bool {
        for group in read(&self.0.security_groups) {
            for rule in &group.egress {
                let meets = match &rule.peer {
                    Peer::Net(net) => net.contains(&remote),
                    Peer::List(list) => read(&list.entries).iter().any(|net| net.contains(&remote)),
                    Peer::Group(_) => false,
                };
                if groups.contains(&group.id) && meets && tcp(&rule.protocol, rule.ports, port) {
                    return true;
                }
            }
        }
        false
    }

    fn table(&self, subnet: &Subnet) -> &RouteTable {
        let tables = read(&self.0.route_tables);
        for table in tables {
            if table.subnets.contains(&subnet.id) {
                return table;
            }
        }
        let main = |table: &&RouteTable| table.main && table.vpc == subnet.vpc;
        tables.iter().find(main).unwrap()
    }

    /// Target and whether it is active; `Err(true)`: nobody knows which.
    fn lookup(&self, table: &RouteTable, to: IpAddr) -> Result<(String, bool), bool> {
        let mut candidates: Vec<(u8, u8, String, bool)> = Vec::new();
        for route in &table.routes {
            let (nets, list): (Vec<IpNet>, bool) = match &route.to {
                Destination::V4(net) => (vec![IpNet::V4(*net)], false),
                Destination::V6(net) => (vec![IpNet::V6(*net)], false),
                Destination::List(list) => (read(&list.entries).clone(), true),
            };
            for net in nets {
                if net.contains(&to) {
                    let rank = match route.origin {
                        Origin::Local if !list => 9,
                        Origin::Created if !list => 5,
                        Origin::Propagated => 1,
                        _ => 3,
                    };
                    let target = route.target.to_string();
                    candidates.push((net.prefix_len(), rank, target, route.active));
                }
            }
        }
        for net in &self.vpc(&table.vpc).cidrs {
            let own =
                |route: &Route| route.origin == Origin::Local && route.to == Destination::V4(*net);
            if IpNet::V4(*net).contains(&to) && !table.routes.iter().any(own) {
                candidates.push((net.prefix_len(), 9, "local".into(), true));
            }
        }
        let Some(best) = candidates.iter().map(|one| (one.0, one.1)).max() else {
            return Err(false);
        };
        candidates.retain(|one| (one.0, one.1) == best);
        if candidates
            .iter()
            .any(|one| (&one.2, one.3) != (&candidates[0].2, candidates[0].3))
        {
            return Err(true);
        }
        Ok((candidates[0].2.clone(), candidates[0].3))
    }

    fn mode(&self, subnet: &Subnet) -> BlockPublicAccess {
        let vpc = self.vpc(&subnet.vpc);
        subnet
            .block_public_access
            .unwrap_or(*read(&vpc.block_public_access))
    }

    fn attached(&self, igw: Option<&str>, vpc: &str) -> bool {
        for gateway in read(&self.0.internet_gateways) {
            if gateway.vpc.as_deref() == Some(vpc) && igw.is_none_or(|igw| igw == gateway.id) {
                return true;
            }
        }
        false
    }

    /// The NAT gateway of its own VPC that a subnet's table leads to.
    pub(crate) fn next_hop(&self, subnet: &str, to: IpAddr) -> Option<String> {
        let here = self.subnet(subnet);
        let (target, _) = self.lookup(self.table(here), to).ok()?;
        let nats = read(&self.0.nat_gateways);
        nats.iter()
            .any(|nat| nat.id == target && nat.vpc == here.vpc)
            .then_some(target)
    }

    /// What happens to it, from this subnet.
    pub(crate) fn fate(&self, subnet: &str, runner: &Runner, packet: Packet) -> Fate {
        let here = self.subnet(subnet);
        let to = packet.destination;
        if !self.groups_allow(&runner.groups, to, packet.port) {
            return Fate::Dropped("group");
        }
        if to.is_ipv6() {
            return self.fate6(here, runner, packet);
        }
        let nats = read(&self.0.nat_gateways);
        let found = self.lookup(self.table(here), to);
        let nat = found
            .as_ref()
            .ok()
            .and_then(|(target, _)| nats.iter().find(|nat| nat.id == *target))
            .filter(|nat| nat.vpc == here.vpc);
        let same = nat.is_some_and(|nat| nat.subnet.as_ref() == Some(&here.id));
        if !same && !self.acl_allows(here, true, to, packet.port) {
            return Fate::Dropped("own acl");
        }
        let target = match found {
            Err(true) => return Fate::Open,
            Err(false) => return Fate::Dropped("no route"),
            Ok((_, false)) => return Fate::Dropped("blackhole"),
            Ok((target, true)) => target,
        };
        if target.starts_with("igw-") {
            return Fate::Dropped("no public address");
        }
        let Some(nat) = nat else {
            return Fate::Away(target);
        };
        if nat.state != "available" || !nat.public {
            return Fate::Dropped("nat");
        }
        let taken = nat.addresses.get(packet.nat_address);
        let out = Fate::Out(taken.and_then(|address| address.public));
        let closed = BlockPublicAccess::Bidirectional;
        let Some(place) = nat.subnet.as_deref() else {
            if !self.attached(None, &here.vpc) {
                return Fate::Dropped("igw");
            }
            if *read(&self.vpc(&here.vpc).block_public_access) == closed {
                return Fate::Dropped("bpa");
            }
            if !self.acl_allows(here, false, to, packet.function_port) {
                return Fate::Dropped("reply own acl");
            }
            return if self.mode(here) == closed {
                Fate::Open
            } else {
                out
            };
        };
        let public = self.subnet(place);
        let source = IpAddr::V4(packet.source);
        if !same && !self.acl_allows(public, false, source, packet.port) {
            return Fate::Dropped("public acl in");
        }
        let igw = match self.lookup(self.table(public), to) {
            Err(true) => return Fate::Open,
            Err(false) => return Fate::Dropped("no public route"),
            Ok((_, false)) => return Fate::Dropped("public blackhole"),
            Ok((target, true)) if target.starts_with("igw-") => target,
            Ok((target, true)) => return Fate::Away(target),
        };
        if !self.acl_allows(public, true, to, packet.port) {
            return Fate::Dropped("public acl out");
        }
        if !self.attached(Some(&igw), &here.vpc) {
            return Fate::Dropped("igw");
        }
        if self.mode(public) == closed {
            return Fate::Dropped("bpa");
        }
        // The reply.
        for edge in read(&self.0.route_tables) {
            let mut octets = public.cidr.network().octets();
            octets[3] = packet.landing;
            let private = taken.and_then(|address| address.private);
            let private = private.unwrap_or(octets.into());
            if edge.gateways.contains(&igw) {
                match self.lookup(edge, IpAddr::V4(private)) {
                    Ok((target, true)) if target == "local" => {}
                    Ok((target, true)) => return Fate::ReplyAway(target),
                    Err(true) => return Fate::Open,
                    _ => return Fate::Dropped("edge"),
                }
            }
        }
        if !self.acl_allows(public, false, to, packet.nat_port) {
            return Fate::Dropped("reply public acl in");
        }
        if !same {
            match self.lookup(self.table(public), source) {
                Ok((target, true)) if target == "local" => {}
                Ok((target, true)) => return Fate::ReplyAway(target),
                Err(true) => return Fate::Open,
                _ => return Fate::Dropped("way home"),
            }
            if !self.acl_allows(public, true, source, packet.function_port) {
                return Fate::Dropped("reply public acl out");
            }
            if !self.acl_allows(here, false, to, packet.function_port) {
                return Fate::Dropped("reply own acl");
            }
        }
        if self.mode(here) == closed {
            return Fate::Open;
        }
        out
    }

    fn fate6(&self, here: &Subnet, runner: &Runner, packet: Packet) -> Fate {
        let to = packet.destination;
        let dual = |id: &String| !self.subnet(id).ipv6_cidrs.is_empty();
        if !runner.ipv6 || !runner.subnets.iter().all(dual) {
            return Fate::Dropped("no ipv6");
        }
        if !self.acl_allows(here, true, to, packet.port) {
            return Fate::Dropped("own acl");
        }
        let target = match self.lookup(self.table(here), to) {
            Err(true) => return Fate::Open,
            Ok((target, true)) => target,
            _ => return Fate::Dropped("no route"),
        };
        let mode = self.mode(here);
        if target.starts_with("eigw-") && mode == BlockPublicAccess::Bidirectional {
            return Fate::Dropped("bpa");
        }
        if target.starts_with("igw-") && mode != BlockPublicAccess::Off {
            return Fate::Dropped("bpa");
        }
        if target.starts_with("igw-") && !self.attached(Some(&target), &here.vpc) {
            return Fate::Dropped("igw");
        }
        if target != "local" && !self.acl_allows(here, false, to, packet.function_port) {
            return Fate::Dropped("reply own acl");
        }
        Fate::Away(target)
    }
}
