//! Everything that lives in the account, in a form that two moments can be compared in.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::aws::Aws;
use crate::stack::tag;

/// A normalised dump: kind, then id, then what matters of the resource.
#[derive(Clone, PartialEq)]
pub struct World(BTreeMap<&'static str, BTreeMap<String, Value>>);

/// Kind, operation, list, id field, and the fields that are kept.
type Kind = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const KINDS: [Kind; 7] = [
    (
        "vpc",
        "describe_vpcs",
        "Vpcs",
        "VpcId",
        &["CidrBlock", "IsDefault", "Tags"],
    ),
    (
        "internet_gateway",
        "describe_internet_gateways",
        "InternetGateways",
        "InternetGatewayId",
        &["Attachments", "Tags"],
    ),
    (
        "subnet",
        "describe_subnets",
        "Subnets",
        "SubnetId",
        &[
            "VpcId",
            "CidrBlock",
            "AvailabilityZone",
            "MapPublicIpOnLaunch",
            "Tags",
        ],
    ),
    (
        "elastic_ip",
        "describe_addresses",
        "Addresses",
        "AllocationId",
        &["PublicIp", "NetworkInterfaceId", "AssociationId", "Tags"],
    ),
    (
        "nat_gateway",
        "describe_nat_gateways",
        "NatGateways",
        "NatGatewayId",
        &["VpcId", "SubnetId", "State", "NatGatewayAddresses", "Tags"],
    ),
    (
        "route_table",
        "describe_route_tables",
        "RouteTables",
        "RouteTableId",
        &["VpcId", "Routes", "Associations", "Tags"],
    ),
    (
        "security_group",
        "describe_security_groups",
        "SecurityGroups",
        "GroupId",
        &[
            "VpcId",
            "GroupName",
            "Description",
            "IpPermissions",
            "IpPermissionsEgress",
            "Tags",
        ],
    ),
];

impl Aws {
    /// The account as it is now; deleted NAT gateways are left out.
    pub fn world(&self) -> World {
        let mut world = BTreeMap::new();
        for (kind, operation, list, id, fields) in KINDS {
            let answer = self.ec2(operation, json!({}));
            let items = answer[list].as_array().expect("a list of resources");
            let live = items.iter().filter(|item| item["State"] != "deleted");
            let kept = live.map(|item| (item[id].as_str().unwrap().to_owned(), keep(item, fields)));
            world.insert(kind, kept.collect::<BTreeMap<_, _>>());
        }
        for (id, vpc) in world.get_mut("vpc").into_iter().flatten() {
            for (attribute, field) in [
                ("enableDnsSupport", "EnableDnsSupport"),
                ("enableDnsHostnames", "EnableDnsHostnames"),
            ] {
                let args = json!({"VpcId": id, "Attribute": attribute});
                vpc[field] = self.ec2("describe_vpc_attribute", args)[field]["Value"].clone();
            }
        }
        let functions = self.lambda("list_functions", json!({}));
        let functions = functions["Functions"]
            .as_array()
            .expect("a list of functions");
        let named = functions.iter().map(|function| {
            let kept = keep(function, &["VpcConfig", "CodeSha256", "Role", "Handler"]);
            (function["FunctionName"].as_str().unwrap().to_owned(), kept)
        });
        world.insert("function", named.collect());
        world.insert("parameter", self.parameters());
        World(world)
    }
}

impl Aws {
    /// What killick keeps in SSM, by name; the locks are left out.
    fn parameters(&self) -> BTreeMap<String, Value> {
        let args = json!({"Path": "/killick", "Recursive": true});
        let answer = self.call("ssm", "get_parameters_by_path", args);
        let kept = answer["Parameters"].as_array().into_iter().flatten();
        let named = kept.map(|one| {
            (
                one["Name"].as_str().unwrap().to_owned(),
                one["Value"].clone(),
            )
        });
        named.filter(|(name, _)| !name.ends_with("/lock")).collect()
    }
}

impl World {
    /// What `stack` has no part in: not tagged with its name, not in its VPC, not its function, not below
    /// its name in SSM.
    #[must_use]
    pub fn foreign_to(&self, stack: &str, functions: &[String]) -> Self {
        let tagged = |item: &Value| tag(item, "killick:stack") == Some(stack);
        let vpcs: Vec<&String> = self.0["vpc"]
            .iter()
            .filter(|(_, vpc)| tagged(vpc))
            .map(|(id, _)| id)
            .collect();
        let ours = |kind: &str, id: &String, item: &Value| {
            let vpc = item["VpcId"].as_str().unwrap_or_default();
            tagged(item)
                || vpcs.iter().any(|own| *own == vpc)
                || (kind == "function" && functions.contains(id))
                || (kind == "parameter" && id.starts_with(&format!("/killick/{stack}/")))
        };
        let mut world = self.clone();
        for (kind, items) in &mut world.0 {
            items.retain(|id, item| !ours(kind, id, item));
        }
        world
    }

    /// The resources of one kind, by id.
    pub fn of(&self, kind: &str) -> &BTreeMap<String, Value> {
        &self.0[kind]
    }
}

impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&serde_json::to_string_pretty(&json!(self.0)).map_err(|_| fmt::Error)?)
    }
}

fn keep(item: &Value, fields: &[&str]) -> Value {
    let kept = fields
        .iter()
        .map(|field| ((*field).to_owned(), normal(&item[*field])));
    Value::Object(kept.collect::<Map<_, _>>())
}

/// Lists are sets in this dump: sorted by their text.
fn normal(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(normal).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, item)| (name.clone(), normal(item)))
                .collect(),
        ),
        other => other.clone(),
    }
}
