//! The world is what the spec says, field by field.

use std::collections::{BTreeMap, BTreeSet};

use killick_sim::{NatState, Place, RouteTable, Tags, Target};

use super::path::gateway;
use crate::draft::{Draft, cidr, zone_name};

/// Everything alive that carries a stack's tags: ids by key.
pub fn identities(place: &Place, stack: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |id: &str, tags: &Tags| {
        if tags.get("killick:stack").map(String::as_str) == Some(stack) {
            let key = tags
                .get("killick:key")
                .cloned()
                .unwrap_or_else(|| "without a key".to_owned());
            found.entry(key).or_default().push(id.to_owned());
        }
    };
    place.vpcs.iter().for_each(|(id, one)| add(id, &one.tags));
    place
        .subnets
        .iter()
        .for_each(|(id, one)| add(id, &one.tags));
    place
        .internet_gateways
        .iter()
        .for_each(|(id, one)| add(id, &one.tags));
    place
        .addresses
        .iter()
        .for_each(|(id, one)| add(id, &one.tags));
    place
        .route_tables
        .iter()
        .for_each(|(id, one)| add(id, &one.tags));
    place
        .security_groups
        .iter()
        .for_each(|(id, one)| add(id, &one.tags));
    let nats = place.nat_gateways.iter();
    nats.filter(|(_, nat)| matches!(nat.state, NatState::Pending | NatState::Available))
        .for_each(|(id, nat)| add(id, &nat.tags));
    found
}

/// What in the world is not as a spec says: nothing, when all is well.
pub fn wrong(place: &Place, draft: &Draft) -> Vec<String> {
    let mut check = Check {
        place,
        draft,
        ids: identities(place, &draft.stack()),
        wrong: Vec::new(),
    };
    check.network();
    check.doors();
    for (zone, way) in draft.ways().collect::<Vec<_>>() {
        check.zone(zone, way);
    }
    check.group();
    check.functions();
    check.nothing_else();
    check.wrong
}

struct Check<'a> {
    place: &'a Place,
    draft: &'a Draft,
    ids: BTreeMap<String, Vec<String>>,
    wrong: Vec<String>,
}

impl<'a> Check<'a> {
    fn that(&mut self, holds: bool, text: impl Into<String>) {
        if !holds {
            self.wrong.push(text.into());
        }
    }

    /// The one thing of a key, whose tags are all as they should be.
    fn one(
        &mut self,
        key: &str,
        tags: impl Fn(&'a Place, &str) -> Option<&'a Tags>,
    ) -> Option<String> {
        let ids = self.ids.get(key).cloned().unwrap_or_default();
        self.that(ids.len() == 1, format!("{key}: there are {ids:?}"));
        let id = ids.into_iter().next()?;
        let mut wanted = vec![("Name", format!("{} {key}", self.draft.stack()))];
        wanted.extend(self.draft.tags());
        let has = tags(self.place, &id);
        for (name, value) in wanted {
            let found = has.and_then(|tags| tags.get(name));
            self.that(
                found == Some(&value),
                format!("{key}: tag {name} is {found:?}, not {value}"),
            );
        }
        Some(id)
    }

    fn vpc(&mut self) -> Option<String> {
        self.one("vpc/main", |place, id| Some(&place.vpcs.get(id)?.tags))
    }

    fn network(&mut self) {
        let Some(vpc) = self.vpc().and_then(|id| self.place.vpcs.get(&id)) else {
            return;
        };
        let cidrs: Vec<&str> = vpc.cidrs.iter().map(|block| block.cidr.as_str()).collect();
        self.that(cidrs == ["10.0.0.0/16"], format!("the VPC has {cidrs:?}"));
        self.that(vpc.dns_support && vpc.dns_hostnames, "names do not resolve");
        let key = "internet_gateway/main";
        let gateway = self.one(key, |place, id| {
            Some(&place.internet_gateways.get(id)?.tags)
        });
        let attached = gateway.and_then(|id| self.place.internet_gateways.get(&id)?.vpc.clone());
        self.that(
            attached.as_ref() == Some(&vpc.id),
            format!("{key} is attached to {attached:?}"),
        );
    }

    /// The public table: every public subnet, and the way to the internet.
    fn doors(&mut self) {
        let subnets = self
            .draft
            .zones
            .chars()
            .map(|zone| self.subnet("public", zone))
            .collect::<Vec<_>>();
        let subnets: BTreeSet<String> = subnets.into_iter().flatten().collect();
        let Some(table) = self.table("route_table/public") else {
            return;
        };
        let gateway = self
            .ids
            .get("internet_gateway/main")
            .and_then(|ids| ids.first())
            .cloned();
        self.routes(table, "gatewayId", gateway.as_deref());
        self.followers(table, &subnets);
    }

    fn zone(&mut self, zone: char, way: char) {
        let name = self.draft.zone(zone);
        let private = self.subnet("private", zone);
        let nat = match zone == way {
            true => self.nat(zone),
            false => self
                .ids
                .get(&format!("nat_gateway/{}", self.draft.zone(way)))
                .and_then(|ids| ids.first().cloned()),
        };
        if let Some(subnet) = &private {
            let out = gateway(self.place, subnet).map(str::to_owned);
            self.that(
                out.is_some() && out == nat,
                format!("{name} leaves by {out:?}, not by {nat:?}"),
            );
        }
        if let Some(table) = self.table(&format!("route_table/private-{name}")) {
            self.routes(table, "natGatewayId", nat.as_deref());
            self.followers(table, &private.into_iter().collect());
        }
    }

    fn subnet(&mut self, side: &str, zone: char) -> Option<String> {
        let key = format!("subnet/{side}-{}", self.draft.zone(zone));
        let id = self.one(&key, |place, id| Some(&place.subnets.get(id)?.tags))?;
        let subnet = self.place.subnets.get(&id)?;
        let wanted = (zone_name(zone), cidr(side, zone), false);
        let found = (
            subnet.zone.clone(),
            subnet.cidr.clone(),
            subnet.map_public_ip,
        );
        self.that(
            found == wanted,
            format!("{key} is {found:?}, not {wanted:?}"),
        );
        Some(id)
    }

    fn nat(&mut self, zone: char) -> Option<String> {
        let name = self.draft.zone(zone);
        let address = self.one(&format!("elastic_ip/{name}"), |place, id| {
            Some(&place.addresses.get(id)?.tags)
        });
        let key = format!("nat_gateway/{name}");
        let id = self.one(&key, |place, id| Some(&place.nat_gateways.get(id)?.tags))?;
        let nat = self.place.nat_gateways.get(&id)?;
        self.that(
            nat.state == NatState::Available,
            format!("{key} is {:?}", nat.state),
        );
        let subnet = self
            .ids
            .get(&format!("subnet/public-{name}"))
            .and_then(|ids| ids.first());
        self.that(
            subnet == Some(&nat.subnet),
            format!("{key} is in {}", nat.subnet),
        );
        let held: Vec<_> = nat
            .addresses
            .iter()
            .map(|one| one.allocation.clone())
            .collect();
        self.that(held == [address], format!("{key} holds {held:?}"));
        Some(id)
    }

    fn table(&mut self, key: &str) -> Option<&'a RouteTable> {
        let id = self.one(key, |place, id| Some(&place.route_tables.get(id)?.tags))?;
        self.place.route_tables.get(&id)
    }

