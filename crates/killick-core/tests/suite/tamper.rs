//! What is there, and what can happen to it.

use killick_core::{Attrs, Desired, Graph, Health, Observed, Value};
use proptest::prelude::*;

use crate::topology::{foreign, key, ready, set, to};

/// What may have gone wrong in a stack: one or two of the sorts that
/// [`World::damaged`] knows.
pub(crate) fn losses() -> impl Strategy<Value = Vec<&'static str>> {
    let sorts = vec![
        "nat lost",
        "nat broken",
        "nat pending",
        "table lost",
        "detached",
    ];
    prop::sample::subsequence(sorts, 0..=2)
}

/// What is there, to be tampered with.
#[derive(Clone)]
pub(crate) struct World(pub(crate) Graph<Observed>);

impl World {
    /// Without that resource.
    pub(crate) fn lost(self, path: &str) -> Self {
        let rest = self.0.iter().filter(|node| node.key != key(path));
        self.with(rest.cloned())
    }

    /// With all that a spec says is lent, as somebody else made it.
    pub(crate) fn beside(mut self, desired: &Graph<Desired>) -> Self {
        for want in desired.iter().filter(|want| desired.is_lent(&want.key)) {
            self.0.insert(ready(want));
            self.0.lend(want.key.clone());
        }
        self
    }

    /// Other resources, lent where these are.
    fn with(&self, nodes: impl Iterator<Item = Observed>) -> Self {
        let mut graph: Graph<Observed> = nodes.collect();
        let lent = self.0.iter().filter(|node| self.0.is_lent(&node.key));
        lent.for_each(|node| graph.lend(node.key.clone()));
        Self(graph)
    }

    /// With something gone wrong in its first zone.
    pub(crate) fn damaged(self, sort: &str) -> Self {
        let first = |kind: &str| {
            let key = self
                .0
                .iter()
                .map(|node| &node.key)
                .find(|key| key.kind == kind);
            key.map(ToString::to_string)
        };
        let (nat, table) = (first("nat_gateway"), first("route_table"));
        match (sort, nat, table) {
            ("nat lost", Some(nat), _) => {
                let gone = self.0.iter().filter(|node| node.key != key(&nat)).cloned();
                let blackhole = |value: &Value| match value {
                    Value::Map(routes) => routes
                        .iter()
                        .map(|(name, hop)| {
                            let lost = *hop == to(&nat);
                            (
                                name.clone(),
                                if lost {
                                    foreign("nat-0lost")
                                } else {
                                    hop.clone()
                                },
                            )
                        })
                        .collect(),
                    other => other.clone(),
                };
                let attrs = |attrs: &Attrs| {
                    attrs
                        .iter()
                        .map(|(name, value)| (*name, blackhole(value)))
                        .collect()
                };
                self.with(gone.map(|node| Observed {
                    attrs: attrs(&node.attrs),
                    ..node
                }))
            }
            ("nat broken", Some(nat), _) => self.health(&nat, Health::Broken("failed".to_owned())),
            ("nat pending", Some(nat), _) => {
                self.health(&nat, Health::Settling("pending".to_owned()))
            }
            ("table lost", _, Some(table)) => self.lost(&table),
            ("detached", ..) => self.field("function/billing", "subnets", set([])).field(
                "function/billing",
                "security_groups",
                set([]),
            ),
            _ => self,
        }
    }

    /// With another health.
    pub(crate) fn health(mut self, path: &str, health: Health) -> Self {
        let node = self.0.get(&key(path)).unwrap().clone();
        self.0.insert(Observed { health, ..node });
        self
    }

    /// With another value in a field.
    pub(crate) fn field(mut self, path: &str, name: &'static str, value: Value) -> Self {
        let mut node = self.0.get(&key(path)).unwrap().clone();
        node.attrs.insert(name, value);
        self.0.insert(node);
        self
    }

    /// With another value in an entry of a map.
    pub(crate) fn entry(self, path: &str, name: &'static str, entry: &str, value: Value) -> Self {
        let Some(Value::Map(mut items)) = self.value(path, name) else {
            panic!("no map")
        };
        items.insert(entry.to_owned(), value);
        self.field(path, name, Value::Map(items))
    }

    /// With another member in a set.
    pub(crate) fn member(self, path: &str, name: &'static str, member: Value) -> Self {
        let Some(Value::Set(mut items)) = self.value(path, name) else {
            panic!("no set")
        };
        items.insert(member);
        self.field(path, name, Value::Set(items))
    }

    fn value(&self, path: &str, name: &str) -> Option<Value> {
        self.0.get(&key(path))?.attrs.get(name).cloned()
    }
}
