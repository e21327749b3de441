//! What a drift report says: differences, told by their effect.

mod contract;

use std::collections::BTreeSet;

use killick_core::{
    Change, Delta, Desired, Digest, FieldDiff, Graph, Key, Lifecycle, Observed, Value, What, diff,
};
use killick_spec::Spec;
use serde::Serialize;

pub use contract::frozen_versions;

use crate::catalogue::CATALOGUE;
use crate::effect::{Eyes, Severity};
use crate::resource::{ElasticIp, Function, InternetGateway, NatGateway};
use crate::seen::Seen;
use crate::snapshot::Unreadable;
use crate::strangers::strangers;

/// What can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Repair {
    /// `apply` puts it right.
    Automatic,
    /// `apply` puts it right under an explicit flag.
    Guarded,
    /// Not killick's to change.
    Report,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The same from run to run as long as the same thing differs.
    pub id: String,
    /// The resource.
    pub key: String,
    /// The field; `None` for a resource as a whole.
    pub field: Option<String>,
    /// Missing, extra, changed or broken.
    pub what: Change,
    /// What is there.
    pub live: Value,
    /// What should be there.
    pub desired: Value,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for the functions.
    pub effect: String,
    /// What can be done.
    pub repair: Repair,
}

/// Every finding, the worst first.
pub fn findings(
    spec: &Spec,
    seen: &Seen<'_>,
    desired: &Graph<Desired>,
    observed: &Graph<Observed>,
) -> Vec<Finding> {
    let stack = spec.stack.as_str();
    let deltas = diff(CATALOGUE, desired, observed);
    let eyes = Eyes {
        seen,
        desired,
        down: down(&deltas),
    };
    let blind = Blind(&seen.snapshot.unreadable);
    let mut all = Vec::new();
    for delta in deltas.iter().filter(|delta| !blind.kind(delta.key.kind)) {
        of_delta(stack, &eyes, &blind, delta, &mut all);
    }
    for stranger in strangers(seen) {
        let uses = stranger.uses.join(", ");
        let effect = format!(
            "{} is not in the spec and uses {uses}: it leaves by this stack's addresses",
            stranger.key.name
        );
        let found = Found {
            what: Change::Extra,
            live: Value::Text(uses),
            desired: Value::Absent,
            severity: Severity::Warning,
            effect,
            repair: Repair::Report,
        };
        all.push(finding(
            stack,
            &stranger.key,
            Some("subnets".to_owned()),
            found,
        ));
    }
    contract::promised(spec, seen, &mut all);
    contract::unused(spec, seen, &mut all);
    contract::unpromised(spec, seen, &mut all);
    contract::frozen_aliases(spec, seen, &mut all);
    all.sort_by(|a, b| (a.severity, &a.key, &a.field).cmp(&(b.severity, &b.key, &b.field)));
    all
}

/// How many declared fields and entries a comparison covers, those that could
/// not be read left out.
pub fn checked(desired: &Graph<Desired>, unreadable: &[Unreadable]) -> usize {
    let blind = Blind(unreadable);
    let entries = |value: &Value| match value {
        Value::Set(items) => items.len().max(1),
        Value::Map(items) => items.len().max(1),
        _ => 1,
    };
    desired
        .iter()
        .filter(|node| !blind.kind(node.key.kind))
        .flat_map(|node| {
            node.attrs
                .iter()
                .map(move |(name, value)| (node, name, value))
        })
        .filter(|(node, name, _)| !blind.field(node.key.kind, name))
        .map(|(_, _, value)| entries(value))
        .sum()
}

/// Resources without which what points at them is dead too: one cause, one
/// finding.
fn down(deltas: &[Delta]) -> BTreeSet<Key> {
    let detached = |delta: &Delta| {
        let mut fields = delta.what.fields().iter();
        delta.key.kind == InternetGateway::KIND && fields.any(|diff| diff.name == "vpc")
    };
    deltas
        .iter()
        .filter(|delta| matches!(delta.what, What::Missing | What::Broken(..)) || detached(delta))
        .map(|delta| delta.key.clone())
        .collect()
}

/// What could not be read.
struct Blind<'a>(&'a [Unreadable]);