    /// Beside the local route there is one, and it leads to `target`.
    fn routes(&mut self, table: &RouteTable, member: &str, target: Option<&str>) {
        let mut others = table
            .routes
            .iter()
            .filter(|route| route.target != Target::Local);
        let first = others.next();
        let wanted = target.map(|id| Target::To(member.to_owned(), id.to_owned()));
        let fits = first.is_some_and(|route| {
            route.destination == "0.0.0.0/0" && Some(&route.target) == wanted.as_ref()
        });
        let alone = others.next().is_none();
        self.that(
            fits && alone,
            format!(
                "{} has the routes {:?}, not one to {target:?}",
                table.id, table.routes
            ),
        );
    }

    fn followers(&mut self, table: &RouteTable, subnets: &BTreeSet<String>) {
        let members = table
            .associations
            .iter()
            .filter_map(|entry| entry.member.clone());
        let members: BTreeSet<String> = members.collect();
        self.that(
            members == *subnets,
            format!("{} serves {members:?}, not {subnets:?}", table.id),
        );
    }

    fn group(&mut self) {
        let key = "security_group/functions";
        let id = self.one(key, |place, id| Some(&place.security_groups.get(id)?.tags));
        let Some(group) = id.and_then(|id| self.place.security_groups.get(&id)) else {
            return;
        };
        let rules: Vec<String> = group
            .rules
            .iter()
            .map(|rule| {
                format!(
                    "{} {} {:?}",
                    if rule.egress { "out" } else { "in" },
                    rule.protocol,
                    rule.peer
                )
            })
            .collect();
        let wanted = ["out -1 Ipv4(\"0.0.0.0/0\")"];
        self.that(rules == wanted, format!("{key} has {rules:?}"));
    }

    fn functions(&mut self) {
        let group = self
            .ids
            .get("security_group/functions")
            .cloned()
            .unwrap_or_default();
        let privates = self.draft.zones.chars().filter_map(|zone| {
            self.ids
                .get(&format!("subnet/private-{}", self.draft.zone(zone)))?
                .first()
                .cloned()
        });
        let privates: BTreeSet<String> = privates.collect();
        for name in self.draft.function_names() {
            let Some(function) = self.place.functions.get(&name) else {
                self.that(false, format!("{name} is gone"));
                continue;
            };
            let Some(config) = function.effective() else {
                self.that(false, format!("{name} is in no VPC"));
                continue;
            };
            let subnets: BTreeSet<String> = config.subnets.iter().cloned().collect();
            self.that(
                subnets == privates,
                format!("{name} runs in {subnets:?}, not {privates:?}"),
            );
            let groups = &config.security_groups;
            self.that(
                *groups == group,
                format!("{name} has {groups:?}, not {group:?}"),
            );
            self.that(!config.ipv6, format!("{name} may use IPv6"));
        }
    }

    /// No orphan, no duplicate: what carries the tags is what the spec says.
    /// An address that was given out is kept when its zone has gone.
    fn nothing_else(&mut self) {
        let mut wanted: BTreeSet<String> = [
            "vpc/main",
            "internet_gateway/main",
            "route_table/public",
            "security_group/functions",
        ]
        .map(str::to_owned)
        .into();
        for zone in self.draft.zones.chars().map(|zone| self.draft.zone(zone)) {
            wanted.extend(
                ["subnet/public", "subnet/private", "route_table/private"]
                    .map(|kind| format!("{kind}-{zone}")),
            );
        }
        for zone in self.draft.gateways().map(|zone| self.draft.zone(zone)) {
            wanted.extend(["elastic_ip", "nat_gateway"].map(|kind| format!("{kind}/{zone}")));
        }
        for (key, ids) in self.ids.clone() {
            let kept = key.starts_with("elastic_ip/");
            self.that(
                kept || wanted.contains(&key),
                format!("{key} should not be: {ids:?}"),
            );
            self.that(
                ids.len() == 1,
                format!("{key} is there more than once: {ids:?}"),
            );
        }
    }
}
