//! What a difference on the way out does: gateways, routes, associations.

use killick_core::{Change, Desired, FieldDiff, Key, Value};
use killick_path::Verdict;

use super::{Judge, Judgement};
use crate::keys::{private_subnet, private_table, public_table};
use crate::resource::{DEFAULT_ROUTE, ElasticIp, NatGateway};
use crate::routing::{Holder, address_of, default_target, holder, leads_out, table_of};
use crate::snapshot;
use killick_finding::Reason;
use killick_finding::Severity::{Critical, Info, Warning};

impl Judge<'_> {
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
            ("secondary", _) => self.further(&zones, diff),
            ("address", Some(ip)) => self.by_address(key, &ip),
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

    /// A gateway that AWS is still making: what leads to it waits.
    pub(super) fn settling(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let told = format!("{key} is {} and not ready yet", diff.live);
        let zones = self.zones_behind(key).into_iter();
        let waiting: Vec<String> = zones.filter(|zone| self.stopped(zone)).collect();
        match waiting.is_empty() {
            true => (Info, told),
            false => {
                let zones = waiting.join(" and ");
                (
                    Critical,
                    format!("{told}: functions in {zones} cannot reach the internet until it is"),
                )
            }
        }
    }

    /// Whether a function of the stack may leave by IPv6.
    fn speaks_ipv6(&self) -> bool {
        let mut functions = self.seen.snapshot.functions.iter();
        functions.any(|one| one.ipv6 && self.seen.identity.key(&one.name).is_some())
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
                live if destination.contains(':') && !self.speaks_ipv6() => (
                    Critical,
                    format!(
                        "IPv6 traffic of {who} to {destination} would go to {live}, past the fixed \
                         addresses, as soon as a function may use IPv6"
                    ),
                ),
                live => (
                    Critical,
                    format!(
                        "traffic of {who} to {destination} goes to {live}, past the fixed addresses"
                    ),
                ),
            };
        }
        if *key == public_table() && destination == DEFAULT_ROUTE {
            let dead = match &diff.live {
                Value::Absent => "no zone has a way out".to_owned(),
                Value::Text(blackhole) => format!("no zone has a way out: {blackhole}"),
                live => format!("all that leaves is diverted to {live}"),
            };
            return self.unless_they_leave(&format!("{key} does not lead out"), dead);
        }
        let table = self.seen.identity.id(key);
        match table.and_then(|table| self.via(key, table)) {
            Some(verdict) => self.told(key, &who, &verdict),
            None => (Critical, format!("{who} are sent to {}", diff.live)),
        }
    }

    /// The private subnet that a table is for.
    pub(super) fn behind(&self, table: &Key) -> Option<&str> {
        let zone = table.name.strip_prefix("private-")?;
        self.seen.identity.id(&private_subnet(zone))
    }

    /// What the tables would do to the functions of a zone that followed this
    /// table.
    fn via(&self, table: &Key, id: &str) -> Option<Verdict> {
        Some(self.assessment.ways().via(self.behind(table)?, id))
    }

    pub(super) fn association(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let member = diff
            .entry
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        if diff.change() == Change::Extra {
            let effect = format!("{member} follows {key}, which the spec does not say");
            return (Warning, effect);
        }
        let Some((subnet, table)) = self.followed(diff.entry.as_ref()) else {
            return (Critical, format!("{member} does not follow {key}"));
        };
        let (severity, effect) = self.following(key, subnet, table);
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

    /// What becomes of a subnet that should follow `key` and follows another
    /// table.
    fn following(
        &self,
        key: &Key,
        subnet: &snapshot::Subnet,
        table: &snapshot::RouteTable,
    ) -> Judgement {
        let target = default_target(table);
        if *key == public_table() {
            let out = |target| leads_out(self.seen.snapshot, &subnet.vpc, target);
            return match target.is_some_and(out) {
                true => (Warning, "which leads to the internet as well".to_owned()),
                false => self.gateway_in(subnet),
            };
        }
        let same = target.and_then(|target| self.seen.identity.key(target));
        let mut zones = same.into_iter().flat_map(|key| self.zones_behind(key));
        if zones.any(|zone| private_table(&zone) == *key) {
            return (Warning, "which leads to the same NAT gateway".to_owned());
        }
        let zone = key.name.strip_prefix("private-").unwrap_or_default();
        let who = format!("functions in {zone}");
        self.told(key, &who, &self.assessment.from(&subnet.id))
    }

    /// What it means that the NAT gateway of a public subnet has no way out: no
    /// more than that, while its zones leave by another one.
    fn gateway_in(&self, subnet: &snapshot::Subnet) -> Judgement {
        let dead = "its NAT gateway has no way out";
        let key = self.seen.identity.key(&subnet.id);
        let zone = key.and_then(|key| key.name.strip_prefix("public-"));
        let zones = zone.map_or_else(Vec::new, |zone| self.zones_behind(&NatGateway::key(zone)));
        if zones.is_empty() {
            let effect = "no zone leaves by a NAT gateway in it";
            return (Warning, effect.to_owned());
        }
        if zones.iter().all(|zone| self.stopped(zone)) {
            return (Critical, dead.to_owned());
        }
        let (_, parts) = self.fates(&zones, "NAT gateway");
        (Warning, format!("{dead}; {}", parts.join("; ")))
    }

    /// What it means that a gateway does not work.
    pub(super) fn without_gateway(&self, key: &Key) -> Judgement {
        let (own, mut parts) = self.fates(&self.zones_behind(key), "NAT gateway");
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
        let severity = if own { Warning } else { Critical };
        (severity, parts.join("; "))
    }

    /// Whether the address of a NAT gateway is gone too, from a zone that stood.
    pub(crate) fn without_address(&self, gateway: &Key) -> bool {
        let address = ElasticIp::key(gateway.name.as_str());
        gateway.kind == NatGateway::KIND && self.down.contains(&address) && self.stood(&address)
    }

    /// What the address of a NAT gateway is on, if that keeps it.
    pub(crate) fn taken(&self, gateway: &Key) -> Option<Reason> {
        let address = self.address(&gateway.name);
        let address = address.filter(|_| gateway.kind == NatGateway::KIND)?;
        match holder(self.seen, address) {
            Holder::Other(id) => Some(Reason::HeldBy {
                holder: id.to_owned(),
                association: address.association.clone(),
            }),
            Holder::Nobody | Holder::Ours | Holder::LettingGo(_) => None,
        }
    }

    /// Why a route table waits for a NAT gateway that cannot be made: its address
    /// is on something that keeps it.
    pub(crate) fn waits(&self, table: &Key) -> Option<Reason> {
        let routes = self
            .desired
            .get(table)
            .and_then(|node| node.attrs.get("routes"));
        let mut refs = routes.into_iter().flat_map(Value::refs);
        refs.find_map(|gateway| self.taken(gateway).filter(|_| self.down.contains(gateway)))
    }

    /// Whether an address is one of those that the spec asks for.
    pub(crate) fn in_set(&self, ip: &str) -> bool {
        let mut wanted = self
            .desired
            .iter()
            .filter(|node| node.key.kind == ElasticIp::KIND);
        wanted.any(|node| self.address_of_zone(&node.key.name).as_deref() == Some(ip))
    }

    /// The functions that a route table or would.
    pub(super) fn who(&self, table: &Key) -> String {
        let Some(zone) = table.name.strip_prefix("private-") else {
            return "all functions".to_owned();
        };
        match self.follows(zone, table) {
            true => format!("functions in {zone}"),
            false => format!("functions in {zone}, once they follow {table} again,"),
        }
    }

    /// Whether the private subnet of a zone follows this table, if both exist.
    fn follows(&self, zone: &str, table: &Key) -> bool {
        let id = self.seen.identity.id(&private_subnet(zone));
        let mut subnets = self.seen.snapshot.subnets.iter();
        let subnet = subnets.find(|found| Some(found.id.as_str()) == id);
        let followed = subnet.and_then(|subnet| table_of(self.seen.snapshot, subnet));
        let id = self.seen.identity.id(table);
        followed.is_none_or(|followed| id.is_none_or(|id| id == followed.id))
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

    pub(super) fn address_of_zone(&self, zone: &str) -> Option<String> {
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
