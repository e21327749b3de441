//! VPC Block Public Access: one switch for a whole region, without exclusions.

use serde_json::{Value, json};

use crate::ec2::Call;
use crate::failure::Failure;
use crate::wire::Page;
use crate::world::timestamp;

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.checked()?;
    Ok(show(call))
}

pub(super) fn modify(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mode = call.params.need("InternetGatewayBlockMode")?;
    call.checked()?;
    if !matches!(
        mode.as_str(),
        "off" | "block-bidirectional" | "block-ingress"
    ) {
        let message = format!("Value ({mode}) for parameter internetGatewayBlockMode is invalid.");
        return Err(Failure::value(message));
    }
    let place = &mut *call.place;
    let settled = call.now.saturating_add(place.dice.between(2000, 20_000));
    place.block_public_access = mode;
    place.block_public_access_settled = Some(settled);
    Ok(show(call))
}

fn show(call: &Call<'_>) -> Value {
    let place = &*call.place;
    let (state, updated) = match place.block_public_access_settled {
        Some(settled) if call.now < settled => ("update-in-progress", None),
        Some(settled) => ("update-complete", Some(timestamp(settled))),
        None => ("default-state", None),
    };
    json!({"vpcBlockPublicAccessOptions": {
        "awsAccountId": place.account,
        "awsRegion": place.region,
        "state": state,
        "internetGatewayBlockMode": place.block_public_access,
        "lastUpdateTimestamp": updated,
        "managedBy": "account",
        "exclusionsAllowed": "allowed",
    }})
}

/// There are never any.
pub(super) fn exclusions(call: &mut Call<'_>) -> Result<Value, Failure> {
    let asked = call.params.list("ExclusionId");
    let filters = call.params.filters()?;
    Page::of(&mut call.params, 5..=1000)?;
    call.checked()?;
    let known = &[
        ("internet-gateway-exclusion-mode", ""),
        ("resource-arn", ""),
        ("state", ""),
    ];
    filters.known(known, true)?;
    if let Some(id) = asked.first() {
        let message = format!("The ID '{id}' does not exist");
        let code = "InvalidVpcBlockPublicAccessExclusionId.NotFound";
        return Err(Failure::new(code, message));
    }
    Ok(json!({"vpcBlockPublicAccessExclusionSet": []}))
}
