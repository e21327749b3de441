//! What a spec leaves to the account: found once, before anything is compared.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;
use killick_finding::Part;
use killick_spec::Spec;

use crate::catalogue::tagged;
use crate::declare::Link;
use crate::identify::Names;
use crate::keys::{group_key, private_table};
use crate::pins;
use crate::previous::PreviousConfig;
use crate::routing::explicit_table;
use crate::select::selected;
use crate::snapshot::{self, Record};
use crate::tags::{FORMERLY, NAME};
use crate::view::StackView;

/// What the words of a spec come to in one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// What somebody else lends.
    pub(crate) lent: BTreeSet<Key>,
    /// What of it exists.
    pub(crate) there: BTreeSet<Key>,
    /// The functions that are meant, whether they exist or not.
    pub(crate) functions: BTreeMap<String, Attached>,
    /// The functions that were meant before, and what they go back to.
    pub(crate) leaving: BTreeMap<String, Back>,
    /// Promised addresses that are gone, by the zones that could have them
    /// back.
    pub(crate) lost: BTreeMap<String, String>,
    /// The resources that somebody gave a name of their own: they keep it.
    pub(crate) named: BTreeSet<Key>,
    /// By zone, the table that somebody else's private subnet had.
    pub(crate) tables: BTreeMap<String, String>,
}

/// A function that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attached {
    pub(crate) security_groups: Vec<Link>,
    /// What is written down of what it had before; nothing where records
    /// cannot be read.
    pub(crate) formerly: Option<PreviousConfig>,
    /// What it goes back to when the stack goes, if that is known.
    pub(crate) back: Option<Back>,
}

/// A VPC config to go back to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Back {
    pub(crate) subnets: Vec<Link>,
    pub(crate) security_groups: Vec<Link>,
    pub(crate) ipv6: bool,
}

impl Resolved {
    /// Finds it in a snapshot.
    pub fn of(spec: &Spec, seen: &StackView<'_>) -> Self {
        let wanted = selected(spec, seen.snapshot);
        let functions = wanted.iter().map(|(name, function)| {
            let live = live(seen, name);
            let record = seen.record(name);
            let attached = Attached {
                security_groups: groups(spec, seen, &function.security_groups),
                formerly: match (record, live) {
                    _ if seen.snapshot.unread(Part::Records) => None,
                    // Made anew under its name: the record is of the last one.
                    (Some(_), Some(live)) if !pins::recorded(seen, live) => Some(former(live)),
                    (Some(record), _) => Some(record.former.clone()),
                    // It was attached when nobody could write that down.
                    (None, Some(live)) if uses_own(seen, live) => None,
                    (None, live) => Some(live.map(former).unwrap_or_default()),
                },
                back: match (record, live) {
                    (Some(record), live) => Some(back(seen, record, live)),
                    // It is in no subnet of our own: there is nothing to leave.
                    (None, Some(live)) if !uses_own(seen, live) => Some(stay(seen, live)),
                    (None, _) => None,
                },
            };
            ((*name).to_owned(), attached)
        });
        let gone = seen.snapshot.records.iter();
        let gone = gone.filter(|record| !wanted.contains_key(record.function.as_str()));
        let leaving = gone.map(|record| {
            let live = live(seen, &record.function);
            (record.function.clone(), back(seen, record, live))
        });
        Self {
            lent: seen.identity.lent().cloned().collect(),
            there: {
                let there = seen.identity.lent();
                there
                    .filter(|key| seen.identity.id(key).is_some())
                    .cloned()
                    .collect()
            },
            functions: functions.collect(),
            leaving: leaving.collect(),
            lost: pins::to_have_back(spec, seen),
            named: named(spec, seen),
            tables: former_tables(spec, seen),
        }
    }
}

/// The resources whose tag `Name` is not one that killick writes.
fn named(spec: &Spec, seen: &StackView<'_>) -> BTreeSet<Key> {
    let all = tagged(seen.snapshot).into_iter();
    let all = all.flat_map(|(kind, items)| items.into_iter().map(move |item| (kind, item)));
    let others = all.filter_map(|(kind, item)| {
        let key = seen.identity.own(item.id())?;
        let name = item.tags().get(NAME).filter(|name| !name.is_empty());
        let other = name.is_some() && Names(spec).named(kind, item.tags()).is_none();
        other.then(|| key.clone())
    });
    others.collect()
}

fn live<'a>(seen: &StackView<'a>, name: &str) -> Option<&'a snapshot::Function> {
    seen.snapshot
        .functions
        .iter()
        .find(|found| found.name == name)
}

