//! Which id is which key: by tags, and where those were taken off, by place.

mod claims;
mod doubts;
mod evidence;
mod external;
mod names;
mod place;
mod recorded;
mod tables;

use killick_core::Key;
use killick_spec::Spec;

use crate::identity::Identity;
use crate::resource::{Function, NatGateway};
use crate::select::selected;
use crate::snapshot::Snapshot;

use claims::Claims;
pub(crate) use names::Names;
use recorded::Recorded;

/// Two resources that both claim to be the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ambiguous {
    /// The key that both carry.
    pub key: Key,
    /// The ids, two or more.
    pub ids: Vec<String>,
    /// Which of them carries no tags, and was written down by the stack.
    pub recorded: Option<String>,
}

/// Something that may be the stack's, and that nothing proves to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// What it would be of the stack.
    pub key: Key,
    /// Its id.
    pub id: String,
    /// Why it is in doubt.
    pub why: Why,
}

/// Why something is in doubt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It carries none of the stack's tags, and is where the stack's own would
    /// be.
    Place,
    /// It carries the stack's tags, in a VPC that is not the stack's.
    Elsewhere {
        /// `vpc-…`
        vpc: String,
    },
    /// It is in a VPC of which nothing but the VPC's own tags says that it is
    /// the stack's.
    Inside,
}

impl Identity {
    /// The identity of everything of the spec's stack.
    ///
    /// # Errors
    /// Every key that more than one live resource carries: nothing may be
    /// written before a person decided which one is meant.
    pub fn of(spec: &Spec, snapshot: &Snapshot) -> Result<Self, Vec<Ambiguous>> {
        let mut claims = Claims::of(spec, snapshot);
        let mut identity = Self::new(&spec.stack);
        identity.borrow(spec, snapshot);
        claims.make_room(&identity);
        let recorded = Recorded::of(spec, snapshot);
        claims.contradict(&recorded);
        let mut ambiguous = Vec::new();
        for (key, ids) in claims.take() {
            let mut ids: Vec<String> = ids.into_iter().collect();
            match (ids.pop(), ids.is_empty()) {
                (Some(id), true) => identity.set(key, id),
                (last, _) => {
                    ids.extend(last);
                    let recorded = recorded.stripped(&key).map(str::to_owned);
                    let recorded = recorded.filter(|id| ids.contains(id));
                    ambiguous.push(Ambiguous { key, ids, recorded });
                }
            }
        }
        if !ambiguous.is_empty() {
            return Err(ambiguous);
        }
        identity.by_place(spec, snapshot, &recorded);
        // A gateway that never came up stands for its key only where no other
        // does; of several, any one will do.
        for nat in snapshot.nat_gateways.iter().filter(|nat| nat.failed()) {
            let key = claims.key(NatGateway::KIND, &nat.tags);
            if let Some(key) = key.filter(|key| identity.id(key).is_none()) {
                identity.set(key, nat.id.clone());
            }
        }
        let wanted = selected(spec, snapshot);
        let exists = |name: &str| snapshot.functions.iter().any(|found| found.name == name);
        // Of a function that the spec no longer wants its record is ours, even
        // where that is all that is left of it.
        let recorded = snapshot
            .records
            .iter()
            .map(|record| record.function.as_str());
        let recorded = recorded.filter(|name| !wanted.contains_key(name));
        for name in wanted
            .keys()
            .copied()
            .filter(|name| exists(name))
            .chain(recorded)
        {
            identity.set(Function::key(name), name.to_owned());
        }
        identity.want(wanted.into_keys().map(str::to_owned));
        Ok(identity)
    }
}
