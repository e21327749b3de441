//! What a difference does to the traffic, in words.

use std::collections::BTreeSet;

use killick_core::{Change, Delta, Desired, FieldDiff, Graph, Key, Value};

use crate::addresses::address_of;
use crate::finding::Severity::{self, Critical, Info, Warning};
use crate::resource::{
    DEFAULT_ROUTE, ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup,
    Subnet, Vpc,
};
use crate::seen::Seen;
use crate::snapshot;
use crate::topology::{internet_gateway_key, private_table, public_table};

/// Looks at differences and says what they mean.
pub(crate) struct Eyes<'a> {
    pub(crate) seen: &'a Seen<'a>,
    pub(crate) desired: &'a Graph<Desired>,
    /// What is missing or broken: differences that only follow from it are
    /// told with it.
    pub(crate) down: BTreeSet<Key>,
}

type Judgement = (Severity, String);

impl Eyes<'_> {
    /// Whether a difference is only a symptom of another one: a route to a NAT
    /// gateway that is gone, a function without groups for want of subnets.
    pub(crate) fn symptom(&self, delta: &Delta, diff: &FieldDiff) -> bool {
        let mut others = delta.what.fields().iter();
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
        diff.name == "routes" && dead && self.down.contains(wanted)
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
        let state = match what {
            Change::Broken => "did not come up",
            _ => "does not exist",
        };
        match key.kind {
            Vpc::KIND => (
                Critical,
                format!("the network {state}: no function has its way out"),
            ),
            InternetGateway::KIND => (
                Critical,
                format!("the internet gateway {state}: no zone has a way out"),
            ),
            Subnet::KIND => {
                let (side, zone) = name.split_once('-').unwrap_or(("", name));
                let effect = match side {
                    "private" => format!("functions cannot run in {zone}"),
                    _ => format!("{zone} has no place for its NAT gateway"),
                };
                (
                    Critical,
                    format!("the {side} subnet of {zone} {state}: {effect}"),
                )
            }
            ElasticIp::KIND => {
                let effect = "partners have to be given a new one";
                (
                    Critical,
                    format!("the fixed address of {name} {state}: {effect}"),
                )
            }
            NatGateway::KIND => (
                Critical,
                format!(
                    "the NAT gateway of {name} {state}: {}",
                    self.without_gateway(key)
                ),
            ),
            RouteTable::KIND => (Critical, format!("{} have no way out", self.who(key))),
            SecurityGroup::KIND => (
                Critical,
                format!("the functions' group {state}: they cannot be attached"),
            ),
            Function::KIND => match what {
                Change::Broken => (Critical, format!("{name} did not take its VPC config")),
                _ => (Critical, format!("{name} does not exist; deploy it first")),
            },
            _ => (Warning, format!("{key} {state}")),
        }
    }

    /// One field of a resource.
    pub(crate) fn field(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        match (key.kind, diff.name) {
            (_, "tags") => tag(key, diff),
            (_, "state") => (Info, format!("{key} is {} and not ready yet", diff.live)),
            (Vpc::KIND, "dns_support") => (
                Critical,
                "names do not resolve: functions reach nothing by name".to_owned(),
            ),
            (Vpc::KIND, "dns_hostnames") => (
                Warning,
                "the network gives out no DNS names: private names of endpoints fail".to_owned(),
            ),
            (InternetGateway::KIND, "vpc") => {
                let place = match &diff.live {
                    Value::Absent => "not attached".to_owned(),
                    live => format!("attached to {live}"),
                };
                (
                    Critical,
                    format!("the internet gateway is {place}: no zone has a way out"),
                )
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
            (SecurityGroup::KIND, side) => {
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
            (Function::KIND, _) => function(key, diff),
            _ => (
                Critical,
                format!(
                    "{key} was made with another {}; only a rebuild would change it",
                    diff.name
                ),
            ),
        }
    }

    fn gateway(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let id = self.seen.identity.id(key).unwrap_or_default();
        let gateway = self
            .seen
            .snapshot
            .nat_gateways
            .iter()
            .find(|nat| nat.id == id);
        let ip = gateway.and_then(|nat| address_of(self.seen, nat));
        let zones = self.zones_behind(key).join(" and ");
        match (diff.name, ip) {
            ("address", Some(ip)) => self.by_address(&format!("functions in {zones}"), &ip),
            ("subnet", _) => (
                Warning,
                format!(
                    "{key} sits in {}: {zones} may lose its way out with it",
                    diff.live
                ),
            ),
            _ => (
                Critical,
                format!("{key} has another {}: {}", diff.name, diff.live),
            ),
        }
    }

    fn route(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let destination = diff
            .entry
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let who = self.who(key);
        if diff.change() == Change::Extra {
            let live = &diff.live;
            return (
                Critical,
                format!(
                    "traffic of {who} to {destination} goes to {live}, past the fixed addresses"
                ),
            );
        }
        if *key == public_table() && destination == DEFAULT_ROUTE {
            return match &diff.live {
                Value::Absent => (Critical, "no zone has a way out".to_owned()),
                live => (Critical, format!("all that leaves is diverted to {live}")),
            };
        }
        match &diff.live {
            Value::Absent => (Critical, format!("{who} have no way out")),
            Value::Text(blackhole) => (Critical, format!("{who} have no way out: {blackhole}")),
            Value::Ref(gateway) if *gateway == internet_gateway_key() => (
                Critical,
                format!(
                    "{who} have no way out: a function has no public address of its own, so an \
                     internet gateway carries nothing for it"
                ),
            ),
            Value::Ref(peer) => (Warning, self.other_zone(&who, peer)),
            Value::Foreign(id) => match self.leaves_by(id.as_str()) {
                Some(ip) => self.by_address(&who, &ip),
                None => (
                    Critical,
                    format!("{who} leave by {id}, not by the fixed addresses"),
                ),
            },
            live => (Critical, format!("{who} are sent to {live}")),
        }
    }

    fn other_zone(&self, who: &str, gateway: &Key) -> String {
        let ip = self
            .address_of_zone(&gateway.name)
            .unwrap_or_else(|| "its address".to_owned());
        format!(
            "{who} leave by {ip} of {}: still in the set, but they fall with that zone, and \
             traffic between zones is billed",
            gateway.name
        )
    }

    fn association(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let member = diff
            .entry
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        if diff.change() == Change::Extra {
            return (
                Warning,
                format!("{member} is not of this stack and follows {key}"),
            );
        }
        let table = match &diff.live {
            Value::Ref(table) => Some(table),
            _ => None,
        };
        match table {
            Some(table) if *table == public_table() => (
                Critical,
                format!("{member} follows {table}: functions there have no way out"),
            ),
            Some(table) if *key == public_table() => (
                Critical,
                format!("{member} follows {table}: its NAT gateway has no way out"),
            ),
            Some(table) => (
                Warning,
                format!("{member} follows {table}: it leaves by another zone's address"),
            ),
            None => (
                Critical,
                format!("{member} does not follow {key}: another table, or the main one, decides"),
            ),
        }
    }

    /// What it means that a gateway does not work.
    fn without_gateway(&self, key: &Key) -> String {
        let (elsewhere, nowhere): (Vec<_>, Vec<_>) =
            self.zones_behind(key).into_iter().partition(|zone| {
                self.default_of(zone)
                    .is_some_and(|id| self.leaves_by(id).is_some())
            });
        let mut parts = Vec::new();
        if !nowhere.is_empty() {
            parts.push(format!(
                "functions in {} have no way out",
                nowhere.join(" and ")
            ));
        }
        if !elsewhere.is_empty() {
            let zones = elsewhere.join(" and ");
            parts.push(format!("functions in {zones} leave by another NAT gateway"));
        }
        if let Some(address) = self.address(&key.name) {
            let ip = &address.ip;
            parts.push(match &address.association {
                None => format!("its address {ip} is kept and will be used again"),
                Some(_) => format!("its address {ip} is held by something else"),
            });
        }
        parts.join("; ")
    }

    /// Where a zone's private table leads now.
    fn default_of(&self, zone: &str) -> Option<&str> {
        let id = self.seen.identity.id(&private_table(zone))?;
        let table = self
            .seen
            .snapshot
            .route_tables
            .iter()
            .find(|found| found.id == id)?;
        let mut routes = table.routes.iter();
        let default = routes.find(|route| route.destination == DEFAULT_ROUTE)?;
        Some(&default.target)
    }

    /// The address by which a working NAT gateway leaves, whoever owns it.
    fn leaves_by(&self, id: &str) -> Option<String> {
        let mut gateways = self.seen.snapshot.nat_gateways.iter();
        let gateway = gateways.find(|nat| nat.id == id && nat.exists() && !nat.failed())?;
        address_of(self.seen, gateway)
    }

    /// Whether an address that functions leave by is one of the promised ones.
    fn by_address(&self, who: &str, ip: &str) -> Judgement {
        let mut wanted = self
            .desired
            .iter()
            .filter(|node| node.key.kind == ElasticIp::KIND);
        if wanted.any(|node| self.address_of_zone(&node.key.name).as_deref() == Some(ip)) {
            let effect = "which is in the set, but not by the NAT gateway that should hold it";
            return (Warning, format!("{who} leave by {ip}, {effect}"));
        }
        (
            Critical,
            format!("{who} leave by {ip}, which is not in the set"),
        )
    }

    /// The functions that a route table carries.
    fn who(&self, table: &Key) -> String {
        match table.name.strip_prefix("private-") {
            Some(zone) => format!("functions in {zone}"),
            None => "all functions".to_owned(),
        }
    }

    /// The zones whose private tables should lead to this gateway.
    fn zones_behind(&self, gateway: &Key) -> Vec<String> {
        let leads = |node: &&Desired| {
            let routes = node.attrs.get("routes");
            routes.is_some_and(|routes| routes.refs().contains(&gateway))
        };
        let tables = self.desired.iter().filter(leads);
        tables
            .filter_map(|node| node.key.name.strip_prefix("private-"))
            .map(str::to_owned)
            .collect()
    }

    fn address_of_zone(&self, zone: &str) -> Option<String> {
        Some(self.address(zone)?.ip.clone())
    }

    fn address(&self, zone: &str) -> Option<&snapshot::Address> {
        let id = self.seen.identity.id(&ElasticIp::key(zone))?;
        self.seen
            .snapshot
            .addresses
            .iter()
            .find(|found| found.id == id)
    }
}

fn tag(key: &Key, diff: &FieldDiff) -> Judgement {
    let name = diff
        .entry
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
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

fn function(key: &Key, diff: &FieldDiff) -> Judgement {
    let name = &key.name;
    let foreign = |value: &Value| match value {
        Value::Set(items) => items.iter().any(|item| matches!(item, Value::Foreign(_))),
        _ => false,
    };
    match diff.name {
        "subnets" if is_empty(&diff.live) => (
            Critical,
            format!("{name} leaves by addresses that AWS picks, which are not in the set"),
        ),
        "subnets" if foreign(&diff.live) => (
            Critical,
            format!("{name} leaves through a network that is not this stack's"),
        ),
        "subnets" => (Warning, format!("{name} does not run in every zone")),
        "security_groups" if is_empty(&diff.live) => {
            (Critical, format!("{name} has no security group"))
        }
        "security_groups" => (
            Critical,
            format!("other groups decide what {name} may send: {}", diff.live),
        ),
        _ => (
            Critical,
            format!("{name} may leave by IPv6, where no address is fixed"),
        ),
    }
}

fn is_empty(set: &Value) -> bool {
    matches!(set, Value::Set(items) if items.is_empty())
}
