//! A member that moved from one resource of ours to another.

use std::collections::{BTreeMap, BTreeSet};

use crate::delta::{Change, Delta, What};
use crate::{Catalogue, Desired, Graph, Key, Value};

/// A member that one resource misses and another one of ours has too many of
/// was moved: one difference with both names, not two.
pub(crate) fn fold_moves(catalogue: Catalogue, desired: &Graph<Desired>, deltas: &mut Vec<Delta>) {
    let serves = |kind: &str, name: &str| {
        catalogue
            .field(kind, name)
            .is_some_and(|field| field.serves)
    };
    let mut holders: BTreeMap<Value, Key> = BTreeMap::new();
    let mut takers: BTreeSet<Value> = BTreeSet::new();
    for delta in deltas.iter() {
        let missing = desired
            .get(&delta.key)
            .filter(|_| delta.what == What::Missing);
        for (name, value) in missing.into_iter().flat_map(|node| &node.attrs) {
            if serves(delta.key.kind, name) {
                takers.extend(value.entries().into_keys());
            }
        }
        for diff in delta.what.fields() {
            match (diff.change(), &diff.entry) {
                (Change::Extra, Some(member)) if serves(delta.key.kind, diff.name) => {
                    holders.insert(member.clone(), delta.key.clone());
                }
                (Change::Missing, Some(member)) if serves(delta.key.kind, diff.name) => {
                    takers.insert(member.clone());
                }
                _ => {}
            }
        }
    }
    holders.retain(|member, _| takers.contains(member));
    for delta in deltas.iter_mut() {
        let key = delta.key.clone();
        let (What::Changed(fields)
        | What::Replaced(fields)
        | What::Refused(fields)
        | What::Broken(_, fields)) = &mut delta.what
        else {
            continue;
        };
        fields.retain_mut(|diff| {
            let member = diff.entry.as_ref().filter(|_| serves(key.kind, diff.name));
            let Some(holder) = member.and_then(|member| holders.get(member)) else {
                return true;
            };
            let change = diff.change();
            if change == Change::Missing {
                diff.live = Value::Ref(holder.clone());
                diff.desired = Value::Ref(key.clone());
            }
            change != Change::Extra
        });
    }
    deltas.retain(|delta| match &delta.what {
        What::Missing | What::Extra | What::Broken(..) => true,
        what => !what.fields().is_empty(),
    });
}
