//! What lost its tags, found by its place in the topology: a stripped tag is put
//! back, and nothing is made twice. A place alone proves nothing: what is there
//! must also hang on what is surely the stack's.

use std::collections::BTreeSet;

use killick_core::Key;
use killick_spec::{Network, Spec, Zone};

use crate::catalogue::{facts, tagged};
use crate::cidr::network;
use crate::facts;
use crate::identity::Identity;
use crate::keys::{
    group_key, internet_gateway_key, private_subnet, private_table, public_subnet, vpc_key,
};
use crate::resource::{ElasticIp, InternetGateway, NatGateway, group_name};
use crate::routing::default_target;
use crate::snapshot::{self, Snapshot, Tagged};
use crate::tags::{carries, claimed};

use super::doubts::vpcs;
use super::names::Names;
use super::recorded::Recorded;
use super::{Doubt, Why};

/// A look at all places.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) spec: &'a Spec,
    pub(super) snapshot: &'a Snapshot,
    pub(super) recorded: &'a Recorded,
    /// Whether a place without evidence counts as well.
    pub(super) loose: bool,
}

impl Identity {
    /// Finds what lost its tags by its place and what it hangs on. What is at a
    /// place and hangs on nothing is in doubt.
    pub(super) fn by_place(&mut self, spec: &Spec, snapshot: &Snapshot, recorded: &Recorded) {
        let places = Places {
            spec,
            snapshot,
            recorded,
            loose: false,
        };
        // What carries copied tags must not keep the stack's own from being
        // found; in which VPC that is the record may tell.
        for _ in 0..2 {
            places.elsewhere(self);
            self.take_recorded(recorded);
        }
        places.all(self);
        places.elsewhere(self);
        let mut loose = self.clone();
        let without = Places {
            loose: true,
            ..places
        };
        without.all(&mut loose);
        let doubts = loose.iter().filter(|(_, id)| !self.has(id));
        let doubts = doubts.map(|(key, id)| Doubt {
            key: key.clone(),
            id: id.to_owned(),
            why: Why::Place,
        });
        let doubts: Vec<Doubt> = doubts.collect();
        self.doubt(doubts);
        let inside = places.inside(self);
        self.doubt(inside);
    }
}

