//! What a resource that stays looks like after it let go of what goes.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::walk;
use crate::world::World;
use crate::{Attrs, Field, FieldDiff, Key, Lifecycle, Observed, OnChange, Value};

/// The attributes of a resource that stays once the plan is done: what is
/// desired and what is left alone. One that is kept though nobody wants it
/// any more stays as it is, less what goes.
pub(crate) fn target(
    world: &World<'_>,
    have: &Observed,
    going: &BTreeSet<&Key>,
    left_alone: &[(Key, FieldDiff)],
) -> Attrs {
    let Some(want) = world.desired.get(&have.key) else {
        let rest = |value| without(value, &|key| (!going.contains(key)).then(|| key.clone()));
        return have
            .attrs
            .iter()
            .map(|(name, value)| (*name, rest(value)))
            .collect();
    };
    let mut attrs = want.attrs.clone();
    for (_, diff) in left_alone.iter().filter(|(key, _)| *key == have.key) {
        match (attrs.get_mut(diff.name), &diff.entry) {
            (Some(Value::Set(items)), Some(member)) => {
                items.insert(member.clone());
            }
            (Some(Value::Map(items)), Some(Value::Text(name))) => {
                items.insert(name.clone(), diff.live.clone());
            }
            _ => {}
        }
    }
    attrs
}

/// The attributes of `have` without what is about to go and, if it is
/// borrowed, without what it will no longer want; another ready resource
/// stands in where the field allows it. The rest stays as it is.
pub(crate) fn released(
    world: &World<'_>,
    have: &Observed,
    target: &Attrs,
    going: &BTreeSet<&Key>,
) -> Attrs {
    let borrowed = world.catalogue.lifecycle(have.key.kind) == Lifecycle::Borrowed;
    let wanted: BTreeSet<&Key> = target.values().flat_map(Value::refs).collect();
    let stays = |key: &Key| !going.contains(key) && (!borrowed || wanted.contains(key));
    let mut attrs = Attrs::new();
    for (name, value) in &have.attrs {
        let field = world.catalogue.field(have.key.kind, name);
        let then = target.get(name).unwrap_or(&Value::Absent);
        let moves = |field: &Field| field.exclusive && field.on_change == OnChange::Update;
        let rest = if field.is_some_and(moves) && value != then {
            Value::Absent
        } else if field.is_some_and(|field| field.stand_in) {
            stood_in(world, &have.key, value, then, going)
        } else {
            without(value, &|key| stays(key).then(|| key.clone()))
        };
        attrs.insert(*name, rest);
    }
    // A function cannot have security groups without subnets: whoever is
    // detached in part of what it needs is detached altogether.
    let emptied_one = |(name, value): (_, &Value)| {
        have.attrs
            .get(name)
            .is_some_and(|before| !is_empty(before) && is_empty(value))
    };
    if borrowed && attrs.iter().any(|(name, value)| emptied_one((name, value))) {
        attrs = emptied(&attrs);
    }
    attrs
}

/// `value` with another resource in place of each one that goes, as long as
/// something will be in that place afterwards too.
fn stood_in(
    world: &World<'_>,
    key: &Key,
    value: &Value,
    then: &Value,
    going: &BTreeSet<&Key>,
) -> Value {
    match (value, then) {
        (Value::Map(items), Value::Map(wanted)) => items
            .iter()
            .map(|(name, item)| {
                let then = wanted.get(name).unwrap_or(&Value::Absent);
                (name.clone(), stood_in(world, key, item, then, going))
            })
            .filter(|(_, item)| !item.is_absent())
            .collect(),
        (Value::Ref(old), Value::Ref(next)) if going.contains(old) => {
            let peers = [next].into_iter().chain(peers(world, old.kind));
            let peer = fit(world, key, peers, going);
            peer.map_or(Value::Absent, Value::Ref)
        }
        _ => without(value, &|key| (!going.contains(key)).then(|| key.clone())),
    }
}

