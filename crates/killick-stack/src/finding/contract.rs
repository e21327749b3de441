//! Findings that no comparison of resources shows: what was promised, and what
//! is frozen.

use std::collections::BTreeSet;

use killick_core::Value;
use killick_finding::{
    Aspect, Change, Draft, FieldPath, Finding, Flag, Reason, Repair, Revert, Severity,
};
use killick_spec::Spec;

use crate::assessment::Assessment;
use crate::pins::{Broken, Promise};
use crate::resource::{ElasticIp, Function};
use crate::snapshot::Version;
use crate::view::StackView;

/// Promised addresses that are not the stack's to use.
pub(super) fn promised(
    spec: &Spec,
    seen: &StackView<'_>,
    assessment: &Assessment,
    all: &mut Vec<Finding>,
) {
    for Promise { ip, why } in assessment.broken().iter().cloned() {
        let used = assessment.leaving().by(&ip);
        let severity = match (&why, used) {
            (Broken::Taken { .. }, true) => Severity::Warning,
            _ => Severity::Critical,
        };
        let zone = match &why {
            Broken::Gone { zone } => zone.clone(),
            Broken::Taken { .. } | Broken::Leaving { .. } => zone_of(seen, &ip),
            Broken::Foreign { .. } => None,
        };
        let (effect, repair, live) = match why {
            Broken::Gone { zone: Some(_) } => (
                format!(
                    "{ip} was promised to partners and is not in this account: released, moved to \
                     another, or never here; apply can ask for it back while nobody else has it"
                ),
                Repair::Guarded(Flag::ChangeAddresses),
                Value::Absent,
            ),
            Broken::Gone { zone: None } => (
                format!(
                    "{ip} was promised to partners and is not in this account: released, moved to \
                     another, or never here; no zone of the spec is without an address"
                ),
                Repair::Report(Reason::NoZoneForIt),
                Value::Absent,
            ),
            Broken::Foreign { allocation, stack } => {
                let of = stack.map_or("no stack".to_owned(), |stack| format!("the stack {stack}"));
                (
                    format!(
                        "{ip} was promised to partners and is of {of} ({allocation}): {}",
                        match used {
                            true =>
                                "functions leave by it today, and nothing of this stack holds it",
                            false => "no function of this one leaves by it",
                        }
                    ),
                    Repair::Report(Reason::NotOfThisStack),
                    Value::Text(allocation),
                )
            }
            Broken::Taken { by } => (
                match used {
                    true => format!(
                        "functions leave by {ip}, which was promised to partners and is on {by}: \
                         killick does not manage that and does not take it away"
                    ),
                    false => format!(
                        "{ip} was promised to partners and is in use by {by}: killick does not \
                         take it away"
                    ),
                },
                Repair::Report(Reason::HeldBy {
                    association: association_of(seen, &ip),
                    holder: by.clone(),
                }),
                Value::Text(by),
            ),
            // Told as its offer.
            Broken::Leaving { .. } => continue,
        };
        let key = ElasticIp::key(zone.unwrap_or_else(|| ip.clone()));
        let draft = Draft {
            what: match live {
                Value::Absent => Change::Missing,
                _ => Change::Changed,
            },
            live,
            desired: Value::Text(ip.clone()),
            severity,
            effect,
            repair,
        };
        all.push(draft.at(
            &spec.stack,
            &key,
            Some(FieldPath::Beyond(Aspect::Pinned(ip))),
        ));
    }
}

/// Promised addresses that the stack holds and that the spec does not use.
pub(super) fn unused(
    spec: &Spec,
    seen: &StackView<'_>,
    assessment: &Assessment,
    all: &mut Vec<Finding>,
) {
    let zones = spec.zones.iter().filter(|zone| spec.has_nat(&zone.name));
    let keys = zones.map(|zone| ElasticIp::key(zone.name.as_str()));
    let used: BTreeSet<&str> = keys.filter_map(|key| seen.identity.id(&key)).collect();
    for ip in spec.addresses.iter().map(ToString::to_string) {
        let Some(address) = seen.address(&ip) else {
            continue;
        };
        let Some(key) = seen.identity.key(&address.id) else {
            continue;
        };
        if used.contains(address.id.as_str()) {
            continue;
        }
        let (live, effect) = match assessment.leaving().by(&ip) {
            true => (
                "in use, and not in the spec",
                format!(
                    "functions leave by {ip} today, which was promised to partners, but no NAT \
                     gateway of the spec has it: the next apply stops using it, and it is kept \
                     and billed"
                ),
            ),
            false => (
                "held, and not used",
                format!(
                    "{ip} was promised to partners, and no NAT gateway of the spec has it: it is \
                     kept and billed, and nothing leaves by it"
                ),
            ),
        };
        let draft = Draft {
            what: Change::Changed,
            live: Value::from(live),
            desired: Value::Text(ip.clone()),
            severity: Severity::Warning,
            effect,
            repair: Repair::Report(Reason::UnusedBySpec),
        };
        all.push(draft.at(
            &spec.stack,
            key,
            Some(FieldPath::Beyond(Aspect::Unused(ip))),
        ));
    }
}

/// Addresses that the stack uses and that nobody was promised.
pub(super) fn unpromised(spec: &Spec, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let zones = spec.zones.iter().filter(|_| !spec.addresses.is_empty());
    for zone in zones.filter(|zone| spec.has_nat(&zone.name)) {
        let key = ElasticIp::key(zone.name.as_str());
        let id = seen.identity.id(&key);
        let mut addresses = seen.snapshot.addresses.iter();
        let Some(address) = addresses.find(|found| Some(found.id.as_str()) == id) else {
            continue;
        };
        let ip = &address.ip;
        if spec.addresses.iter().any(|known| known.to_string() == *ip) {
            continue;
        }
        let draft = Draft {
            what: Change::Extra,
            live: Value::Text(ip.clone()),
            desired: Value::Absent,
            severity: Severity::Critical,
            effect: format!(
                "what leaves by the NAT gateway of {} has {ip}, which was not promised to \
                 partners: add it to `addresses` once they let it in",
                zone.name
            ),
            repair: Repair::Report(Reason::NotPinned),
        };
        all.push(draft.at(
            &spec.stack,
            &key,
            Some(FieldPath::Beyond(Aspect::NotPinned)),
        ));
    }
}

fn association_of(seen: &StackView<'_>, ip: &str) -> Option<String> {
    seen.address(ip)?.association.clone()
}

fn zone_of(seen: &StackView<'_>, ip: &str) -> Option<String> {
    let address = seen.address(ip)?;
    let key = seen.identity.key(&address.id)?;
    Some(key.name.clone())
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
