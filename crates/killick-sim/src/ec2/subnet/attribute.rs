//! What can be changed of a subnet in place.

use serde_json::{Value, json};

use super::LISTING;
use crate::ec2::Call;
use crate::failure::Failure;

pub(super) fn modify(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("SubnetId")?;
    let public = call.params.flag("MapPublicIpOnLaunch.Value")?;
    let ipv6 = call.params.flag("AssignIpv6AddressOnCreation.Value")?;
    let dns64 = call.params.flag("EnableDns64.Value")?;
    call.checked()?;
    let without_ipv6 = LISTING.need(call, &id)?.ipv6.is_empty();
    match [public, ipv6, dns64].iter().flatten().count() {
        0 => return Err(Failure::missing("attribute")),
        1 => {}
        _ => {
            let message = "Fields for multiple attribute types specified";
            return Err(Failure::combination(message));
        }
    }
    if ipv6 == Some(true) && without_ipv6 {
        let message = format!(
            "Invalid value 'true' for assign-ipv6-address-on-creation. Cannot set \
             assign-ipv6-address-on-creation to true unless the subnet ({id}) has an IPv6 CIDR \
             block associated with it."
        );
        return Err(Failure::value(message));
    }
    let seen = call.seen();
    if let Some(subnet) = call.place.subnets.change(&id, seen) {
        subnet.map_public_ip = public.unwrap_or(subnet.map_public_ip);
        subnet.assign_ipv6 = ipv6.unwrap_or(subnet.assign_ipv6);
        subnet.dns64 = dns64.unwrap_or(subnet.dns64);
    }
    Ok(json!({"return": true}))
}
