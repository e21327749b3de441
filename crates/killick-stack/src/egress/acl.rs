//! Network ACLs that are in the way: judged with everything else as it should
//! be, so that no other fault hides them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};
use killick_path as path;
use killick_path::{HopKind, Judgement, Known, Network, Path, Runner, Verdict, prove};

use super::network::{acl as of, open};
use crate::acl::{Blocking, Guilty, Stop};
use crate::keys::{private_subnet, public_subnet};
use crate::resource::{ElasticIp, NatGateway};
use crate::snapshot::{AclEntry, NetworkAcl, Subnet};
use crate::view::StackView;

/// The ACLs that stop what the stack's zones send, or the replies.
pub(crate) fn blocking(seen: &StackView<'_>) -> Vec<Blocking> {
    let zones = zones(seen);
    let acls = seen.snapshot.traffic.network_acls.iter().flatten();
    let all = acls.filter_map(|acl| {
        let stopped = stops(acl, &acl.entries, &zones);
        (!stopped.is_empty()).then(|| Blocking {
            acl: acl.clone(),
            zones: stopped,
            guilty: guilty(acl, &zones),
        })
    });
    all.collect()
}

/// Whom these entries of an ACL stop.
fn stops(acl: &NetworkAcl, entries: &[AclEntry], zones: &[Zone<'_>]) -> BTreeMap<String, Stop> {
    let stopped = zones.iter().filter_map(|zone| {
        let stop = zone.stopped(acl, entries)?;
        Some((zone.name.clone(), stop))
    });
    stopped.collect()
}

/// The denying rules that do it: beginning without any, those that cannot be
/// put back without stopping somebody.
fn guilty(acl: &NetworkAcl, zones: &[Zone<'_>]) -> Vec<Guilty> {
    let mut kept: Vec<AclEntry> = acl
        .entries
        .iter()
        .filter(|one| one.allow)
        .cloned()
        .collect();
    if !stops(acl, &kept, zones).is_empty() {
        return Vec::new();
    }
    let mut guilty = Vec::new();
    for entry in acl.entries.iter().filter(|one| !one.allow) {
        kept.push(entry.clone());
        let stopped = stops(acl, &kept, zones);
        if !stopped.is_empty() {
            kept.pop();
            guilty.push(Guilty {
                entry: entry.clone(),
                zones: stopped,
            });
        }
    }
    guilty
}

/// A zone of the stack, and the public subnet by which it leaves.
struct Zone<'a> {
    name: String,
    private: &'a Subnet,
    public: &'a Subnet,
}

fn zones<'a>(seen: &StackView<'a>) -> Vec<Zone<'a>> {
    let find = |key: &killick_core::Key| {
        let id = seen.identity.id(key)?;
        seen.snapshot.subnets.iter().find(|subnet| subnet.id == id)
    };
    let keys = || seen.identity.iter().map(|(key, _)| key);
    let names: BTreeSet<&str> = keys()
        .filter_map(|key| key.name.strip_prefix("private-"))
        .collect();
    // Where there is one NAT gateway for all, they leave by its zone.
    let with_nat: BTreeSet<&str> = keys()
        .filter(|key| matches!(key.kind, NatGateway::KIND | ElasticIp::KIND))
        .map(|key| key.name.as_str())
        .collect();
    let out = |zone: &str| match with_nat.contains(zone) {
        true => zone.to_owned(),
        false => with_nat.first().map_or(zone, |first| *first).to_owned(),
    };
    let zone = |name: &str| {
        Some(Zone {
            name: name.to_owned(),
            private: find(&private_subnet(name))?,
            public: find(&public_subnet(&out(name)))?,
        })
    };
    names.into_iter().filter_map(zone).collect()
}

