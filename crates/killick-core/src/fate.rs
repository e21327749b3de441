//! What becomes of each resource, before anything is ordered.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::classify;
use crate::graph::{Needs, walk};
use crate::world::World;
use crate::{
    Delta, FieldDiff, Key, Lifecycle, OnChange, PhysicalId, PlanError, Policy, What, diff,
};

/// What becomes of one resource.
pub(crate) enum Fate {
    Create,
    Update(Vec<FieldDiff>),
    /// Deleted and created again: what differs, and why if that does not say it.
    Replace(Vec<FieldDiff>, Option<String>),
    /// Borrowed and no longer wanted: it stays, we take our hands off.
    Detach,
    Delete,
}

impl Fate {
    /// Whether what is there now will be deleted.
    pub(crate) fn ends(&self) -> bool {
        matches!(self, Self::Delete | Self::Replace(..))
    }

    fn is_replace(&self) -> bool {
        matches!(self, Self::Replace(..))
    }
}

/// The fates of all that is not as it should be, and what is let be.
#[derive(Default)]
pub(crate) struct Verdict<'a> {
    pub(crate) fates: BTreeMap<Key, Fate>,
    /// What each resource will need once the plan is done.
    pub(crate) wanted: Needs<'a>,
    pub(crate) left_alone: Vec<(Key, FieldDiff)>,
    pub(crate) kept: Vec<(Key, PhysicalId)>,
}

impl Verdict<'_> {
    /// The keys whose resources will be deleted, replaced ones included.
    pub(crate) fn going(&self) -> BTreeSet<&Key> {
        let ending = self.fates.iter().filter(|(_, fate)| fate.ends());
        ending.map(|(key, _)| key).collect()
    }
}

/// Decides the fate of every difference.
pub(crate) fn decide<'a>(world: &World<'a>, policy: Policy) -> Result<Verdict<'a>, PlanError> {
    let (mut verdict, mut absent, mut refused) = (Verdict::default(), Vec::new(), Vec::new());
    for delta in diff(world.catalogue, world.desired, world.observed) {
        let Delta { key, id, what } = delta;
        let lifecycle = world.lifecycle(&key);
        let what = match what {
            // Not ours to make again: what it did not take is sent again.
            What::Broken(reason, mut fields) if lifecycle == Lifecycle::Borrowed => {
                fields.push(FieldDiff::unready(&reason));
                What::Changed(fields)
            }
            what => what,
        };
        let fate = match what {
            What::Missing if lifecycle == Lifecycle::Borrowed => {
                absent.push(key);
                continue;
            }
            What::Missing => Fate::Create,
            What::Extra => match (lifecycle, id) {
                (Lifecycle::Borrowed, _) => Fate::Detach,
                (Lifecycle::Kept, Some(id)) if !policy.release_kept => {
                    verdict.kept.push((key, id));
                    continue;
                }
                _ => Fate::Delete,
            },
            What::Broken(reason, fields) if lifecycle == Lifecycle::Owned => {
                Fate::Replace(fields, Some(reason))
            }
            What::Changed(fields)
            | What::Replaced(fields)
            | What::Refused(fields)
            | What::Broken(_, fields) => {
                let (left, fields): (Vec<_>, Vec<_>) = fields
                    .into_iter()
                    .partition(|diff| diff.guard.is_some_and(|guard| !policy.allows(guard)));
                let left = left.into_iter().map(|diff| (key.clone(), diff));
                verdict.left_alone.extend(left);
                match classify(world.catalogue, key.kind, fields) {
                    Some(What::Changed(fields)) => Fate::Update(fields),
                    Some(What::Replaced(fields)) if replaceable(lifecycle, policy) => {
                        Fate::Replace(fields, None)
                    }
                    Some(What::Replaced(fields) | What::Refused(fields)) => {
                        let what = What::Refused(fields);
                        refused.push(Delta { key, id, what });
                        continue;
                    }
                    _ => continue,
                }
            }
        };
        verdict.fates.insert(key, fate);
    }
    spread_replacement(world, policy, &mut verdict.fates);
    if !verdict.fates.values().any(Fate::ends) {
        // Nothing goes: there is no need to wait for who uses nothing.
        let uses = |key: &Key| !world.observed.refs(key).is_empty();
        verdict
            .fates
            .retain(|key, fate| !matches!(fate, Fate::Detach) || uses(key));
    }
    refused.extend(forced(world, policy, &verdict.fates));
    if !refused.is_empty() {
        return Err(PlanError::Refused(refused));
    }
    if !absent.is_empty() {
        return Err(PlanError::Absent(absent));
    }
    verdict.wanted = world.wanted();
    leave_alone(world, &mut verdict);
    Ok(verdict)
}

