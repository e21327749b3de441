//! Further addresses of a NAT gateway: what leaves by it may have any of them.

use killick_core::{FieldDiff, PhysicalId};
use killick_engine::{CloudError, Poll, Rules};
use killick_stack::snapshot;

use super::{DESCRIBE, one};
use crate::call::call;
use crate::context::Context;
use crate::error::Operation;
use crate::limits;

/// Takes away the further addresses that are extra, and waits until the
/// connections that have one are at an end: up to 350 seconds, unless somebody
/// set another time.
pub(super) async fn take_away(
    cx: &Context<'_>,
    id: &PhysicalId,
    changes: &[FieldDiff],
) -> Result<(), CloudError> {
    let extra = changes.iter().filter(|change| change.name == "secondary");
    let mut allocations = Vec::new();
    for change in extra {
        allocations.extend(cx.resolve(&change.live)?);
    }
    if allocations.is_empty() {
        return Ok(());
    }
    let ours = |nat: &snapshot::NatGateway| -> Vec<String> {
        let addresses = nat.addresses.iter().filter(|address| {
            let allocation = address.allocation.as_ref();
            allocation.is_some_and(|one| allocations.contains(one))
        });
        addresses
            .filter_map(|address| address.association.clone())
            .collect()
    };
    let going = match one(cx, id).await? {
        Some(nat) => ours(&nat),
        None => Vec::new(),
    };
    if going.is_empty() {
        return Ok(());
    }
    let operation = Operation::ec2("DisassociateNatGatewayAddress");
    call(cx.settler, Rules::REPEATABLE, operation, async || {
        let request = cx.session.ec2().disassociate_nat_gateway_address();
        let request = request.nat_gateway_id(id.as_str());
        request
            .set_association_ids(Some(going.clone()))
            .send()
            .await
    })
    .await?;
    let look = async || {
        let left = one(cx, id).await?.map_or_else(Vec::new, |nat| ours(&nat));
        Ok(match left.is_empty() {
            true => Poll::Ready(()),
            false => Poll::Pending("connections by the further address come to an end".to_owned()),
        })
    };
    cx.until(limits::NAT_DRAIN, DESCRIBE.name, look).await
}
