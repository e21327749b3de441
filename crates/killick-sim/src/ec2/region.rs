//! Regions, their zones, and what an account has in one.

mod block_public_access;

use serde_json::{Value, json};

use super::{Action, Call};
use crate::failure::Failure;
use crate::wire::Paths;

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("DescribeAvailabilityZones", describe_zones),
    ("DescribeAccountAttributes", describe_account),
    (
        "DescribeVpcBlockPublicAccessOptions",
        block_public_access::describe,
    ),
    (
        "ModifyVpcBlockPublicAccessOptions",
        block_public_access::modify,
    ),
    (
        "DescribeVpcBlockPublicAccessExclusions",
        block_public_access::exclusions,
    ),
];

/// Zones by the last letter of the name and the last digit of the id, where
/// they are not a1 b2 c3. Which letter has which id differs by account.
const ZONES: [(&str, &str); 7] = [
    ("ap-northeast-1", "a4 c1 d2"),
    ("ap-northeast-2", "a1 b2 c3 d4"),
    ("ca-central-1", "a1 b2 d4"),
    ("eu-central-1", "a2 b3 c1"),
    ("us-east-1", "a1 b2 c4 d6 e3 f5"),
    ("us-west-1", "a3 c1"),
    ("us-west-2", "a2 b1 c3 d4"),
];

/// The filters of `DescribeAvailabilityZones`.
const ZONE_FILTERS: Paths = &[
    ("group-long-name", "groupLongName"),
    ("group-name", "groupName"),
    ("message", "messageSet.message"),
    ("opt-in-status", "optInStatus"),
    ("parent-zone-id", "parentZoneId"),
    ("parent-zone-name", "parentZoneName"),
    ("region-name", "regionName"),
    ("state", "zoneState"),
    ("zone-id", "zoneId"),
    ("zone-name", "zoneName"),
    ("zone-type", "zoneType"),
];

/// The names and ids of a region's zones.
fn zones(region: &str) -> Vec<(String, String)> {
    let known = ZONES.iter().find(|(name, _)| *name == region);
    let zones = known.map_or("a1 b2 c3", |(_, zones)| zones);
    let short = short(region);
    let zones = zones.split(' ').filter_map(|zone| zone.split_at_checked(1));
    zones
        .map(|(letter, digit)| (format!("{region}{letter}"), format!("{short}-az{digit}")))
        .collect()
}

/// A region in the ids of its zones: `apne1` for `ap-northeast-1`.
fn short(region: &str) -> String {
    let parts = region.split('-').enumerate().map(|(at, part)| match part {
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        // Directions and the like; the first part is whole.
        part if at > 0 => part.get(..1).unwrap_or(part),
        part => part,
    });
    parts.collect()
}

/// The id of a zone.
pub(crate) fn zone_id(region: &str, name: &str) -> Option<String> {
    let mut zones = zones(region).into_iter();
    zones.find(|(known, _)| known == name).map(|(_, id)| id)
}

/// The name of the zone that is asked for by name or by id; the first one for
/// neither.
///
/// # Errors
/// The region has no such zone.
pub(crate) fn zone(region: &str, name: Option<&str>, id: Option<&str>) -> Result<String, Failure> {
    let zones = zones(region);
    let mut fitting = zones.iter().filter(|(zone, zone_id)| {
        name.is_none_or(|name| name == zone) && id.is_none_or(|id| id == zone_id)
    });
    if let Some((zone, _)) = fitting.next() {
        return Ok(zone.clone());
    }
    let asked = name.or(id).unwrap_or_default();
    let names: Vec<&str> = zones.iter().map(|(name, _)| name.as_str()).collect();
    let message = format!(
        "Value ({asked}) for parameter availabilityZone is invalid. Subnets can currently only be \
         created in the following availability zones: {}.",
        names.join(", ")
    );
    Err(Failure::value(message))
}

fn describe_zones(call: &mut Call<'_>) -> Result<Value, Failure> {
    let names = call.params.list("ZoneName");
    let ids = call.params.list("ZoneId");
    let filters = call.params.filters()?;
    call.params.flag("AllAvailabilityZones")?;
    call.checked()?;
    filters.known(ZONE_FILTERS, false)?;
    let region = &call.place.region;
    let zones = zones(region);
    for name in &names {
        if !zones.iter().any(|(known, _)| known == name) {
            let message = format!("Invalid availability zone: [{name}]");
            return Err(Failure::value(message));
        }
    }
    for id in &ids {
        if !zones.iter().any(|(_, known)| known == id) {
            let message = format!("Invalid availability zone-id: [{id}]");
            return Err(Failure::value(message));
        }
    }
    let asked = |name: &String, id: &String| {
        (names.is_empty() || names.contains(name)) && (ids.is_empty() || ids.contains(id))
    };
    let shown = zones.iter().filter(|(name, id)| asked(name, id));
    let shown = shown.map(|(name, id)| {
        json!({
            "zoneName": name,
            "zoneId": id,
            "zoneState": "available",
            "zoneType": "availability-zone",
            "regionName": region,
            "groupName": format!("{region}-zg-1"),
            "networkBorderGroup": region,
            "optInStatus": "opt-in-not-required",
            "messageSet": [],
        })
    });
    let shown = shown.filter(|zone| filters.pass(None, ZONE_FILTERS, || zone));
    Ok(json!({"availabilityZoneInfo": shown.collect::<Vec<_>>()}))
}

fn describe_account(call: &mut Call<'_>) -> Result<Value, Failure> {
    let names = call.params.list("AttributeName");
    call.checked()?;
    let addresses = call.settings.address_quota.to_string();
    let all = [
        ("supported-platforms", "VPC"),
        ("default-vpc", "none"),
        ("max-instances", "20"),
        ("vpc-max-security-groups-per-interface", "5"),
        ("max-elastic-ips", &addresses),
        ("vpc-max-elastic-ips", &addresses),
    ];
    for name in &names {
        if !all.iter().any(|(known, _)| known == name) {
            let message = format!("Value ({name}) for parameter attributeName is invalid.");
            return Err(Failure::value(message));
        }
    }
    let asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    let shown = all.iter().filter(|(name, _)| asked(name));
    let shown = shown.map(|(name, value)| {
        json!({"attributeName": name, "attributeValueSet": [{"attributeValue": value}]})
    });
    Ok(json!({"accountAttributeSet": shown.collect::<Vec<_>>()}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_ids_follow_the_region() {
        for (name, id) in [
            ("ap-northeast-1c", "apne1-az1"),
            ("eu-central-1a", "euc1-az2"),
            ("us-east-1f", "use1-az5"),
            ("us-gov-west-1a", "usgw1-az1"),
            ("ap-southeast-2b", "apse2-az2"),
        ] {
            let region = name.trim_end_matches(char::is_alphabetic);
            assert_eq!(zone_id(region, name).as_deref(), Some(id));
        }
        assert_eq!(zone_id("ap-northeast-1", "ap-northeast-1b"), None);
    }
}
