//! DHCP options.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};

/// A set of DHCP options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DhcpOptions {
    pub(crate) id: String,
    pub(crate) options: Vec<(String, Vec<String>)>,
    pub(crate) tags: Tags,
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateDhcpOptions", create),
    ("DescribeDhcpOptions", describe),
    ("AssociateDhcpOptions", associate),
    ("DeleteDhcpOptions", delete),
];

pub(crate) const LISTING: Listing<DhcpOptions> = Listing {
    set: "dhcpOptionsSet",
    ids: "DhcpOptionsId",
    prefix: "dopt",
    page: Some(5..=1000),
    filters: &[
        ("dhcp-options-id", "dhcpOptionsId"),
        ("key", "dhcpConfigurationSet.key"),
        ("owner-id", "ownerId"),
        ("value", "dhcpConfigurationSet.valueSet.value"),
    ],
    table: |place| &place.dhcp_options,
    tags: |options| &options.tags,
    show,
    codes: (
        "InvalidDhcpOptionsId.Malformed",
        "InvalidDhcpOptionID.NotFound",
    ),
};

/// The options that can be set.
const KEYS: [&str; 6] = [
    "domain-name",
    "domain-name-servers",
    "ipv6-address-preferred-lease-time",
    "netbios-name-servers",
    "netbios-node-type",
    "ntp-servers",
];

fn show(place: &Place, options: &DhcpOptions) -> Value {
    let all = options.options.iter().map(|(key, values)| {
        let values = values.iter().map(|value| json!({"value": value}));
        json!({"key": key, "valueSet": values.collect::<Vec<_>>()})
    });
    json!({
        "dhcpOptionsId": options.id,
        "ownerId": place.account,
        "dhcpConfigurationSet": all.collect::<Vec<_>>(),
        "tagSet": shown(&options.tags),
    })
}

/// The set that every VPC is born with: there is one in a region.
pub(crate) fn default_of(place: &mut Place) -> String {
    let id = format!("dopt-{}", "0".repeat(17));
    if !place.dhcp_options.has(&id) {
        let domain = match place.region.as_str() {
            "us-east-1" => "ec2.internal".to_owned(),
            region => format!("{region}.compute.internal"),
        };
        let servers = "AmazonProvidedDNS".to_owned();
        let options = DhcpOptions {
            id: id.clone(),
            options: vec![
                ("domain-name".to_owned(), vec![domain]),
                ("domain-name-servers".to_owned(), vec![servers]),
            ],
            tags: Tags::new(),
        };
        place.dhcp_options.insert(&id, options, 0);
    }
    id
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut options = Vec::new();
    for mut one in call.params.structs("DhcpConfiguration") {
        options.push((one.need("Key")?, one.list("Value")));
        one.finish()?;
    }
    let tags = call.params.tags("dhcp-options")?;
    call.checked()?;
    if options.is_empty() {
        return Err(Failure::missing("dhcpConfiguration"));
    }
    for (key, values) in &options {
        if !KEYS.contains(&key.as_str()) || values.is_empty() {
            let message = format!("Value ({key}) for parameter key is invalid.");
            return Err(Failure::value(message));
        }
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let options = DhcpOptions {
        id: place.dice.id("dopt"),
        options,
        tags,
    };
    place
        .dhcp_options
        .insert(&options.id, options.clone(), seen);
    Ok(json!({"dhcpOptions": show(place, &options)}))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn associate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("DhcpOptionsId")?;
    let vpc = call.params.need("VpcId")?;
    call.checked()?;
    // `default` stands for no options at all.
    if id != "default" {
        LISTING.need(call, &id)?;
    }
    vpc::LISTING.need(call, &vpc)?;
    let seen = call.seen();
    if let Some(vpc) = call.place.vpcs.change(&vpc, seen) {
        vpc.dhcp_options = id;
    }
    Ok(json!({"return": true}))
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("DhcpOptionsId")?;
    call.checked()?;
    LISTING.need(call, &id)?;
    if call.place.vpcs.all().any(|vpc| vpc.dhcp_options == id) {
        return Err(Failure::dependency("dhcpOptions", &id));
    }
    let seen = call.seen();
    call.place.dhcp_options.remove(&id, seen);
    Ok(json!({"return": true}))
}
