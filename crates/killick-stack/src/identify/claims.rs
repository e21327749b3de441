//! What tags say about who is who.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;
use killick_spec::Spec;

use crate::catalogue::kind;
use crate::identity::Identity;
use crate::resource::{
    ElasticIp, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::snapshot::{Snapshot, Tagged};
use crate::tags::{KEY, STACK, Tags};

/// Who carries which key of one stack.
pub(super) struct Claims<'a> {
    spec: &'a Spec,
    found: BTreeMap<Key, BTreeSet<String>>,
}

impl<'a> Claims<'a> {
    /// All claims, under the present names or those of before.
    pub(super) fn of(spec: &'a Spec, snapshot: &Snapshot) -> Self {
        let mut claims = Self {
            spec,
            found: BTreeMap::new(),
        };
        claims.all(snapshot);
        claims
    }

    /// The keys with the ids that claim them.
    pub(super) fn take(&mut self) -> BTreeMap<Key, BTreeSet<String>> {
        std::mem::take(&mut self.found)
    }

    /// Where the spec names something of somebody else in place of what the
    /// stack made: an address of the stack goes on under its own name, and is
    /// kept; of anything else it must be decided which one is meant.
    pub(super) fn make_room(&mut self, identity: &Identity) {
        for key in identity.lent() {
            let Some(ids) = self.found.remove(key) else {
                continue;
            };
            let lent = identity.id(key);
            let others = ids.into_iter().filter(|id| Some(id.as_str()) != lent);
            if key.kind == ElasticIp::KIND {
                let own = others.map(|id| (ElasticIp::key(id.as_str()), BTreeSet::from([id])));
                self.found.extend(own);
                continue;
            }
            let others: BTreeSet<String> = others.collect();
            if !others.is_empty() {
                let all = others.into_iter().chain(lent.map(str::to_owned));
                self.found.insert(key.clone(), all.collect());
            }
        }
    }

    fn all(&mut self, snapshot: &Snapshot) {
        self.claim(Vpc::KIND, &snapshot.vpcs);
        self.claim(InternetGateway::KIND, &snapshot.internet_gateways);
        self.claim(Subnet::KIND, &snapshot.subnets);
        let addresses = snapshot.addresses.iter();
        let addresses = addresses.filter(|found| found.service_managed.is_none());
        self.claim(ElasticIp::KIND, addresses);
        let gateways = snapshot.nat_gateways.iter();
        self.claim(NatGateway::KIND, gateways.filter(|nat| nat.live()));
        self.claim(RouteTable::KIND, &snapshot.route_tables);
        self.claim(SecurityGroup::KIND, &snapshot.security_groups);
    }

    fn claim<'t, T: Tagged + 't>(&mut self, kind: &str, items: impl IntoIterator<Item = &'t T>) {
        for item in items {
            if let Some(key) = self.key(kind, item.tags()) {
                self.found
                    .entry(key)
                    .or_default()
                    .insert(item.id().to_owned());
            }
        }
    }

    /// The key that tags name, if it is one of this stack's.
    pub(super) fn key(&self, of: &str, tags: &Tags) -> Option<Key> {
        let (stack, moved) = (tags.get(STACK)?, &self.spec.moved);
        if *stack != self.spec.stack && !moved.stacks.contains(stack) {
            return None;
        }
        let (kind_name, name) = tags.get(KEY)?.split_once('/')?;
        let kind = kind(kind_name).filter(|kind| *kind == of)?;
        let (side, zone) = match name.split_once('-') {
            Some((side @ ("public" | "private"), zone)) if sided(kind) => (Some(side), zone),
            _ => (None, name),
        };
        let name = match (moved.zones.get(zone), side) {
            (Some(zone), Some(side)) => format!("{side}-{zone}"),
            (Some(zone), None) if zoned(kind) => zone.clone(),
            _ => name.to_owned(),
        };
        Some(Key::new(kind, name))
    }
}

/// Whether the names of a kind are those of zones behind `public-` or
/// `private-`.
fn sided(kind: &str) -> bool {
    matches!(kind, Subnet::KIND | RouteTable::KIND)
}

/// Whether the names of a kind are those of zones.
fn zoned(kind: &str) -> bool {
    matches!(kind, ElasticIp::KIND | NatGateway::KIND)
}
