//! Tags of things that exist already.

use serde_json::{Value, json};

use super::listing::well_formed;
use super::{Action, Call};
use crate::consistency::Eye;
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, check};
use crate::wire::{Page, Params, Paths, page};
use crate::world::Millis;

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateTags", create),
    ("DeleteTags", delete),
    ("DescribeTags", describe),
];

/// Ids in one call.
const MOST: usize = 1000;

/// A type of things that can have tags.
struct Kind {
    prefix: &'static str,
    name: &'static str,
    /// The error codes for an id that is none, and for one that nothing has.
    codes: (&'static str, &'static str),
    /// The tags that a reader sees, by id.
    seen: fn(&Place, &Eye) -> Vec<(String, Tags)>,
    /// The tags of one thing, to be changed.
    change: for<'a> fn(&'a mut Place, &str, Millis) -> Option<&'a mut Tags>,
}

macro_rules! kind {
    ($prefix:literal, $name:literal, $malformed:literal, $missing:literal, $table:ident) => {
        Kind {
            prefix: $prefix,
            name: $name,
            codes: ($malformed, $missing),
            seen: |place, eye| {
                let things = place.$table.seen(eye);
                things
                    .map(|(id, thing)| (id.to_owned(), thing.tags.clone()))
                    .collect()
            },
            change: |place, id, seen| {
                let thing = place.$table.change(id, seen);
                thing.map(|thing| &mut thing.tags)
            },
        }
    };
}

#[rustfmt::skip]
const KINDS: [Kind; 13] = [
    kind!("acl", "network-acl", "InvalidNetworkAclId.Malformed", "InvalidNetworkAclID.NotFound", network_acls),
    kind!("dopt", "dhcp-options", "InvalidDhcpOptionsId.Malformed", "InvalidDhcpOptionID.NotFound", dhcp_options),
    kind!("eigw", "egress-only-internet-gateway", "InvalidEgressOnlyInternetGatewayId.Malformed", "InvalidEgressOnlyInternetGatewayId.NotFound", egress_only_gateways),
    kind!("eipalloc", "elastic-ip", "InvalidAllocationID.Malformed", "InvalidAllocationID.NotFound", addresses),
    kind!("eni", "network-interface", "InvalidNetworkInterfaceID.Malformed", "InvalidNetworkInterfaceID.NotFound", interfaces),
    kind!("igw", "internet-gateway", "InvalidInternetGatewayID.Malformed", "InvalidInternetGatewayID.NotFound", internet_gateways),
    kind!("nat", "natgateway", "NatGatewayMalformed", "NatGatewayNotFound", nat_gateways),
    kind!("rtb", "route-table", "InvalidRouteTableId.Malformed", "InvalidRouteTableID.NotFound", route_tables),
    kind!("sg", "security-group", "InvalidGroupId.Malformed", "InvalidGroup.NotFound", security_groups),
    kind!("subnet", "subnet", "InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound", subnets),
    kind!("vpc", "vpc", "InvalidVpcID.Malformed", "InvalidVpcID.NotFound", vpcs),
    kind!("vpce", "vpc-endpoint", "InvalidVpcEndpointId.Malformed", "InvalidVpcEndpointId.NotFound", endpoints),
    RULES,
];

/// Rules live within their groups.
const RULES: Kind = Kind {
    prefix: "sgr",
    name: "security-group-rule",
    codes: (
        "InvalidSecurityGroupRuleId.Malformed",
        "InvalidSecurityGroupRuleId.NotFound",
    ),
    seen: |place, eye| {
        let groups = place.security_groups.seen(eye);
        let rules = groups.flat_map(|(_, group)| &group.rules);
        rules
            .map(|rule| (rule.id.clone(), rule.tags.clone()))
            .collect()
    },
    change: |place, id, seen| {
        let groups = &place.security_groups;
        let mut groups = groups.all().map(|group| (&group.id, &group.rules));
        let (group, _) = groups.find(|(_, rules)| rules.iter().any(|rule| rule.id == id))?;
        let group = group.clone();
        drop(groups);
        let group = place.security_groups.change(&group, seen)?;
        let rule = group.rules.iter_mut().find(|rule| rule.id == id)?;
        Some(&mut rule.tags)
    },
};

