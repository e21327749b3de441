//! What can be changed of a VPC in place.

use serde_json::{Value, json};

use super::LISTING;
use crate::ec2::Call;
use crate::failure::Failure;

pub(super) fn modify(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpcId")?;
    let support = call.params.flag("EnableDnsSupport.Value")?;
    let hostnames = call.params.flag("EnableDnsHostnames.Value")?;
    call.checked()?;
    let supported = LISTING.need(call, &id)?.dns_support;
    let given = [
        ("enableDnsHostnames", hostnames),
        ("enableDnsSupport", support),
    ];
    let given = given.iter().filter(|(_, value)| value.is_some());
    let names: Vec<&str> = given.map(|(name, _)| *name).collect();
    match names.len() {
        0 => return Err(Failure::missing("attribute")),
        1 => {}
        _ => {
            let names = names.join(", ");
            let message = format!("Fields for multiple attribute types specified: {names}");
            return Err(Failure::combination(message));
        }
    }
    if hostnames == Some(true) && !supported {
        let message = "DNS hostnames cannot be enabled while DNS support is disabled.";
        return Err(Failure::value(message));
    }
    let seen = call.seen();
    if let Some(vpc) = call.place.vpcs.change(&id, seen) {
        vpc.dns_support = support.unwrap_or(vpc.dns_support);
        vpc.dns_hostnames = hostnames.unwrap_or(vpc.dns_hostnames);
    }
    Ok(json!({"return": true}))
}

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("VpcId")?;
    let attribute = call.params.need("Attribute")?;
    call.checked()?;
    let now = LISTING.need(call, &id)?;
    // As this reader sees it, which may be the old value.
    let vpc = call.place.vpcs.find(&id, &call.eye).unwrap_or(now);
    let value = match attribute.as_str() {
        "enableDnsSupport" => vpc.dns_support,
        "enableDnsHostnames" => vpc.dns_hostnames,
        // Terraform reads it.
        "enableNetworkAddressUsageMetrics" => false,
        other => {
            let message = format!("Value ({other}) for parameter attribute is invalid.");
            return Err(Failure::value(message));
        }
    };
    let mut answer = json!({"vpcId": id});
    if let Some(members) = answer.as_object_mut() {
        members.insert(attribute, json!({"value": value}));
    }
    Ok(answer)
}
