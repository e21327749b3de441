//! Addresses: added, lost, taken, offered.

use super::hand::{Done, Hand};
use super::stack::{Stack, called};
use crate::ec2::{Address, lost_for_good};

pub(super) fn add(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let nat = stack.zone("a NAT gateway", |zone| zone.nat_gateway.as_ref())?;
    let address = hand.address()?;
    let params = [
        ("NatGatewayId", nat.id.as_str()),
        ("AllocationId.1", &address),
    ];
    hand.ec2("AssociateNatGatewayAddress", &params)?;
    let (nat, ip) = (called(&nat.id, &nat.tags), hand.ip(&address));
    Ok(format!("gave {nat} the further address {ip}"))
}

pub(super) fn release(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let address = idle(stack)?;
    hand.ec2("ReleaseAddress", &[("AllocationId", &address.id)])?;
    Ok(format!("released {}", shown(address)))
}

pub(super) fn lose(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let done = release(hand, stack)?;
    lost_for_good(hand.place(), &idle(stack)?.ip);
    Ok(format!("{done}, and another account got it"))
}

pub(super) fn take(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let address = idle(stack)?;
    let subnet = stack.zone("a public subnet", |zone| zone.public.as_ref())?;
    let (interface, instance) = hand.instance(subnet)?;
    let params = [
        ("AllocationId", address.id.as_str()),
        ("NetworkInterfaceId", &interface),
    ];
    hand.ec2("AssociateAddress", &params)?;
    let address = shown(address);
    Ok(format!("gave {address} to {interface} of {instance}"))
}

/// An address of the stack that nothing holds.
fn idle(stack: &Stack) -> Result<&Address, String> {
    let known = || stack.zones.iter().filter_map(|zone| zone.address.as_ref());
    if let Some(idle) = known().find(|address| address.association.is_none()) {
        return Ok(idle);
    }
    let mut held = known().filter_map(|address| Some((address, address.association.as_ref()?)));
    let (address, holder) = held.next().ok_or("no zone of the stack has an address")?;
    let address = shown(address);
    Err(match &holder.nat_gateway {
        Some(nat) => format!(
            "{nat} is in the way and holds {address}: \
             delete-nat-gateway, and wait until it is gone"
        ),
        None => format!("{} holds {address}", holder.interface),
    })
}

pub(super) fn offer(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let address = stack.zone("an address that is not on offer", |zone| {
        let address = zone.address.as_ref();
        address.filter(|address| address.transfer.is_none())
    })?;
    let mut others = ["111122223333", "444455556666"].into_iter();
    let other = others.find(|account| *account != hand.account);
    let other = other.unwrap_or_default();
    let params = [
        ("AllocationId", address.id.as_str()),
        ("TransferAccountId", other),
    ];
    hand.ec2("EnableAddressTransfer", &params)?;
    Ok(format!("offered {} to the account {other}", shown(address)))
}

fn shown(address: &Address) -> String {
    format!("{} {}", address.ip, called(&address.id, &address.tags))
}
