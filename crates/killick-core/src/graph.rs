//! Resources by key, with the references between them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{Attrs, Catalogue, Key, PhysicalId};

/// A resource as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Desired {
    /// Its key.
    pub key: Key,
    /// Every declared field.
    pub attrs: Attrs,
}

/// A resource as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Observed {
    /// Its key.
    pub key: Key,
    /// What AWS calls it.
    pub id: PhysicalId,
    /// Whether it works.
    pub health: Health,
    /// Every declared field, read back.
    pub attrs: Attrs,
}

/// Whether a resource works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It works.
    Ready,
    /// It is on its way there; the state in AWS's word.
    Settling(String),
    /// It never will; why, in AWS's words.
    Broken(String),
}

/// What a [`Graph`] holds.
pub trait Node {
    /// The key of the node.
    fn key(&self) -> &Key;
    /// The fields of the node.
    fn attrs(&self) -> &Attrs;
}

impl Node for Desired {
    fn key(&self) -> &Key {
        &self.key
    }
    fn attrs(&self) -> &Attrs {
        &self.attrs
    }
}

impl Node for Observed {
    fn key(&self) -> &Key {
        &self.key
    }
    fn attrs(&self) -> &Attrs {
        &self.attrs
    }
}

/// What each resource needs to work.
pub(crate) type Needs<'a> = BTreeMap<&'a Key, BTreeSet<&'a Key>>;

/// What `key` needs, directly and through those that `onward` holds for.
pub(crate) fn walk<'a>(
    needs: &Needs<'a>,
    key: &Key,
    onward: &impl Fn(&Key) -> bool,
) -> BTreeSet<&'a Key> {
    let near = |key: &Key| needs.get(key).into_iter().flatten().copied();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&'a Key> = near(key).collect();
    while let Some(next) = open.pop() {
        if next != key && seen.insert(next) && onward(next) {
            open.extend(near(next));
        }
    }
    seen
}

/// Resources by key. The edges are the references in their attributes; there
/// are no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Graph<N> {
    nodes: BTreeMap<Key, N>,
}

impl<N> Default for Graph<N> {
    fn default() -> Self {
        Self {
            nodes: BTreeMap::new(),
        }
    }
}

impl<N: Node> FromIterator<N> for Graph<N> {
    fn from_iter<I: IntoIterator<Item = N>>(iter: I) -> Self {
        let nodes = iter
            .into_iter()
            .map(|node| (node.key().clone(), node))
            .collect();
        Self { nodes }
    }
}

impl<N: Node> Graph<N> {
    /// The node of that key.
    pub fn get(&self, key: &Key) -> Option<&N> {
        self.nodes.get(key)
    }

    /// Whether there is such a node.
    pub fn contains(&self, key: &Key) -> bool {
        self.nodes.contains_key(key)
    }

    /// All nodes, by key.
    pub fn iter(&self) -> impl Iterator<Item = &N> {
        self.nodes.values()
    }

    /// Puts a node in, in place of the one with the same key.
    pub fn insert(&mut self, node: N) {
        self.nodes.insert(node.key().clone(), node);
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The keys that the attributes of a node refer to.
    pub fn refs(&self, key: &Key) -> BTreeSet<&Key> {
        self.get(key)
            .into_iter()
            .flat_map(|node| node.attrs().values())
            .flat_map(|value| value.refs())
            .collect()
    }

    /// For every node, what it needs to work: what it refers to, and what
    /// serves those ([`crate::Field::serves`]).
    pub(crate) fn needs(&self, catalogue: Catalogue) -> Needs<'_> {
        let mut servers: BTreeMap<&Key, BTreeSet<&Key>> = BTreeMap::new();
        for node in self.iter() {
            for (name, value) in node.attrs() {
                let serves = catalogue
                    .field(node.key().kind, name)
                    .is_some_and(|field| field.serves);
                for served in value.refs().into_iter().filter(|_| serves) {
                    servers.entry(served).or_default().insert(node.key());
                }
            }
        }
        let mut needs = BTreeMap::new();
        for node in self.iter() {
            let mut needed = self.refs(node.key());
            // Who itself serves is not served: a route table does not wait
            // for the other tables of its subnets.
            let serves_itself = servers.values().any(|tables| tables.contains(node.key()));
            if !serves_itself {
                for served in self.refs(node.key()) {
                    needed.extend(servers.get(served).into_iter().flatten());
                }
            }
            needed.remove(node.key());
            needs.insert(node.key(), needed);
        }
        needs
    }
}
