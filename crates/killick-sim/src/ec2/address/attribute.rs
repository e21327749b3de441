//! The one attribute of an Elastic IP is its name in reverse DNS, and none has
//! one. Terraform reads it.

use serde_json::{Value, json};

use super::LISTING;
use crate::ec2::Call;
use crate::failure::Failure;
use crate::wire::{Page, page};

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ids = call.params.list("AllocationId");
    let attribute = call.params.text("Attribute");
    let asked = Page::of(&mut call.params, 1..=1000)?;
    call.checked()?;
    if let Some(other) = attribute.filter(|name| name != "domain-name") {
        let message = format!("Value ({other}) for parameter attribute is invalid.");
        return Err(Failure::value(message));
    }
    for id in &ids {
        LISTING.need(call, id)?;
    }
    let found = call.place.addresses.seen(&call.eye);
    let found = found.filter(|(id, _)| ids.is_empty() || ids.iter().any(|asked| asked == id));
    let found = found.map(|(id, address)| {
        let shown = json!({"allocationId": id, "publicIp": address.ip});
        (id.to_owned(), shown)
    });
    let (items, next) = page(found.collect(), &asked, call.settings.page);
    Ok(json!({"addressSet": items, "nextToken": next}))
}
