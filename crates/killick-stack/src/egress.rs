//! By which addresses functions leave: a snapshot, put to the pure model of
//! the packets' way.

mod acl;
mod network;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::IpNet;
use killick_finding::Part;
use killick_path::{Asked, Known, Network, Path, Proof, Runner, Verdict, leaves_by, prove};
use killick_spec::Spec;

use crate::resource::ElasticIp;
use crate::snapshot;
use crate::view::StackView;

pub(crate) use acl::blocking;
pub(crate) use network::gone;

/// The ways out of an account's network, with the eyes of one stack.
#[derive(Clone, Debug)]
pub struct Ways {
    /// As it was read.
    network: Network,
    /// The same without network ACLs and Block Public Access: what the tables
    /// alone decide.
    bare: Network,
    /// The fixed addresses.
    set: BTreeSet<Ipv4Addr>,
    runners: Vec<Runner>,
}

impl Ways {
    /// Those of a snapshot. The fixed addresses are the promised ones, or else
    /// those of the stack.
    pub(crate) fn of(spec: &Spec, seen: &StackView<'_>) -> Self {
        let mut network = network::network(seen.snapshot);
        // Which addresses are the fixed ones is not known: nothing is proven
        // of who leaves by which.
        if seen.snapshot.unread(Part::Addresses) {
            network.nat_gateways = Known::Unread;
        }
        Self {
            bare: network::bare(&network),
            network,
            set: set(spec, seen),
            runners: runners(seen),
        }
    }

    /// How every function leaves, and every version that an alias leads to.
    /// `destination` is one partner's network; without one it is all of the
    /// internet. `port` is the TCP port that must pass; without one it is any.
    pub fn prove(&self, destination: Option<IpNet>, port: Option<u16>) -> Vec<Proof> {
        let asked = self.asked(destination, port);
        let proofs = self.runners.iter();
        proofs
            .map(|runner| prove(&self.network, runner, &asked))
            .collect()
    }

    /// Where what a runner sends ends, by subnet. Where an egress path could not
    /// be followed, what the tables and groups decide: a plan reads no network
    /// ACLs.
    pub(crate) fn ends(&self, proof: &Proof) -> BTreeMap<Option<String>, Vec<Verdict>> {
        let mut ends = ends(proof);
        let doubtful =
            |all: &Vec<Verdict>| matches!(all.first(), None | Some(Verdict::Unknown { .. }));
        let same =
            |runner: &&Runner| (&runner.name, &runner.version) == (&proof.runner, &proof.version);
        let runner = self.runners.iter().find(same);
        if let Some(runner) = runner.filter(|_| ends.values().any(doubtful)) {
            let bare = prove(&self.bare, runner, &self.asked(None, None));
            let mut bare = self::ends(&bare);
            for (subnet, verdicts) in &mut ends {
                if doubtful(verdicts)
                    && let Some(told) = bare.remove(subnet)
                {
                    *verdicts = told;
                }
            }
        }
        ends
    }

    fn asked(&self, destination: Option<IpNet>, port: Option<u16>) -> Asked {
        Asked {
            set: self.set.clone(),
            destination,
            port,
        }
    }

    /// The fixed addresses.
    pub fn set(&self) -> &BTreeSet<Ipv4Addr> {
        &self.set
    }

    /// What the tables do to what leaves a subnet.
    pub(crate) fn from(&self, subnet: &str) -> Verdict {
        leaves_by(&self.bare, subnet, &self.set)
    }

    /// The same, if the subnet followed that table.
    pub(crate) fn via(&self, subnet: &str, table: &str) -> Verdict {
        leaves_by(
            &network::following(&self.bare, subnet, table),
            subnet,
            &self.set,
        )
    }
}

/// The verdicts of a proof by subnet, that of most destinations first.
fn ends(proof: &Proof) -> BTreeMap<Option<String>, Vec<Verdict>> {
    let verdicts = |path: &Path| {
        path.classes
            .iter()
            .map(|class| class.verdict.clone())
            .collect()
    };
    let paths = proof.paths.iter();
    paths
        .map(|path| (path.subnet.clone(), verdicts(path)))
        .collect()
}

fn set(spec: &Spec, seen: &StackView<'_>) -> BTreeSet<Ipv4Addr> {
    if !spec.addresses.is_empty() {
        return spec.addresses.iter().copied().collect();
    }
    let zones = spec.zones.iter().filter(|zone| spec.has_nat(&zone.name));
    let ids: BTreeSet<&str> = zones
        .filter_map(|zone| seen.identity.id(&ElasticIp::key(zone.name.as_str())))
        .collect();
    let addresses = seen.snapshot.addresses.iter();
    addresses
        .filter(|address| ids.contains(address.id.as_str()))
        .filter_map(|address| address.ip.parse().ok())
        .collect()
}

fn runners(seen: &StackView<'_>) -> Vec<Runner> {
    let functions = seen.snapshot.functions.iter();
    let wanted = functions.filter(|one| {
        let key = seen.identity.key(&one.name);
        key.is_some_and(|key| seen.identity.wants(key))
    });
    let mut all: Vec<Runner> = Vec::new();
    for function in wanted {
        all.push(runner(function, None));
        let versions = seen.snapshot.versions.iter();
        for version in versions.filter(|one| one.function == function.name) {
            all.extend(version.aliases.iter().map(|alias| {
                let frozen = snapshot::Function {
                    name: function.name.clone(),
                    vpc: version.vpc.clone(),
                    subnets: version.subnets.clone(),
                    security_groups: version.security_groups.clone(),
                    ipv6: version.ipv6,
                    ..snapshot::Function::default()
                };
                runner(&frozen, Some((alias.clone(), version.version.clone())))
            }));
        }
    }
    all.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    all
}

fn runner(function: &snapshot::Function, version: Option<(String, String)>) -> Runner {
    let vpc = function.vpc.clone();
    // An emulator may leave the VPC out; who has subnets is in one.
    let vpc = vpc.or_else(|| function.subnets.first().cloned());
    Runner {
        name: function.name.clone(),
        version,
        vpc: vpc.filter(|_| !function.subnets.is_empty()),
        subnets: function.subnets.clone(),
        groups: function.security_groups.clone(),
        ipv6: function.ipv6,
        unsettled: function.unsettled(),
    }
}
