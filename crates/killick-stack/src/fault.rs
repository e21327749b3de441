//! What is wrong with egress paths, each with its cause: what a proof refutes,
//! in the terms that findings are compared with.

mod about;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use killick_finding::{Finding, Severity};
use killick_path::{
    Class, Destinations, HopKind, Judgement, Leg, Path, Proof, Replies, Unnamed, Verdict,
};

use crate::effect::Judge;
use crate::snapshot::{Endpoint, Snapshot};
use about::About;

/// A refuted part of an egress path: which packets, what stops or diverts them,
/// and the findings that report it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The function.
    pub function: String,
    /// Alias and version; none: `$LATEST`.
    pub version: Option<(String, String)>,
    /// The subnet; none for a function in no VPC.
    pub subnet: Option<String>,
    /// What decides.
    pub(crate) cause: Cause,
    /// Which packets.
    pub(crate) destinations: Destinations,
    /// How bad it is.
    pub severity: Severity,
    /// What happens, after the function's name.
    pub told: String,
    /// The ids of the findings about this very cause that are at least as bad.
    pub findings: BTreeSet<String>,
    /// The NAT gateways that the packets reached.
    pub(crate) nats: BTreeSet<String>,
}

/// What decides that packets do not leave by the set. Ids are those of AWS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// The function is in no VPC.
    NoVpc,
    /// No rule of these security groups lets requests out.
    Groups(String),
    /// A network ACL denies requests or replies.
    Acl(String),
    /// A route table has no route that works.
    Table(String),
    /// A route leads requests elsewhere.
    Target(String),
    /// A route leads replies elsewhere.
    Reply(String),
    /// A NAT gateway does not work.
    Nat(String),
    /// An internet gateway is not attached, or cannot be used from here.
    Gateway(String),
    /// VPC Block Public Access.
    PublicAccess,
    /// NAT gateways have addresses that are not in the set, or not known.
    Address(BTreeSet<Ipv4Addr>),
    /// Names do not resolve in this VPC.
    Names(String),
    /// The function itself.
    Function,
}

impl Cause {
    /// What names it in the field of a finding.
    pub(crate) fn word(&self, nats: &BTreeSet<String>) -> String {
        match self {
            Self::NoVpc => "no-vpc".to_owned(),
            Self::Groups(ids) if ids.is_empty() => "no-security-group".to_owned(),
            Self::Gateway(id) if id.is_empty() => "no-internet-gateway".to_owned(),
            Self::Groups(id)
            | Self::Acl(id)
            | Self::Table(id)
            | Self::Target(id)
            | Self::Reply(id)
            | Self::Nat(id)
            | Self::Gateway(id) => id.replace(", ", "+"),
            Self::PublicAccess => "block-public-access".to_owned(),
            Self::Address(_) => Vec::from_iter(nats.iter().map(String::as_str)).join("+"),
            Self::Names(vpc) => format!("names-in-{vpc}"),
            Self::Function => "function".to_owned(),
        }
    }

    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Outside {
                unnamed: Some(Unnamed::Aws),
                ..
            } => Self::NoVpc,
            Verdict::Outside { unlisted, .. } => Self::Address(unlisted.clone()),
            Verdict::Elsewhere {
                target,
                leg: Leg::Request,
            } => Self::Target(target.clone()),
            Verdict::Elsewhere {
                target,
                leg: Leg::Reply,
            } => Self::Reply(target.clone()),
            Verdict::NoWayOut { hop, id, .. } => match hop {
                HopKind::SecurityGroup => Self::Groups(id.clone()),
                HopKind::NetworkAcl => Self::Acl(id.clone()),
                HopKind::RouteTable => Self::Table(id.clone()),
                HopKind::NatGateway => Self::Nat(id.clone()),
                HopKind::InternetGateway => Self::Gateway(id.clone()),
                HopKind::BlockPublicAccess => Self::PublicAccess,
                HopKind::Function | HopKind::Subnet | HopKind::Address | HopKind::Other => {
                    Self::Function
                }
            },
            Verdict::Leaves { .. } | Verdict::Unknown { .. } => Self::Function,
        }
    }
}

/// Every fault of these proofs, each with the findings that report it.
pub(crate) fn faults(eyes: &Judge<'_>, proofs: &[Proof], findings: &[Finding]) -> Vec<Fault> {
    let mut all: Vec<Fault> = proofs
        .iter()
        .flat_map(|proof| {
            let paths = proof.paths.iter();
            let bad = paths.filter(|path| path.judgement == Judgement::Refuted);
            bad.flat_map(|path| of_path(eyes.seen.snapshot, proof, path))
        })
        .collect();
    for fault in &mut all {
        let about = About::of(eyes, fault);
        let reports = findings
            .iter()
            .filter(|one| one.severity <= fault.severity && about.reported_by(one));
        fault.findings = reports.map(|one| one.id.clone()).collect();
    }
    all
}

