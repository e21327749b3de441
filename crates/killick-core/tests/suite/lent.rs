//! Loans: which resources of a random world are somebody else's.

use std::collections::BTreeSet;

use killick_core::{Attrs, Desired, Graph, Key, Node, Value};
use proptest::prelude::*;

use crate::world::{Case, refs};

/// Some of the resources of a world, by what their names come to.
#[derive(Clone, Debug)]
pub(crate) struct Loan {
    bits: u64,
    side: Side,
    /// What the spec says of them: what is true, nothing, or anything.
    attrs: u8,
    missing: bool,
}

/// Which of the graphs know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Both,
    Desired,
    Observed,
}

/// Loans, none for half of the worlds.
pub(crate) fn loans() -> impl Strategy<Value = Loan> {
    let bits = prop_oneof![
        3 => Just(0),
        1 => (any::<u64>(), any::<u64>()).prop_map(|(one, other)| one & other),
        1 => any::<u64>(),
        1 => Just(0b1111),
    ];
    let side = prop_oneof![Just(Side::Both), Just(Side::Desired), Just(Side::Observed)];
    (bits, side, 0..3u8, prop::bool::weighted(0.05)).prop_map(|(bits, side, attrs, missing)| Loan {
        bits,
        side,
        attrs,
        missing,
    })
}

impl Loan {
    /// The world with these loans made. Tables stay ours: a lent one would
    /// keep serving whatever the spec says.
    pub(crate) fn made(&self, mut case: Case) -> Case {
        let kinds = ["net", "addr", "lane", "gate", "group", "func", "link"];
        let chosen = |key: &Key| {
            let kind = kinds.iter().position(|kind| *kind == key.kind);
            let nth: usize = key.name.parse().unwrap();
            kind.is_some_and(|kind| self.bits >> ((kind + 7 * nth) % 64) & 1 == 1)
        };
        let mut lent: BTreeSet<Key> = keys(&case.observed).filter(|key| chosen(key)).collect();
        // What is somebody else's stands on what is somebody else's.
        let mut open: Vec<Key> = lent.iter().cloned().collect();
        while let Some(next) = open.pop() {
            for key in refs(&case.observed.get(&next).unwrap().attrs) {
                if lent.insert(key.clone()) {
                    open.push(key);
                }
            }
        }
        loop {
            let taken = lent.iter().find(|key| {
                let gone = |needed: &Key| !lent.contains(needed);
                wanted_by_us(&case, &lent, key)
                    || leaves_by_itself(&case, key)
                    || refs(&case.observed.get(key).unwrap().attrs)
                        .iter()
                        .any(gone)
            });
            let Some(taken) = taken.cloned() else { break };
            lent.remove(&taken);
        }
        for key in &lent {
            let have = case.observed.get(key).unwrap().attrs.clone();
            if case.desired.contains(key) {
                let attrs = match self.attrs {
                    0 => have,
                    1 => Attrs::new(),
                    _ => continue,
                };
                case.desired.insert(Desired {
                    key: key.clone(),
                    attrs,
                });
            }
        }
        if self.missing {
            let missing = keys(&case.desired).filter(|key| !case.observed.contains(key));
            lent.extend(missing.filter(|key| chosen(key)).collect::<Vec<_>>());
        }
        for key in lent {
            if self.side != Side::Observed || !case.observed.contains(&key) {
                case.desired.lend(key.clone());
            }
            if self.side != Side::Desired {
                case.observed.lend(key);
            }
        }
        case
    }
}

fn keys<N: Node>(graph: &Graph<N>) -> impl Iterator<Item = Key> {
    graph.iter().map(|node| node.key().clone())
}

/// Whether it has what only one can have and another one is to have: AWS
/// would refuse that in whatever order.
fn wanted_by_us(case: &Case, lent: &BTreeSet<Key>, key: &Key) -> bool {
    let have = case.observed.get(key).unwrap();
    let fields = case.catalogue.get(key.kind).unwrap().fields.iter();
    let mut values = fields.filter(|field| field.exclusive).filter_map(|field| {
        let value = have.attrs.get(field.name)?;
        (*value != Value::Absent).then_some((field.name, value))
    });
    values.any(|(name, value)| {
        let mut ours = case.desired.iter().filter(|want| !lent.contains(&want.key));
        ours.any(|want| want.key.kind == key.kind && want.attrs.get(name) == Some(value))
    })
}

/// Whether it is a gate in a lane whose table may lead to gates: no spec can be
/// built on that.
fn leaves_by_itself(case: &Case, key: &Key) -> bool {
    let inner = |lane: &Key| !lane.name.parse::<u8>().unwrap().is_multiple_of(2);
    let refs = refs(&case.observed.get(key).unwrap().attrs);
    key.kind == "gate" && refs.iter().any(|key| key.kind == "lane" && inner(key))
}
