//! The topology as a picture: of a spec, of what is, of a plan.

use std::collections::BTreeMap;

use killick_core::{Action, Key, Plan, Value};
use killick_finding::{Aspect, Change, FieldPath, Finding, Severity};
use killick_report::{Edge, Kind, Node, Picture, State, ZoneBox};
use killick_spec::{Network, Select, Spec};
use killick_stack::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};

use crate::assess::World;

/// The world outside.
const INTERNET: &str = "internet";
const DEFAULT: &str = "0.0.0.0/0";

/// What the spec says, whatever there is.
pub(crate) fn of_spec(spec: &Spec) -> Picture {
    let functions = spec.functions.iter().map(|one| said(&one.select));
    Draft::new(spec, functions.collect(), &|_| None).picture()
}

/// What there is, with what differs in its place.
pub(crate) fn of_world(world: &World, findings: &[Finding]) -> Picture {
    let details = |key: &Key| detail(world, key);
    let mut draft = Draft::new(&world.spec, functions(world), &details);
    draft.lead(world);
    if world.assessment.never_applied() {
        draft.absent(world);
    }
    for finding in findings {
        draft.mark(finding);
    }
    draft.picture()
}

/// What a plan would make of it.
pub(crate) fn of_plan(world: &World, plan: &Plan) -> Picture {
    let details = |key: &Key| detail(world, key);
    let mut draft = Draft::new(&world.spec, functions(world), &details);
    let mut actions: BTreeMap<String, Vec<Action>> = BTreeMap::new();
    for (_, step) in plan.steps() {
        actions
            .entry(step.key.to_string())
            .or_default()
            .push(step.action);
    }
    for (key, actions) in actions {
        let does = |action| actions.contains(&action);
        let state = match (does(Action::Create), does(Action::Delete)) {
            (true, true) => State::Replace,
            (true, false) => State::Create,
            (false, true) => State::Delete,
            (false, false) => State::Update,
        };
        draft.plan(&key, state);
    }
    draft.picture()
}

/// Which functions the spec means.
fn said(select: &Select) -> String {
    match select {
        Select::Name(name) => name.clone(),
        Select::Prefix(prefix) => format!("{prefix}*"),
        Select::Tag { key, value } => format!("{key} = {value}"),
    }
}

fn functions(world: &World) -> Vec<String> {
    let nodes = world
        .desired
        .iter()
        .filter(|node| node.key.kind == Function::KIND);
    let wanted = nodes.filter(|node| world.identity.wants(&node.key));
    wanted.map(|node| node.key.name.clone()).collect()
}

/// What AWS calls it, or what it is.
fn detail(world: &World, key: &Key) -> Option<String> {
    if key.kind == ElasticIp::KIND {
        let id = world.identity.id(key)?;
        let mut addresses = world.snapshot.addresses.iter();
        return Some(addresses.find(|address| address.id == id)?.ip.clone());
    }
    world.identity.id(key).map(str::to_owned)
}

