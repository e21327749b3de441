//! VPC.

mod network_acl;

use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType};
use killick_core::{FieldDiff, Key, PhysicalId, Value};
use killick_engine::{CloudError, Poll, Rules};
use killick_stack::resource::Vpc;

use crate::call::call;
use crate::calls::Calls;
use crate::context::{Context, gone, made};
use crate::describe;
use crate::error::Operation;
use crate::limits;
use crate::tags::{filter, filters, specification};

impl Calls for Vpc {
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateVpc");
        let find =
            async || describe::vpcs(cx.session.reader(), cx.settler, filters(cx.owner, key)).await;
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                let request = cx.session.ec2().create_vpc().cidr_block(&self.cidr);
                request
                    .tag_specifications(specification(ResourceType::Vpc, &self.tags))
                    .send()
                    .await
            })
            .await?;
            made(answer.vpc().and_then(|vpc| vpc.vpc_id()), operation)
        })
        .await
    }

    async fn update(
        cx: &Context<'_>,
        _key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        network_acl::clear(cx, id, changes).await?;
        // One attribute a call, and support first: hostnames need it.
        for name in ["dns_support", "dns_hostnames"] {
            let change = changes.iter().find(|change| change.name == name);
            let Some(Value::Bool(on)) = change.map(|change| &change.desired) else {
                continue;
            };
            let value = AttributeBooleanValue::builder().value(*on).build();
            let operation = Operation::ec2("ModifyVpcAttribute");
            call(cx.settler, Rules::REPEATABLE, operation, async || {
                let request = cx.session.ec2().modify_vpc_attribute().vpc_id(id.as_str());
                match name {
                    "dns_support" => request.enable_dns_support(value.clone()),
                    _ => request.enable_dns_hostnames(value.clone()),
                }
                .send()
                .await
            })
            .await?;
        }
        Ok(())
    }

    async fn ready(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let look = async || {
            let filters = vec![filter("vpc-id", [id.as_str()])];
            let found = describe::vpcs(cx.session.reader(), cx.settler, filters).await?;
            let state = found.iter().find(|vpc| vpc.id == id.as_str());
            Ok(match state.map(|vpc| vpc.state.as_str()) {
                Some("available") => Poll::Ready(()),
                state => {
                    Poll::Pending(format!("the VPC is {}", state.unwrap_or("not visible yet")))
                }
            })
        };
        cx.until(limits::SETTLED, "DescribeVpcs", look).await
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let rules = Rules::REPEATABLE.while_in_use(limits::IN_USE);
        gone(
            call(cx.settler, rules, Operation::ec2("DeleteVpc"), async || {
                cx.session
                    .ec2()
                    .delete_vpc()
                    .vpc_id(id.as_str())
                    .send()
                    .await
            })
            .await,
        )
    }
}
