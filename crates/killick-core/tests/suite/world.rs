//! Random worlds: pairs of graphs.

use std::collections::BTreeSet;
use std::fmt;

use killick_core::{
    Attrs, Catalogue, Delta, Desired, Graph, Health, Key, Lifecycle, Observed, PhysicalId, Plan,
    PlanError, Policy, Value, diff,
};
use proptest::prelude::*;

use crate::kinds::CATALOGUE;
use crate::{lent, outage};

const SLOTS: [(&str, usize); 8] = [
    ("net", 1),
    ("addr", 4),
    ("lane", 8),
    ("gate", 4),
    ("group", 3),
    ("link", 2),
    ("table", 4),
    ("func", 2),
];
const BYTES: usize = 7;
const TAPE: usize = 28 * BYTES;

/// What should be, what is, and what the user allowed.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) catalogue: Catalogue,
    pub(crate) desired: Graph<Desired>,
    pub(crate) observed: Graph<Observed>,
    pub(crate) policy: Policy,
}

impl Case {
    /// Who makes and ends a resource.
    pub(crate) fn lifecycle(&self, key: &Key) -> Lifecycle {
        self.catalogue.get(key.kind).unwrap().lifecycle
    }

    /// Whether a resource is somebody else's.
    pub(crate) fn lent(&self, key: &Key) -> bool {
        self.desired.is_lent(key) || self.observed.is_lent(key)
    }

    /// What is there once all is done, but for what is left alone: what is ours
    /// as it should be, what is lent as it is.
    pub(crate) fn then(&self) -> impl Iterator<Item = (&Key, &Attrs)> {
        let ours = self.desired.iter().map(|want| (&want.key, &want.attrs));
        let theirs = self.observed.iter().map(|have| (&have.key, &have.attrs));
        ours.filter(|(key, _)| !self.lent(key))
            .chain(theirs.filter(|(key, _)| self.lent(key)))
    }

    /// Whether a resource is borrowed, and some of its fields are ours.
    pub(crate) fn borrowed(&self, key: &Key) -> bool {
        self.lifecycle(key) == Lifecycle::Borrowed && !self.lent(key)
    }

    /// Whether a field of a resource serves what it names.
    pub(crate) fn serves(&self, key: &Key, name: &str) -> bool {
        self.catalogue
            .get(key.kind)
            .unwrap()
            .field(name)
            .is_some_and(|field| field.serves)
    }

    /// The plan.
    pub(crate) fn plan(&self) -> Result<Plan, PlanError> {
        Plan::new(self.catalogue, &self.desired, &self.observed, self.policy)
    }

    /// The differences that are left in another world.
    pub(crate) fn diff(&self, observed: &Graph<Observed>) -> Vec<Delta> {
        diff(self.catalogue, &self.desired, observed)
    }
}

/// One line a resource, for whoever reads a failure.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.policy)?;
        for node in self.desired.iter() {
            let lent = if self.lent(&node.key) { " (lent)" } else { "" };
            writeln!(f, "  want {}{lent} {}", node.key, json(&node.attrs))?;
        }
        for node in self.observed.iter() {
            writeln!(
                f,
                "  have {}{} {:?} {}",
                node.key,
                if self.lent(&node.key) { " (lent)" } else { "" },
                node.health,
                json(&node.attrs)
            )?;
        }
        Ok(())
    }
}

fn json(attrs: &Attrs) -> String {
    serde_json::to_string(attrs).unwrap()
}

