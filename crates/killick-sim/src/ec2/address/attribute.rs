//! The one attribute of an Elastic IP: its name in reverse DNS.

use serde_json::{Value, json};

use super::{Address, LISTING};
use crate::ec2::Call;
use crate::failure::Failure;
use crate::wire::{Page, page};

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ids = call.params.list("AllocationId");
    let attribute = call.params.text("Attribute");
    let asked = Page::of(&mut call.params, 1..=1000)?;
    call.checked()?;
    domain_name(attribute.as_deref().unwrap_or("domain-name"))?;
    for id in &ids {
        LISTING.need(call, id)?;
    }
    let found = call.place.addresses.seen(&call.eye);
    let found = found.filter(|(id, _)| ids.is_empty() || ids.iter().any(|asked| asked == id));
    let found = found.map(|(id, address)| (id.to_owned(), show(address)));
    let (items, next) = page(found.collect(), &asked, call.settings.page);
    Ok(json!({"addressSet": items, "nextToken": next}))
}

pub(super) fn modify(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("AllocationId")?;
    let name = call.params.text("DomainName");
    call.checked()?;
    let name = name.ok_or_else(|| Failure::missing("DomainName"))?;
    set(call, &id, Some(name))
}

pub(super) fn reset(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("AllocationId")?;
    let attribute = call.params.need("Attribute")?;
    call.checked()?;
    domain_name(&attribute)?;
    set(call, &id, None)
}

fn set(call: &mut Call<'_>, id: &str, name: Option<String>) -> Result<Value, Failure> {
    let mut address = LISTING.need(call, id)?.clone();
    address.ptr_record = name.map(|name| format!("{}.", name.trim_end_matches('.')));
    let seen = call.seen();
    if let Some(row) = call.place.addresses.change(id, seen) {
        row.ptr_record.clone_from(&address.ptr_record);
    }
    Ok(json!({"address": show(&address)}))
}

fn domain_name(attribute: &str) -> Result<(), Failure> {
    match attribute {
        "domain-name" => Ok(()),
        other => {
            let message = format!("Value ({other}) for parameter attribute is invalid.");
            Err(Failure::value(message))
        }
    }
}

fn show(address: &Address) -> Value {
    json!({
        "allocationId": address.id,
        "publicIp": address.ip,
        "ptrRecord": address.ptr_record,
    })
}
