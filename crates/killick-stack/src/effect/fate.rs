//! By what zones leave though something on their own egress path is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use killick_core::Key;
use killick_path::Verdict;

use super::verdict::list;
use super::{Judge, Judgement};
use crate::keys::{private_subnet, public_table};
use crate::leaving::by;
use crate::resource::{NatGateway, RouteTable};
use killick_finding::Severity::{Critical, Warning};

impl Judge<'_> {
    /// What it means that a route table is not there.
    pub(super) fn without_table(&self, key: &Key) -> Judgement {
        let zones = self.zones_of(key);
        if zones.iter().all(|zone| self.stopped(zone)) {
            return (Critical, format!("{} have no way out", self.who(key)));
        }
        let (own, parts) = self.fates(&zones, "route table");
        let severity = if own { Warning } else { Critical };
        (
            severity,
            format!("{key} does not exist: {}", parts.join("; ")),
        )
    }

    /// Something that all zones need is not there: `dead`, unless some leave
    /// all the same.
    pub(super) fn unless_they_leave(&self, what: &str, dead: String) -> Judgement {
        let zones = self.zones_of(&public_table());
        if zones.iter().all(|zone| self.stopped(zone)) {
            return (Critical, dead);
        }
        let (own, parts) = self.fates(&zones, "gateway");
        let severity = if own { Warning } else { Critical };
        (severity, format!("{what}: {}", parts.join("; ")))
    }

    /// The zones whose functions a route table carries: all for the public one.
    fn zones_of(&self, table: &Key) -> Vec<String> {
        let all = self.desired.iter().map(|node| &node.key);
        let all = all.filter(|key| key.kind == RouteTable::KIND);
        let carried = all.filter(|key| *table == public_table() || *key == table);
        carried
            .filter_map(|key| key.name.strip_prefix("private-"))
            .map(str::to_owned)
            .collect()
    }

    fn verdict(&self, zone: &str) -> Option<Verdict> {
        let subnet = self.seen.identity.id(&private_subnet(zone))?;
        Some(self.assessment.from(subnet))
    }

    /// Whether a zone leaves by this address.
    pub(super) fn zone_leaves_by(&self, zone: &str, ip: &str) -> bool {
        let verdict = self.verdict(zone);
        verdict.is_some_and(|verdict| by(&verdict).iter().any(|known| known == ip))
    }

    /// Whether nothing leaves a zone by an address.
    pub(super) fn stopped(&self, zone: &str) -> bool {
        !matches!(
            self.verdict(zone),
            Some(Verdict::Leaves { .. } | Verdict::Outside { .. })
        )
    }

    /// By what zones leave though their own egress path, `through` this, is not
    /// there; and whether all leave by the address that the spec means.
    pub(super) fn fates(&self, zones: &[String], through: &str) -> (bool, Vec<String>) {
        let mut fates: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut all_own = !zones.is_empty();
        for zone in zones {
            let verdict = self.verdict(zone);
            let own = matches!(&verdict, Some(Verdict::Leaves { addresses }) if self.own(zone, addresses));
            all_own &= own;
            let fate = match verdict {
                None | Some(Verdict::NoWayOut { .. }) => "have no way out".to_owned(),
                Some(Verdict::Leaves { addresses }) if own => {
                    let by = list(&addresses);
                    format!("leave by {by}, their own address, through another {through}")
                }
                Some(Verdict::Leaves { addresses }) if self.home(zone, &addresses) => {
                    format!("leave by {}, of their own zone", list(&addresses))
                }
                Some(Verdict::Leaves { addresses }) => {
                    format!("leave by {}, of another zone", list(&addresses))
                }
                Some(Verdict::Outside { unlisted, .. }) if !unlisted.is_empty() => {
                    format!("leave by {}, which is not in the set", list(&unlisted))
                }
                Some(_) => "leave by another way".to_owned(),
            };
            fates.entry(fate).or_default().push(zone.clone());
        }
        let fates = fates.into_iter();
        let parts =
            fates.map(|(fate, zones)| format!("functions in {} {fate}", zones.join(" and ")));
        (all_own, parts.collect())
    }

    /// Whether these are just the address that the spec means a zone to leave
    /// by.
    pub(super) fn own(&self, zone: &str, addresses: &BTreeSet<Ipv4Addr>) -> bool {
        let gateways = self.desired.iter().map(|node| &node.key);
        let mut gateways = gateways.filter(|key| key.kind == NatGateway::KIND);
        let meant = gateways.find(|key| self.zones_behind(key).iter().any(|one| one == zone));
        meant.is_some_and(|key| self.home(&key.name, addresses))
    }

    /// Whether these are just the address of a zone, whatever the spec does
    /// with it.
    pub(super) fn home(&self, zone: &str, addresses: &BTreeSet<Ipv4Addr>) -> bool {
        let address = self.address_of_zone(zone);
        let address = address.and_then(|ip| ip.parse::<Ipv4Addr>().ok());
        address.is_some_and(|ip| addresses.len() == 1 && addresses.contains(&ip))
    }
}