impl Zone<'_> {
    /// What these entries of an ACL do, if they alone decide.
    fn stopped(&self, acl: &NetworkAcl, entries: &[AclEntry]) -> Option<Stop> {
        if !acl.has(&self.private.id) && !acl.has(&self.public.id) {
            return None;
        }
        let changed = NetworkAcl {
            entries: entries.to_vec(),
            ..acl.clone()
        };
        let path = self.path(of(&changed)?)?;
        if path.judgement == Judgement::Proven {
            return None;
        }
        let mut classes = path.classes.iter().enumerate();
        let denied = classes.find_map(|(number, class)| match &class.verdict {
            Verdict::NoWayOut {
                hop: HopKind::NetworkAcl,
                reason,
                ..
            } => Some((number, class, reason)),
            _ => None,
        });
        match denied {
            // The first class is the largest.
            Some((number, class, reason)) => Some(Stop {
                dead: number == 0,
                told: match path.classes.len() {
                    1 => format!("have no way out: {reason}"),
                    _ => format!("have no way to {}: {reason}", class.destinations),
                },
            }),
            // Some ports of replies: connections fail now and then.
            None => path.notes.first().map(|note| Stop {
                dead: false,
                told: format!("lose some replies: {note}"),
            }),
        }
    }

    /// The way out of a zone that is as it should be, but for this one ACL.
    fn path(&self, acl: path::Acl) -> Option<Path> {
        let address = Ipv4Addr::UNSPECIFIED;
        let runner = Runner {
            name: self.name.clone(),
            version: None,
            vpc: Some(self.private.vpc.clone()),
            subnets: vec![self.private.id.clone()],
            groups: vec!["sg-ideal".to_owned()],
            ipv6: false,
            unsettled: None,
        };
        let asked = path::Asked {
            set: BTreeSet::from([address]),
            ..path::Asked::default()
        };
        let network = ideal(acl, self.private, self.public, address)?;
        prove(&network, &runner, &asked).paths.into_iter().next()
    }
}

fn ideal(acl: path::Acl, private: &Subnet, public: &Subnet, address: Ipv4Addr) -> Option<Network> {
    let (vpc, igw, nat) = (private.vpc.clone(), "igw-ideal", "nat-ideal");
    let subnet = |from: &Subnet| {
        Some(path::Subnet {
            id: from.id.clone(),
            vpc: vpc.clone(),
            zone: from.zone.clone(),
            cidr: from.cidr.parse().ok()?,
            ipv6_cidrs: Vec::new(),
            block_public_access: None,
        })
    };
    let table = |subnet: &Subnet, target: &str| path::RouteTable {
        id: format!("rtb of {}", subnet.id),
        vpc: vpc.clone(),
        main: false,
        subnets: vec![subnet.id.clone()],
        gateways: Vec::new(),
        routes: vec![path::Route {
            to: path::Destination::V4(Ipv4Net::default()),
            target: path::Target::from(target),
            active: true,
            origin: path::Origin::Created,
        }],
    };
    let mut acls = vec![acl.clone()];
    let others = [private, public].into_iter();
    let others = others.filter(|subnet| !acl.subnets.contains(&subnet.id));
    acls.extend(others.map(|subnet| open(&subnet.id, &vpc)));
    let subnets = vec![subnet(private)?, subnet(public)?];
    Some(Network {
        vpcs: Known::Read(vec![path::Vpc {
            id: vpc.clone(),
            cidrs: subnets.iter().map(|subnet| subnet.cidr).collect(),
            ipv6_cidrs: Vec::new(),
            block_public_access: Known::Read(path::BlockPublicAccess::Off),
            dns_support: Known::Read(true),
        }]),
        subnets: Known::Read(subnets),
        acls: Known::Read(acls),
        route_tables: Known::Read(vec![table(private, nat), table(public, igw)]),
        security_groups: Known::Read(vec![path::SecurityGroup {
            id: "sg-ideal".to_owned(),
            vpc: vpc.clone(),
            ingress: Vec::new(),
            egress: vec![path::Rule {
                protocol: path::Protocol::All,
                ports: None,
                peer: path::Peer::Net(IpNet::V4(Ipv4Net::default())),
            }],
        }]),
        nat_gateways: Known::Read(vec![path::NatGateway {
            id: nat.to_owned(),
            vpc: vpc.clone(),
            subnet: Some(public.id.clone()),
            state: "available".to_owned(),
            public: true,
            addresses: vec![path::NatAddress {
                allocation: None,
                public: Some(address),
                private: None,
            }],
        }]),
        internet_gateways: Known::Read(vec![path::InternetGateway {
            id: igw.to_owned(),
            vpc: Some(vpc),
        }]),
    })
}
