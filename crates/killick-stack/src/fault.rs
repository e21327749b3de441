//! What is wrong with egress paths, each with its cause: what a proof refutes,
//! in the terms that findings are compared with.

mod about;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use killick_core::{Desired, Graph};
use killick_finding::{Finding, Severity};
use killick_path::{
    Class, Destinations, HopKind, Judgement, Leg, Path, Proof, Replies, Unnamed, Verdict,
};

use crate::assessment::Assessment;
use crate::snapshot::{Endpoint, Snapshot};
use crate::view::StackView;
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
    pub effect: String,
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

/// What decides whether a finding is about a fault.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) seen: &'a StackView<'a>,
    pub(crate) desired: &'a Graph<Desired>,
    pub(crate) assessment: &'a Assessment,
}

/// The faults of proofs, each with the findings that report it. The proofs may be
/// those of a narrower question than the assessment's.
pub fn faults(
    seen: &StackView<'_>,
    desired: &Graph<Desired>,
    assessment: &Assessment,
    (proofs, findings): (&[Proof], &[Finding]),
) -> Vec<Fault> {
    let context = Context {
        seen,
        desired,
        assessment,
    };
    let mut all = of_proofs(seen.snapshot, proofs);
    attribute(context, &mut all, findings);
    all
}

/// Every fault of these proofs, without the findings that report it.
pub(crate) fn of_proofs(snapshot: &Snapshot, proofs: &[Proof]) -> Vec<Fault> {
    let refuted = |path: &&Path| path.judgement == Judgement::Refuted;
    let all = proofs.iter().flat_map(|proof| {
        let bad = proof.paths.iter().filter(refuted);
        bad.flat_map(|path| of_path(snapshot, proof, path))
    });
    all.collect()
}

/// Finds the findings that report each fault.
pub(crate) fn attribute(context: Context<'_>, faults: &mut [Fault], findings: &[Finding]) {
    for fault in faults {
        let about = About::of(context, fault);
        let reports = findings
            .iter()
            .filter(|one| one.severity <= fault.severity && about.reported_by(one));
        fault.findings = reports.map(|one| one.id.clone()).collect();
    }
}

fn of_path(snapshot: &Snapshot, proof: &Proof, path: &Path) -> Vec<Fault> {
    let fault =
        |cause, destinations: &Destinations, severity, effect, nats: &BTreeSet<String>| Fault {
            function: proof.runner.clone(),
            version: proof.version.clone(),
            subnet: path.subnet.clone(),
            cause,
            destinations: destinations.clone(),
            severity,
            effect,
            findings: BTreeSet::new(),
            nats: nats.clone(),
        };
    let mut all = Vec::new();
    let classes = path.classes.iter().enumerate();
    for (number, class) in classes.filter(|(_, one)| one.judgement() == Judgement::Refuted) {
        let severity = severity(snapshot, class, number == 0);
        let (to, nats) = (&class.destinations, &class.nats);
        let causes = causes(path, class).into_iter();
        all.extend(causes.map(|(cause, effect)| fault(cause, to, severity, effect, nats)));
    }
    if path.names == Judgement::Refuted {
        let subnet = path.subnet.as_deref();
        let mut subnets = snapshot.subnets.iter();
        let vpc = subnets.find(|one| Some(one.id.as_str()) == subnet);
        let vpc = vpc.map_or_else(String::new, |one| one.vpc.clone());
        let effect = format!("resolves no names: DNS support of {vpc} is off");
        let everything = Destinations::Everything;
        let none = BTreeSet::new();
        all.push(fault(
            Cause::Names(vpc),
            &everything,
            Severity::Critical,
            effect,
            &none,
        ));
    }
    all
}

/// What decides about a class, and what happens. Where some replies are lost, each
/// network ACL that denies some is a cause.
fn causes(path: &Path, class: &Class) -> Vec<(Cause, String)> {
    if matches!(class.verdict, Verdict::Leaves { .. }) && !class.narrowed.is_empty() {
        let lost = class.narrowed.iter().map(|acl| {
            let note = path.notes.iter().find(|note| note.contains(acl.as_str()));
            let effect = note.map_or_else(
                || class.to_string(),
                |note| format!("loses replies: {note}"),
            );
            (Cause::Acl(acl.clone()), effect)
        });
        return lost.collect();
    }
    let effect = match path.classes.len() {
        1 => class.verdict.sentence(),
        _ => class.to_string(),
    };
    vec![(Cause::of(&class.verdict), effect)]
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
            .map(|one| (one.subnet.clone(), one.effect.clone()))
            .collect();
        group.retain(|one| {
            let same = (one.subnet.clone(), one.effect.clone());
            one.version.is_none() || !latest.contains(&same)
        });
    }
    groups
}
