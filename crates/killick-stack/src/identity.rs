//! Keys to ids and back, as plain data; `identify` finds out which is which.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;

use crate::identify::Doubt;

/// Keys to ids and back. Built once, on the way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    stack: String,
    ids: BTreeMap<Key, String>,
    keys: BTreeMap<String, Key>,
    /// What the spec names by id, whether it exists or not.
    lent: BTreeSet<Key>,
    /// The functions that the spec means.
    wanted: BTreeSet<String>,
    /// What may be the stack's, and nothing proves it.
    doubts: Vec<Doubt>,
}

impl Identity {
    /// The identity of a stack of which nothing is known yet.
    pub(crate) fn new(stack: &str) -> Self {
        Self {
            stack: stack.to_owned(),
            ..Self::default()
        }
    }

    /// The stack that all of it belongs to.
    pub(crate) fn stack(&self) -> &str {
        &self.stack
    }

    /// Whether a key stands for something that somebody else lends.
    pub fn is_lent(&self, key: &Key) -> bool {
        self.lent.contains(key)
    }

    /// Whether the spec means a function, and did not only mean it before.
    pub fn wants(&self, function: &Key) -> bool {
        self.wanted.contains(&function.name)
    }

    /// Everything that somebody else lends.
    pub(crate) fn lent(&self) -> impl Iterator<Item = &Key> {
        self.lent.iter()
    }

    /// The key of an id that belongs to the stack, not of what is lent to it.
    pub(crate) fn own(&self, id: &str) -> Option<&Key> {
        self.key(id).filter(|key| !self.is_lent(key))
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

    /// What is at a place of the stack or carries its tags, and is not surely
    /// the stack's: nothing of it may be changed, and nothing be made beside it.
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// Doubts that something is the stack's.
    pub(crate) fn doubt(&mut self, doubts: impl IntoIterator<Item = Doubt>) {
        self.doubts.extend(doubts);
        self.doubts.sort();
        self.doubts.dedup();
    }

    /// Lets go of an id that turned out not to be the stack's.
    pub(crate) fn unset(&mut self, id: &str) {
        if let Some(key) = self.keys.remove(id) {
            self.ids.remove(&key);
        }
    }

    /// Takes an id for a key.
    pub(crate) fn set(&mut self, key: Key, id: String) {
        self.keys.insert(id.clone(), key.clone());
        self.ids.insert(key, id);
    }

    /// Takes a key for external, and its id if it exists.
    pub(crate) fn lend(&mut self, key: Key, id: Option<&str>) {
        if let Some(id) = id {
            self.set(key.clone(), id.to_owned());
        }
        self.lent.insert(key);
    }

    /// Takes these functions for those that the spec means.
    pub(crate) fn want(&mut self, functions: impl IntoIterator<Item = String>) {
        self.wanted = functions.into_iter().collect();
    }
}
