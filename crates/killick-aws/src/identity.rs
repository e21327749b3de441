//! Which id is which key: by tags, and where those were taken off, by place.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;
use killick_spec::Spec;

use crate::addresses::default_target;
use crate::catalogue::kind;
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
    group_name,
};
use crate::snapshot::{self, Snapshot, Tagged};
use crate::tags::{KEY, STACK, Tags, carries};
use crate::topology::{
    group_key, internet_gateway_key, private_subnet, private_table, public_subnet, public_table,
    vpc_key,
};

/// Keys to ids and back. Built once, on the way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    ids: BTreeMap<Key, String>,
    keys: BTreeMap<String, Key>,
}

/// Two resources that both claim to be the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ambiguous {
    /// The key that both carry.
    pub key: Key,
    /// The ids, two or more.
    pub ids: Vec<String>,
}

impl Identity {
    /// The identity of everything of the spec's stack.
    ///
    /// # Errors
    /// Every key that more than one live resource carries: nothing may be
    /// written before a person decided which one is meant.
    pub fn of(spec: &Spec, snapshot: &Snapshot) -> Result<Self, Vec<Ambiguous>> {
        let mut claims = Claims {
            stack: &spec.stack,
            found: BTreeMap::new(),
        };
        claims.all(snapshot);
        let mut identity = Self::default();
        let mut ambiguous = Vec::new();
        for (key, ids) in std::mem::take(&mut claims.found) {
            let mut ids: Vec<String> = ids.into_iter().collect();
            match (ids.pop(), ids.is_empty()) {
                (Some(id), true) => identity.set(key, id),
                (last, _) => {
                    ids.extend(last);
                    ambiguous.push(Ambiguous { key, ids });
                }
            }
        }
        if !ambiguous.is_empty() {
            return Err(ambiguous);
        }
        identity.by_place(spec, snapshot);
        // A gateway that never came up stands for its key only where no other
        // does; of several, any one will do.
        for nat in snapshot.nat_gateways.iter().filter(|nat| nat.failed()) {
            let key = claims.key(NatGateway::KIND, &nat.tags);
            if let Some(key) = key.filter(|key| identity.id(key).is_none()) {
                identity.set(key, nat.id.clone());
            }
        }
        for function in &spec.functions {
            if snapshot
                .functions
                .iter()
                .any(|found| found.name == function.name)
            {
                identity.set(Function::key(&function.name), function.name.clone());
            }
        }
        Ok(identity)
    }

    /// The key of an id, if it is ours.
    pub fn key(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// The id of a key, if it exists.
    pub fn id(&self, key: &Key) -> Option<&str> {
        self.ids.get(key).map(String::as_str)
    }

    /// Every key that exists, with its id.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &str)> {
        self.ids.iter().map(|(key, id)| (key, id.as_str()))
    }

    fn set(&mut self, key: Key, id: String) {
        self.keys.insert(id.clone(), key.clone());
        self.ids.insert(key, id);
    }

    /// Takes the only candidate for a key that tags did not find. What carries
    /// tags of ours, or of another stack, is somebody else's key.
    fn adopt<'a, T: Tagged + 'a>(&mut self, key: Key, mut found: impl Iterator<Item = &'a T>) {
        if self.ids.contains_key(&key) {
            return;
        }
        let free = |found: &&T| !self.keys.contains_key(found.id()) && !claimed(found.tags());
        let first = found.by_ref().find(free).map(|found| found.id().to_owned());
        let another = found.any(|candidate| free(&candidate));
        if let Some(id) = first.filter(|_| !another) {
            self.set(key, id);
        }
    }

    /// Finds what lost its tags by its place in the topology, so that a
    /// stripped tag is put back and nothing is made twice. In order: each
    /// place is told by what was found before.
    fn by_place(&mut self, spec: &Spec, snapshot: &Snapshot) {
        let holders: BTreeSet<&str> = self.vpcs_of_ours(snapshot);
        let place = |vpc: &&snapshot::Vpc| {
            holders.contains(vpc.id.as_str())
                && crate::convert::network(&vpc.cidr) == spec.network.cidr.to_string()
        };
        let vpcs = snapshot.vpcs.iter().filter(place);
        self.adopt(vpc_key(), vpcs);
        let Some(vpc) = self.id(&vpc_key()).map(str::to_owned) else {
            return;
        };
        let gateways = snapshot.internet_gateways.iter();
        let gateways = gateways.filter(|gateway| gateway.vpc.as_ref() == Some(&vpc));
        self.adopt(internet_gateway_key(), gateways);
        for zone in &spec.zones {
            for (key, cidr) in [
                (public_subnet(&zone.name), zone.public),
                (private_subnet(&zone.name), zone.private),
            ] {
                let place = |found: &&snapshot::Subnet| {
                    found.vpc == vpc
                        && found.zone == zone.name
                        && crate::convert::network(&found.cidr) == cidr.to_string()
                };
                let found = snapshot.subnets.iter().filter(place);
                self.adopt(key, found);
            }
            if spec.has_nat(&zone.name) {
                self.nat_by_place(&spec.stack, snapshot, &zone.name);
            }
        }
        self.tables_by_place(spec, snapshot, &vpc);
        let name = group_name(&spec.stack, &group_key());
        let groups = snapshot.security_groups.iter();
        let groups =
            groups.filter(|group| group.vpc == vpc && group.name.eq_ignore_ascii_case(&name));
        self.adopt(group_key(), groups);
    }

