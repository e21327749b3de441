//! What the execution role of a function may not do.

use std::collections::BTreeMap;

use crate::snapshot;
use crate::view::StackView;

/// The role's name, and what it may not do; nothing where that is not known.
/// Of functions that share a role the first one answers for it.
pub(super) fn denied(
    seen: &StackView<'_>,
    function: &snapshot::Function,
) -> BTreeMap<String, String> {
    let first = seen.snapshot.functions.iter().filter(|other| {
        other.role == function.role && seen.identity.wants(&super::Function::key(&other.name))
    });
    if first.map(|other| &other.name).min() != Some(&function.name) {
        return BTreeMap::new();
    }
    let mut roles = seen.snapshot.traffic.roles.iter();
    let role = roles.find(|role| Some(&role.arn) == function.role.as_ref());
    let denied = role.filter(|role| !role.denied.is_empty());
    let told = denied.map(|role| {
        (
            role_name(&role.arn).to_owned(),
            format!("denied {}", role.denied.join(", ")),
        )
    });
    told.into_iter().collect()
}

/// The last part of an ARN, whatever path is before it.
pub fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}