fn of_path(snapshot: &Snapshot, proof: &Proof, path: &Path) -> Vec<Fault> {
    let fault =
        |cause, destinations: &Destinations, severity, told, nats: &BTreeSet<String>| Fault {
            function: proof.runner.clone(),
            version: proof.version.clone(),
            subnet: path.subnet.clone(),
            cause,
            destinations: destinations.clone(),
            severity,
            told,
            findings: BTreeSet::new(),
            nats: nats.clone(),
        };
    let mut all = Vec::new();
    let classes = path.classes.iter().enumerate();
    for (number, class) in classes.filter(|(_, one)| one.judgement() == Judgement::Refuted) {
        let severity = severity(snapshot, class, number == 0);
        if let (Verdict::Leaves { .. }, false) = (&class.verdict, class.narrowed.is_empty()) {
            // Some replies are lost: each network ACL that denies some is a cause.
            for acl in &class.narrowed {
                let note = path.notes.iter().find(|note| note.contains(acl.as_str()));
                let told = note.map_or_else(
                    || class.to_string(),
                    |note| format!("loses replies: {note}"),
                );
                let cause = Cause::Acl(acl.clone());
                all.push(fault(
                    cause,
                    &class.destinations,
                    severity,
                    told,
                    &class.nats,
                ));
            }
            continue;
        }
        let told = match path.classes.len() {
            1 => class.verdict.sentence(),
            _ => class.to_string(),
        };
        let cause = Cause::of(&class.verdict);
        all.push(fault(
            cause,
            &class.destinations,
            severity,
            told,
            &class.nats,
        ));
    }
    if path.names == Judgement::Refuted {
        let subnet = path.subnet.as_deref();
        let mut subnets = snapshot.subnets.iter();
        let vpc = subnets.find(|one| Some(one.id.as_str()) == subnet);
        let vpc = vpc.map_or_else(String::new, |one| one.vpc.clone());
        let told = format!("resolves no names: DNS support of {vpc} is off");
        let everything = Destinations::Everything;
        let none = BTreeSet::new();
        all.push(fault(
            Cause::Names(vpc),
            &everything,
            Severity::Critical,
            told,
            &none,
        ));
    }
    all
}

/// How bad it is for these destinations. `most` is whether they are most of
/// what was asked.
fn severity(snapshot: &Snapshot, class: &Class, most: bool) -> Severity {
    match &class.verdict {
        // A service that is reached by its gateway endpoint is reached.
        Verdict::Elsewhere {
            target,
            leg: Leg::Request,
        } if serves(snapshot, target, &class.destinations) => Severity::Warning,
        // A part of the internet is filtered, on purpose or not.
        Verdict::NoWayOut {
            hop: HopKind::NetworkAcl,
            ..
        } if !most => Severity::Warning,
        Verdict::Leaves { .. } if few_lost(&class.replies) => Severity::Warning,
        _ => Severity::Critical,
    }
}

/// Whether a target is a gateway endpoint, and these are its service's own
/// networks: only its prefix list leads there.
fn serves(snapshot: &Snapshot, target: &str, destinations: &Destinations) -> bool {
    let endpoints = snapshot.traffic.endpoints.as_ref();
    let mut all = endpoints.into_iter().flatten();
    let gateway = match all.find(|one| one.id == target) {
        Some(endpoint) => endpoint.kind == Endpoint::GATEWAY,
        // Not read: only routes for prefix lists tell.
        None => endpoints.is_none() && target.starts_with("vpce-"),
    };
    gateway
        && match destinations {
            Destinations::Everything
            | Destinations::EverythingBut { .. }
            | Destinations::EverythingOverIpv6 => false,
            Destinations::List { .. } | Destinations::Nets { .. } => by_list(snapshot, target),
        }
}

/// Whether only routes for prefix lists lead to a target.
fn by_list(snapshot: &Snapshot, target: &str) -> bool {
    let routes = snapshot.route_tables.iter().flat_map(|table| &table.routes);
    let mut led = routes.filter(|route| route.target == target);
    led.all(|route| route.destination.starts_with("pl-"))
}

/// Whether at least half of the reply ports are open everywhere.
fn few_lost(replies: &Replies) -> bool {
    let open = |ports: &killick_path::Ports| -> u32 {
        let sizes = ports.ranges().iter();
        sizes
            .map(|(first, last)| u32::from(last.saturating_sub(*first)).saturating_add(1))
            .sum()
    };
    let all = open(&killick_path::Ports::ephemeral());
    let fewest = open(&replies.to_nat).min(open(&replies.to_function));
    fewest.saturating_mul(2) >= all
}

/// Faults that no finding reports, by function and cause: what a finding of its
/// own says of them.
pub(crate) fn unreported(all: &[Fault]) -> BTreeMap<(String, String), Vec<&Fault>> {
    let mut groups: BTreeMap<(String, String), Vec<&Fault>> = BTreeMap::new();
    for fault in all.iter().filter(|one| one.findings.is_empty()) {
        let cause = fault.cause.word(&fault.nats);
        groups
            .entry((fault.function.clone(), cause))
            .or_default()
            .push(fault);
    }
    for group in groups.values_mut() {
        // What an alias leads to fails like the newest code.
        let latest: Vec<_> = group
            .iter()
            .filter(|one| one.version.is_none())
            .map(|one| (one.subnet.clone(), one.told.clone()))
            .collect();
        group.retain(|one| {
            let same = (one.subnet.clone(), one.told.clone());
            one.version.is_none() || !latest.contains(&same)
        });
    }
    groups
}
