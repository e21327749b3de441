//! Quotas against what a plan needs (fact sheet section 10).

use std::collections::BTreeMap;

use super::asked::{Asked, Obstacle};
use super::facts::Facts;
use crate::catalogue::FACTS;
use crate::facts::{Count, Quota};
use crate::keys::vpc_key;
use crate::refusal::RefusalCode;
use crate::resource::{NatGateway, RouteTable};

/// Every quota that a plan can meet: those of the types, and of the routes in a
/// table.
pub fn quotas() -> impl Iterator<Item = Quota> {
    let types = FACTS.iter().filter_map(|facts| facts.quota);
    types.chain([ROUTES])
}

const ROUTES: Quota = Quota {
    service: "vpc",
    code: "L-93826ACB",
    what: "routes in a table",
    kind: ROUTE,
    counted: Count::Apart,
};

/// A route is no kind of its own, and still has a quota.
const ROUTE: &str = "route";

impl Quota {
    /// How many more a plan needs; none where the quota need not be asked for.
    pub fn needed(&self, asked: &Asked<'_>) -> usize {
        match self.kind {
            ROUTE => fullest(asked).map_or(0, |(_, _, more)| more),
            // A new VPC has room.
            _ if matches!(self.counted, Count::Vpc(_)) && !asked.observed.contains(&vpc_key()) => 0,
            kind => asked.new_ones(kind),
        }
    }

    /// How many there are.
    fn used(&self, asked: &Asked<'_>) -> usize {
        let snapshot = asked.seen.snapshot;
        let vpc = asked.seen.identity.id(&vpc_key()).unwrap_or_default();
        match self.counted {
            Count::Region(count) => count(snapshot),
            Count::Vpc(count) => count(snapshot, vpc),
            Count::Apart => 0,
        }
    }
}

/// How many routes a table may have before it is worth asking for the quota:
/// far fewer than any default that AWS had (50 in 2023, 500 since).
const WORTH_ASKING: usize = 40;

/// The fullest of the tables that get new routes: its key, how many it has, and
/// how many more it gets.
fn fullest(asked: &Asked<'_>) -> Option<(String, usize, usize)> {
    let more = |step: &killick_core::Step| {
        let mut new = step.changes.iter();
        new.by_ref()
            .filter(|change| change.name == "routes" && change.live.is_absent())
            .count()
    };
    let tables = asked
        .steps()
        .filter(|step| step.key.kind == RouteTable::KIND);
    let filled = tables.filter_map(|step| {
        let mut known = asked.seen.snapshot.route_tables.iter();
        let id = step.id.as_ref()?;
        let table = known.find(|table| table.id == id.as_str())?;
        let (has, more) = (table.routes.len(), more(step));
        (more > 0 && has + more > WORTH_ASKING).then(|| (step.key.to_string(), has, more))
    });
    filled.max_by_key(|(_, has, more)| has + more)
}

/// What a quota stands in the way of.
pub(super) fn obstacles(asked: &Asked<'_>, facts: &Facts) -> Vec<Obstacle> {
    let known = |quota: &Quota| facts.quotas.contains_key(quota.code);
    let mut all = Vec::new();
    for quota in &quotas().filter(known).collect::<Vec<_>>() {
        let limit = facts.quotas.get(quota.code).copied().unwrap_or_default();
        match quota.kind {
            NatGateway::KIND => gateways(asked, facts, quota, limit, &mut all),
            ROUTE => {
                if let Some((table, has, more)) = fullest(asked)
                    && has + more > limit
                {
                    all.push(short(
                        quota,
                        &format!("{table} has {has} routes"),
                        more,
                        limit,
                    ));
                }
            }
            _ => {
                let (used, needed) = (quota.used(asked), quota.needed(asked));
                if used + needed > limit {
                    all.push(short(quota, &format!("{used} are in use"), needed, limit));
                }
            }
        }
    }
    all
}

/// A gateway counts until it is gone, and also while it comes up.
fn gateways(
    asked: &Asked<'_>,
    facts: &Facts,
    quota: &Quota,
    limit: usize,
    all: &mut Vec<Obstacle>,
) {
    let zone_of = |subnet: &str| {
        let mut subnets = facts.subnets.iter();
        subnets
            .find(|found| found.id == subnet)
            .map(|found| found.zone.as_str())
    };
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    let gateways = asked.seen.snapshot.nat_gateways.iter();
    let counts =
        gateways.filter(|nat| matches!(nat.state.as_str(), "pending" | "available" | "deleting"));
    for zone in counts.filter_map(|nat| zone_of(nat.subnet.as_deref()?)) {
        *used.entry(zone).or_default() += 1;
    }
    for key in asked
        .creates(NatGateway::KIND)
        .filter(|key| !asked.observed.contains(key))
    {
        let mut zones = asked.spec.zones.iter();
        let zone = zones.find(|zone| zone.name == key.name);
        let Some(zone) = zone.map(|zone| zone.availability_zone.as_str()) else {
            continue;
        };
        let used = used.get(zone).copied().unwrap_or_default();
        // One that is being deleted makes room in a minute.
        let leaving = asked.seen.snapshot.nat_gateways.iter().any(|nat| {
            nat.state == "deleting" && nat.subnet.as_deref().and_then(zone_of) == Some(zone)
        });
        if used + 1 > limit && !leaving {
            all.push(short(quota, &format!("{used} are in {zone}"), 1, limit));
        }
    }
}

fn short(quota: &Quota, used: &str, needed: usize, limit: usize) -> Obstacle {
    let Quota {
        what,
        service,
        code,
        ..
    } = quota;
    Obstacle::new(
        RefusalCode::QuotaExceeded,
        [*code],
        format!("not enough {what}: {used}, {needed} more are needed, and the quota is {limit}"),
        format!("ask for a higher quota (Service Quotas, {service} {code}), or free some"),
    )
}