impl Places<'_> {
    /// Each place is told by what was found before: again, until nothing more
    /// is found.
    fn all(&self, identity: &mut Identity) {
        loop {
            let before = identity.iter().count();
            self.once(identity);
            if identity.iter().count() == before {
                return;
            }
        }
    }

    fn once(&self, identity: &mut Identity) {
        self.vpc(identity);
        let Some(vpc) = identity.id(&vpc_key()).map(str::to_owned) else {
            return;
        };
        self.named(identity, &vpc);
        self.gateway(identity, &vpc);
        for zone in &self.spec.zones {
            self.subnets(identity, &vpc, zone);
        }
        for zone in self.zones(identity) {
            if !self.loose || self.spec.has_nat(&zone) {
                self.nat(identity, &zone);
            }
        }
        self.tables(identity, &vpc);
        self.group(identity, &vpc);
    }

    /// Takes the only candidate for a key that tags did not find. What carries
    /// tags of ours, or of another stack, is somebody else's key.
    pub(super) fn adopt<'a, T: Tagged + 'a>(
        &self,
        identity: &mut Identity,
        key: Key,
        found: impl Iterator<Item = &'a T>,
        proof: impl Fn(&Identity, &T) -> bool,
    ) {
        if identity.id(&key).is_some() || identity.is_lent(&key) {
            return;
        }
        let names = Names(self.spec);
        let free = |found: &&T| identity.key(found.id()).is_none() && !claimed(found.tags());
        let sure =
            |found: &&T| self.loose || names.trace(&key, found.tags()) || proof(identity, found);
        let mut found = found.filter(free).filter(sure).map(|found| found.id());
        if let (Some(id), None) = (found.next(), found.next()) {
            identity.set(key, id.to_owned());
        }
    }

    fn made(&self) -> bool {
        matches!(self.spec.network, Network::Made { .. })
    }

    /// The VPC that something of the stack is in. An internet gateway says
    /// nothing: it can be attached to any VPC.
    fn vpc(&self, identity: &mut Identity) {
        let Network::Made { cidr } = &self.spec.network else {
            return;
        };
        let (snapshot, names) = (self.snapshot, Names(self.spec));
        let holders = self.holders(identity);
        let place = |vpc: &&snapshot::Vpc| {
            let inside = holders.contains(vpc.id.as_str()) || names.trace(&vpc_key(), &vpc.tags);
            inside && network(&vpc.cidr) == cidr.to_string()
        };
        let vpcs = snapshot.vpcs.iter().filter(place);
        self.adopt(identity, vpc_key(), vpcs, |identity, vpc| {
            identity.rooted(snapshot, self.recorded, &vpc.id)
        });
    }

    /// Every zone that the spec or a key names.
    pub(super) fn zones(&self, identity: &Identity) -> BTreeSet<String> {
        let keys = identity.iter().map(|(key, _)| key);
        let named = keys.filter_map(|key| match facts(key.kind)?.names {
            facts::Names::Zone => Some(key.name.clone()),
            facts::Names::Side => Some(key.name.split_once('-')?.1.to_owned()),
            facts::Names::Fixed => None,
        });
        let zones = self.spec.zones.iter().map(|zone| zone.name.clone());
        named.chain(zones).collect()
    }

    /// What still has the name that killick gave it, wanted or not, in the
    /// stack's VPC; an address also where nothing holds it.
    fn named(&self, identity: &mut Identity, vpc: &str) {
        if self.loose {
            return;
        }
        let (snapshot, names) = (self.snapshot, Names(self.spec));
        let vpcs = vpcs(snapshot);
        for (kind, items) in tagged(snapshot) {
            let here = |id: &str| match kind {
                ElasticIp::KIND => self.free(identity, id),
                _ => vpcs.iter().any(|(one, place)| *one == id && *place == vpc),
            };
            let found = items.into_iter().filter(|item| here(item.id()));
            let found: Vec<(Key, &str)> = found
                .filter(|item| !claimed(item.tags()) && !identity.has(item.id()))
                .filter_map(|item| Some((names.named(kind, item.tags())?, item.id())))
                .filter(|(key, id)| {
                    let item = |tags| names.trace(key, tags);
                    let all = tagged(snapshot).into_iter().flat_map(|(_, items)| items);
                    let mut same = all.filter(|one| one.id() == *id);
                    same.any(|one| item(one.tags()))
                })
                .collect();
            for (key, id) in &found {
                let alone = found.iter().filter(|(other, _)| other == key).count() == 1;
                if alone && identity.id(key).is_none() && !identity.is_lent(key) {
                    identity.set(key.clone(), (*id).to_owned());
                }
            }
        }
    }

    /// Whether an address is on nothing, or on a gateway of the stack.
    fn free(&self, identity: &Identity, allocation: &str) -> bool {
        let mut nats = self.snapshot.nat_gateways.iter().filter(|nat| nat.exists());
        let holder = nats.find(|nat| nat.allocation() == Some(allocation));
        let mut addresses = self.snapshot.addresses.iter();
        let address = addresses.find(|one| one.id == allocation);
        match holder {
            Some(nat) => identity.has(&nat.id),
            None => address.is_some_and(|one| one.association.is_none()),
        }
    }

    fn gateway(&self, identity: &mut Identity, vpc: &str) {
        let gateways = self.snapshot.internet_gateways.iter();
        let gateways = gateways.filter(|gateway| gateway.vpc.as_deref() == Some(vpc));
        self.adopt(
            identity,
            internet_gateway_key(),
            gateways,
            |identity, one| {
                let mut tables = self.snapshot.route_tables.iter();
                let led = tables.any(|table| {
                    identity.own(&table.id).is_some() && default_target(table) == Some(&one.id)
                });
                led || identity.leaves_by(self.snapshot, &one.id)
            },
        );
    }

    /// In an external VPC a place is only looked at where something of the
    /// stack hangs on it.
    fn subnets(&self, identity: &mut Identity, vpc: &str, zone: &Zone) {
        if self.loose && !self.made() {
            return;
        }
        let sides = [
            (public_subnet(&zone.name), zone.public.made()),
            (private_subnet(&zone.name), zone.private.made()),
        ];
        for (key, cidr) in sides
            .into_iter()
            .filter_map(|(key, cidr)| Some((key, cidr?)))
        {
            let cidr = cidr.to_string();
            let place = |found: &&snapshot::Subnet| {
                found.vpc == vpc
                    && found.zone == zone.availability_zone
                    && network(&found.cidr) == cidr
            };
            let found = self.snapshot.subnets.iter().filter(place);
            self.adopt(identity, key, found, |identity, subnet| {
                identity.joined(self.snapshot, &subnet.id)
            });
        }
    }

    /// A NAT gateway by its public subnet and its address; the address by its
    /// NAT gateway; and where both lost their tags, by the private subnets
    /// that leave through it. Whether the spec still wants them or not.
    fn nat(&self, identity: &mut Identity, zone: &str) {
        let snapshot = self.snapshot;
        let (nat, address) = (NatGateway::key(zone), ElasticIp::key(zone));
        let subnet = identity.id(&public_subnet(zone)).map(str::to_owned);
        let holds = identity.id(&address).map(str::to_owned);
        let leaves_by = self.default_targets(identity, zone);
        let lent = identity.is_lent(&public_subnet(zone)) || identity.is_lent(&address);
        // One that was deleted within the hour, and its address.
        let carried = |found: &snapshot::NatGateway| {
            Names(self.spec)
                .tagged(NatGateway::KIND, &found.tags)
                .as_ref()
                == Some(&nat)
        };
        let gone = snapshot.nat_gateways.iter().filter(|one| !one.live());
        let last: BTreeSet<&str> = gone
            .filter(|one| carried(one))
            .filter_map(|one| one.allocation())
            .collect();
        let same = |found: &snapshot::NatGateway| {
            last.is_empty() || found.allocation().is_some_and(|id| last.contains(id))
        };
        let found = snapshot.nat_gateways.iter().filter(|found| {
            found.live()
                && found.subnet == subnet
                && subnet.is_some()
                && match &holds {
                    Some(address) if !lent => found.allocation() == Some(address),
                    _ => leaves_by.contains(&found.id) && same(found),
                }
        });
        self.adopt(identity, nat.clone(), found, |_, _| true);
        // A gateway that is gone still tells for an hour which address it held.
        let live = identity.id(&nat).map(str::to_owned);
        let home = identity.id(&vpc_key());
        let held: BTreeSet<&str> = snapshot
            .nat_gateways
            .iter()
            .filter(|found| match &live {
                Some(id) => found.id == *id,
                None => {
                    carries(&found.tags, &self.spec.stack, &nat) && home == Some(found.vpc.as_str())
                }
            })
            .filter(|found| {
                let subnet = found.subnet.as_deref();
                self.loose || !found.live() || subnet.is_some_and(|id| identity.has(id))
            })
            .filter_map(|found| found.allocation())
            .collect();
        let addresses = snapshot.addresses.iter();
        let found = addresses.filter(|found| held.contains(found.id.as_str()));
        self.adopt(identity, address, found, |_, _| true);
    }

    /// What the default routes of a zone's private subnet point at.
    fn default_targets(&self, identity: &Identity, zone: &str) -> BTreeSet<String> {
        let subnet = private_subnet(zone);
        let subnet = identity
            .id(&subnet)
            .filter(|_| !identity.is_lent(&subnet))
            .map(str::to_owned);
        let table = identity.id(&private_table(zone)).map(str::to_owned);
        let tables = self.snapshot.route_tables.iter();
        tables
            .filter(|found| {
                let mut entries = found.associations.iter();
                Some(&found.id) == table.as_ref()
                    || entries.any(|entry| subnet.as_ref() == Some(&entry.member))
            })
            .flat_map(default_target)
            .map(str::to_owned)
            .collect()
    }

    /// The name of a group is given when it is made, and for good.
    fn group(&self, identity: &mut Identity, vpc: &str) {
        if !self.made() {
            return;
        }
        let name = group_name(&self.spec.stack, &group_key());
        let groups = self.snapshot.security_groups.iter();
        let groups =
            groups.filter(|group| group.vpc == vpc && group.name.eq_ignore_ascii_case(&name));
        let rooted = identity.rooted(self.snapshot, self.recorded, vpc);
        self.adopt(identity, group_key(), groups, |_, _| rooted);
    }

    /// The VPCs that something of the stack is in.
    pub(super) fn holders(&self, identity: &Identity) -> BTreeSet<&str> {
        let inside = vpcs(self.snapshot).into_iter();
        let own = inside.filter(|(id, _)| {
            let key = identity.own(id);
            key.is_some_and(|key| key.kind != InternetGateway::KIND)
        });
        own.map(|(_, vpc)| vpc).collect()
    }
}
