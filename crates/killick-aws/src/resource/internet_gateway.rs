//! Internet gateway, with its attachment.

use aws_sdk_ec2::types::ResourceType;
use killick_core::{FieldDiff, Health, Key, Observed, PhysicalId};
use killick_engine::{CloudError, Patience, Poll, Rules};

use crate::call::call;
use crate::catalogue::Calls;
use crate::context::{Context, gone, made};
use crate::declare::{Link, declare};
use crate::describe;
use crate::error::Operation;
use crate::seen::Seen;
use crate::tags::{Tags, filter, specification};

declare! {
    /// The VPC's door to the internet.
    InternetGateway = "internet_gateway", Owned {
        /// The VPC that it is attached to; one gateway a VPC.
        vpc: Link => Update.exclusive,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

const ATTACH: Operation = Operation::ec2("AttachInternetGateway");
const DETACH: Operation = Operation::ec2("DetachInternetGateway");

impl Calls for InternetGateway {
    fn observe(seen: &Seen<'_>) -> Vec<Observed> {
        let ours = seen.ours(Self::KIND, &seen.snapshot.internet_gateways, |gateway| {
            &gateway.id
        });
        ours.into_iter()
            .map(|(key, gateway)| Observed {
                key,
                id: PhysicalId::new(&gateway.id),
                health: Health::Ready,
                attrs: Self {
                    vpc: gateway
                        .vpc
                        .as_deref()
                        .map_or(Link::Nothing, |vpc| seen.link(vpc)),
                    tags: gateway.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateInternetGateway");
        let find = async || {
            let filters = cx.owner.filters(key);
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
        cx.until(Patience::SETTLED, "DescribeInternetGateways", look)
            .await
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        if let Some(vpc) = attached_to(cx, id).await? {
            detach(cx, id, &vpc).await?;
        }
        let rules = Rules::REPEATABLE.while_in_use(Patience::IN_USE);
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
    let rules = Rules::REPEATABLE.while_in_use(Patience::DETACH);
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
