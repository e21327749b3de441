//! Elastic IP: the product itself.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{DomainType, ResourceType};
use killick_core::{FieldDiff, Health, Key, Observed, PhysicalId};
use killick_engine::{Class, CloudError, Patience, Rules};

use crate::call::call;
use crate::catalogue::Calls;
use crate::context::{Context, gone, made};
use crate::declare::declare;
use crate::describe;
use crate::error::Operation;
use crate::seen::Seen;
use crate::tags::{Tags, specification};

declare! {
    /// One fixed address. It is kept when nothing wants it any more: a partner
    /// may still have it in a firewall.
    ElasticIp = "elastic_ip", Kept {
        /// `ip`: the address itself, where a promised one is to be had back.
        public: BTreeMap<String, String> => Refuse.declared,
        /// `to`: the account that can take it, while it is offered to one.
        transfer: BTreeMap<String, String> => Update.closed,
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
                    public: BTreeMap::from([("ip".to_owned(), address.ip.clone())]),
                    transfer: offered(seen, &address.id),
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
            let answer = answer.map_err(|error| self.lost(error))?;
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
        let rules = Rules::REPEATABLE.while_in_use(Patience::ADDRESS_FREE);
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

/// The account that can take an address.
fn offered(seen: &Seen<'_>, allocation: &str) -> BTreeMap<String, String> {
    let mut transfers = seen.snapshot.transfers.iter();
    let pending = transfers.find(|one| one.allocation == allocation && one.status == "pending");
    let to = pending.map(|one| ("to".to_owned(), one.account.clone()));
    to.into_iter().collect()
}

/// The code for a promised address that AWS does not give back.
pub const ADDRESS_LOST: &str = "AddressLost";

impl ElasticIp {
    /// A promised address that is not given back is lost: said plainly, and no
    /// other one is taken in its place.
    fn lost(&self, error: CloudError) -> CloudError {
        match self.public.get("ip") {
            Some(ip) if error.class == Class::Fatal => CloudError {
                message: format!("{ip} is not given back ({}: {})", error.code, error.message),
                code: ADDRESS_LOST.to_owned(),
                ..error
            },
            _ => error,
        }
    }
}
