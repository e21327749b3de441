//! A snapshot read with the eyes of one stack: ids as keys.

use killick_core::{Desired, Graph, Health, Key, Observed, PhysicalId};

use crate::catalogue;
use crate::declare::Link;
use crate::identity::Identity;
use crate::resource::{NatGateway, RouteTable as TableType, Subnet as SubnetType};
use crate::snapshot::{RouteTable, Snapshot, Subnet};

/// A snapshot, and which of it is ours.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// Which id is which key.
    pub identity: &'a Identity,
}

impl<'a> Seen<'a> {
    /// Everything of the stack, as it is. A NAT gateway that never came up and
    /// that nobody wants is left out: there is nothing to delete, and AWS
    /// forgets it within the hour (fact sheet section 5).
    pub fn observed(&self, desired: &Graph<Desired>) -> Graph<Observed> {
        let forgotten = |node: &Observed| {
            let failed = matches!(node.health, Health::Broken(_));
            node.key.kind == NatGateway::KIND && failed && !desired.contains(&node.key)
        };
        let observed = catalogue::observe(self).into_iter();
        let observed = observed.filter(|node| !forgotten(node)).map(|mut node| {
            // What it looks like is its owner's business.
            if self.identity.is_lent(&node.key) {
                node.attrs.clear();
            }
            node
        });
        let mut graph: Graph<Observed> = observed.collect();
        for key in self.identity.lent() {
            graph.lend(key.clone());
        }
        graph
    }

    /// An id as a reference.
    pub(crate) fn link(&self, id: &str) -> Link {
        match self.identity.key(id) {
            Some(key) => Link::Ours(key.clone()),
            None => Link::Foreign(PhysicalId::new(id)),
        }
    }

    /// What to call an id: its key where it is ours.
    pub fn name(&self, id: &str) -> String {
        match self.identity.key(id) {
            Some(key) => key.to_string(),
            None => id.to_owned(),
        }
    }

    /// Our subnets, with their keys.
    pub(crate) fn subnets(&self) -> Vec<(Key, &'a Subnet)> {
        self.ours(SubnetType::KIND, &self.snapshot.subnets, |subnet| {
            &subnet.id
        })
    }

    /// Our route tables, with their keys.
    pub(crate) fn route_tables(&self) -> Vec<(Key, &'a RouteTable)> {
        self.ours(TableType::KIND, &self.snapshot.route_tables, |table| {
            &table.id
        })
    }

    /// The ones of a list that are ours, with their keys.
    pub(crate) fn ours<T>(
        &self,
        kind: &str,
        items: &'a [T],
        id: impl Fn(&T) -> &str,
    ) -> Vec<(Key, &'a T)> {
        items
            .iter()
            .filter_map(|item| Some((self.identity.key(id(item))?.clone(), item)))
            .filter(|(key, _)| key.kind == kind)
            .collect()
    }
}
