//! Resources by key, with the references between them.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

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

/// For every node, what it needs to work: what it refers to, and what serves
/// those ([`crate::Field::serves`]).
pub(crate) fn needs<'a>(
    catalogue: Catalogue,
    nodes: impl Iterator<Item = (&'a Key, &'a Attrs)>,
) -> Needs<'a> {
    let mut servers: BTreeMap<&Key, BTreeSet<&Key>> = BTreeMap::new();
    let mut needs: Needs<'a> = BTreeMap::new();
    for (key, attrs) in nodes {
        for (name, value) in attrs {
            let field = catalogue.field(key.kind, name);
            for served in value.refs() {
                needs.entry(key).or_default().insert(served);
                if field.is_some_and(|field| field.serves) {
                    servers.entry(served).or_default().insert(key);
                }
            }
        }
    }
    // Who itself serves is not served: a route table does not wait for the
    // other tables of its subnets.
    let tables: BTreeSet<&Key> = servers.values().flatten().copied().collect();
    for (key, needed) in &mut needs {
        if !tables.contains(key) {
            let serving = needed.iter().filter_map(|served| servers.get(served));
            let serving: Vec<&Key> = serving.flatten().copied().collect();
            needed.extend(serving);
        }
        needed.remove(key);
    }
    needs
}

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

/// Whether a resource is lent according to what should be or to what is.
pub(crate) fn lent(desired: &Graph<Desired>, observed: &Graph<Observed>, key: &Key) -> bool {
    desired.is_lent(key) || observed.is_lent(key)
}

/// Resources by key. The edges are the references in their attributes; there
/// are no others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph<N> {
    nodes: BTreeMap<Key, N>,
    lent: BTreeSet<Key>,
}

/// The nodes by key, and the lent keys under `lent`, which is no key, if there
/// are any.
impl<N: Serialize> Serialize for Graph<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.nodes.len() + usize::from(!self.lent.is_empty());
        let mut map = serializer.serialize_map(Some(entries))?;
        for (key, node) in &self.nodes {
            map.serialize_entry(key, node)?;
        }
        if !self.lent.is_empty() {
            map.serialize_entry("lent", &self.lent)?;
        }
        map.end()
    }
}

impl<N> Default for Graph<N> {
    fn default() -> Self {
        Self {
            nodes: BTreeMap::new(),
            lent: BTreeSet::new(),
        }
    }
}

impl<N: Node> FromIterator<N> for Graph<N> {
    fn from_iter<I: IntoIterator<Item = N>>(iter: I) -> Self {
        let nodes = iter
            .into_iter()
            .map(|node| (node.key().clone(), node))
            .collect();
        Self {
            nodes,
            lent: BTreeSet::new(),
        }
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

    /// Notes that a resource is somebody else's, whatever its kind says of
    /// others: it is referred to and never created, changed or deleted. It is
    /// enough that one of the two graphs of a plan says so.
    pub fn lend(&mut self, key: Key) {
        self.lent.insert(key);
    }

    /// Whether a resource is somebody else's; see [`Graph::lend`].
    pub fn is_lent(&self, key: &Key) -> bool {
        self.lent.contains(key)
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
}
