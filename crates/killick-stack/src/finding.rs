//! What a drift report says: differences, told by their effect.

mod around;
mod blind;
mod contract;
mod egress_path;
mod fresh;
mod guests;
mod tables;

use std::collections::BTreeSet;

use killick_core::{
    Delta, Desired, Graph, Key, Lifecycle, Observed, PhysicalId, Value, What, diff,
};
use killick_finding::{Change, Draft, FieldPath, Finding, Flag, Part, Reason, Repair};
use killick_spec::Spec;

use blind::Blind;
pub use contract::frozen_versions;

use crate::assessment::Assessment;
use crate::catalogue::CATALOGUE;
use crate::effect::Judge;
use crate::fault::{self, Fault};
use crate::identify::Why;
use crate::pins::moved_out;
use crate::resource::{ElasticIp, Function, InternetGateway, NatGateway};
use crate::snapshot::Unreadable;
use crate::view::StackView;

/// A look at what no comparison of resources shows.
type Look = fn(&str, &StackView<'_>, &mut Vec<Finding>);

/// All of them, each with what it needs to have been read.
const LOOKS: [(Look, &[Part]); 10] = [
    (
        guests::functions,
        &[
            Part::Functions,
            Part::OtherFunctions,
            Part::TaggedFunctions,
            Part::Subnets,
        ],
    ),
    (guests::gateways, &[Part::Subnets, Part::RouteTables]),
    (tables::main, &[Part::Subnets, Part::RouteTables]),
    (
        tables::edge,
        &[Part::InternetGateways, Part::Subnets, Part::RouteTables],
    ),
    (tables::propagated, &[Part::RouteTables]),
    (around::public_access, &[Part::Subnets]),
    (around::name_servers, &[]),
    (around::endpoints, &[Part::RouteTables]),
    (around::transfers, &[]),
    (contract::frozen_aliases, &[Part::Subnets]),
];

/// A look that also asks the assessment.
type Assessing = fn(&str, &StackView<'_>, &Assessment, &mut Vec<Finding>);

const ASSESSING: [(Assessing, &[Part]); 2] = [
    (guests::subnets, &[Part::Subnets, Part::RouteTables]),
    (around::network_acls, &[Part::Subnets]),
];

/// What a look at a stack has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Every finding, the worst first.
    pub all: Vec<Finding>,
    /// What is wrong with egress paths. Each fault is reported by at least one
    /// of the findings.
    pub faults: Vec<Fault>,
}

/// Compares, and judges what differs.
pub fn findings(
    spec: &Spec,
    seen: &StackView<'_>,
    desired: &Graph<Desired>,
    observed: &Graph<Observed>,
    assessment: &Assessment,
) -> Findings {
    let stack = spec.stack.as_str();
    let deltas = diff(CATALOGUE, desired, observed);
    let eyes = Judge {
        seen,
        desired,
        assessment,
        down: down(&deltas),
    };
    let blind = Blind(&seen.snapshot.unreadable);
    let mut all = Vec::new();
    // Whether a function is meant is not known then.
    let vague = [Part::TaggedFunctions, Part::OtherFunctions]
        .into_iter()
        .any(|part| seen.snapshot.unread(part));
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
        if !needs.iter().any(|part| seen.snapshot.unread(*part)) {
            look(stack, seen, &mut all);
        }
    }
    for (look, needs) in ASSESSING {
        if !needs.iter().any(|part| seen.snapshot.unread(*part)) {
            look(stack, seen, assessment, &mut all);
        }
    }
    contract::pins(spec, assessment, &mut all);
    // The proof decides: what it refutes and nothing above reports is a finding.
    let context = fault::Context {
        seen,
        desired,
        assessment,
    };
    let mut faults = fault::of_proofs(seen.snapshot, assessment.proofs());
    fault::attribute(context, &mut faults, &all);
    all.extend(egress_path::egress_paths(stack, seen, &faults));
    fault::attribute(context, &mut faults, &all);
    all.sort_by_cached_key(|one| {
        let field = one.field.as_ref().map(ToString::to_string);
        (one.severity, one.key.to_string(), field)
    });
    Findings { all, faults }
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
    eyes: &Judge<'_>,
    blind: &Blind<'_>,
    delta: &Delta,
    all: &mut Vec<Finding>,
) {
    let repair = repair_of(eyes, delta);
    let whole = |what, live| {
        let (severity, effect) = eyes.whole(&delta.key, what);
        let draft = Draft {
            what,
            live,
            desired: Value::from(match what {
                Change::Extra => "nothing",
                Change::Missing | Change::Changed | Change::Broken => "ready",
            }),
            severity,
            effect,
            repair: repair.clone(),
        };
        draft.at(stack, &delta.key, None)
    };
    match &delta.what {
        // What is to be had back is told as the promise that it breaks.
        What::Missing if eyes.had_back(&delta.key) => {}
        What::Missing => {
            // One that was made again by hand is another cause.
            let instead = eyes.instead(&delta.key).map(PhysicalId::new);
            let live = instead.map_or(Value::Absent, Value::Foreign);
            let mut missing = whole(Change::Missing, live);
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
        let draft = Draft {
            what: diff.change(),
            live: diff.live.clone(),
            desired: diff.desired.clone(),
            severity,
            effect,
            repair: match diff.guard {
                Some(guard) => Repair::Guarded(guard.into()),
                None if another && eyes.takes_flag() => Repair::Guarded(Flag::ChangeAddresses),
                None if guarded_move(eyes, &delta.key) => Repair::Guarded(Flag::MoveFunctions),
                None => repair.clone(),
            },
        };
        all.push(draft.at(stack, &delta.key, Some(FieldPath::of(diff))));
    }
}

/// What `apply` does about a resource that differs.
fn repair_of(eyes: &Judge<'_>, delta: &Delta) -> Repair {
    let key = &delta.key;
    match &delta.what {
        What::Refused(_) => Repair::Report(Reason::Rebuild),
        What::Missing | What::Broken(..) if doubtful(eyes, key).is_some() => {
            Repair::Report(Reason::Unproven {
                id: doubtful(eyes, key).unwrap_or_default(),
            })
        }
        What::Missing if eyes.seen.identity.is_lent(key) => Repair::Report(Reason::ExternalMissing),
        // Another address than the one that partners know.
        What::Missing if key.kind == ElasticIp::KIND && eyes.stood(key) && eyes.takes_flag() => {
            Repair::Guarded(Flag::ChangeAddresses)
        }
        What::Missing if key.kind == Function::KIND => Repair::Report(Reason::NotDeployed),
        What::Missing | What::Broken(..) => match eyes.taken(key).or_else(|| eyes.waits(key)) {
            Some(reason) => Repair::Report(reason),
            // It comes back with another address, or with one that is asked for.
            None if eyes.takes_flag() && (eyes.swaps_back(key) || eyes.without_address(key)) => {
                Repair::Guarded(Flag::ChangeAddresses)
            }
            None => Repair::Automatic,
        },
        What::Extra | What::Changed(_) | What::Replaced(_) => Repair::Automatic,
    }
}

/// What is at the place of a resource, and is not surely the stack's.
fn doubtful(eyes: &Judge<'_>, key: &Key) -> Option<String> {
    let mut doubts = eyes.seen.identity.doubts().iter();
    let doubt = doubts.find(|one| one.key == *key && one.why == Why::Place)?;
    Some(doubt.id.clone())
}

/// Whether a function has to be moved out of a foreign VPC, and nothing says
/// that the stack attached it before.
fn guarded_move(eyes: &Judge<'_>, key: &Key) -> bool {
    let wanted = key.kind == Function::KIND && eyes.seen.identity.wants(key);
    wanted && moved_out(eyes.seen, &key.name).is_some()
}
