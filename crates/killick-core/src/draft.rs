//! The steps that each fate takes, still without order.

use std::collections::BTreeSet;

use crate::change::{between, change, detach};
use crate::fate::{Fate, Verdict};
use crate::steps::Steps;
use crate::world::World;
use crate::{Action, Attrs, FieldDiff, Key};

/// The steps of every fate; what is lent has none. An update of a key in `split` lets go of the old
/// in a step of its own.
pub(crate) fn draft(world: &World<'_>, verdict: &Verdict<'_>, split: &BTreeSet<Key>) -> Steps {
    let mut steps = Steps::default();
    let going = verdict.going();
    for (key, fate) in &verdict.fates {
        let id = world.observed.get(key).map(|have| have.id.clone());
        match fate {
            Fate::Create => steps.add(Action::Create, key, None, creation(world, key), None),
            Fate::Replace(changes, why) => {
                let why = why.as_deref();
                steps.add(Action::Delete, key, id, changes.clone(), why);
                steps.add(Action::Create, key, None, creation(world, key), why);
            }
            Fate::Delete => {
                let note = "no longer in the spec";
                steps.add(Action::Delete, key, id, Vec::new(), Some(note));
            }
            Fate::Update(_) | Fate::Detach => {}
        }
    }
    for have in world
        .observed
        .iter()
        .filter(|have| !going.contains(&have.key) && !world.lent(&have.key))
    {
        match verdict.fates.get(&have.key) {
            Some(Fate::Detach) => detach(world, &mut steps, have),
            Some(Fate::Update(changes)) => {
                change(world, verdict, split, &mut steps, (have, changes));
            }
            _ => change(world, verdict, split, &mut steps, (have, &[])),
        }
    }
    steps
}

/// Every declared field, from nothing.
fn creation(world: &World<'_>, key: &Key) -> Vec<FieldDiff> {
    let wanted = world.desired.get(key).map(|want| want.attrs.clone());
    between(world, key, &Attrs::new(), &wanted.unwrap_or_default())
}
