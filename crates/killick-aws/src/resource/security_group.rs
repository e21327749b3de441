//! Security group: egress only.

use aws_sdk_ec2::types::{IpPermission, ResourceType};
use killick_core::{FieldDiff, Key, PhysicalId, Value};
use killick_engine::{CloudError, Rules};
use killick_stack::resource::{SecurityGroup, group_name};
use killick_stack::{Rule, ToValue};

use crate::call::call;
use crate::calls::Calls;
use crate::context::{Context, gone, made};
use crate::convert::permission;
use crate::describe;
use crate::error::Operation;
use crate::tags::{filter, filters, specification};

impl Calls for SecurityGroup {
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateSecurityGroup");
        let vpc = cx.resolve(&self.vpc.to_value())?.unwrap_or_default();
        let name = group_name(&cx.owner.stack, key);
        let find = async || {
            let filters = filters(cx.owner, key);
            let mut found =
                describe::security_groups(cx.session.reader(), cx.settler, filters).await?;
            found.retain(|group| group.vpc == vpc);
            Ok(found)
        };
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                cx.session
                    .ec2()
                    .create_security_group()
                    .vpc_id(&vpc)
                    .group_name(&name)
                    .description("Egress of Lambda functions with fixed addresses (killick)")
                    .tag_specifications(specification(ResourceType::SecurityGroup, &self.tags))
                    .send()
                    .await
            })
            .await?;
            made(answer.group_id(), operation)
        })
        .await
    }

    async fn update(
        cx: &Context<'_>,
        _key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        for change in changes {
            let egress = match change.name {
                "egress" => true,
                "ingress" => false,
                _ => continue,
            };
            let text = change
                .entry
                .as_ref()
                .and_then(Value::as_text)
                .unwrap_or_default();
            let Ok(rule) = text.parse::<Rule>() else {
                continue;
            };
            match change.desired.is_absent() {
                true => revoke(cx, id, egress, permission(&rule)).await?,
                false => authorize(cx, id, egress, permission(&rule)).await?,
            }
        }
        Ok(())
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let held_by = filter("group-id", [id.as_str()]);
        let operation = Operation::ec2("DeleteSecurityGroup");
        cx.delete_held(operation, held_by, async || {
            let request = cx
                .session
                .ec2()
                .delete_security_group()
                .group_id(id.as_str());
            request.send().await.map(|_| ())
        })
        .await
    }
}

async fn authorize(
    cx: &Context<'_>,
    id: &PhysicalId,
    egress: bool,
    permission: IpPermission,
) -> Result<(), CloudError> {
    let (settler, rules, ec2) = (cx.settler, Rules::REPEATABLE, cx.session.ec2());
    let answer = if egress {
        let operation = Operation::ec2("AuthorizeSecurityGroupEgress");
        call(settler, rules, operation, async || {
            let request = ec2.authorize_security_group_egress().group_id(id.as_str());
            request.ip_permissions(permission.clone()).send().await
        })
        .await
        .map(|_| ())
    } else {
        let operation = Operation::ec2("AuthorizeSecurityGroupIngress");
        call(settler, rules, operation, async || {
            let request = ec2.authorize_security_group_ingress().group_id(id.as_str());
            request.ip_permissions(permission.clone()).send().await
        })
        .await
        .map(|_| ())
    };
    match answer {
        // A new group has the rule that lets everything out from the start.
        Err(error) if error.code == "InvalidPermission.Duplicate" => Ok(()),
        answer => answer,
    }
}

async fn revoke(
    cx: &Context<'_>,
    id: &PhysicalId,
    egress: bool,
    permission: IpPermission,
) -> Result<(), CloudError> {
    let (settler, rules, ec2) = (cx.settler, Rules::REPEATABLE, cx.session.ec2());
    if egress {
        let operation = Operation::ec2("RevokeSecurityGroupEgress");
        gone(
            call(settler, rules, operation, async || {
                let request = ec2.revoke_security_group_egress().group_id(id.as_str());
                request.ip_permissions(permission.clone()).send().await
            })
            .await,
        )
    } else {
        let operation = Operation::ec2("RevokeSecurityGroupIngress");
        gone(
            call(settler, rules, operation, async || {
                let request = ec2.revoke_security_group_ingress().group_id(id.as_str());
                request.ip_permissions(permission.clone()).send().await
            })
            .await,
        )
    }
}
