//! Egress paths that end elsewhere though nothing that is compared differs: an
//! external resource, or a filter that killick does not manage, is in the way.

use std::collections::BTreeMap;

use killick_core::{Key, Value};
use killick_finding::{
    Aspect, Change, Draft, FieldPath, Finding, Reason, Repair, Revert, Severity,
};

use crate::fault::{Fault, unreported};
use crate::resource::Function;
use crate::view::StackView;

/// One finding for each function and cause that no other finding reports, with
/// all places that it concerns.
pub(super) fn egress_paths(stack: &str, seen: &StackView<'_>, faults: &[Fault]) -> Vec<Finding> {
    let groups = unreported(faults).into_iter();
    groups
        .filter_map(|((function, cause), group)| {
            let severity = group.iter().map(|fault| fault.severity).min()?;
            Some(finding(stack, seen, (&function, cause), severity, &group))
        })
        .collect()
}

fn finding(
    stack: &str,
    seen: &StackView<'_>,
    (function, cause): (&str, String),
    severity: Severity,
    group: &[&Fault],
) -> Finding {
    let mut fates: BTreeMap<(Severity, &str), Vec<String>> = BTreeMap::new();
    for fault in group {
        let place = fault.subnet.as_deref().map(|subnet| seen.name(subnet));
        let place = place.map_or_else(
            || "outside of any VPC".to_owned(),
            |name| format!("from {name}"),
        );
        let place = match &fault.version {
            Some((alias, _)) => format!("{place} (alias {alias})"),
            None => place,
        };
        let places = fates.entry((fault.severity, &fault.effect)).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let told: Vec<String> = fates
        .into_iter()
        .map(|((_, told), places)| format!("{}: {told}", places.join(" and ")))
        .collect();
    let told = told.join("; ");
    let draft = Draft {
        what: Change::Changed,
        live: Value::Text(told.clone()),
        desired: Value::from("leaves by the fixed addresses"),
        severity,
        effect: format!("{function} {told}"),
        repair: Repair::Report(Reason::Unmanaged(Revert::EgressPath)),
    };
    let key: Key = Function::key(function);
    let field = FieldPath::Beyond(Aspect::EgressPath(cause));
    draft.at(stack, &key, Some(field))
}
