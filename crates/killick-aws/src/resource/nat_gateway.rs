//! NAT gateway: zonal and public.

use aws_sdk_ec2::types::{ConnectivityType, ResourceType};
use killick_core::{FieldDiff, Health, Key, Observed, PhysicalId};
use killick_engine::{Class, CloudError, Patience, Poll, Rules};

use crate::call::call;
use crate::catalogue::Calls;
use crate::context::{Context, gone, made};
use crate::declare::{Link, ToValue, declare};
use crate::describe;
use crate::error::Operation;
use crate::seen::Seen;
use crate::snapshot;
use crate::tags::{Tags, filter};

declare! {
    /// One zone's way out: a public NAT gateway that holds the zone's fixed
    /// address.
    NatGateway = "nat_gateway", Owned {
        /// The public subnet that it sits in.
        subnet: Link => Replace,
        /// Its primary address, by which everything behind it leaves.
        address: Link => Replace.exclusive,
        /// `public`; a private one has no address at all.
        connectivity: String => Replace,
        /// `zonal`; a regional one chooses its addresses by itself.
        availability: String => Replace,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

const DESCRIBE: Operation = Operation::ec2("DescribeNatGateways");

impl Calls for NatGateway {
    fn observe(seen: &Seen<'_>) -> Vec<Observed> {
        let link = |id: Option<&str>| id.map_or(Link::Nothing, |id| seen.link(id));
        let ours = seen.ours(Self::KIND, &seen.snapshot.nat_gateways, |nat| &nat.id);
        ours.into_iter()
            .map(|(key, nat)| Observed {
                key,
                id: PhysicalId::new(&nat.id),
                health: match nat.state.as_str() {
                    "available" => Health::Ready,
                    "failed" => Health::Broken(failure(nat)),
                    state => Health::Settling(state.to_owned()),
                },
                attrs: Self {
                    subnet: link(nat.subnet.as_deref()),
                    address: link(nat.allocation()),
                    connectivity: nat.connectivity.clone(),
                    availability: nat.availability.clone(),
                    tags: nat.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateNatGateway");
        let subnet = cx.resolve(&self.subnet.to_value())?.unwrap_or_default();
        let address = cx.resolve(&self.address.to_value())?.unwrap_or_default();
        let find = async || {
            // Filters by tag first; a gateway that is gone or never came up
            // is still listed for an hour.
            let filters = cx.owner.filters(key);
            let found = describe::nat_gateways(cx.session, cx.settler, filters).await?;
            let live = found
                .into_iter()
                .filter(|nat| nat.exists() && !nat.failed());
            Ok(live.map(|nat| (nat.id, nat.tags)).collect())
        };
        cx.create_once(key, find, async || {
            address_free(cx, &address).await?;
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                cx.session
                    .ec2
                    .create_nat_gateway()
                    .subnet_id(&subnet)
                    .allocation_id(&address)
                    .connectivity_type(ConnectivityType::Public)
                    .client_token(cx.token(key))
                    .tag_specifications(cx.tags(ResourceType::Natgateway, key))
                    .send()
                    .await
            })
            .await?;
            made(
                answer.nat_gateway().and_then(|nat| nat.nat_gateway_id()),
                operation,
            )
        })
        .await
    }

    async fn update(
        _cx: &Context<'_>,
        _key: &Key,
        _id: &PhysicalId,
        _changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        Ok(())
    }

    async fn ready(cx: &Context<'_>, key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let look = async || match one(cx, id).await? {
            Some(nat) if nat.state == "available" => Ok(Poll::Ready(())),
            Some(nat) if nat.state == "pending" => {
                Ok(Poll::Pending("the NAT gateway is pending".to_owned()))
            }
            Some(nat) if nat.failed() => {
                // A creation failure comes as a state, not as an API error.
                let message = format!("{key} ({id}) did not come up: {}", failure(&nat));
                Err(Operation::ec2("CreateNatGateway").error(Class::Fatal, "failed", message))
            }
            Some(nat) => {
                let message = format!("{key} ({id}) is {}", nat.state);
                Err(DESCRIBE.error(Class::Fatal, &nat.state, message))
            }
            None => Ok(Poll::Pending(
                "the NAT gateway is not visible yet".to_owned(),
            )),
        };
        cx.until(Patience::NAT_CREATE, DESCRIBE.name, look).await
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let operation = Operation::ec2("DeleteNatGateway");
        gone(
            call(cx.settler, Rules::REPEATABLE, operation, async || {
                let request = cx.session.ec2.delete_nat_gateway();
                request.nat_gateway_id(id.as_str()).send().await
            })
            .await,
        )?;
        let look = async || {
            Ok(match one(cx, id).await? {
                Some(nat) if nat.state == "deleted" || nat.failed() => Poll::Ready(()),
                Some(nat) => Poll::Pending(format!("the NAT gateway is {}", nat.state)),
                None => Poll::Ready(()),
            })
        };
        cx.until(Patience::NAT_DELETE, DESCRIBE.name, look).await
    }
}

fn failure(nat: &snapshot::NatGateway) -> String {
    nat.failure
        .clone()
        .unwrap_or_else(|| "no reason given".to_owned())
}

async fn one(
    cx: &Context<'_>,
    id: &PhysicalId,
) -> Result<Option<snapshot::NatGateway>, CloudError> {
    let filters = vec![filter("nat-gateway-id", [id.as_str()])];
    let found = describe::nat_gateways(cx.session, cx.settler, filters).await?;
    Ok(found.into_iter().find(|nat| nat.id == id.as_str()))
}

/// Waits until nothing holds the address: a NAT gateway that is on its way out
/// holds it to the end. From an instance it is not taken.
async fn address_free(cx: &Context<'_>, allocation: &str) -> Result<(), CloudError> {
    let operation = Operation::ec2("DescribeAddresses");
    let look = async || {
        let filters = vec![filter("allocation-id", [allocation])];
        let found = describe::addresses(cx.session, cx.settler, filters).await?;
        let Some(address) = found.into_iter().find(|address| address.id == allocation) else {
            return Ok(Poll::Pending(format!("{allocation} is not visible yet")));
        };
        if let Some(instance) = &address.instance {
            let message = format!(
                "{} ({allocation}) is on {instance}; killick does not take it away",
                address.ip
            );
            return Err(operation.error(Class::Fatal, "AddressInUse", message));
        }
        let holder = address.network_interface.as_deref().unwrap_or("something");
        Ok(match &address.association {
            None => Poll::Ready(()),
            Some(_) => Poll::Pending(format!("{} is still held by {holder}", address.ip)),
        })
    };
    cx.until(Patience::ADDRESS_FREE, operation.name, look).await
}
