//! Findings that no comparison of resources shows: what was promised, and what
//! is frozen.

use std::collections::BTreeSet;

use killick_core::Value;
use killick_finding::{
    Aspect, Change, Draft, FieldPath, Finding, Flag, Reason, Repair, Revert, Severity,
};
use killick_spec::Spec;

use crate::assessment::Assessment;
use crate::pins::{Moment, Pin, Remedy, Standing, State};
use crate::resource::{ElasticIp, Function};
use crate::snapshot::Version;
use crate::view::StackView;

/// What becomes of the pinned addresses, and addresses that are used beside
/// them.
pub(super) fn pins(spec: &Spec, assessment: &Assessment, all: &mut Vec<Finding>) {
    for pin in assessment.pins().all() {
        let Some(ip) = pin.ip.clone() else { continue };
        let at = |moment| pin.judge(moment).standing;
        let told = match (at(Moment::Before), at(Moment::After)) {
            (Standing::Lost, _) => lost(pin, &ip),
            (_, Standing::Dropped) if pin.is_pinned() => unused(pin, &ip),
            (_, Standing::Stray) if pin.is_held() && !spec.addresses.is_empty() => {
                unpinned(pin, &ip)
            }
            // An offer is reported as the transfer that it is.
            (
                Standing::Kept
                | Standing::Waits
                | Standing::Dropped
                | Standing::Stray
                | Standing::Blocked
                | Standing::Threatened
                | Standing::Spare
                | Standing::Unread,
                _,
            ) => continue,
        };
        let zone = pin.zone.clone().unwrap_or(ip);
        let (aspect, draft) = told;
        let key = ElasticIp::key(zone);
        all.push(draft.at(&spec.stack, &key, Some(FieldPath::Beyond(aspect))));
    }
}

/// A pinned address that is not the stack's to use.
fn lost(pin: &Pin, ip: &str) -> (Aspect, Draft) {
    let judged = pin.judge(Moment::Before);
    let gone = "is pinned and not in this account: released, moved to another, \
                or never here";
    let holder = pin.holder.clone().unwrap_or_default();
    let (effect, reason, live) = match (pin.state(Moment::Before), pin.leaves) {
        (State::Recoverable, _) => (
            format!("{ip} {gone}; apply can ask for it back while nobody else has it"),
            Reason::NoZoneForIt,
            Value::Absent,
        ),
        (State::Elsewhere | State::Further, used) => {
            let stack = pin.stack.as_ref();
            let of = stack.map_or("no stack".to_owned(), |stack| format!("the stack {stack}"));
            let allocation = pin.allocation.clone().unwrap_or_default();
            let used = match used {
                true => "functions leave by it today, and nothing of this stack holds it",
                false => "no function of this one leaves by it",
            };
            (
                format!("{ip} is pinned and belongs to {of} ({allocation}): {used}"),
                Reason::NotOfThisStack,
                Value::Text(allocation),
            )
        }
        (State::Taken, used) => (
            match used {
                true => format!(
                    "functions leave by {ip}, which is pinned and on {holder}: \
                     killick does not manage that and does not take it away"
                ),
                false => format!(
                    "{ip} is pinned and in use by {holder}: killick does not \
                     take it away"
                ),
            },
            Reason::HeldBy {
                association: pin.association.clone(),
                holder: holder.clone(),
            },
            Value::Text(holder),
        ),
        (
            State::Released
            | State::InUse
            | State::Waiting
            | State::Unused
            | State::Offered
            | State::Unread,
            _,
        ) => (
            format!("{ip} {gone}; no zone of the spec is without an address"),
            Reason::NoZoneForIt,
            Value::Absent,
        ),
    };
    let draft = Draft {
        what: match live {
            Value::Absent => Change::Missing,
            _ => Change::Changed,
        },
        live,
        desired: Value::Text(ip.to_owned()),
        severity: match (pin.state(Moment::Before), pin.leaves) {
            (State::Taken, true) => Severity::Warning,
            _ => Severity::Critical,
        },
        effect,
        repair: match judged.remedy {
            Remedy::ChangeAddresses => Repair::Guarded(Flag::ChangeAddresses),
            _ => Repair::Report(reason),
        },
    };
    (Aspect::Pinned(ip.to_owned()), draft)
}