impl Blind<'_> {
    fn kind(&self, kind: &str) -> bool {
        self.0
            .iter()
            .any(|one| one.kind == kind && one.field.is_none())
    }

    fn field(&self, kind: &str, field: &str) -> bool {
        self.0
            .iter()
            .any(|one| one.kind == kind && one.field.as_deref() == Some(field))
    }

    /// Whether a difference may only look like one, because what it points at
    /// could not be read and has no key for that reason.
    fn blurs(&self, diff: &FieldDiff) -> bool {
        let points_there = |value: &Value| {
            let mut refs = value.refs().into_iter();
            let prefix = |kind: &str| match kind {
                "internet_gateway" => "igw-",
                "elastic_ip" => "eipalloc-",
                "nat_gateway" => "nat-",
                "route_table" => "rtb-",
                "security_group" => "sg-",
                "subnet" => "subnet-",
                _ => "vpc-",
            };
            let foreign = |id: &str| {
                self.0
                    .iter()
                    .any(|one| one.field.is_none() && id.starts_with(prefix(&one.kind)))
            };
            refs.any(|key| self.kind(key.kind))
                || match value {
                    Value::Foreign(id) => foreign(id.as_str()),
                    Value::Set(items) => items
                        .iter()
                        .any(|item| matches!(item, Value::Foreign(id) if foreign(id.as_str()))),
                    _ => false,
                }
        };
        points_there(&diff.live)
            || points_there(&diff.desired)
            || diff.entry.as_ref().is_some_and(points_there)
    }
}

fn of_delta(
    stack: &str,
    eyes: &Eyes<'_>,
    blind: &Blind<'_>,
    delta: &Delta,
    all: &mut Vec<Finding>,
) {
    let repair = match delta.what {
        What::Refused(_) => Repair::Report,
        What::Missing if eyes.seen.identity.is_lent(&delta.key) => Repair::Report,
        // Another address than the one that partners know.
        What::Missing if delta.key.kind == ElasticIp::KIND && eyes.stood(&delta.key) => {
            Repair::Guarded
        }
        What::Missing if delta.key.kind == Function::KIND => Repair::Report,
        What::Missing | What::Broken(..) if eyes.taken(&delta.key) => Repair::Report,
        What::Missing | What::Broken(..) if eyes.swaps_back(&delta.key) => Repair::Guarded,
        _ => Repair::Automatic,
    };
    let whole = |what, live| {
        let (severity, effect) = eyes.whole(&delta.key, what);
        let found = Found {
            what,
            live,
            desired: Value::from(match what {
                Change::Extra => "nothing",
                _ => "ready",
            }),
            severity,
            effect,
            repair,
        };
        finding(stack, &delta.key, None, found)
    };
    match &delta.what {
        // What is to be had back is told as the promise that it breaks.
        What::Missing if eyes.had_back(&delta.key) => {}
        What::Missing => {
            let mut missing = whole(Change::Missing, Value::Absent);
            missing.desired = Value::Ref(delta.key.clone());
            all.push(missing);
        }
        What::Extra => {
            let lifecycle = CATALOGUE.get(delta.key.kind).map(|schema| schema.lifecycle);
            let id = delta.id.clone().map_or(Value::Absent, Value::Foreign);
            // An address that is kept on purpose, or a function that is not
            // ours, is no drift.
            if lifecycle == Some(Lifecycle::Owned) {
                let mut extra = whole(Change::Extra, id);
                extra.desired = Value::Absent;
                all.push(extra);
            }
        }
        What::Broken(reason, _) => all.push(whole(Change::Broken, Value::Text(reason.clone()))),
        What::Changed(_) | What::Replaced(_) | What::Refused(_) => {}
    }
    for diff in delta.what.fields() {
        if blind.field(delta.key.kind, diff.name) || blind.blurs(diff) || eyes.symptom(delta, diff)
        {
            continue;
        }
        let (severity, effect) = eyes.field(&delta.key, diff);
        let another = delta.key.kind == NatGateway::KIND && diff.name == "address";
        let repair = if diff.guarded || another {
            Repair::Guarded
        } else {
            repair
        };
        let found = Found {
            what: diff.change(),
            live: diff.live.clone(),
            desired: diff.desired.clone(),
            severity,
            effect,
            repair,
        };
        all.push(finding(stack, &delta.key, Some(diff.path()), found));
    }
}

struct Found {
    what: Change,
    live: Value,
    desired: Value,
    severity: Severity,
    effect: String,
    repair: Repair,
}

fn finding(stack: &str, key: &Key, field: Option<String>, found: Found) -> Finding {
    let digest = Digest::of(&(stack, key, &field, found.what));
    let id = digest.map_or_else(String::new, |digest| format!("d-{}", digest.short(6)));
    Finding {
        id,
        key: key.to_string(),
        field,
        what: found.what,
        live: found.live,
        desired: found.desired,
        severity: found.severity,
        effect: found.effect,
        repair: found.repair,
    }
}
