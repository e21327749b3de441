//! What a difference does to the traffic, in words.

mod fate;
mod function;
mod path;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use killick_core::{Delta, Desired, FieldDiff, Graph, Key, Value};
use killick_finding::{Change, Severity};
use killick_path::Verdict;

use crate::acl::Stop;
use crate::assessment::Assessment;
use crate::catalogue::facts;
use crate::facts::state;
use crate::keys::private_table;
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::routing::default_target;
use crate::tags::{FORMERLY, KEY, STACK};
use crate::view::StackView;

/// Looks at differences and says what they mean.
pub(crate) struct Judge<'a> {
    pub(crate) seen: &'a StackView<'a>,
    pub(crate) desired: &'a Graph<Desired>,
    /// What becomes of packets, and the network ACLs in the way.
    pub(crate) assessment: &'a Assessment,
    /// What is missing or broken: differences that only follow from it are
    /// told with it.
    pub(crate) down: BTreeSet<Key>,
}

use Severity::{Critical, Info, Warning};

pub(crate) type Judgement = (Severity, String);

impl Judge<'_> {
    /// Whether a difference is only a symptom of another one: a route to a NAT
    /// gateway that is gone, a function without groups for want of subnets.
    pub(crate) fn symptom(&self, delta: &Delta, diff: &FieldDiff) -> bool {
        let mut others = delta.what.fields().iter();
        // One that left the spec is told once, by its subnets.
        if delta.key.kind == Function::KIND && !self.seen.identity.wants(&delta.key) {
            return diff.name != "subnets" && others.any(|other| other.name == "subnets");
        }
        // It is written down when the function is moved.
        if diff.name == "formerly" && others.clone().any(|other| other.name == "subnets") {
            return true;
        }
        // Its owner deploys it: what counts is what comes of it.
        if diff.name == "state" && delta.key.kind == Function::KIND {
            return true;
        }
        // One hand took both tags.
        let entry = |diff: &FieldDiff, name: &str| {
            diff.name == "tags" && diff.entry == Some(Value::from(name))
        };
        if entry(diff, STACK) && others.clone().any(|other| entry(other, KEY)) {
            return true;
        }
        if diff.name == "security_groups" && is_empty(&diff.live) {
            return others.any(|other| other.name == "subnets" && is_empty(&other.live));
        }
        let Value::Ref(wanted) = &diff.desired else {
            return false;
        };
        let dead = match &diff.live {
            Value::Text(text) => text.starts_with("blackhole"),
            Value::Foreign(id) => {
                let mut gateways = self.seen.snapshot.nat_gateways.iter();
                gateways.any(|nat| nat.id == id.as_str() && !nat.exists())
            }
            _ => false,
        };
        // A gateway that somebody made in place of ours is told with ours.
        let gateway = matches!(&diff.live, Value::Foreign(id) if id.as_str().starts_with("nat-"));
        let swapped = || gateway && self.stranger_serves(&delta.key);
        diff.name == "routes" && self.down.contains(wanted) && (dead || swapped())
    }

    /// A resource as a whole.
    pub(crate) fn whole(&self, key: &Key, what: Change) -> Judgement {
        let name = key.name.as_str();
        if what == Change::Extra {
            return (
                Warning,
                format!("{key} is left over from a spec that wanted it"),
            );
        }
        let told = facts(key.kind).map_or_else(
            || format!("{key} {}", state(what)),
            |facts| (facts.absent)(name, what),
        );
        match key.kind {
            Vpc::KIND => {
                self.unless_they_leave(&told, format!("{told}: no function has its way out"))
            }
            InternetGateway::KIND => {
                self.unless_they_leave(&told, format!("{told}: no zone has a way out"))
            }
            NatGateway::KIND => {
                let (severity, effect) = self.without_gateway(key);
                (severity, format!("{told}: {effect}"))
            }
            RouteTable::KIND => self.without_table(key),
            _ => (Critical, told),
        }
    }

    /// One field of a resource.
    pub(crate) fn field(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        match (key.kind, diff.name) {
            (_, "tags") => tag(key, diff),
            (NatGateway::KIND, "state") => self.settling(key, diff),
            (_, "state") => (Info, format!("{key} is {} and not ready yet", diff.live)),
            (Vpc::KIND, "dns_support") => (
                Critical,
                "names do not resolve: functions reach nothing by name".to_owned(),
            ),
            (Vpc::KIND, "dns_hostnames") => (
                Warning,
                "the network gives out no DNS names: private names of endpoints fail".to_owned(),
            ),
            (Vpc::KIND | Subnet::KIND, "network_acl") => self.denied(diff),
            (ElasticIp::KIND, "transfer") => {
                let ip = self.address_of_zone(&key.name);
                let ip = ip.unwrap_or_else(|| format!("the address of {}", key.name));
                let account = &diff.live;
                (
                    Critical,
                    format!(
                        "{ip}, by which functions leave, is offered to the account {account}, which \
                         can take it away any time"
                    ),
                )
            }
            (InternetGateway::KIND, "vpc") => {
                let place = match &diff.live {
                    Value::Absent => "not attached".to_owned(),
                    live => format!("attached to {live}"),
                };
                let what = format!("the internet gateway is {place}");
                self.unless_they_leave(&what, format!("{what}: no zone has a way out"))
            }
            (Subnet::KIND, "map_public_ip") => (
                Warning,
                format!("what is launched in {key} gets a public address"),
            ),
            (NatGateway::KIND, _) => self.gateway(key, diff),
            (RouteTable::KIND, "routes") => self.route(key, diff),
            (RouteTable::KIND, "associations") => self.association(key, diff),
            (SecurityGroup::KIND, "egress") if diff.change() == Change::Missing => {
                (Critical, "what functions send is blocked".to_owned())
            }
            (SecurityGroup::KIND, side @ ("egress" | "ingress")) => {
                let way = if side == "egress" { "out of" } else { "into" };
                let rule = diff
                    .entry
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                (
                    Warning,
                    format!("a rule that nobody declared lets traffic {way} the functions: {rule}"),
                )
            }
            (Function::KIND, _) => self.function(key, diff),
            _ => (
                Critical,
                format!(
                    "{key} was made with another {}; only a rebuild would change it",
                    diff.name
                ),
            ),
        }
    }
}

