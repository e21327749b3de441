//! What the execution role of a function may not do.

use std::collections::BTreeMap;

use killick_core::{FieldDiff, PhysicalId};
use killick_engine::{Class, CloudError, Rules};

use crate::call::call;
use crate::context::Context;
use crate::error::Operation;
use crate::seen::Seen;
use crate::snapshot;

/// What a function in a VPC needs (fact sheet section 8).
const POLICY: &str = "service-role/AWSLambdaVPCAccessExecutionRole";

const ATTACH: Operation = Operation::iam("AttachRolePolicy");

/// The role's name, and what it may not do; nothing where that is not known.
/// Of functions that share a role the first one answers for it.
pub(super) fn denied(seen: &Seen<'_>, function: &snapshot::Function) -> BTreeMap<String, String> {
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
pub(crate) fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

/// Gives the role AWS's own policy for it, where that is asked for.
pub(super) async fn grant(
    cx: &Context<'_>,
    id: &PhysicalId,
    changes: &[FieldDiff],
) -> Result<(), CloudError> {
    if changes.iter().all(|change| change.name != "role") {
        return Ok(());
    }
    let mut functions = cx.snapshot.functions.iter();
    let arn = functions
        .find(|function| function.name == id.as_str())
        .and_then(|function| function.role.as_deref());
    // `arn:aws-cn:iam::123456789012:role/path/name`
    let partition = arn.and_then(|arn| arn.split(':').nth(1));
    let Some((arn, partition)) = arn.zip(partition) else {
        let message = format!("{id} has no execution role");
        return Err(ATTACH.error(Class::Fatal, "NoRole", message));
    };
    let policy = format!("arn:{partition}:iam::aws:policy/{POLICY}");
    call(cx.settler, Rules::REPEATABLE, ATTACH, async || {
        let request = cx.session.iam().attach_role_policy();
        request
            .role_name(role_name(arn))
            .policy_arn(&policy)
            .send()
            .await
    })
    .await?;
    Ok(())
}
