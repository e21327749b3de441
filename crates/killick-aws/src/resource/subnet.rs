//! Subnet.

mod network_acl;

use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType};
use killick_core::{FieldDiff, Key, PhysicalId, Value};
use killick_engine::{CloudError, Poll, Rules};
use killick_stack::ToValue;
use killick_stack::resource::Subnet;

use crate::call::call;
use crate::calls::Calls;
use crate::context::{Context, made};
use crate::describe;
use crate::error::Operation;
use crate::limits;
use crate::tags::{filter, filters, specification};

impl Calls for Subnet {
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateSubnet");
        let vpc = cx.resolve(&self.vpc.to_value())?.unwrap_or_default();
        let find = async || {
            let mut found =
                describe::subnets(cx.session.reader(), cx.settler, filters(cx.owner, key)).await?;
            found.retain(|subnet| subnet.vpc == vpc);
            Ok(found)
        };
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                cx.session
                    .ec2()
                    .create_subnet()
                    .vpc_id(&vpc)
                    .availability_zone(&self.zone)
                    .cidr_block(&self.cidr)
                    .tag_specifications(specification(ResourceType::Subnet, &self.tags))
                    .send()
                    .await
            })
            .await?;
            made(
                answer.subnet().and_then(|subnet| subnet.subnet_id()),
                operation,
            )
        })
        .await
    }

    async fn update(
        cx: &Context<'_>,
        _key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        network_acl::give_back(cx, id, changes).await?;
        let change = changes.iter().find(|change| change.name == "map_public_ip");
        let Some(Value::Bool(on)) = change.map(|change| &change.desired) else {
            return Ok(());
        };
        let value = AttributeBooleanValue::builder().value(*on).build();
        let operation = Operation::ec2("ModifySubnetAttribute");
        call(cx.settler, Rules::REPEATABLE, operation, async || {
            let request = cx
                .session
                .ec2()
                .modify_subnet_attribute()
                .subnet_id(id.as_str());
            request.map_public_ip_on_launch(value.clone()).send().await
        })
        .await?;
        Ok(())
    }

    async fn ready(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let look = async || {
            let filters = vec![filter("subnet-id", [id.as_str()])];
            let found = describe::subnets(cx.session.reader(), cx.settler, filters).await?;
            let state = found.iter().find(|subnet| subnet.id == id.as_str());
            Ok(match state.map(|subnet| subnet.state.as_str()) {
                Some("available") => Poll::Ready(()),
                state => {
                    let state = state.unwrap_or("not visible yet");
                    Poll::Pending(format!("the subnet is {state}"))
                }
            })
        };
        cx.until(limits::SETTLED, "DescribeSubnets", look).await
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let held_by = filter("subnet-id", [id.as_str()]);
        let operation = Operation::ec2("DeleteSubnet");
        cx.delete_held(operation, held_by, async || {
            let request = cx.session.ec2().delete_subnet().subnet_id(id.as_str());
            request.send().await.map(|_| ())
        })
        .await
    }
}
