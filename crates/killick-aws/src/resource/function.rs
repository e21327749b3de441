//! Lambda function: deployed by somebody else, of which only the VPC config
//! is ours.

mod record;
mod role;

use std::collections::BTreeSet;

use aws_sdk_lambda::types::VpcConfig;
use killick_core::{FieldDiff, Health, Key, PhysicalId, Value};
use killick_engine::{Class, CloudError, Poll, Rules};
use killick_stack::resource::{Function, health};
use killick_stack::snapshot;

use crate::call::call;
use crate::calls::Calls;
use crate::context::Context;
use crate::describe;
use crate::error::Operation;
use crate::limits;

const UPDATE: Operation = Operation::lambda("UpdateFunctionConfiguration");
const GET: Operation = Operation::lambda("GetFunctionConfiguration");

impl Calls for Function {
    async fn create(&self, _cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let message = format!("{key} is deployed by another tool");
        Err(Operation::lambda("CreateFunction").error(Class::Fatal, "NotOurs", message))
    }

    async fn update(
        cx: &Context<'_>,
        key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        let declared = |name| changes.iter().find(|change| change.name == name);
        // First: without the right a new network is not taken.
        role::grant(cx, id, changes).await?;
        let former = declared("formerly").map(|change| &change.desired);
        record::write(cx, key, id, (declared("subnets"), former)).await?;
        if changes.iter().any(|change| change.name != "formerly") {
            move_to(cx, id, changes).await?;
        }
        record::forget(cx, key, former).await
    }

    async fn ready(cx: &Context<'_>, key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        if !cx.exists(key) {
            return Ok(());
        }
        let function = idle(cx, id).await?;
        match health(&function) {
            Health::Broken(reason) => {
                let message = format!("{key} did not take its VPC config: {reason}");
                Err(UPDATE.error(Class::Fatal, "Failed", message))
            }
            Health::Ready | Health::Settling(_) => Ok(()),
        }
    }

    async fn delete(_cx: &Context<'_>, key: &Key, _id: &PhysicalId) -> Result<(), CloudError> {
        let message = format!("{key} belongs to another tool");
        Err(Operation::lambda("DeleteFunction").error(Class::Fatal, "NotOurs", message))
    }
}

async fn move_to(
    cx: &Context<'_>,
    id: &PhysicalId,
    changes: &[FieldDiff],
) -> Result<(), CloudError> {
    let declared = |name| changes.iter().find(|change| change.name == name);
    // One update at a time; what is not to change is sent as it is, and a
    // config that was not taken is sent again.
    let live = idle(cx, id).await?;
    let broken = matches!(health(&live), Health::Broken(_));
    let ours = ["subnets", "security_groups", "ipv6"];
    if !broken && ours.into_iter().all(|name| declared(name).is_none()) {
        return Ok(());
    }
    let subnets = match declared("subnets") {
        Some(change) => cx.resolve_all(&change.desired)?,
        None => live.subnets,
    };
    let groups = match declared("security_groups") {
        Some(change) => cx.resolve_all(&change.desired)?,
        None => live.security_groups,
    };
    let ipv6 = match declared("ipv6").map(|change| &change.desired) {
        Some(Value::Bool(on)) => *on,
        _ => live.ipv6 && !subnets.is_empty(),
    };
    let wanted = Network::of(&subnets, &groups, ipv6);
    let config = VpcConfig::builder()
        .set_subnet_ids(Some(subnets))
        .set_security_group_ids(Some(groups))
        .ipv6_allowed_for_dual_stack(ipv6)
        .build();
    call(cx.settler, Rules::REPEATABLE, UPDATE, async || {
        let request = cx.session.lambda().update_function_configuration();
        request
            .function_name(id.as_str())
            .vpc_config(config.clone())
            .send()
            .await
    })
    .await?;
    // A read that is behind shows the old config at rest: what the function
    // still uses would be taken away from under it.
    settled(cx, id, |live| {
        Network::of(&live.subnets, &live.security_groups, live.ipv6) == wanted
    })
    .await?;
    Ok(())
}

/// The function once no update of it is in progress.
async fn idle(cx: &Context<'_>, id: &PhysicalId) -> Result<snapshot::Function, CloudError> {
    settled(cx, id, |_| true).await
}

/// The function once no update of it is in progress and it shows what is
/// looked for.
async fn settled(
    cx: &Context<'_>,
    id: &PhysicalId,
    shows: impl Fn(&snapshot::Function) -> bool,
) -> Result<snapshot::Function, CloudError> {
    let look = async || {
        let Some(function) =
            describe::function(cx.session.reader(), cx.settler, id.as_str()).await?
        else {
            let message = format!("the function {id} does not exist");
            return Err(GET.error(Class::Fatal, "ResourceNotFoundException", message));
        };
        Ok(match health(&function) {
            Health::Settling(state) => Poll::Pending(format!("the function is {state}")),
            _ if !shows(&function) => {
                Poll::Pending("the function does not show its new VPC config yet".to_owned())
            }
            Health::Ready | Health::Broken(_) => Poll::Ready(function),
        })
    };
    cx.until(limits::FUNCTION, GET.name, look).await
}

/// A VPC config without the order of its lists. Outside a VPC there is nothing
/// but that.
#[derive(PartialEq, Eq)]
struct Network {
    subnets: BTreeSet<String>,
    groups: BTreeSet<String>,
    ipv6: bool,
}

impl Network {
    fn of(subnets: &[String], groups: &[String], ipv6: bool) -> Self {
        let inside = !subnets.is_empty();
        Self {
            subnets: subnets.iter().cloned().collect(),
            groups: groups.iter().filter(|_| inside).cloned().collect(),
            ipv6: ipv6 && inside,
        }
    }
}
