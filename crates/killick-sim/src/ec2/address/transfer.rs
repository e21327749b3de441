//! Offers of an Elastic IP to another account. Nobody here accepts one.

use serde_json::{Value, json};

use super::{Address, LISTING, Transfer};
use crate::ec2::Call;
use crate::failure::Failure;
use crate::wire::{Page, page};
use crate::world::{Millis, timestamp};

/// How long an offer stands: seven days.
const OFFER: Millis = 7 * 24 * 3_600_000;

pub(super) fn enable(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("AllocationId")?;
    let account = call.params.need("TransferAccountId")?;
    call.checked()?;
    let address = LISTING.need(call, &id)?.clone();
    let digits = account.bytes().all(|byte| byte.is_ascii_digit());
    if account.len() != 12 || !digits || account == call.place.account {
        let message = format!("Invalid value '{account}' for transferAccountId.");
        return Err(Failure::value(message));
    }
    let transfer = Transfer {
        account,
        until: call.now.saturating_add(OFFER),
    };
    let shown = show(&address, &transfer, "pending");
    let seen = call.seen();
    if let Some(address) = call.place.addresses.change(&id, seen) {
        address.transfer = Some(transfer);
    }
    Ok(json!({"addressTransfer": shown}))
}

pub(super) fn disable(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("AllocationId")?;
    call.checked()?;
    let address = LISTING.need(call, &id)?.clone();
    let Some(transfer) = pending(&address, call.now) else {
        let message = format!("There is no pending transfer of the address '{id}'");
        return Err(Failure::new("InvalidTransfer.NotFound", message));
    };
    let seen = call.seen();
    if let Some(address) = call.place.addresses.change(&id, seen) {
        address.transfer = None;
    }
    Ok(json!({"addressTransfer": show(&address, transfer, "disabled")}))
}

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ids = call.params.list("AllocationId");
    let asked = Page::of(&mut call.params, 5..=1000)?;
    call.checked()?;
    for id in &ids {
        LISTING.need(call, id)?;
    }
    let found = call.place.addresses.seen(&call.eye);
    let found = found.filter(|(id, _)| ids.is_empty() || ids.iter().any(|asked| asked == id));
    let found = found.filter_map(|(id, address)| {
        let transfer = pending(address, call.now)?;
        Some((id.to_owned(), show(address, transfer, "pending")))
    });
    let (items, next) = page(found.collect(), &asked, call.settings.page);
    Ok(json!({"addressTransferSet": items, "nextToken": next}))
}

fn pending(address: &Address, now: Millis) -> Option<&Transfer> {
    let transfer = address.transfer.as_ref();
    transfer.filter(|transfer| now < transfer.until)
}

fn show(address: &Address, transfer: &Transfer, status: &str) -> Value {
    json!({
        "allocationId": address.id,
        "publicIp": address.ip,
        "transferAccountId": transfer.account,
        "transferOfferExpirationTimestamp": timestamp(transfer.until),
        "addressTransferStatus": status,
    })
}
