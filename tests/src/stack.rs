//! What a stack owns, found by its tags alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aws::Aws;

/// The resources that carry the tags of one stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    ids: BTreeMap<String, Vec<String>>,
    addresses: BTreeMap<String, String>,
}

/// Operation, list and id field of every kind that carries tags.
const TAGGED: [(&str, &str, &str); 7] = [
    ("describe_vpcs", "Vpcs", "VpcId"),
    (
        "describe_internet_gateways",
        "InternetGateways",
        "InternetGatewayId",
    ),
    ("describe_subnets", "Subnets", "SubnetId"),
    ("describe_addresses", "Addresses", "AllocationId"),
    ("describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("describe_route_tables", "RouteTables", "RouteTableId"),
    ("describe_security_groups", "SecurityGroups", "GroupId"),
];

impl Aws {
    /// What carries the tags of `stack`, deleted NAT gateways left out.
    pub fn stack(&self, stack: &str) -> Stack {
        let mut found = Stack {
            ids: BTreeMap::new(),
            addresses: BTreeMap::new(),
        };
        for (operation, list, id) in TAGGED {
            let answer = self.ec2(operation, json!({}));
            for item in answer[list].as_array().into_iter().flatten() {
                let gone = matches!(item["State"].as_str(), Some("deleted" | "deleting"));
                if gone || tag(item, "killick:stack") != Some(stack) {
                    continue;
                }
                let id = item[id].as_str().expect("an id").to_owned();
                if let Some(ip) = item["PublicIp"].as_str() {
                    found.addresses.insert(id.clone(), ip.to_owned());
                }
                let key = tag(item, "killick:key").unwrap_or("untagged").to_owned();
                found.ids.entry(key).or_default().push(id);
            }
        }
        found
    }
}

impl Stack {
    /// The id of the one resource with this key.
    pub fn id(&self, key: &str) -> &str {
        match self.ids.get(key).map(Vec::as_slice) {
            Some([id]) => id,
            other => panic!(
                "one {key} was expected, found {other:?} among {:#?}",
                self.ids
            ),
        }
    }

    /// Every id by its key.
    pub fn ids(&self) -> &BTreeMap<String, Vec<String>> {
        &self.ids
    }

    /// The keys that exist, sorted.
    pub fn keys(&self) -> Vec<String> {
        self.ids.keys().cloned().collect()
    }

    /// Elastic IPs: allocation id to address.
    pub fn addresses(&self) -> &BTreeMap<String, String> {
        &self.addresses
    }

    /// The address of a zone's Elastic IP.
    pub fn ip(&self, zone: &str) -> &str {
        &self.addresses[self.id(&format!("elastic_ip/{zone}"))]
    }

    /// No key is held by two resources.
    pub fn unique(&self) -> Result<(), String> {
        let twice: Vec<_> = self.ids.iter().filter(|(_, ids)| ids.len() != 1).collect();
        if twice.is_empty() {
            Ok(())
        } else {
            Err(format!("several resources with one key: {twice:?}"))
        }
    }
}

/// The value of a tag of a described resource.
pub(crate) fn tag<'v>(item: &'v Value, name: &str) -> Option<&'v str> {
    let tags = item["Tags"].as_array()?;
    tags.iter().find(|tag| tag["Key"] == name)?["Value"].as_str()
}
