//! Route tables, and what an unwanted zone left, by what they hang on.

use std::collections::BTreeSet;

use killick_core::Key;

use crate::identity::Identity;
use crate::keys::{
    internet_gateway_key, private_subnet, private_table, public_subnet, public_table,
};
use crate::resource::NatGateway;
use crate::routing::default_target;
use crate::snapshot;

use super::place::Places;

impl Places<'_> {
    /// A route table by a subnet of the stack that it serves, if it also leads
    /// where the stack's own would: a table that somebody put there instead is
    /// not the stack's.
    pub(super) fn tables(&self, identity: &mut Identity, vpc: &str) {
        let zones = self.zones(identity);
        let public: Vec<Key> = zones.iter().map(|zone| public_subnet(zone)).collect();
        let own = |identity: &Identity, subnets: &[Key]| -> BTreeSet<String> {
            let own = subnets.iter().filter(|key| !identity.is_lent(key));
            own.filter_map(|key| identity.id(key))
                .map(str::to_owned)
                .collect()
        };
        let gateway = internet_gateway_key();
        let subnets = own(identity, &public);
        let leads = |target: &str| identity.id(&gateway) == Some(target);
        let found = self.serving(vpc, &subnets, leads);
        self.adopt(identity, public_table(), found.into_iter(), |_, _| true);
        for zone in zones {
            let subnets = own(identity, &[private_subnet(&zone)]);
            // Any gateway of the stack: the zone may leave by another one for a
            // time, or the spec may want another one by now.
            let nat = |target: &str| {
                let key = identity.own(target);
                key.is_some_and(|key| key.kind == NatGateway::KIND)
            };
            let found = self.serving(vpc, &subnets, nat);
            self.adopt(identity, private_table(&zone), found.into_iter(), |_, _| {
                true
            });
            self.former_subnets(identity, vpc, &zone);
        }
    }

    fn serving(
        &self,
        vpc: &str,
        subnets: &BTreeSet<String>,
        leads: impl Fn(&str) -> bool,
    ) -> Vec<&snapshot::RouteTable> {
        let serves = |found: &&snapshot::RouteTable| {
            let mut entries = found.associations.iter();
            entries.any(|entry| subnets.contains(&entry.member))
        };
        let tables = self.snapshot.route_tables.iter();
        tables
            .filter(|found| found.vpc == vpc && !found.main)
            .filter(serves)
            .filter(|found| default_target(found).is_some_and(&leads))
            .collect()
    }

    /// The subnets of a zone that the spec does not have any more: no CIDR tells
    /// which ones they are, but one holds the zone's gateway, and one follows
    /// the zone's table.
    fn former_subnets(&self, identity: &mut Identity, vpc: &str, zone: &str) {
        if self.loose || self.spec.zones.iter().any(|one| one.name == zone) {
            return;
        }
        let nat = identity.id(&NatGateway::key(zone)).map(str::to_owned);
        let mut nats = self.snapshot.nat_gateways.iter();
        let nat = nats.find(|one| Some(&one.id) == nat.as_ref());
        let holder = nat.and_then(|one| one.subnet.clone());
        let subnets = || self.snapshot.subnets.iter().filter(|one| one.vpc == vpc);
        let found = subnets().filter(|one| holder.as_ref() == Some(&one.id));
        self.adopt(identity, public_subnet(zone), found, |_, _| true);
        let table = identity.id(&private_table(zone)).map(str::to_owned);
        let mut tables = self.snapshot.route_tables.iter();
        let table = tables.find(|one| Some(&one.id) == table.as_ref());
        let members = table.map_or(&[][..], |table| &table.associations);
        let follows = |id: &str| members.iter().any(|entry| entry.member == id);
        let found = subnets().filter(|one| follows(&one.id));
        self.adopt(identity, private_subnet(zone), found, |_, subnet| {
            self.snapshot.functions.iter().any(|one| {
                let recorded = self.snapshot.records.iter();
                let mut recorded = recorded.filter(|record| record.function == one.name);
                one.subnets.contains(&subnet.id) && recorded.next().is_some()
            }) || (members.len() == 1 && subnet.zone == zone)
        });
    }
}