/// The attributes of `have` where every place that leads nowhere of ours now
/// and to something that does not work yet afterwards has another resource in
/// it until then. The rest stays as it is.
pub(crate) fn bridged(
    world: &World<'_>,
    have: &Observed,
    target: &Attrs,
    going: &BTreeSet<&Key>,
) -> Attrs {
    let mut attrs = have.attrs.clone();
    for (name, then) in target {
        let field = world.catalogue.field(have.key.kind, name);
        if field.is_some_and(|field| field.stand_in) {
            let now = attrs.get(name).unwrap_or(&Value::Absent);
            attrs.insert(*name, bridge(world, &have.key, now, then, going));
        }
    }
    attrs
}

fn bridge(
    world: &World<'_>,
    key: &Key,
    now: &Value,
    then: &Value,
    going: &BTreeSet<&Key>,
) -> Value {
    match (now, then) {
        (Value::Map(items), Value::Map(wanted)) => {
            let mut items = items.clone();
            for (name, then) in wanted {
                let now = items.get(name).unwrap_or(&Value::Absent);
                let item = bridge(world, key, now, then, going);
                if !item.is_absent() {
                    items.insert(name.clone(), item);
                }
            }
            Value::Map(items)
        }
        (Value::Absent, Value::Map(_)) => {
            let none = Value::Map(BTreeMap::new());
            let items = bridge(world, key, &none, then, going);
            if items == none { Value::Absent } else { items }
        }
        (Value::Absent | Value::Text(_) | Value::Foreign(_), Value::Ref(next))
            if !world.works(next, going) =>
        {
            let peer = fit(world, key, peers(world, next.kind), going);
            peer.map_or_else(|| now.clone(), Value::Ref)
        }
        _ => now.clone(),
    }
}

fn peers<'a>(world: &World<'a>, kind: &str) -> impl Iterator<Item = &'a Key> {
    let peers = world.observed.iter().map(|peer| &peer.key);
    peers.filter(move |peer| peer.kind == kind)
}

/// The first one that can stand in at an entry of `key`: it works, stays, and
/// does not itself leave by `key`.
fn fit<'a>(
    world: &World<'_>,
    key: &Key,
    mut peers: impl Iterator<Item = &'a Key>,
    going: &BTreeSet<&Key>,
) -> Option<Key> {
    let leaves_by = |peer: &Key| walk(&world.present, peer, &|_| true).contains(key);
    peers
        .find(|peer| world.works(peer, going) && !leaves_by(peer))
        .cloned()
}

fn without(value: &Value, keep: &impl Fn(&Key) -> Option<Key>) -> Value {
    match value {
        Value::Ref(key) => keep(key).map_or(Value::Absent, Value::Ref),
        Value::Set(items) => items
            .iter()
            .map(|item| without(item, keep))
            .filter(|item| !item.is_absent())
            .collect(),
        Value::Map(items) => items
            .iter()
            .map(|(name, item)| (name.clone(), without(item, keep)))
            .filter(|(_, item)| !item.is_absent())
            .collect(),
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Absent => true,
        Value::Set(items) => items.is_empty(),
        Value::Map(items) => items.is_empty(),
        Value::Bool(_) | Value::Text(_) | Value::Ref(_) | Value::Foreign(_) => false,
    }
}

/// The attributes of a borrowed resource that we take our hands off: it names
/// nothing any more. Its other settings have no value to go back to.
pub(crate) fn emptied(attrs: &Attrs) -> Attrs {
    let empty = |value: &Value| match value {
        Value::Set(_) => Value::Set(BTreeSet::new()),
        Value::Map(_) => Value::Map(BTreeMap::new()),
        Value::Ref(_) | Value::Foreign(_) => Value::Absent,
        Value::Absent | Value::Bool(_) | Value::Text(_) => value.clone(),
    };
    attrs
        .iter()
        .map(|(name, value)| (*name, empty(value)))
        .collect()
}
