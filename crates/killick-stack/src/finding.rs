//! What a drift report says: differences, told by their effect.

mod around;
mod blind;
mod contract;
mod fresh;
mod guests;
mod tables;
mod unexplained;

use std::collections::BTreeSet;

use killick_core::{
    Change, Delta, Desired, Digest, Graph, Key, Lifecycle, Observed, Value, What, diff,
};
use killick_spec::Spec;
use serde::Serialize;

use blind::Blind;
pub use contract::frozen_versions;

use crate::assessment::Assessment;
use crate::catalogue::CATALOGUE;
use crate::effect::{Eyes, Severity};
use crate::resource::{ElasticIp, Function, InternetGateway, NatGateway, RouteTable, Subnet};
use crate::snapshot::Unreadable;
use crate::view::Seen;

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
    /// The same from run to run as long as the same thing differs; another one
    /// when that becomes better or worse, so that who accepted the one did not
    /// accept the other.
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

impl Finding {
    /// The flag under which `apply` puts it right, if it takes one.
    pub fn flag(&self) -> Option<&'static str> {
        let kind = self.key.split('/').next().unwrap_or_default();
        let field = self.field.as_deref().unwrap_or_default();
        let head = field.split('.').next().unwrap_or_default();
        match (self.repair, kind, head) {
            (Repair::Automatic | Repair::Report, ..) => None,
            (Repair::Guarded, Function::KIND, "role") => Some("--grant"),
            (Repair::Guarded, ElasticIp::KIND | NatGateway::KIND, "transfer" | "secondary") => {
                Some("--prune")
            }
            (Repair::Guarded, ElasticIp::KIND | NatGateway::KIND, _) => Some("--change-addresses"),
            (Repair::Guarded, ..) => Some("--prune"),
        }
    }
}

/// A look at what no comparison of resources shows.
type Look = fn(&str, &Seen<'_>, &mut Vec<Finding>);

/// A part of what is read: a kind, or one field of it.
type Part = (&'static str, Option<&'static str>);

const FUNCTION: Part = (Function::KIND, None);
const OTHERS: Part = (Function::KIND, Some("others"));
const TAGGED: Part = (Function::KIND, Some("tags"));
const GATEWAY: Part = (InternetGateway::KIND, None);
const SUBNET: Part = (Subnet::KIND, None);
const TABLE: Part = (RouteTable::KIND, None);

/// All of them, each with what it needs to have been read.
const LOOKS: [(Look, &[Part]); 10] = [
    (guests::functions, &[FUNCTION, OTHERS, TAGGED, SUBNET]),
    (guests::gateways, &[SUBNET, TABLE]),
    (tables::main, &[SUBNET, TABLE]),
    (tables::edge, &[GATEWAY, SUBNET, TABLE]),
    (tables::propagated, &[TABLE]),
    (around::public_access, &[SUBNET]),
    (around::name_servers, &[]),
    (around::endpoints, &[TABLE]),
    (around::transfers, &[]),
    (contract::frozen_aliases, &[SUBNET]),
];

/// A look that also asks the assessment.
type Assessing = fn(&str, &Seen<'_>, &Assessment, &mut Vec<Finding>);

const ASSESSING: [(Assessing, &[Part]); 2] = [
    (guests::subnets, &[SUBNET, TABLE]),
    (around::network_acls, &[SUBNET]),
];

/// Every finding, the worst first.
pub fn findings(
    spec: &Spec,
    seen: &Seen<'_>,
    desired: &Graph<Desired>,
    observed: &Graph<Observed>,
    assessment: &Assessment,
) -> Vec<Finding> {
    let stack = spec.stack.as_str();
    let deltas = diff(CATALOGUE, desired, observed);
    let eyes = Eyes {
        seen,
        desired,
        assessment,
        down: down(&deltas),
    };
    let blind = Blind(&seen.snapshot.unreadable);
    let mut all = Vec::new();
    // Whether a function is meant is not known then.
    let vague = blind.field(Function::KIND, "tags") || blind.field(Function::KIND, "others");
    let unsure = |key: &Key| vague && key.kind == Function::KIND && !seen.identity.wants(key);
    let deltas = deltas.iter().filter(|delta| !unsure(&delta.key));
    let deltas: Vec<&Delta> = deltas.filter(|delta| !blind.kind(delta.key.kind)).collect();
    // One cause, one finding: that all of a stack is missing is told once.
    let fresh = fresh::Fresh::of(&eyes, &deltas);
    for delta in deltas {
        if fresh.is_none() || !fresh::covers(&eyes, delta) {
            of_delta(stack, &eyes, &blind, delta, &mut all);
        }
    }
    all.extend(fresh.map(|fresh| fresh.finding(stack, &eyes)));
    for (look, needs) in LOOKS {
        // What is not known is not told as if it were.
        if !needs.iter().any(|(kind, field)| blind.hides(kind, *field)) {
            look(stack, seen, &mut all);
        }
    }
    for (look, needs) in ASSESSING {
        if !needs.iter().any(|(kind, field)| blind.hides(kind, *field)) {
            look(stack, seen, assessment, &mut all);
        }
    }
    contract::promised(spec, seen, assessment, &mut all);
    contract::unused(spec, seen, assessment, &mut all);
    contract::unpromised(spec, seen, &mut all);
    unexplained::unexplained(stack, seen, assessment, &mut all);
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
        What::Missing if eyes.waits(&delta.key) => Repair::Report,
        What::Missing | What::Broken(..) if eyes.swaps_back(&delta.key) => Repair::Guarded,
        // It comes back with another address, or with one that is asked for.
        What::Missing | What::Broken(..) if eyes.without_address(&delta.key) => Repair::Guarded,
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
        let repair = if diff.guard.is_some() || another {
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
    let digest = Digest::of(&(stack, key, &field, found.what, found.severity));
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
