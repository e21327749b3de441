//! What a difference on the way out does: gateways, routes, associations.

use killick_core::{Change, Desired, FieldDiff, Key, Value};

use super::Severity::{Critical, Warning};
use super::{Eyes, Judgement};
use crate::addresses::{Holder, address_of, default_target, holder, leads_out, table_of};
use crate::resource::{DEFAULT_ROUTE, ElasticIp, NatGateway};
use crate::snapshot;
use crate::topology::{private_table, public_table};

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
                Value::Text(blackhole) => (Critical, format!("no zone has a way out: {blackhole}")),
                live => (Critical, format!("all that leaves is diverted to {live}")),
            };
        }
        match &diff.live {
            Value::Absent => (Critical, format!("{who} have no way out")),
            Value::Text(blackhole) => (Critical, format!("{who} have no way out: {blackhole}")),
            Value::Ref(peer) => self.led_to(&who, self.seen.identity.id(peer).unwrap_or_default()),
            Value::Foreign(id) => self.led_to(&who, id.as_str()),
            live => (Critical, format!("{who} are sent to {live}")),
        }
    }

    /// What becomes of functions whose default route has this target.
    fn led_to(&self, who: &str, id: &str) -> Judgement {
        let snapshot = self.seen.snapshot;
        let mut internet = snapshot.internet_gateways.iter();
        if internet.any(|found| found.id == id) {
            return (
                Critical,
                format!(
                    "{who} have no way out: a function has no public address of its own, so an \
                     internet gateway carries nothing for it"
                ),
            );
        }
        let mut gateways = snapshot.nat_gateways.iter();
        let gateway = gateways.find(|nat| nat.id == id);
        if let Some(gone) = gateway.filter(|nat| !nat.live()) {
            let why = format!("{id} is {}", gone.state);
            return (Critical, format!("{who} have no way out: {why}"));
        }
        let ip = gateway.and_then(|nat| address_of(self.seen, nat));
        match (self.seen.identity.key(id), ip) {
            (Some(peer), _) => (Warning, self.other_zone(who, peer)),
            (None, Some(ip)) => self.by_address(who, &ip),
            (None, None) => (
                Critical,
                format!("{who} leave by {id}, not by the fixed addresses"),
            ),
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
            let ip = self.default_of(key).and_then(|id| self.leaves_by(id));
            let by = ip.map_or_else(String::new, |ip| format!(": what is in it leaves by {ip}"));
            return (
                Warning,
                match diff.live {
                    Value::Ref(_) => format!("{member} follows {key}, which the spec does not say"),
                    _ => format!("{member} is not of this stack and follows {key}{by}"),
                },
            );
        }
        let Some((subnet, table)) = self.followed(diff.entry.as_ref()) else {
            return (Critical, format!("{member} does not follow {key}"));
        };
        let (severity, effect) = self.following(key, subnet, default_target(table));
        let table = match self.seen.identity.key(&table.id) {
            Some(table) => table.to_string(),
            None if table.main => format!("the main route table {}", table.id),
            None => table.id.clone(),
        };
        (severity, format!("{member} follows {table}: {effect}"))
    }

    /// A subnet of ours, and the table that it follows.
    fn followed(
        &self,
        member: Option<&Value>,
    ) -> Option<(&snapshot::Subnet, &snapshot::RouteTable)> {
        let Some(Value::Ref(member)) = member else {
            return None;
        };
        let id = self.seen.identity.id(member)?;
        let mut subnets = self.seen.snapshot.subnets.iter();
        let subnet = subnets.find(|found| found.id == id)?;
        Some((subnet, table_of(self.seen.snapshot, subnet)?))
    }

    /// What becomes of a subnet that should follow `table`, and whose default
    /// route has another target.
    fn following(&self, table: &Key, subnet: &snapshot::Subnet, target: Option<&str>) -> Judgement {
        if *table == public_table() {
            let out = |target| leads_out(self.seen.snapshot, &subnet.vpc, target);
            return match target.is_some_and(out) {
                true => (Warning, "which leads to the internet as well".to_owned()),
                false => (Critical, "its NAT gateway has no way out".to_owned()),
            };
        }
        let who = self.who(table);
        let wanted = |target| {
            let gateway = self.seen.identity.key(target);
            let mut zones = gateway.into_iter().flat_map(|key| self.zones_behind(key));
            zones.any(|zone| private_table(&zone) == *table)
        };
        match target {
            Some(target) if wanted(target) => {
                (Warning, "which leads to the same NAT gateway".to_owned())
            }
            Some(target) => self.led_to(&who, target),
            None => (Critical, format!("{who} have no way out")),
        }
    }

    /// What it means that a gateway does not work.
    pub(super) fn without_gateway(&self, key: &Key) -> String {
        let (elsewhere, nowhere): (Vec<_>, Vec<_>) =
            self.zones_behind(key).into_iter().partition(|zone| {
                self.default_of(&private_table(zone))
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
            parts.push(match holder(self.seen, address) {
                Holder::Nobody | Holder::Ours => {
                    format!("its address {ip} is kept and will be used again")
                }
                Holder::LettingGo(nat) => {
                    let state = if nat.failed() { "failed" } else { "deleted" };
                    format!(
                        "its address {ip} is kept and will be used again; the {state} NAT gateway \
                         lets go of it in a minute or so"
                    )
                }
                Holder::Other(id) => {
                    format!("its address {ip} is on {id}, and killick does not take it away")
                }
            });
        }
        parts.join("; ")
    }

    /// Whether the address of a NAT gateway is on something that keeps it.
    pub(crate) fn taken(&self, gateway: &Key) -> bool {
        let address = self.address(&gateway.name);
        gateway.kind == NatGateway::KIND
            && address.is_some_and(|found| matches!(holder(self.seen, found), Holder::Other(_)))
    }

    /// Where a table leads now.
    fn default_of(&self, table: &Key) -> Option<&str> {
        let id = self.seen.identity.id(table)?;
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
        if self.in_set(ip) {
            let effect = "which is in the set, but not by the NAT gateway that should hold it";
            return (Warning, format!("{who} leave by {ip}, {effect}"));
        }
        (
            Critical,
            format!("{who} leave by {ip}, which is not in the set"),
        )
    }

    /// Whether an address is one of those that the spec asks for.
    pub(crate) fn in_set(&self, ip: &str) -> bool {
        let mut wanted = self
            .desired
            .iter()
            .filter(|node| node.key.kind == ElasticIp::KIND);
        wanted.any(|node| self.address_of_zone(&node.key.name).as_deref() == Some(ip))
    }

    /// The functions that a route table carries.
    pub(super) fn who(&self, table: &Key) -> String {
        match table.name.strip_prefix("private-") {
            Some(zone) => format!("functions in {zone}"),
            None => "all functions".to_owned(),
        }
    }

    /// The zones whose private tables should lead to this gateway.
    pub(crate) fn zones_behind(&self, gateway: &Key) -> Vec<String> {
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
