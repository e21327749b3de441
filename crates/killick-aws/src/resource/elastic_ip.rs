//! Elastic IP: the product itself.

use aws_sdk_ec2::types::{DomainType, ResourceType};
use killick_core::{FieldDiff, Key, PhysicalId};
use killick_engine::{Class, CloudError, Rules};
use killick_stack::resource::ElasticIp;

use crate::call::call;
use crate::calls::Calls;
use crate::context::{Context, gone, made};
use crate::describe;
use crate::error::Operation;
use crate::limits;
use crate::tags::{filters, specification};

impl Calls for ElasticIp {
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("AllocateAddress");
        let find = async || {
            let filters = filters(cx.owner, key);
            let mut found = describe::addresses(cx.session.reader(), cx.settler, filters).await?;
            found.retain(|address| address.service_managed.is_none());
            Ok(found)
        };
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                let request = cx.session.ec2().allocate_address().domain(DomainType::Vpc);
                let request = request.set_address(self.public.get("ip").cloned());
                let tags = specification(ResourceType::ElasticIp, &self.tags);
                request.tag_specifications(tags).send().await
            })
            .await;
            let answer = answer.map_err(|error| lost(self, error))?;
            made(answer.allocation_id(), operation)
        })
        .await
    }

    async fn update(
        cx: &Context<'_>,
        _key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        if changes.iter().all(|change| change.name != "transfer") {
            return Ok(());
        }
        let operation = Operation::ec2("DisableAddressTransfer");
        // Taken or taken back meanwhile: there is none to disable.
        gone(
            call(cx.settler, Rules::REPEATABLE, operation, async || {
                let request = cx.session.ec2().disable_address_transfer();
                request.allocation_id(id.as_str()).send().await
            })
            .await,
        )
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        // Its NAT gateway lets go of it some seconds after it is gone.
        let rules = Rules::REPEATABLE.while_in_use(limits::ADDRESS_FREE);
        gone(
            call(
                cx.settler,
                rules,
                Operation::ec2("ReleaseAddress"),
                async || {
                    let request = cx.session.ec2().release_address();
                    request.allocation_id(id.as_str()).send().await
                },
            )
            .await,
        )
    }
}

/// The code for a promised address that AWS does not give back.
pub const ADDRESS_LOST: &str = "AddressLost";

/// A promised address that is not given back is lost: said plainly, and no
/// other one is taken in its place.
fn lost(address: &ElasticIp, error: CloudError) -> CloudError {
    match address.public.get("ip") {
        Some(ip) if error.class == Class::Fatal => CloudError {
            message: format!("{ip} is not given back ({}: {})", error.code, error.message),
            code: ADDRESS_LOST.to_owned(),
            ..error
        },
        _ => error,
    }
}
