//! Functions, versions and aliases as answers show them.

use serde_json::{Map, Value, json};

use super::function::{Alias, Function, FunctionVersion, VpcConfig};
use super::name::arn;
use crate::place::Place;
use crate::world::timestamp;

/// A function's configuration under a qualifier; `None`: `$LATEST`, with a
/// plain ARN.
pub(crate) fn configuration(place: &Place, function: &Function, qualifier: Option<&str>) -> Value {
    let asked = qualifier.unwrap_or("$LATEST");
    let number = function.number(asked);
    let version = function.version(asked).unwrap_or(&function.latest);
    let mut shown = common(place, function, version, number, qualifier);
    shown.extend(state(version));
    Value::Object(shown)
}

/// The same in a list, which leaves the states out.
pub(crate) fn listed(
    place: &Place,
    function: &Function,
    version: &FunctionVersion,
    number: &str,
    qualifier: Option<&str>,
) -> Value {
    Value::Object(common(place, function, version, number, qualifier))
}

fn common(
    place: &Place,
    function: &Function,
    version: &FunctionVersion,
    number: &str,
    qualifier: Option<&str>,
) -> Map<String, Value> {
    let mut shown = version.settings.clone();
    let own = [
        ("CodeSha256", json!(version.code.sha256)),
        ("CodeSize", json!(version.code.size)),
        ("FunctionArn", json!(arn(place, &function.name, qualifier))),
        ("FunctionName", json!(function.name)),
        (
            "LastModified",
            json!(timestamp(version.modified).replace('Z', "+0000")),
        ),
        ("RevisionId", json!(version.revision)),
        ("Version", json!(number)),
    ];
    shown.extend(own.map(|(name, value)| (name.to_owned(), value)));
    if let Some(text) = &version.description {
        shown.insert("Description".to_owned(), json!(text));
    }
    if let Some(config) = &version.vpc_config {
        shown.insert("VpcConfig".to_owned(), vpc_config(config));
    }
    shown
}

fn vpc_config(config: &VpcConfig) -> Value {
    json!({
        "SubnetIds": config.subnets,
        "SecurityGroupIds": config.security_groups,
        "VpcId": config.vpc,
        "Ipv6AllowedForDualStack": config.ipv6,
    })
}

fn state(version: &FunctionVersion) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |name: &str, text: &str| {
        shown.insert(name.to_owned(), json!(text));
    };
    // Lambda says the same of a function that is made and one that is updated.
    let making = "The function is being created.";
    put("State", &version.state);
    match (version.state.as_str(), &version.reason) {
        ("Pending", _) => {
            put("StateReason", making);
            put("StateReasonCode", "Creating");
        }
        ("Failed", Some(code)) => {
            put("StateReason", &explained(code));
            put("StateReasonCode", code);
        }
        _ => {}
    }
    if !version.last_update.is_empty() {
        put("LastUpdateStatus", &version.last_update);
    }
    match (version.last_update.as_str(), &version.reason) {
        ("InProgress", _) => {
            put("LastUpdateStatusReason", making);
            put("LastUpdateStatusReasonCode", "Creating");
        }
        ("Failed", Some(code)) => {
            put("LastUpdateStatusReason", &explained(code));
            put("LastUpdateStatusReasonCode", code);
        }
        _ => {}
    }
    shown
}

/// A reason code in words.
fn explained(code: &str) -> String {
    let text = match code {
        "SubnetOutOfIPAddresses" => {
            "Lambda was not able to set up VPC access for the Lambda function because one or more configured subnets has no available IP addresses."
        }
        "InvalidSubnet" => "A subnet of the VPC config does not exist.",
        "InvalidSecurityGroup" => "A security group of the VPC config does not exist.",
        "EniLimitExceeded" => "The limit of elastic network interfaces for the VPC was reached.",
        "InsufficientRolePermissions" => {
            "The provided execution role does not have permissions to call CreateNetworkInterface on EC2"
        }
        "EC2RequestLimitExceeded" => "Lambda was throttled by EC2.",
        _ => "The function could not be configured.",
    };
    text.to_owned()
}

/// An alias.
pub(crate) fn alias(place: &Place, function: &str, name: &str, alias: &Alias) -> Value {
    json!({
        "AliasArn": arn(place, function, Some(name)),
        "Name": name,
        "FunctionVersion": alias.version,
        "Description": alias.description,
        "RoutingConfig": alias.routing,
        "RevisionId": alias.revision,
    })
}
