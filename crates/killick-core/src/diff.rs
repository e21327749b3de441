//! Every difference between what should be and what is.

use std::collections::BTreeSet;

use crate::delta::{Delta, FieldDiff, What};
use crate::graph::lent;
use crate::moves::fold_moves;
use crate::{
    Attrs, Catalogue, Desired, Field, Graph, Health, Key, Lifecycle, Observed, OnChange, Scope,
    Value,
};

/// Every difference, in catalogue order and then by name. What is lent can
/// only be missing: how it is does not concern us.
pub fn diff(
    catalogue: Catalogue,
    desired: &Graph<Desired>,
    observed: &Graph<Observed>,
) -> Vec<Delta> {
    let lent = |key: &Key| lent(desired, observed, key);
    let stays = |key: &Key| desired.contains(key) || lent(key);
    let mut deltas: Vec<Delta> = Vec::new();
    for want in desired.iter() {
        let Some(have) = observed.get(&want.key) else {
            deltas.push(Delta {
                key: want.key.clone(),
                id: None,
                what: What::Missing,
            });
            continue;
        };
        if lent(&want.key) {
            continue;
        }
        if let Some(what) = compare(catalogue, want, have, &stays) {
            deltas.push(Delta {
                key: want.key.clone(),
                id: Some(have.id.clone()),
                what,
            });
        }
    }
    for have in observed.iter().filter(|have| !stays(&have.key)) {
        // Borrowed, and our hands are off it: nothing of it is ours. In the
        // middle of a change it may still use what it named before.
        let borrowed = catalogue.lifecycle(have.key.kind) == Lifecycle::Borrowed;
        let settling = matches!(have.health, Health::Settling(_));
        if borrowed && !settling && observed.refs(&have.key).is_empty() {
            continue;
        }
        deltas.push(Delta {
            key: have.key.clone(),
            id: Some(have.id.clone()),
            what: What::Extra,
        });
    }
    fold_moves(catalogue, desired, &mut deltas);
    deltas.sort_by(|a, b| {
        let rank = |delta: &Delta| catalogue.rank(delta.key.kind);
        rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key))
    });
    deltas
}

fn compare(
    catalogue: Catalogue,
    want: &Desired,
    have: &Observed,
    stays: &impl Fn(&Key) -> bool,
) -> Option<What> {
    let mut fields = field_diffs(catalogue, want.key.kind, &have.attrs, &want.attrs, stays);
    match &have.health {
        Health::Broken(reason) => return Some(What::Broken(reason.clone(), fields)),
        Health::Settling(state) => fields.push(FieldDiff::unready(state)),
        Health::Ready => {}
    }
    classify(catalogue, want.key.kind, fields)
}

/// `None` when nothing differs.
pub(crate) fn classify(catalogue: Catalogue, kind: &str, fields: Vec<FieldDiff>) -> Option<What> {
    if fields.is_empty() {
        return None;
    }
    let any = |on_change| {
        fields.iter().any(|diff| {
            catalogue
                .field(kind, diff.name)
                .is_some_and(|field| field.on_change == on_change)
        })
    };
    Some(if any(OnChange::Refuse) {
        What::Refused(fields)
    } else if any(OnChange::Replace) {
        What::Replaced(fields)
    } else {
        What::Changed(fields)
    })
}

/// The differences between two sets of attributes of one kind. `stays` tells
/// which keys are wanted, or lent: an extra entry that names one of ours that
/// is going has no one else to rely on it.
pub(crate) fn field_diffs(
    catalogue: Catalogue,
    kind: &str,
    live: &Attrs,
    wanted: &Attrs,
    stays: &impl Fn(&Key) -> bool,
) -> Vec<FieldDiff> {
    let fields = catalogue.get(kind).map_or(&[][..], |schema| schema.fields);
    let mut diffs = Vec::new();
    for field in fields {
        let absent = Value::Absent;
        let want = wanted.get(field.name).unwrap_or(&absent);
        let have = live.get(field.name).unwrap_or(&absent);
        if field.scope == Scope::Whole {
            if want != have {
                diffs.push(FieldDiff {
                    name: field.name,
                    entry: None,
                    live: have.clone(),
                    desired: want.clone(),
                    guard: None,
                });
            }
        } else {
            entry_diffs(field, have, want, stays, &mut diffs);
        }
    }
    diffs
}

fn entry_diffs(
    field: &Field,
    have: &Value,
    want: &Value,
    stays: &impl Fn(&Key) -> bool,
    diffs: &mut Vec<FieldDiff>,
) {
    let (have, want) = (have.entries(), want.entries());
    let names: BTreeSet<&Value> = have.keys().chain(want.keys()).collect();
    for name in names {
        let live = have.get(name).copied().unwrap_or(&Value::Absent);
        let wanted = want.get(name).copied().unwrap_or(&Value::Absent);
        let extra = wanted.is_absent();
        if live == wanted || (extra && field.scope == Scope::Declared) {
            continue;
        }
        let going = live.refs().iter().any(|key| !stays(key));
        diffs.push(FieldDiff {
            name: field.name,
            entry: Some(name.clone()),
            live: live.clone(),
            desired: wanted.clone(),
            guard: (extra && !going).then_some(field.guard),
        });
    }
}