/// A picture in the making.
struct Draft {
    title: String,
    zones: Vec<ZoneBox>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

type Details<'a> = &'a dyn Fn(&Key) -> Option<String>;

impl Draft {
    /// Everything as the spec says.
    fn new(spec: &Spec, functions: Vec<String>, details: Details<'_>) -> Self {
        let zones = spec.zones.iter().map(|zone| {
            let shared = !spec.has_nat(&zone.name);
            let nat = spec.nat_zone(&zone.name);
            ZoneBox {
                name: zone.name.clone(),
                note: shared.then(|| format!("leaves by {nat}")),
            }
        });
        let mut draft = Self {
            title: spec.stack.clone(),
            zones: zones.collect(),
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        let cidr = match &spec.network {
            Network::Made { cidr } => Some(cidr.to_string()),
            Network::Brought { vpc } => Some(vpc.clone()),
        };
        draft.add(Kind::Vpc, &Vpc::key("main"), None, details, cidr);
        for name in &functions {
            draft.add(
                Kind::Function,
                &Function::key(name.as_str()),
                None,
                &|_| None,
                None,
            );
        }
        if spec.security_groups.is_empty() {
            let group = SecurityGroup::key("functions");
            draft.add(Kind::SecurityGroup, &group, None, details, None);
        }
        let public = RouteTable::key("public");
        let gateway = InternetGateway::key("main");
        for zone in &spec.zones {
            let name = zone.name.as_str();
            let cidr = |place: &killick_spec::Place| place.made().map(|cidr| cidr.to_string());
            let private = Subnet::key(format!("private-{name}"));
            let table = RouteTable::key(format!("private-{name}"));
            let subnet = Subnet::key(format!("public-{name}"));
            draft.add(
                Kind::PrivateSubnet,
                &private,
                Some(name),
                details,
                cidr(&zone.private),
            );
            draft.add(Kind::RouteTable, &table, Some(name), details, None);
            draft.add(
                Kind::PublicSubnet,
                &subnet,
                Some(name),
                details,
                cidr(&zone.public),
            );
            for function in &functions {
                draft.edge(&Function::key(function.as_str()), &private, "");
            }
            draft.edge(&private, &table, "");
            let nat = NatGateway::key(spec.nat_zone(name));
            draft.edge(&table, &nat, DEFAULT);
            if spec.has_nat(name) {
                let address = ElasticIp::key(name);
                draft.add(Kind::NatGateway, &nat, Some(name), details, None);
                draft.add(Kind::ElasticIp, &address, Some(name), details, None);
                draft.edge(&nat, &address, "");
                draft.edge(&address, &public, "");
            }
        }
        draft.add(Kind::RouteTable, &public, None, details, None);
        draft.add(Kind::InternetGateway, &gateway, None, details, None);
        draft.edge(&public, &gateway, DEFAULT);
        draft.nodes.push(Node::new(Kind::Internet, INTERNET));
        draft
            .edges
            .push(Edge::new(gateway.to_string(), INTERNET, ""));
        draft
    }

    fn add(
        &mut self,
        kind: Kind,
        key: &Key,
        zone: Option<&str>,
        details: Details<'_>,
        otherwise: Option<String>,
    ) {
        let detail = details(key).or(otherwise).unwrap_or_default();
        let node = Node::new(kind, key.to_string()).detail(detail);
        self.nodes.push(match zone {
            Some(zone) => node.zone(zone),
            None => node,
        });
    }

    fn edge(&mut self, from: &Key, to: &Key, label: &str) {
        self.edges
            .push(Edge::new(from.to_string(), to.to_string(), label));
    }

    /// Leads what goes elsewhere than the spec says to where it goes.
    fn lead(&mut self, world: &World) {
        for node in world.observed.iter() {
            if node.key.kind == RouteTable::KIND {
                self.lead_table(&node.key, node.attrs.get("routes"));
            }
            if node.key.kind == Function::KIND {
                self.lead_function(&node.key, node.attrs.get("subnets"));
            }
        }
    }

    /// Marks everything that is not there: one finding stands for all of it.
    fn absent(&mut self, world: &World) {
        let desired = world.desired.iter().map(|node| &node.key);
        let missing = desired.filter(|key| world.observed.get(key).is_none());
        for key in missing.map(ToString::to_string) {
            self.plan(&key, State::Missing);
            let touched = self.edges.iter_mut();
            for edge in touched.filter(|edge| edge.from == key || edge.to == key) {
                edge.state = State::Missing;
            }
        }
    }

    fn lead_table(&mut self, key: &Key, routes: Option<&Value>) {
        let Some(Value::Map(routes)) = routes else {
            return;
        };
        for (destination, target) in routes {
            let to = match target {
                Value::Ref(key) => key.to_string(),
                Value::Foreign(id) => id.to_string(),
                _ => continue,
            };
            let from = key.to_string();
            let known = |edge: &Edge| edge.from == from && edge.label == *destination;
            if self.edges.iter().any(|edge| known(edge) && edge.to == to) {
                continue;
            }
            self.stranger(&to);
            self.edges.retain(|edge| !known(edge));
            self.edges.push(Edge::new(from, to, destination.as_str()));
        }
    }

    fn lead_function(&mut self, key: &Key, subnets: Option<&Value>) {
        let Some(Value::Set(subnets)) = subnets else {
            return;
        };
        let from = key.to_string();
        let there = |to: &str| {
            subnets.iter().any(|one| match one {
                Value::Ref(key) => key.to_string() == to,
                _ => false,
            })
        };
        for edge in self.edges.iter_mut().filter(|edge| edge.from == from) {
            if !there(&edge.to) {
                edge.state = State::Missing;
            }
        }
        for subnet in subnets {
            if let Value::Foreign(id) = subnet {
                let to = id.to_string();
                self.stranger(&to);
                self.edges.push(Edge::new(from.clone(), to, ""));
            }
        }
    }

    /// Something that is not of the stack.
    fn stranger(&mut self, id: &str) {
        if self.nodes.iter().all(|node| node.key != id) {
            let node = Node::new(Kind::Other, id);
            self.nodes.push(node.state(State::Extra, &[]));
        }
    }

    /// Puts a finding to its place.
    fn mark(&mut self, finding: &Finding) {
        let state = match (finding.what, finding.severity) {
            (Change::Missing, _) if finding.field.is_none() => State::Missing,
            // What is too much stops nothing, but for a rule that denies.
            (Change::Extra, _) if !denies(finding) => State::Extra,
            (Change::Broken, _) | (_, Severity::Critical) => State::Broken,
            _ => State::Changed,
        };
        let head = finding.field.as_ref().map_or("", FieldPath::head);
        let entry = finding.field.as_ref().map(FieldPath::entry);
        let (entry, key) = (entry.unwrap_or_default(), finding.key.to_string());
        if self.nodes.iter().all(|node| node.key != key) {
            let node = Node::new(Kind::Other, key.as_str());
            self.nodes.push(node.state(State::Extra, &[]));
        }
        for node in self.nodes.iter_mut().filter(|node| node.key == key) {
            node.findings.push(finding.id.clone());
            // What is wrong with an edge is drawn there.
            let whole = !matches!(head, "routes" | "associations");
            if whole && worse(state, node.state) {
                node.state = state;
            }
        }
        for edge in &mut self.edges {
            let inner = edge.from.starts_with("subnet/private-");
            let hit = match &finding.field {
                None => edge.from == key || edge.to == key,
                Some(FieldPath::State) => false,
                Some(FieldPath::Declared { name, .. }) => match *name {
                    "routes" => edge.from == key && (edge.label == entry || entry.is_empty()),
                    "associations" => edge.to == key && edge.from == entry,
                    "subnets" | "security_groups" => edge.from == key,
                    "network_acl" if key == "vpc/main" => inner,
                    "network_acl" => edge.from == key,
                    "vpc" => edge.to == INTERNET,
                    _ => false,
                },
                Some(FieldPath::Beyond(aspect)) => match aspect {
                    Aspect::PublicAccess | Aspect::EdgeTable => edge.to == INTERNET,
                    Aspect::NetworkAcl(_) if key == "vpc/main" => inner,
                    Aspect::NetworkAcl(_) | Aspect::ForeignFunction => edge.from == key,
                    Aspect::ForeignSubnet(_) => edge.to == key && edge.from == entry,
                    Aspect::Pinned(_)
                    | Aspect::NotPinned
                    | Aspect::Unused(_)
                    | Aspect::Alias(_)
                    | Aspect::MainTable
                    | Aspect::MainRoute(_)
                    | Aspect::Propagated(_)
                    | Aspect::DhcpOptions
                    | Aspect::Transfer
                    | Aspect::Endpoint(_)
                    | Aspect::ForeignGateway(_)
                    | Aspect::EgressPath(_) => false,
                },
            };
            if hit && worse(state, edge.state) {
                edge.state = state;
            }
            if hit {
                edge.findings.push(finding.id.clone());
            }
        }
    }

    fn plan(&mut self, key: &str, state: State) {
        for node in self.nodes.iter_mut().filter(|node| node.key == key) {
            node.state = state;
        }
        for edge in &mut self.edges {
            let made = matches!(state, State::Create | State::Delete | State::Replace);
            if made && (edge.from == key || edge.to == key) {
                edge.state = state;
            }
        }
    }

    fn picture(self) -> Picture {
        Picture {
            title: self.title,
            zones: self.zones,
            nodes: self.nodes,
            edges: self.edges,
        }
    }
}

/// Whether it is about a rule that lets nothing through.
fn denies(finding: &Finding) -> bool {
    let head = finding.field.as_ref().map_or("", FieldPath::head);
    matches!(head, "network_acl" | "edge_table")
}

/// Whether a state says more than the one before.
fn worse(new: State, old: State) -> bool {
    let rank = |state| match state {
        State::Fine => 0,
        State::Extra => 1,
        State::Changed => 2,
        State::Broken => 3,
        State::Missing => 4,
        _ => 0,
    };
    rank(new) > rank(old)
}
