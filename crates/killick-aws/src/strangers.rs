//! Functions of somebody else that live in the stack's network.

use killick_core::Key;
use serde::Serialize;

use crate::resource::Function;
use crate::seen::Seen;

/// A function that the spec does not name, in a subnet or group of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stranger {
    /// Its name.
    pub function: String,
    /// What of ours it uses.
    pub uses: Vec<String>,
}

impl Stranger {
    /// The key under which it is reported.
    pub fn key(&self) -> Key {
        Function::key(&self.function)
    }
}

/// Every function of somebody else in our subnets or groups, by name. Only
/// what the snapshot holds: ask for all functions when reading.
pub fn strangers(seen: &Seen<'_>) -> Vec<Stranger> {
    let mut all: Vec<Stranger> = seen
        .snapshot
        .functions
        .iter()
        .filter(|function| seen.identity.key(&function.name).is_none())
        .filter_map(|function| {
            let ids = function.subnets.iter().chain(&function.security_groups);
            let uses: Vec<String> = ids
                .filter_map(|id| seen.identity.key(id))
                .map(ToString::to_string)
                .collect();
            let function = function.name.clone();
            (!uses.is_empty()).then_some(Stranger { function, uses })
        })
        .collect();
    all.sort_by(|a, b| a.function.cmp(&b.function));
    all
}