/// Pairs of graphs: half of them a few changes apart, half unrelated. Zero
/// bytes mean that there is nothing, so shrinking takes nodes away.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let tape = || proptest::collection::vec(any::<u8>(), TAPE);
    let edits = proptest::collection::vec((0..TAPE, any::<u8>()), 0..24);
    let near = (tape(), edits).prop_map(|(tape, edits)| {
        let mut other = tape.clone();
        for (place, byte) in edits {
            other[place] = byte;
        }
        (tape, other)
    });
    let pair = prop_oneof![near, (tape(), tape())];
    let fates = (outage::losses(), lent::loans());
    (pair, fates, any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        |((want, have), (loss, loan), prune, release_kept)| {
            let desired: Graph<Desired> = decode(&want, false)
                .into_iter()
                .map(|(key, attrs, _)| Desired { key, attrs })
                .collect();
            let mut observed: Graph<Observed> = decode(&have, true)
                .into_iter()
                .map(|(key, attrs, health)| Observed {
                    id: id_of(&key, 0),
                    key,
                    health,
                    attrs,
                })
                .filter(|node| node.key.kind != "func" || !refs(&node.attrs).is_empty())
                .collect();
            for want in desired.iter().filter(|want| want.key.kind == "func") {
                if !observed.contains(&want.key) {
                    observed.insert(Observed {
                        id: id_of(&want.key, 0),
                        key: want.key.clone(),
                        health: Health::Ready,
                        attrs: Attrs::from([
                            ("lanes", set([])),
                            ("groups", set([])),
                            ("memo", "".into()),
                        ]),
                    });
                }
            }
            let case = Case {
                catalogue: CATALOGUE,
                desired,
                observed,
                policy: Policy {
                    prune,
                    release_kept,
                    grant: prune,
                },
            };
            loan.made(loss.suffered(case))
        },
    )
}

/// The identifier of the nth resource of that key.
pub(crate) fn id_of(key: &Key, nth: usize) -> PhysicalId {
    PhysicalId::new(format!("{}-{}-{nth}", key.kind, key.name))
}

/// Every key that some attributes refer to.
pub(crate) fn refs(attrs: &Attrs) -> BTreeSet<Key> {
    attrs.values().flat_map(Value::refs).cloned().collect()
}

fn set(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Set(items.into_iter().collect())
}

