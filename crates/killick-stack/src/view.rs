//! The stack view: a snapshot, with its ids as keys of one stack.

use killick_core::{Key, PhysicalId};

use crate::declare::Link;
use crate::identity::Identity;
use crate::snapshot::{Address, Record, Snapshot};

/// A snapshot, and which of it is ours.
#[derive(Clone, Copy, Debug)]
pub struct StackView<'a> {
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// Which id is which key.
    pub identity: &'a Identity,
}

impl<'a> StackView<'a> {
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

    /// The Elastic IP of this account and region with that address.
    pub(crate) fn address(&self, ip: &str) -> Option<&'a Address> {
        self.snapshot.addresses.iter().find(|found| found.ip == ip)
    }

    /// What is written down of a function: under the present name of the stack,
    /// or under one of before.
    pub(crate) fn record(&self, name: &str) -> Option<&'a Record> {
        let records = || {
            let records = self.snapshot.records.iter();
            records.filter(|one| one.function == name)
        };
        let present = records().find(|one| one.stack == self.identity.stack());
        present.or_else(|| records().next())
    }
}
