//! What becomes of packets, in words.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use killick_core::{FieldDiff, Key, Value};
use killick_path::{Leg, Verdict};

use super::{Judge, Judgement};
use crate::resource::ElasticIp;
use killick_finding::Severity::{Critical, Warning};

impl Judge<'_> {
    /// A further address of a gateway: what leaves may have that one.
    pub(super) fn further(&self, zones: &str, diff: &FieldDiff) -> Judgement {
        let id = match &diff.live {
            Value::Ref(key) => self.seen.identity.id(key).unwrap_or_default(),
            Value::Foreign(id) => id.as_str(),
            _ => "",
        };
        let mut addresses = self.seen.snapshot.addresses.iter();
        let ip = addresses.find(|address| address.id == id);
        let ip = ip.map_or(id, |address| address.ip.as_str());
        match self.in_set(ip) {
            true => (
                Warning,
                format!("functions in {zones} may leave by {ip} as well, which is in the set"),
            ),
            false => (
                Critical,
                format!("functions in {zones} may leave by {ip} as well, which is not in the set"),
            ),
        }
    }

    /// What a verdict of the packets' way means for somebody.
    pub(super) fn told(&self, table: &Key, who: &str, verdict: &Verdict) -> Judgement {
        match verdict {
            Verdict::Leaves { addresses } => (Warning, self.in_the_set(table, who, addresses)),
            Verdict::Outside {
                addresses,
                unlisted,
                ..
            } if !unlisted.is_empty() => {
                let (by, which) = (list(addresses), list(unlisted));
                let which = match addresses == unlisted {
                    true => "which is not in the set".to_owned(),
                    false => format!("and {which} is not in the set"),
                };
                (Critical, format!("{who} leave by {by}, {which}"))
            }
            Verdict::Outside { .. } => (
                Critical,
                format!("{who} leave by an address that nobody knows, not by the fixed ones"),
            ),
            Verdict::NoWayOut { reason, .. } => {
                (Critical, format!("{who} have no way out: {reason}"))
            }
            Verdict::Elsewhere {
                leg: Leg::Reply,
                target,
            } => (
                Critical,
                format!(
                    "{who} get no replies: these go to {}",
                    self.seen.name(target)
                ),
            ),
            Verdict::Elsewhere { target, .. } => {
                let target = self.seen.name(target);
                (
                    Critical,
                    format!("{who} leave by {target}, not by the fixed addresses"),
                )
            }
            Verdict::Unknown { what } => {
                let what = Vec::from_iter(what.iter().map(String::as_str)).join(", ");
                (
                    Critical,
                    format!("{who} may leave another way: {what} could not be read"),
                )
            }
        }
    }

    /// Leaving by a fixed address, but not by the one that is meant.
    fn in_the_set(&self, table: &Key, who: &str, addresses: &BTreeSet<Ipv4Addr>) -> String {
        let by = list(addresses);
        let zone = table.name.strip_prefix("private-");
        if zone.is_some_and(|zone| self.own(zone, addresses)) {
            return format!(
                "{who} leave by {by}, their own address, but not by the NAT gateway that should \
                 hold it"
            );
        }
        if zone.is_some_and(|zone| self.home(zone, addresses)) {
            return format!(
                "{who} leave by {by} of their own zone: still in the set, but the spec leads them \
                 to another NAT gateway"
            );
        }
        let zones = self
            .desired
            .iter()
            .filter(|node| node.key.kind == ElasticIp::KIND);
        let mut zones = zones.map(|node| node.key.name.as_str());
        let of = zones.find(|zone| self.address_of_zone(zone).as_ref() == Some(&by));
        let of = of.map_or_else(String::new, |zone| format!(" of {zone}"));
        format!(
            "{who} leave by {by}{of}: still in the set, but they fall with that zone, and traffic \
             between zones is billed"
        )
    }

    /// What it means that a NAT gateway has another address than its own.
    pub(super) fn by_address(&self, gateway: &Key, ip: &str) -> Judgement {
        let mut zones = self.zones_behind(gateway);
        zones.retain(|zone| self.zone_leaves_by(zone, ip));
        let told = match zones.as_slice() {
            [] => format!("{gateway} has {ip}"),
            zones => format!("functions in {} leave by {ip}", zones.join(" and ")),
        };
        if self.in_set(ip) {
            let effect = "which is in the set, but not by the NAT gateway that should hold it";
            return (Warning, format!("{told}, {effect}"));
        }
        (Critical, format!("{told}, which is not in the set"))
    }
}

/// `203.0.113.7 or 203.0.113.8`.
pub(super) fn list(addresses: &BTreeSet<Ipv4Addr>) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join(" or ")
}
