//! Internet gateway, with its attachment.

use aws_sdk_ec2::types::ResourceType;
use killick_core::{FieldDiff, Key, PhysicalId};
use killick_engine::{CloudError, Poll, Rules};
use killick_stack::resource::InternetGateway;

use crate::call::call;
use crate::calls::Calls;
use crate::context::{Context, gone, made};
use crate::describe;
use crate::error::Operation;
use crate::limits;
use crate::tags::{filter, filters, specification};

const ATTACH: Operation = Operation::ec2("AttachInternetGateway");
const DETACH: Operation = Operation::ec2("DetachInternetGateway");

impl Calls for InternetGateway {
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateInternetGateway");
        let find = async || {
            let filters = filters(cx.owner, key);
            describe::internet_gateways(cx.session.reader(), cx.settler, filters).await
        };
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                let tags = specification(ResourceType::InternetGateway, &self.tags);
                let request = cx.session.ec2().create_internet_gateway();
                request.tag_specifications(tags).send().await
            })
            .await?;
            let gateway = answer.internet_gateway();
            made(
                gateway.and_then(|gateway| gateway.internet_gateway_id()),
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
        let Some(change) = changes.iter().find(|change| change.name == "vpc") else {
            return Ok(());
        };
        if let Some(old) = cx.resolve(&change.live)? {
            detach(cx, id, &old).await?;
        }
        let Some(vpc) = cx.resolve(&change.desired)? else {
            return Ok(());
        };
        let answer = call(cx.settler, Rules::REPEATABLE, ATTACH, async || {
            let request = cx.session.ec2().attach_internet_gateway();
            request
                .internet_gateway_id(id.as_str())
                .vpc_id(&vpc)
                .send()
                .await
        })
        .await;
        match answer {
            // A try whose answer was lost had attached it, or it sits elsewhere.
            Err(error) if error.code == "Resource.AlreadyAssociated" => {
                let holder = attached_to(cx, id).await?;
                if holder.is_some_and(|holder| holder != vpc) {
                    return Err(error);
                }
            }
            answer => {
                answer?;
            }
        }
        // Routes and NAT gateways are refused before the attachment shows.
        let look = async || {
            Ok(match attached_to(cx, id).await? {
                Some(holder) if holder == vpc => Poll::Ready(()),
                _ => Poll::Pending("the internet gateway is not attached yet".to_owned()),
            })
        };
        cx.until(limits::SETTLED, "DescribeInternetGateways", look)
            .await
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        if let Some(vpc) = attached_to(cx, id).await? {
            detach(cx, id, &vpc).await?;
        }
        let rules = Rules::REPEATABLE.while_in_use(limits::IN_USE);
        let operation = Operation::ec2("DeleteInternetGateway");
        gone(
            call(cx.settler, rules, operation, async || {
                let request = cx.session.ec2().delete_internet_gateway();
                request.internet_gateway_id(id.as_str()).send().await
            })
            .await,
        )
    }
}

async fn attached_to(cx: &Context<'_>, id: &PhysicalId) -> Result<Option<String>, CloudError> {
    let filters = vec![filter("internet-gateway-id", [id.as_str()])];
    let found = describe::internet_gateways(cx.session.reader(), cx.settler, filters).await?;
    let ours = found.into_iter().find(|gateway| gateway.id == id.as_str());
    Ok(ours.and_then(|gateway| gateway.vpc))
}

async fn detach(cx: &Context<'_>, id: &PhysicalId, vpc: &str) -> Result<(), CloudError> {
    // Refused as long as the VPC maps public addresses: NAT gateways that are
    // still on their way out.
    let rules = Rules::REPEATABLE.while_in_use(limits::DETACH);
    gone(
        call(cx.settler, rules, DETACH, async || {
            let request = cx.session.ec2().detach_internet_gateway();
            request
                .internet_gateway_id(id.as_str())
                .vpc_id(vpc)
                .send()
                .await
        })
        .await,
    )
}
