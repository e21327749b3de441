//! What a proof does not cover.

use killick_path::Proof;
use killick_stack::Unreadable;

use super::World;

/// Whether there may be functions or versions of which no way was followed.
pub fn hidden(unreadable: &[Unreadable]) -> bool {
    unreadable.iter().any(|one| one.part.hides_functions())
}

/// The functions of the spec that do not exist.
pub fn missing(world: &World, proofs: &[Proof]) -> Vec<String> {
    let wanted = world
        .desired
        .iter()
        .filter(|node| world.identity.wants(&node.key));
    let names = wanted.map(|node| node.key.name.clone());
    names
        .filter(|name| proofs.iter().all(|proof| proof.runner != *name))
        .collect()
}
