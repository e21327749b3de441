//! What somebody else put into the stack's network.

use killick_core::Key;
use serde::Serialize;

use crate::resource::{Function, NatGateway, Subnet};
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
fn guests<'k>(seen: &StackView<'_>, resolve: &impl Fn(&str) -> Option<&'k Key>) -> Vec<Stranger> {
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

/// Whatever would be torn down with the network, or keep it from being torn
/// down: functions, subnets and NAT gateways of somebody else.
pub fn tenants(seen: &StackView<'_>) -> Vec<Stranger> {
    let foreign = |id: &str| seen.identity.key(id).is_none();
    let own = |key, ids: Vec<&str>| stranger(&|id: &str| seen.identity.own(id), key, ids);
    // Who uses only what is lent to the stack can stay.
    let mut all = guests(seen, &|id| seen.identity.own(id));
    let subnets = seen
        .snapshot
        .subnets
        .iter()
        .filter(|subnet| foreign(&subnet.id));
    all.extend(
        subnets.filter_map(|subnet| own(Subnet::key(&subnet.id), vec![subnet.vpc.as_str()])),
    );
    let gateways = seen.snapshot.nat_gateways.iter();
    let gateways = gateways.filter(|nat| nat.live() && foreign(&nat.id));
    all.extend(gateways.filter_map(|nat| {
        let ids = [nat.subnet.as_deref(), Some(nat.vpc.as_str())];
        own(
            NatGateway::key(&nat.id),
            ids.into_iter().flatten().collect(),
        )
    }));
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
