//! What a difference on the way out does: gateways, routes, associations.

use killick_core::{Change, Desired, FieldDiff, Key, Value};

use super::Severity::{Critical, Warning};
use super::{Eyes, Judgement};
use crate::addresses::{address_of, default_target};
use crate::resource::{DEFAULT_ROUTE, ElasticIp, NatGateway};
use crate::snapshot;
use crate::topology::{internet_gateway_key, private_table, public_table};

impl Eyes<'_> {
    pub(super) fn gateway(&self, key: &Key, diff: &FieldDiff) -> Judgement {
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

    pub(super) fn route(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let destination = diff
            .entry
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let who = self.who(key);
        if diff.change() == Change::Extra {
            return match &diff.live {
                Value::Ref(gateway) if gateway.kind == NatGateway::KIND => {
                    let ip = self.address_of_zone(&gateway.name);
                    let ip = ip.unwrap_or_else(|| gateway.to_string());
                    let effect = "which is in the set, but nobody declared this route";
                    (
                        Warning,
                        format!("traffic of {who} to {destination} leaves by {ip}, {effect}"),
                    )
                }
                live => (
                    Critical,
                    format!(
                        "traffic of {who} to {destination} goes to {live}, past the fixed addresses"
                    ),
                ),
            };
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

    pub(super) fn association(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let member = diff
            .entry
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        if diff.change() == Change::Extra {
            return (
                Warning,
                match diff.live {
                    Value::Ref(_) => format!("{member} follows {key}, which the spec does not say"),
                    _ => format!("{member} is not of this stack and follows {key}"),
                },
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
    pub(super) fn without_gateway(&self, key: &Key) -> String {
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
        let mut tables = self.seen.snapshot.route_tables.iter();
        default_target(tables.find(|table| table.id == id)?)
    }

    /// The address by which a working NAT gateway leaves, whoever owns it.
    fn leaves_by(&self, id: &str) -> Option<String> {
        let mut gateways = self.seen.snapshot.nat_gateways.iter();
        let gateway = gateways.find(|nat| nat.id == id && nat.live())?;
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
    pub(super) fn who(&self, table: &Key) -> String {
        match table.name.strip_prefix("private-") {
            Some(zone) => format!("functions in {zone}"),
            None => "all functions".to_owned(),
        }
    }

    /// The zones whose private tables should lead to this gateway.
    pub(super) fn zones_behind(&self, gateway: &Key) -> Vec<String> {
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

    pub(super) fn address(&self, zone: &str) -> Option<&snapshot::Address> {
        let id = self.seen.identity.id(&ElasticIp::key(zone))?;
        self.seen
            .snapshot
            .addresses
            .iter()
            .find(|found| found.id == id)
    }
}