/// A pinned address that the stack holds and that the spec does not use.
fn unused(pin: &Pin, ip: &str) -> (Aspect, Draft) {
    let (live, effect) = match pin.leaves {
        true => (
            "in use, and not in the spec",
            format!(
                "functions leave by {ip} today, which is pinned, but no NAT \
                 gateway of the spec has it: the next apply stops using it, and it is kept \
                 and billed"
            ),
        ),
        false => (
            "held, and not used",
            format!(
                "{ip} is pinned, and no NAT gateway of the spec has it: it is \
                 kept and billed, and nothing leaves by it"
            ),
        ),
    };
    let draft = Draft {
        what: Change::Changed,
        live: Value::from(live),
        desired: Value::Text(ip.to_owned()),
        severity: Severity::Warning,
        effect,
        repair: Repair::Report(Reason::UnusedBySpec),
    };
    (Aspect::Unused(ip.to_owned()), draft)
}

/// An address that the stack uses and that the spec does not pin.
fn unpinned(pin: &Pin, ip: &str) -> (Aspect, Draft) {
    let zone = pin.zone.as_deref().unwrap_or_default();
    let draft = Draft {
        what: Change::Extra,
        live: Value::Text(ip.to_owned()),
        desired: Value::Absent,
        severity: Severity::Critical,
        effect: format!(
            "what leaves by the NAT gateway of {zone} has {ip}, which is not pinned: \
             add it to `addresses` once they let it in"
        ),
        repair: Repair::Report(Reason::NotPinned),
    };
    (Aspect::NotPinned, draft)
}

/// Aliases that lead to a version which is frozen outside of the stack's
/// subnets.
pub(super) fn frozen_aliases(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    for version in frozen(seen) {
        for alias in &version.aliases {
            let (function, number) = (&version.function, &version.version);
            let draft = Draft {
                what: Change::Changed,
                live: Value::Text(format!("version {number}")),
                desired: Value::from("a version of the present VPC config"),
                severity: Severity::Critical,
                effect: format!(
                    "who calls {function}:{alias} runs version {number}, which is frozen with {}: \
                     publish a new version and point the alias at it",
                    network(version)
                ),
                repair: Repair::Report(Reason::Unmanaged(Revert::Alias {
                    function: function.clone(),
                    alias: alias.clone(),
                })),
            };
            let key = Function::key(function.as_str());
            all.push(draft.at(
                stack,
                &key,
                Some(FieldPath::Beyond(Aspect::Alias(alias.clone()))),
            ));
        }
    }
}

/// Published versions without an alias that are frozen outside of the stack's
/// subnets, in words: no drift, for nobody may call them.
pub fn frozen_versions(seen: &StackView<'_>) -> Vec<String> {
    let versions: Vec<&Version> = frozen(seen).filter(|one| one.aliases.is_empty()).collect();
    let functions: BTreeSet<&str> = versions.iter().map(|one| one.function.as_str()).collect();
    let told = functions.into_iter().map(|function| {
        let numbers = versions.iter().filter(|one| one.function == function);
        let numbers: Vec<&str> = numbers.map(|one| one.version.as_str()).collect();
        let (word, are) = match numbers.len() {
            1 => ("version", "is"),
            _ => ("versions", "are"),
        };
        format!(
            "{word} {} of {function} {are} frozen with another network: who calls one by its \
             number leaves by another way",
            numbers.join(", ")
        )
    });
    told.collect()
}

/// The versions that do not run in the stack's private subnets.
fn frozen<'a>(seen: &StackView<'a>) -> impl Iterator<Item = &'a Version> + use<'a> {
    let identity = seen.identity;
    let versions = seen.snapshot.versions.iter();
    versions.filter(move |version| {
        let private = |id: &String| {
            let key = identity.key(id);
            key.is_some_and(|key| key.name.starts_with("private-"))
        };
        version.subnets.is_empty() || !version.subnets.iter().all(private)
    })
}

fn network(version: &Version) -> String {
    match version.subnets.is_empty() {
        true => "no VPC: it leaves by addresses that AWS picks".to_owned(),
        false => format!("{}, which are not this stack's", version.subnets.join(", ")),
    }
}