/// Strikes what cannot be left alone: entries of what is deleted, and those
/// that name something that is replaced and cannot be put back, because the
/// new one needs the very resource that they are entries of.
fn leave_alone<'a>(world: &World<'a>, verdict: &mut Verdict<'a>) {
    let Verdict {
        fates,
        wanted,
        left_alone,
        ..
    } = verdict;
    left_alone.retain(|(key, diff)| {
        let Some(node) = world.desired.get(key) else {
            return true;
        };
        if fates.get(key).is_some_and(Fate::ends) {
            return false;
        }
        let replaced = |key: &&Key| fates.get(*key).is_some_and(Fate::is_replace);
        for back in diff.live.refs().into_iter().filter(replaced) {
            if walk(wanted, back, &|_| true).contains(key) {
                return false;
            }
            let back = world.desired.get(back).map(|node| &node.key);
            wanted.entry(&node.key).or_default().extend(back);
        }
        true
    });
}

/// Whether we may delete it to create it again.
fn replaceable(lifecycle: Lifecycle, policy: Policy) -> bool {
    match lifecycle {
        Lifecycle::Owned => true,
        Lifecycle::Kept => policy.release_kept,
        Lifecycle::Borrowed => false,
    }
}

/// A field that refers to something that is replaced.
struct Referrer<'a> {
    key: &'a Key,
    field: &'static str,
    cause: &'a Key,
    on_change: OnChange,
}

/// The fields of existing, not replaced resources that refer to a replaced one:
/// of ours as they should be, of what is lent as they are, for that is not
/// ours to change.
fn referrers<'a>(
    world: &World<'a>,
    policy: Policy,
    fates: &BTreeMap<Key, Fate>,
) -> Vec<Referrer<'a>> {
    let replaced = |key: &Key| fates.get(key).is_some_and(Fate::is_replace);
    let stays = |key: &Key| world.observed.contains(key) && !replaced(key);
    let mut found = Vec::new();
    let ours = world.desired.iter().map(|want| (&want.key, &want.attrs));
    let ours = ours.filter(|(key, _)| !world.lent(key) && stays(key));
    let theirs = world.observed.iter().map(|have| (&have.key, &have.attrs));
    let theirs = theirs.filter(|(key, _)| world.lent(key));
    for (key, attrs) in ours.chain(theirs) {
        let lent = world.lent(key);
        let free = replaceable(world.lifecycle(key), policy);
        for (name, value) in attrs {
            let field = world.catalogue.field(key.kind, name);
            let on_change = match field.map_or(OnChange::Update, |field| field.on_change) {
                _ if lent => OnChange::Refuse,
                OnChange::Replace if !free => OnChange::Refuse,
                on_change => on_change,
            };
            let cause = value.refs().into_iter().find(|key| replaced(key));
            found.extend(cause.map(|cause| Referrer {
                key,
                field: name,
                cause,
                on_change,
            }));
        }
    }
    found
}

/// Who refers to a replaced resource by a field that says so is replaced too,
/// and so on.
fn spread_replacement(world: &World<'_>, policy: Policy, fates: &mut BTreeMap<Key, Fate>) {
    loop {
        let spread = referrers(world, policy, fates)
            .into_iter()
            .find(|referrer| referrer.on_change == OnChange::Replace);
        let Some(Referrer { key, cause, .. }) = spread else {
            return;
        };
        let changes = match fates.remove(key) {
            Some(Fate::Update(changes)) => changes,
            _ => Vec::new(),
        };
        let note = format!("{cause} is replaced");
        fates.insert(key.clone(), Fate::Replace(changes, Some(note)));
    }
}

/// The replacements that nobody may make although they would be needed.
fn forced(world: &World<'_>, policy: Policy, fates: &BTreeMap<Key, Fate>) -> Vec<Delta> {
    referrers(world, policy, fates)
        .into_iter()
        .filter(|referrer| referrer.on_change == OnChange::Refuse)
        .map(|referrer| {
            let cause = crate::Value::Ref(referrer.cause.clone());
            Delta {
                key: referrer.key.clone(),
                id: world.observed.get(referrer.key).map(|have| have.id.clone()),
                what: What::Refused(vec![FieldDiff {
                    name: referrer.field,
                    entry: None,
                    live: cause.clone(),
                    desired: cause,
                    guard: None,
                }]),
            }
        })
        .collect()
}
