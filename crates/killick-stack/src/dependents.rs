//! What somebody else put into the stack's network.

use killick_core::Key;
use serde::Serialize;

use crate::resource::Function;
use crate::view::StackView;

/// Something that is not of the stack and lives in its network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stranger {
    /// What it is: a kind and the name or id that AWS has for it.
    pub key: Key,
    /// What of ours it uses.
    pub uses: Vec<String>,
}

/// Every function of somebody else in our subnets or groups, by name. Only
/// what the snapshot holds: ask for all functions when reading.
pub fn strangers(seen: &StackView<'_>) -> Vec<Stranger> {
    // What is lent is its owner's to share; but what is in a private subnet
    // leaves by this stack's addresses.
    let counts = |key: &&Key| !seen.identity.is_lent(key) || key.name.starts_with("private-");
    guests(seen, &|id| seen.identity.key(id).filter(counts))
}

/// The functions of somebody else that use something of which `resolve` knows
/// the key.
pub(crate) fn guests<'k>(
    seen: &StackView<'_>,
    resolve: &impl Fn(&str) -> Option<&'k Key>,
) -> Vec<Stranger> {
    let functions = seen.snapshot.functions.iter();
    let others = functions.filter(|function| seen.identity.key(&function.name).is_none());
    let mut all: Vec<Stranger> = others
        .filter_map(|function| {
            let ids = function.subnets.iter().chain(&function.security_groups);
            let key = Function::key(&function.name);
            stranger(resolve, key, ids.map(String::as_str))
        })
        .collect();
    all.sort();
    all
}

fn stranger<'a, 'k>(
    resolve: &impl Fn(&str) -> Option<&'k Key>,
    key: Key,
    ids: impl IntoIterator<Item = &'a str>,
) -> Option<Stranger> {
    let ours = ids.into_iter().filter_map(resolve);
    let uses: Vec<String> = ours.map(ToString::to_string).collect();
    (!uses.is_empty()).then_some(Stranger { key, uses })
}