/// The type of a thing, and the tags that this call sees on it.
fn need(call: &Call<'_>, id: &str) -> Result<(&'static Kind, Tags), Failure> {
    let prefix = id.rsplit_once('-').map_or(id, |(prefix, _)| prefix);
    let Some(kind) = KINDS.iter().find(|kind| kind.prefix == prefix) else {
        let message = format!("The ID '{id}' is not valid");
        return Err(Failure::new("InvalidID", message));
    };
    well_formed(id, kind.prefix, kind.codes.0)?;
    let mut seen = (kind.seen)(call.place, &call.eye).into_iter();
    let tags = seen.find(|(known, _)| known == id);
    let (_, tags) = tags.ok_or_else(|| {
        let message = format!("The ID '{id}' does not exist");
        Failure::new(kind.codes.1, message)
    })?;
    Ok((kind, tags))
}

fn ids(params: &mut Params) -> Result<Vec<String>, Failure> {
    let ids = params.list("ResourceId");
    match ids.len() {
        0 => Err(Failure::missing("resourceIdSet")),
        1..=MOST => Ok(ids),
        _ => {
            let message = format!("The maximum number of resources in one call is {MOST}");
            Err(Failure::value(message))
        }
    }
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ids = ids(&mut call.params)?;
    let mut tags = Tags::new();
    for mut tag in call.params.structs("Tag") {
        tags.insert(tag.need("Key")?, tag.text("Value").unwrap_or_default());
        tag.finish()?;
    }
    call.checked()?;
    if tags.is_empty() {
        return Err(Failure::missing("Tag"));
    }
    check(&tags)?;
    let mut found = Vec::new();
    for id in &ids {
        let (kind, mut all) = need(call, id)?;
        all.extend(tags.clone());
        check(&all)?;
        found.push((kind, id));
    }
    let seen = call.seen();
    for (kind, id) in found {
        if let Some(all) = (kind.change)(call.place, id, seen) {
            all.extend(tags.clone());
        }
    }
    Ok(json!({"return": true}))
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ids = ids(&mut call.params)?;
    let mut going: Vec<(String, Option<String>)> = Vec::new();
    for mut tag in call.params.structs("Tag") {
        // An empty value is a value here: only tags without one go.
        let given = tag.has("Value");
        let value = tag.text("Value").unwrap_or_default();
        going.push((tag.need("Key")?, given.then_some(value)));
        tag.finish()?;
    }
    call.checked()?;
    let mut found = Vec::new();
    for id in &ids {
        let (kind, _) = need(call, id)?;
        found.push((kind, id));
    }
    let goes = |key: &String, value: &String| {
        going.is_empty()
            || going
                .iter()
                .any(|(name, only)| name == key && only.as_ref().is_none_or(|only| only == value))
    };
    let seen = call.seen();
    for (kind, id) in found {
        if let Some(tags) = (kind.change)(call.place, id, seen) {
            tags.retain(|key, value| !goes(key, value));
        }
    }
    Ok(json!({"return": true}))
}

const FILTERS: Paths = &[
    ("key", "key"),
    ("resource-id", "resourceId"),
    ("resource-type", "resourceType"),
    ("value", "value"),
];

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let filters = call.params.filters()?;
    let asked = Page::of(&mut call.params, 5..=1000)?;
    call.checked()?;
    filters.known(FILTERS, true)?;
    let mut found = Vec::new();
    for kind in &KINDS {
        for (id, tags) in (kind.seen)(call.place, &call.eye) {
            for (key, value) in &tags {
                let shown = json!({
                    "resourceId": id,
                    "resourceType": kind.name,
                    "key": key,
                    "value": value,
                });
                let one = Tags::from([(key.clone(), value.clone())]);
                if filters.pass(Some(&one), FILTERS, || &shown) {
                    found.push((format!("{id} {key}"), shown));
                }
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (items, next) = page(found, &asked, call.settings.page);
    Ok(json!({"tagSet": items, "nextToken": next}))
}
