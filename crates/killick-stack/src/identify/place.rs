//! What lost its tags, found by its place in the topology: a stripped tag is put
//! back, and nothing is made twice.

use std::collections::BTreeSet;

use killick_core::Key;
use killick_spec::{Network, Spec};

use crate::identity::Identity;
use crate::keys::{
    group_key, internet_gateway_key, private_subnet, private_table, public_subnet, public_table,
    vpc_key,
};
use crate::resource::{ElasticIp, NatGateway, group_name};
use crate::routing::default_target;
use crate::snapshot::{self, Snapshot, Tagged};
use crate::tags::{carries, claimed};

impl Identity {
    /// Takes the only candidate for a key that tags did not find. What carries
    /// tags of ours, or of another stack, is somebody else's key.
    fn adopt<'a, T: Tagged + 'a>(&mut self, key: Key, mut found: impl Iterator<Item = &'a T>) {
        if self.id(&key).is_some() || self.is_lent(&key) {
            return;
        }
        let free = |found: &&T| self.key(found.id()).is_none() && !claimed(found.tags());
        let first = found.by_ref().find(free).map(|found| found.id().to_owned());
        let another = found.any(|candidate| free(&candidate));
        if let Some(id) = first.filter(|_| !another) {
            self.set(key, id);
        }
    }

    /// Finds what lost its tags by its place in the topology, so that a
    /// stripped tag is put back and nothing is made twice. In order: each
    /// place is told by what was found before.
    ///
    /// In somebody else's network a place proves nothing: what is there may
    /// have been there before. Only what hangs on something of ours is ours.
    pub(super) fn by_place(&mut self, spec: &Spec, snapshot: &Snapshot) {
        if let Network::Made { cidr } = &spec.network {
            let holders: BTreeSet<&str> = self.vpcs_of_ours(snapshot);
            let place = |vpc: &&snapshot::Vpc| {
                holders.contains(vpc.id.as_str())
                    && crate::cidr::network(&vpc.cidr) == cidr.to_string()
            };
            let vpcs = snapshot.vpcs.iter().filter(place);
            self.adopt(vpc_key(), vpcs);
        }
        let Some(vpc) = self.id(&vpc_key()).map(str::to_owned) else {
            return;
        };
        let gateways = snapshot.internet_gateways.iter();
        let gateways = gateways.filter(|gateway| gateway.vpc.as_ref() == Some(&vpc));
        self.adopt(internet_gateway_key(), gateways);
        let made = matches!(spec.network, Network::Made { .. });
        for zone in &spec.zones {
            let sides = [
                (public_subnet(&zone.name), zone.public.made()),
                (private_subnet(&zone.name), zone.private.made()),
            ];
            for (key, cidr) in sides.into_iter().filter(|_| made) {
                let cidr = cidr.map(|cidr| cidr.to_string());
                let place = |found: &&snapshot::Subnet| {
                    found.vpc == vpc
                        && found.zone == zone.availability_zone
                        && Some(crate::cidr::network(&found.cidr)) == cidr
                };
                let found = snapshot.subnets.iter().filter(place);
                self.adopt(key, found);
            }
            if spec.has_nat(&zone.name) {
                self.nat_by_place(&spec.stack, snapshot, &zone.name);
            }
        }
        self.tables_by_place(spec, snapshot, &vpc);
        if !made {
            return;
        }
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
        let lent = self.is_lent(&public_subnet(zone)) || self.is_lent(&address);
        let found = snapshot.nat_gateways.iter().filter(|found| {
            found.live()
                && found.subnet == subnet
                && subnet.is_some()
                && match &holds {
                    Some(address) if !lent => found.allocation() == Some(address),
                    _ => leaves_by.contains(&found.id),
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
        let subnet = private_subnet(zone);
        let subnet = self
            .id(&subnet)
            .filter(|_| !self.is_lent(&subnet))
            .map(str::to_owned);
        let table = self.id(&private_table(zone)).map(str::to_owned);
        snapshot
            .route_tables
            .iter()
            .filter(|found| {
                Some(&found.id) == table.as_ref()
                    || found.associations.iter().any(|entry| {
                        subnet
                            .as_ref()
                            .is_some_and(|subnet| entry.member == *subnet)
                    })
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
            let own = subnets.iter().filter(|key| !self.is_lent(key));
            let subnets: BTreeSet<&str> = own.filter_map(|key| self.id(key)).collect();
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
            .filter(|(id, _)| self.key(id).is_some())
            .map(|(_, vpc)| vpc.as_str())
            .collect()
    }
}