fn map<const N: usize>(items: [Option<(&str, Value)>; N]) -> Value {
    items
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The candidate that a byte points at.
fn pick(from: &[Key], byte: u8) -> Option<Key> {
    from.get(usize::from(byte).checked_rem(from.len())?)
        .cloned()
}

/// The candidates whose bit is set.
fn masked(from: &[Key], byte: u8) -> Vec<Value> {
    let bits = from
        .iter()
        .enumerate()
        .filter(|(bit, _)| byte >> (bit % 8) & 1 == 1);
    bits.map(|(_, key)| Value::Ref(key.clone())).collect()
}

/// Reads a graph off a tape: a few bytes for every possible node, always at
/// the same place. What is live may be tampered with; what is desired is a
/// layered topology without a cycle.
fn decode(tape: &[u8], live: bool) -> Vec<(Key, Attrs, Health)> {
    let mut slots = Vec::new();
    for (kind, count) in SLOTS {
        slots.extend((0..count).map(|nth| (kind, nth)));
    }
    let mut nodes: Vec<(Key, Attrs, Health)> = Vec::new();
    let mut taken: BTreeSet<Value> = BTreeSet::new();
    let mut served: Vec<(Key, u8, u8)> = Vec::new();
    for ((kind, nth), bytes) in slots.into_iter().zip(tape.chunks(BYTES)) {
        let b = |place: usize| bytes[place];
        let odd = |place: usize| live && b(place) % 8 == 7;
        let present = match kind {
            "net" => b(0) % 32 != 0,
            // Every desired lane has a table.
            "table" if !live && nth % 2 == 0 => true,
            _ => b(0) % 4 != 0,
        };
        let keys = |kind: &str| -> Vec<Key> {
            nodes
                .iter()
                .map(|(key, ..)| key.clone())
                .filter(|key| key.kind == kind)
                .collect()
        };
        let outer = |key: &Key| key.name.parse::<u8>().unwrap().is_multiple_of(2);
        let lanes = |want_outer: bool, any: bool| -> Vec<Key> {
            keys("lane")
                .into_iter()
                .filter(|key| any || outer(key) == want_outer)
                .collect()
        };
        let Some(net) = keys("net")
            .pop()
            .or((kind == "net").then(|| Key::new("net", "0")))
        else {
            continue;
        };
        if !present {
            continue;
        }
        let net = Value::Ref(net);
        let key = Key::new(kind, nth.to_string());
        let tags = map([
            Some((
                "team",
                Value::from(if b(6) % 8 == 0 { "blue" } else { "red" }),
            )),
            odd(6).then(|| ("theirs", Value::from("x"))),
        ]);
        let foreign =
            |place: usize| odd(place).then(|| Value::Foreign(PhysicalId::new("theirs-1")));
        let attrs = match kind {
            "net" => Attrs::from([
                ("range", Value::from(if b(1) == 255 { "r1" } else { "r0" })),
                ("dns", Value::from(b(2) % 4 != 0)),
                ("tags", tags),
            ]),
            "addr" => Attrs::from([
                ("net", if b(1) % 2 == 0 { Value::Absent } else { net }),
                ("tags", tags),
            ]),
            "lane" => {
                let range = Value::from(format!("l{}", if b(1) == 255 { 9 } else { nth % 4 }));
                if !taken.insert(range.clone()) {
                    continue;
                }
                served.push((key.clone(), b(4), b(5)));
                Attrs::from([
                    ("net", net),
                    ("range", range),
                    ("open", Value::from(b(2) % 4 != 0)),
                    ("tags", tags),
                ])
            }
            "gate" => {
                let free: Vec<Key> = keys("addr")
                    .into_iter()
                    .filter(|addr| !taken.contains(&Value::Ref(addr.clone())))
                    .collect();
                let (Some(lane), Some(addr)) =
                    (pick(&lanes(true, odd(3)), b(1)), pick(&free, b(2)))
                else {
                    continue;
                };
                taken.insert(addr.clone().into());
                Attrs::from([("lane", lane.into()), ("addr", addr.into()), ("tags", tags)])
            }
            "group" => {
                let slot = Value::from(format!("s{}", b(1) % 3));
                let free = b(1) % 4 != 0 && taken.insert(slot.clone());
                let rules = map([
                    Some(("all", Value::from("open"))),
                    (b(2) % 4 == 1).then(|| ("web", Value::from(b(3) % 2 == 0))),
                    foreign(4).map(|id| ("them", id)),
                ]);
                Attrs::from([
                    ("net", net),
                    ("slot", if free { slot } else { Value::Absent }),
                    ("rules", rules),
                ])
            }
            "link" => Attrs::from([
                (
                    "via",
                    pick(&keys("gate"), b(1)).map_or(Value::Absent, Value::Ref),
                ),
                (
                    "home",
                    pick(&keys("lane"), b(2)).map_or(Value::Absent, Value::Ref),
                ),
                (
                    "groups",
                    set(masked(&keys("group"), b(3)).into_iter().chain(foreign(4))),
                ),
            ]),
            "table" => {
                let gates = if nth >= 2 || odd(3) {
                    keys("gate")
                } else {
                    Vec::new()
                };
                let gate = |place: usize| pick(&gates, b(place)).map(Value::Ref);
                let routes = map([
                    Some(("default", gate(1).unwrap_or_else(|| "outside".into()))),
                    (b(4) % 4 == 1)
                        .then(|| gate(2))
                        .flatten()
                        .map(|gate| ("office", gate)),
                    foreign(4).map(|id| ("them", id)),
                ]);
                Attrs::from([
                    ("net", net),
                    ("routes", routes),
                    ("lanes", set([])),
                    ("tags", tags),
                ])
            }
            _ => {
                let lanes = masked(&lanes(false, odd(4)), b(1) | b(2));
                Attrs::from([
                    ("lanes", set(lanes.into_iter().chain(foreign(3)))),
                    ("groups", set(masked(&keys("group"), b(3)))),
                    ("memo", Value::from(format!("m{}", b(5) % 2))),
                ])
            }
        };
        let broken = matches!(kind, "gate" | "group" | "link" | "table") && b(5) % 16 == 1;
        let health = match b(5) {
            _ if !live => Health::Ready,
            _ if broken => Health::Broken("it never came up".to_owned()),
            byte if byte % 16 == 2 => Health::Settling("pending".to_owned()),
            _ => Health::Ready,
        };
        nodes.push((key, attrs, health));
    }
    for (lane, byte, odd) in served {
        let outer = |key: &Key| key.name.parse::<u8>().unwrap();
        let tables: Vec<Key> = nodes
            .iter()
            .map(|(key, ..)| key.clone())
            .filter(|key| key.kind == "table")
            .filter(|key| {
                (live && odd % 8 == 7) || (outer(key) < 2) == outer(&lane).is_multiple_of(2)
            })
            .collect();
        let table = pick(&tables, byte).filter(|_| !(live && odd % 8 == 6));
        for (key, attrs, _) in &mut nodes {
            if Some(&*key) == table.as_ref()
                && let Some(Value::Set(lanes)) = attrs.get_mut("lanes")
            {
                lanes.insert(lane.clone().into());
            }
        }
    }
    nodes
}
