//! Elastic IP: the product itself.

use aws_sdk_ec2::types::{DomainType, ResourceType};
use killick_core::{Health, Key, Observed, PhysicalId};
use killick_engine::{CloudError, Patience, Rules};

use crate::call::call;
use crate::catalogue::Calls;
use crate::context::{Context, gone, made};
use crate::declare::declare;
use crate::describe;
use crate::error::Operation;
use crate::seen::Seen;
use crate::tags::Tags;

declare! {
    /// One fixed address. It is kept when nothing wants it any more: a partner
    /// may still have it in a firewall.
    ElasticIp = "elastic_ip", Kept {
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

impl Calls for ElasticIp {
    fn observe(seen: &Seen<'_>) -> Vec<Observed> {
        let ours = seen.ours(Self::KIND, &seen.snapshot.addresses, |address| &address.id);
        ours.into_iter()
            .map(|(key, address)| Observed {
                key,
                id: PhysicalId::new(&address.id),
                health: Health::Ready,
                attrs: Self {
                    tags: address.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("AllocateAddress");
        let find = async || {
            let filters = cx.owner.filters(key);
            let mut found = describe::addresses(cx.session, cx.settler, filters).await?;
            found.retain(|address| address.service_managed.is_none());
            Ok(found)
        };
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                let request = cx.session.ec2.allocate_address().domain(DomainType::Vpc);
                let tags = cx.tags(ResourceType::ElasticIp, key);
                request.tag_specifications(tags).send().await
            })
            .await?;
            made(answer.allocation_id(), operation)
        })
        .await
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        // Its NAT gateway lets go of it some seconds after it is gone.
        let rules = Rules::REPEATABLE.while_in_use(Patience::ADDRESS_FREE);
        gone(
            call(
                cx.settler,
                rules,
                Operation::ec2("ReleaseAddress"),
                async || {
                    let request = cx.session.ec2.release_address();
                    request.allocation_id(id.as_str()).send().await
                },
            )
            .await,
        )
    }
}