/// Whether a function is in a private subnet of the stack, or has its group.
pub(crate) fn uses(seen: &StackView<'_>, live: &snapshot::Function) -> bool {
    used(seen, live).next().is_some()
}

/// The same, in one that killick made.
fn uses_own(seen: &StackView<'_>, live: &snapshot::Function) -> bool {
    used(seen, live).any(|key| !seen.identity.is_lent(key))
}

fn used<'a>(
    seen: &StackView<'a>,
    live: &'a snapshot::Function,
) -> impl Iterator<Item = &'a Key> + use<'a> {
    let identity = seen.identity;
    let ids = live.subnets.iter().chain(&live.security_groups);
    let keys = ids.filter_map(move |id| identity.key(id));
    keys.filter(|key| **key == group_key() || key.name.starts_with("private-"))
}

fn former(live: &snapshot::Function) -> PreviousConfig {
    PreviousConfig {
        subnets: live.subnets.iter().cloned().collect(),
        security_groups: live.security_groups.iter().cloned().collect(),
        ipv6: live.ipv6,
    }
}

/// What a function goes back to. One that has left already stays where it is,
/// and so does a new one that somebody made under the same name.
fn back(seen: &StackView<'_>, record: &Record, live: Option<&snapshot::Function>) -> Back {
    match live {
        Some(live) if uses(seen, live) => back_to(seen, &record.former),
        Some(live) => stay(seen, live),
        None => Back::default(),
    }
}

/// A function stays where it is.
fn stay(seen: &StackView<'_>, live: &snapshot::Function) -> Back {
    back_to(seen, &former(live))
}

fn back_to(seen: &StackView<'_>, then: &PreviousConfig) -> Back {
    let links = |ids: &BTreeSet<String>| ids.iter().map(|id| seen.link(id)).collect();
    Back {
        subnets: links(&then.subnets),
        security_groups: links(&then.security_groups),
        ipv6: then.ipv6,
    }
}

/// The groups of a function: its own, those of the whole stack, or the one
/// that killick makes.
fn groups(spec: &Spec, seen: &StackView<'_>, own: &[String]) -> Vec<Link> {
    let given = if own.is_empty() {
        &spec.security_groups
    } else {
        own
    };
    match given {
        [] => vec![Link::Ours(group_key())],
        ids => ids.iter().map(|id| seen.link(id)).collect(),
    }
}

/// The table that each brought private subnet had: as it is written on the one
/// that took its place, or else the one that it follows now.
fn former_tables(spec: &Spec, seen: &StackView<'_>) -> BTreeMap<String, String> {
    let zones = spec.zones.iter();
    let brought = zones.filter_map(|zone| Some((&zone.name, zone.private.brought()?)));
    let table = |(zone, subnet): (&String, &str)| {
        let mut tables = seen.snapshot.route_tables.iter();
        let ours = seen.identity.id(&private_table(zone));
        let written = tables.find(|table| Some(table.id.as_str()) == ours);
        let written = written.and_then(|table| table.tags.get(FORMERLY).cloned());
        let follows = || {
            let table = explicit(seen, subnet).filter(|id| seen.identity.own(id).is_none());
            table.unwrap_or(MAIN).to_owned()
        };
        (zone.clone(), written.unwrap_or_else(follows))
    };
    brought.map(table).collect()
}

/// The id of the table that a subnet is associated with by name.
fn explicit<'a>(seen: &StackView<'a>, subnet: &str) -> Option<&'a str> {
    Some(explicit_table(seen.snapshot, subnet)?.id.as_str())
}

/// A subnet that follows the main table of its VPC has none of its own.
pub const MAIN: &str = "main";

/// A subnet of somebody else that would change its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retabled {
    /// `subnet-…`
    pub subnet: String,
    /// The table that it follows now: its id, or `main`.
    pub now: String,
    /// The table of the stack that it will follow.
    pub then: Key,
    /// The table that destroy gives it: its id, or `main`.
    pub back: String,
}

/// The subnets of somebody else that would change their table.
pub fn retabled(spec: &Spec, seen: &StackView<'_>, found: &Resolved) -> Vec<Retabled> {
    let zones = spec.zones.iter();
    let brought = zones.filter_map(|zone| {
        let then = private_table(&zone.name);
        let subnet = zone.private.brought()?;
        let now = explicit(seen, subnet);
        if now.is_some() && now == seen.identity.id(&then) {
            return None;
        }
        Some(Retabled {
            subnet: subnet.to_owned(),
            now: now.unwrap_or(MAIN).to_owned(),
            back: found.tables.get(&zone.name)?.clone(),
            then,
        })
    });
    brought.collect()
}
