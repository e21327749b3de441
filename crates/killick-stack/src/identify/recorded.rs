//! What the stack wrote down as its own, as far as it exists.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;
use killick_spec::Spec;

use crate::catalogue::tagged;
use crate::identity::Identity;
use crate::resource::ElasticIp;
use crate::snapshot::Snapshot;

use super::names::Names;
use crate::tags::claimed;

/// The recorded resources that exist.
pub(super) struct Recorded {
    /// All ids.
    ids: BTreeSet<String>,
    /// By key, those that carry nobody's tags.
    stripped: BTreeMap<Key, String>,
}

impl Recorded {
    /// What is recorded under the stack's names and exists.
    pub(super) fn of(spec: &Spec, snapshot: &Snapshot) -> Self {
        let names = Names(spec);
        let mut found = Self {
            ids: BTreeSet::new(),
            stripped: BTreeMap::new(),
        };
        // The record under the present name is the younger one.
        let (now, before): (Vec<_>, Vec<_>) = snapshot
            .recorded
            .iter()
            .filter(|one| names.stack(&one.stack))
            .partition(|one| one.stack == spec.stack);
        let all = tagged(snapshot);
        for one in now.into_iter().chain(before) {
            for (kind, items) in &all {
                let Some(item) = items.iter().find(|item| item.id() == one.id) else {
                    continue;
                };
                let Some(key) = names.key(kind, &one.key) else {
                    continue;
                };
                let new = found.ids.insert(one.id.clone());
                if new && !claimed(item.tags()) {
                    found.stripped.entry(key).or_insert_with(|| one.id.clone());
                }
            }
        }
        found
    }

    /// Whether an id is recorded.
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// The recorded id of a key, if that lost its tags.
    pub(super) fn stripped(&self, key: &Key) -> Option<&str> {
        self.stripped.get(key).map(String::as_str)
    }
}

impl Identity {
    /// Takes what lost its tags and is recorded, wanted or not. An address whose
    /// key another one has by now is kept under its own id.
    pub(super) fn take_recorded(&mut self, recorded: &Recorded) {
        for (key, id) in &recorded.stripped {
            if self.key(id).is_some() {
                continue;
            }
            let taken = self.id(key).is_some() || self.is_lent(key);
            match (taken, key.kind) {
                (false, _) => self.set(key.clone(), id.clone()),
                (true, ElasticIp::KIND) => self.set(ElasticIp::key(id.as_str()), id.clone()),
                (true, _) => {}
            }
        }
    }
}
