//! NAT gateway: zonal and public.

mod secondary;

use aws_sdk_ec2::types::{ConnectivityType, ResourceType};
use killick_core::{FieldDiff, Key, PhysicalId};
use killick_engine::{Class, CloudError, Poll, Rules};
use killick_stack::resource::{NatGateway, failure};
use killick_stack::{ToValue, snapshot};

use crate::call::call;
use crate::calls::Calls;
use crate::context::{Context, gone, made};
use crate::describe;
use crate::error::Operation;
use crate::limits;
use crate::tags::{filter, filters, specification};

const CREATE: Operation = Operation::ec2("CreateNatGateway");
const DESCRIBE: Operation = Operation::ec2("DescribeNatGateways");

impl Calls for NatGateway {
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let mut generation = 0;
        loop {
            let id = create_one(self, cx, key, generation).await?;
            match come_up(cx, &id).await? {
                Some(reason) if generation < AGAIN && passing(&reason) => {
                    // Its zone has no way out meanwhile: not left to the next
                    // run. AWS forgets a failed gateway by itself.
                    delete(cx, &id).await?;
                    generation += 1;
                }
                _ => return Ok(id),
            }
        }
    }

    async fn update(
        cx: &Context<'_>,
        _key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        secondary::take_away(cx, id, changes).await
    }

    async fn ready(cx: &Context<'_>, key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        match come_up(cx, id).await? {
            None => Ok(()),
            Some(reason) => {
                let message = format!("{key} ({id}) did not come up: {reason}");
                Err(CREATE.error(Class::Fatal, "failed", message))
            }
        }
    }

    async fn delete(cx: &Context<'_>, _key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        delete(cx, id).await
    }
}

async fn create_one(
    nat: &NatGateway,
    cx: &Context<'_>,
    key: &Key,
    generation: usize,
) -> Result<PhysicalId, CloudError> {
    let subnet = cx.resolve(&nat.subnet.to_value())?.unwrap_or_default();
    let address = cx.resolve(&nat.address.to_value())?.unwrap_or_default();
    let find = async || {
        // A gateway that is gone or never came up is listed for an hour.
        let filters = filters(cx.owner, key);
        let mut found = describe::nat_gateways(cx.session.reader(), cx.settler, filters).await?;
        found.retain(snapshot::NatGateway::live);
        Ok(found)
    };
    cx.create_once(key, find, async || {
        address_free(cx, &address).await?;
        let answer = call(cx.settler, Rules::ONCE, CREATE, async || {
            cx.session
                .ec2()
                .create_nat_gateway()
                .subnet_id(&subnet)
                .allocation_id(&address)
                .connectivity_type(ConnectivityType::Public)
                .client_token(cx.token(key, generation))
                .tag_specifications(specification(ResourceType::Natgateway, &nat.tags))
                .send()
                .await
        })
        .await?;
        made(
            answer.nat_gateway().and_then(|made| made.nat_gateway_id()),
            CREATE,
        )
    })
    .await
}

/// How often a gateway is made again that failed for a passing reason.
const AGAIN: usize = 2;

/// Whether a failure says that something was not there everywhere yet, or not
/// let go of yet (fact sheet section 5).
fn passing(reason: &str) -> bool {
    [
        "Gateway.NotAttached",
        "InvalidAllocationID.NotFound",
        "InvalidSubnetID.NotFound",
        "Resource.AlreadyAssociated",
        "InternalError",
    ]
    .iter()
    .any(|code| reason.starts_with(code))
}

/// Waits for a gateway to leave `pending`: nothing when it works, else why it
/// never will. A creation failure comes as a state, not as an API error.
async fn come_up(cx: &Context<'_>, id: &PhysicalId) -> Result<Option<String>, CloudError> {
    let look = async || {
        Ok(match one(cx, id).await? {
            Some(nat) if nat.state == "available" => Poll::Ready(None),
            Some(nat) if nat.failed() => Poll::Ready(Some(failure(&nat))),
            Some(nat) if nat.state == "pending" => {
                Poll::Pending("the NAT gateway is pending".to_owned())
            }
            Some(nat) => Poll::Ready(Some(format!("it is {}", nat.state))),
            None => Poll::Pending("the NAT gateway is not visible yet".to_owned()),
        })
    };
    cx.until(limits::NAT_CREATE, DESCRIBE.name, look).await
}

async fn delete(cx: &Context<'_>, id: &PhysicalId) -> Result<(), CloudError> {
    let operation = Operation::ec2("DeleteNatGateway");
    gone(
        call(cx.settler, Rules::REPEATABLE, operation, async || {
            let request = cx.session.ec2().delete_nat_gateway();
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
    cx.until(limits::NAT_DELETE, DESCRIBE.name, look).await
}

async fn one(
    cx: &Context<'_>,
    id: &PhysicalId,
) -> Result<Option<snapshot::NatGateway>, CloudError> {
    let filters = vec![filter("nat-gateway-id", [id.as_str()])];
    let found = describe::nat_gateways(cx.session.reader(), cx.settler, filters).await?;
    Ok(found.into_iter().find(|nat| nat.id == id.as_str()))
}

/// Waits until nothing holds the address: a NAT gateway that is on its way out
/// holds it to the end, and for some seconds after. From anything that stays
/// it is not taken away.
async fn address_free(cx: &Context<'_>, allocation: &str) -> Result<(), CloudError> {
    let operation = Operation::ec2("DescribeAddresses");
    let look = async || {
        let filters = vec![filter("allocation-id", [allocation])];
        let found = describe::addresses(cx.session.reader(), cx.settler, filters).await?;
        let Some(address) = found.into_iter().find(|address| address.id == allocation) else {
            return Ok(Poll::Pending(format!("{allocation} is not visible yet")));
        };
        if address.association.is_none() {
            return Ok(Poll::Ready(()));
        }
        let gateways = describe::nat_gateways(cx.session.reader(), cx.settler, Vec::new()).await?;
        let holder = gateways
            .iter()
            .find(|nat| nat.live() && nat.allocation() == Some(allocation));
        let holder = holder.map(|nat| nat.id.clone()).or(address.instance);
        if let Some(holder) = holder {
            let ip = &address.ip;
            let message = format!("{ip} ({allocation}) is on {holder}; killick does not take it");
            return Err(operation.error(Class::Fatal, "AddressInUse", message));
        }
        let ip = &address.ip;
        Ok(Poll::Pending(format!(
            "{ip} is still held by what is being deleted"
        )))
    };
    cx.until(limits::NAT_DELETE, operation.name, look).await
}