fn tag(key: &Key, diff: &FieldDiff) -> Judgement {
    let name = diff
        .entry
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    if name == FORMERLY {
        let effect = "does not say which table a subnet of somebody else had: destroy would give it the main one";
        return (Warning, format!("{key} {effect}"));
    }
    match name.starts_with("killick:") {
        true => (
            Warning,
            format!(
                "{key} lost its identity: it is found by its place only, which a second change may hide"
            ),
        ),
        false => (Info, format!("the tag {name} of {key} is not as declared")),
    }
}

impl Judge<'_> {
    /// Whether the network of a zone's address stands: then somebody may know
    /// the address.
    pub(crate) fn stood(&self, address: &Key) -> bool {
        let table = private_table(&address.name);
        self.seen.identity.id(&table).is_some()
    }

    /// Whether `apply` would refuse without `--change-addresses`: going back to
    /// what partners know takes no flag.
    pub(crate) fn takes_flag(&self) -> bool {
        self.assessment.pins().danger().any()
    }

    /// Whether a missing address is a promised one that may be had back.
    pub(crate) fn had_back(&self, address: &Key) -> bool {
        let public = self
            .desired
            .get(address)
            .and_then(|node| node.attrs.get("public"));
        matches!(public, Some(Value::Map(public)) if !public.is_empty())
    }

    /// Whether something leaves by the address of a stranger in place of this
    /// gateway: partners may have let that in since.
    pub(crate) fn swaps_back(&self, gateway: &Key) -> bool {
        let zones = self.zones_behind(gateway).into_iter();
        let mut tables = zones.map(|zone| private_table(&zone));
        gateway.kind == NatGateway::KIND && tables.any(|table| self.stranger_serves(&table))
    }

    /// The foreign NAT gateway by which a zone leaves in place of this one.
    pub(crate) fn instead(&self, gateway: &Key) -> Option<&str> {
        if !self.swaps_back(gateway) {
            return None;
        }
        let zones = self.zones_behind(gateway).into_iter();
        let mut targets = zones.filter_map(|zone| {
            let id = self.seen.identity.id(&private_table(&zone))?;
            let mut tables = self.seen.snapshot.route_tables.iter();
            default_target(tables.find(|table| table.id == id)?)
        });
        targets
            .find(|target| target.starts_with("nat-") && self.seen.identity.key(target).is_none())
    }

    /// Whether the zone of a private table leaves by an address that is not of
    /// the set.
    fn stranger_serves(&self, table: &Key) -> bool {
        let subnet = self.behind(table);
        let fate = subnet.map(|subnet| self.assessment.from(subnet));
        matches!(fate, Some(Verdict::Outside { .. }))
    }
}

impl Judge<'_> {
    /// What a network ACL keeps functions from.
    fn denied(&self, diff: &FieldDiff) -> Judgement {
        let one = self
            .assessment
            .blocking()
            .iter()
            .find(|one| match &diff.live {
                Value::Foreign(id) => one.acl.id == id.as_str(),
                _ => one.acl.default,
            });
        let place = diff.entry.as_ref().and_then(Value::as_text);
        let rule = one.and_then(|one| {
            let mut rules = one.guilty.iter();
            rules.find(|rule| Some(rule.entry.place().as_str()) == place)
        });
        let zones = rule.map(|rule| &rule.zones);
        zones.or(one.map(|one| &one.zones)).map_or_else(
            || {
                let live = &diff.live;
                (
                    Critical,
                    format!("a network ACL keeps functions from the internet: {live}"),
                )
            },
            denied,
        )
    }
}

/// What a network ACL does to which zones.
pub(crate) fn denied(zones: &BTreeMap<String, Stop>) -> Judgement {
    let mut fates: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (zone, stop) in zones {
        fates.entry(&stop.told).or_default().push(zone);
    }
    let told: Vec<String> = fates
        .into_iter()
        .map(|(told, zones)| format!("functions in {} {told}", zones.join(" and ")))
        .collect();
    let severity = match zones.values().any(|stop| stop.dead) {
        true => Critical,
        false => Warning,
    };
    (severity, told.join("; "))
}

fn is_empty(set: &Value) -> bool {
    matches!(set, Value::Set(items) if items.is_empty())
}
