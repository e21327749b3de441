//! What tags say about who is who.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;
use killick_spec::Spec;

use crate::catalogue::tagged;
use crate::identity::Identity;
use crate::keys::vpc_key;
use crate::resource::ElasticIp;
use crate::snapshot::Snapshot;
use crate::tags::Tags;

use super::names::Names;
use super::recorded::Recorded;

/// Who carries which key of one stack.
pub(super) struct Claims<'a> {
    spec: &'a Spec,
    found: BTreeMap<Key, BTreeSet<String>>,
}

impl<'a> Claims<'a> {
    /// All claims, under the present names or those of before.
    pub(super) fn of(spec: &'a Spec, snapshot: &Snapshot) -> Self {
        let mut claims = Self {
            spec,
            found: BTreeMap::new(),
        };
        claims.all(snapshot);
        claims
    }

    /// The keys with the ids that claim them.
    pub(super) fn take(&mut self) -> BTreeMap<Key, BTreeSet<String>> {
        std::mem::take(&mut self.found)
    }

    /// Where the spec names something of somebody else in place of what the
    /// stack made: an address of the stack goes on under its own name, and is
    /// kept; of anything else it must be decided which one is meant.
    pub(super) fn make_room(&mut self, identity: &Identity) {
        for key in identity.lent() {
            let Some(ids) = self.found.remove(key) else {
                continue;
            };
            let lent = identity.id(key);
            let others = ids.into_iter().filter(|id| Some(id.as_str()) != lent);
            if key.kind == ElasticIp::KIND {
                let own = others.map(|id| (ElasticIp::key(id.as_str()), BTreeSet::from([id])));
                self.found.extend(own);
                continue;
            }
            let others: BTreeSet<String> = others.collect();
            if !others.is_empty() {
                let all = others.into_iter().chain(lent.map(str::to_owned));
                self.found.insert(key.clone(), all.collect());
            }
        }
    }

    fn all(&mut self, snapshot: &Snapshot) {
        for (kind, items) in tagged(snapshot) {
            for item in items {
                if let Some(key) = self.key(kind, item.tags()) {
                    let ids = self.found.entry(key).or_default();
                    ids.insert(item.id().to_owned());
                }
            }
        }
    }

    /// The key that tags name, if it is one of this stack's.
    pub(super) fn key(&self, of: &str, tags: &Tags) -> Option<Key> {
        Names(self.spec).tagged(of, tags)
    }

    /// Tags can be copied to another VPC or address, and taken off the one that
    /// the stack wrote down: then it must be decided which one is meant. All
    /// else is known by the VPC that it is in.
    pub(super) fn contradict(&mut self, recorded: &Recorded) {
        for (key, ids) in &mut self.found {
            let alone = *key == vpc_key() || key.kind == ElasticIp::KIND;
            ids.extend(recorded.stripped(key).filter(|_| alone).map(str::to_owned));
        }
    }
}
