//! What the execution role of a function may not do.

use killick_core::{FieldDiff, PhysicalId};
use killick_engine::{Class, CloudError, Rules};
use killick_stack::resource::role_name;

use crate::call::call;
use crate::context::Context;
use crate::error::Operation;

/// What a function in a VPC needs (fact sheet section 8).
const POLICY: &str = "service-role/AWSLambdaVPCAccessExecutionRole";

const ATTACH: Operation = Operation::iam("AttachRolePolicy");

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
