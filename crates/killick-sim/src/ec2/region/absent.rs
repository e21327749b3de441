//! What a region could have and never has here.

use serde_json::{Map, Value};

use crate::ec2::Call;
use crate::failure::Failure;
use crate::wire::Page;

pub(super) fn instances(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.params.flag("IncludeManagedResources")?;
    let code = "InvalidInstanceID.NotFound";
    nothing(call, "InstanceId", "reservationSet", code)
}

pub(super) fn transit_gateways(call: &mut Call<'_>) -> Result<Value, Failure> {
    let code = "InvalidTransitGatewayID.NotFound";
    nothing(call, "TransitGatewayIds", "transitGatewaySet", code)
}

pub(super) fn peerings(call: &mut Call<'_>) -> Result<Value, Failure> {
    let code = "InvalidVpcPeeringConnectionID.NotFound";
    let set = "vpcPeeringConnectionSet";
    nothing(call, "VpcPeeringConnectionId", set, code)
}

pub(super) fn vpn_gateways(call: &mut Call<'_>) -> Result<Value, Failure> {
    let code = "InvalidVpnGatewayID.NotFound";
    nothing(call, "VpnGatewayId", "vpnGatewaySet", code)
}

pub(super) fn public_access_exclusions(call: &mut Call<'_>) -> Result<Value, Failure> {
    let code = "InvalidVpcBlockPublicAccessExclusionId.NotFound";
    let set = "vpcBlockPublicAccessExclusionSet";
    let filters = ["internet-gateway-exclusion-mode", "resource-arn", "state"];
    call.params.clone().filters()?.known(&filters, true)?;
    nothing(call, "ExclusionId", set, code)
}

/// An empty list, whatever the filters.
fn nothing(call: &mut Call<'_>, ids: &str, set: &str, code: &str) -> Result<Value, Failure> {
    let asked = call.params.list(ids);
    call.params.filters()?;
    Page::of(&mut call.params, 5..=1000)?;
    call.checked()?;
    if let Some(id) = asked.first() {
        let message = format!("The ID '{id}' does not exist");
        return Err(Failure::new(code, message));
    }
    let mut answer = Map::new();
    answer.insert(set.to_owned(), Value::Array(Vec::new()));
    Ok(Value::Object(answer))
}