    /// A NAT gateway by its public subnet and its address; the address by its
    /// NAT gateway; and where both lost their tags, by the private subnets
    /// that leave through it.
    fn nat_by_place(&mut self, stack: &str, snapshot: &Snapshot, zone: &str) {
        let (nat, address) = (NatGateway::key(zone), ElasticIp::key(zone));
        let subnet = self.id(&public_subnet(zone)).map(str::to_owned);
        let holds = self.id(&address).map(str::to_owned);
        let leaves_by = self.default_targets(snapshot, zone);
        let found = snapshot.nat_gateways.iter().filter(|found| {
            found.live()
                && found.subnet == subnet
                && subnet.is_some()
                && match &holds {
                    Some(address) => found.allocation() == Some(address),
                    None => leaves_by.contains(&found.id),
                }
        });
        self.adopt(nat.clone(), found);
        // A gateway that is gone still tells for an hour which address it held.
        let live = self.id(&nat).map(str::to_owned);
        let held: BTreeSet<&str> = snapshot
            .nat_gateways
            .iter()
            .filter(|found| match &live {
                Some(id) => found.id == *id,
                None => carries(&found.tags, stack, &nat),
            })
            .filter_map(|found| found.allocation())
            .collect();
        let addresses = snapshot.addresses.iter();
        let found = addresses.filter(|found| held.contains(found.id.as_str()));
        self.adopt(address, found);
    }

    /// What the default routes of a zone's private subnet point at.
    fn default_targets(&self, snapshot: &Snapshot, zone: &str) -> BTreeSet<String> {
        let subnet = self.id(&private_subnet(zone)).map(str::to_owned);
        let table = self.id(&private_table(zone)).map(str::to_owned);
        snapshot
            .route_tables
            .iter()
            .filter(|found| {
                Some(&found.id) == table.as_ref()
                    || found
                        .associations
                        .iter()
                        .any(|entry| Some(&entry.member) == subnet.as_ref())
            })
            .flat_map(default_target)
            .map(str::to_owned)
            .collect()
    }

    /// A route table by a subnet of ours that it serves, if it also leads
    /// where ours would: a table that somebody put there instead is not ours.
    fn tables_by_place(&mut self, spec: &Spec, snapshot: &Snapshot, vpc: &str) {
        let gateway = internet_gateway_key();
        let mut places = vec![(
            public_table(),
            spec.zones
                .iter()
                .map(|zone| public_subnet(&zone.name))
                .collect::<Vec<_>>(),
            gateway,
        )];
        for zone in &spec.zones {
            let nat = NatGateway::key(spec.nat_zone(&zone.name));
            let subnets = vec![private_subnet(&zone.name)];
            places.push((private_table(&zone.name), subnets, nat));
        }
        for (key, subnets, target) in places {
            let subnets: BTreeSet<&str> = subnets.iter().filter_map(|key| self.id(key)).collect();
            let target = self.id(&target).map(str::to_owned);
            let serves = |found: &snapshot::RouteTable| {
                found
                    .associations
                    .iter()
                    .any(|entry| subnets.contains(entry.member.as_str()))
            };
            let found: Vec<_> = snapshot
                .route_tables
                .iter()
                .filter(|found| found.vpc == vpc && !found.main && serves(found))
                .filter(|found| target.is_some() && default_target(found) == target.as_deref())
                .collect();
            self.adopt(key, found.into_iter());
        }
    }

    /// The VPCs that something of ours is in. An internet gateway says nothing:
    /// it can be attached to any VPC.
    fn vpcs_of_ours<'a>(&self, snapshot: &'a Snapshot) -> BTreeSet<&'a str> {
        let subnets = snapshot.subnets.iter().map(|found| (&found.id, &found.vpc));
        let nats = snapshot
            .nat_gateways
            .iter()
            .map(|found| (&found.id, &found.vpc));
        let tables = snapshot
            .route_tables
            .iter()
            .map(|found| (&found.id, &found.vpc));
        let groups = snapshot
            .security_groups
            .iter()
            .map(|found| (&found.id, &found.vpc));
        subnets
            .chain(nats)
            .chain(tables)
            .chain(groups)
            .filter(|(id, _)| self.keys.contains_key(*id))
            .map(|(_, vpc)| vpc.as_str())
            .collect()
    }
}

/// Whether some stack says that this is its own.
fn claimed(tags: &Tags) -> bool {
    tags.contains_key(STACK) && tags.contains_key(KEY)
}

/// Who carries which key of one stack.
struct Claims<'a> {
    stack: &'a str,
    found: BTreeMap<Key, BTreeSet<String>>,
}

impl Claims<'_> {
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

    fn claim<'a, T: Tagged + 'a>(&mut self, kind: &str, items: impl IntoIterator<Item = &'a T>) {
        for item in items {
            if let Some(key) = self.key(kind, item.tags()) {
                self.found
                    .entry(key)
                    .or_default()
                    .insert(item.id().to_owned());
            }
        }
    }

    fn key(&self, of: &str, tags: &Tags) -> Option<Key> {
        if tags.get(STACK).map(String::as_str) != Some(self.stack) {
            return None;
        }
        let (kind_name, name) = tags.get(KEY)?.split_once('/')?;
        let kind = kind(kind_name).filter(|kind| *kind == of)?;
        Some(Key::new(kind, name))
    }
}
