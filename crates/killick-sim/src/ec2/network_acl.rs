//! Network ACLs.

mod entry;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::{Listing, well_formed};
use super::{Action, Call, Vpc, token, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::{Tags, shown};
use crate::world::Millis;

use entry::AclEntry;

/// A network ACL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkAcl {
    /// Its id, `acl-…`.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Whether new subnets get it.
    pub default: bool,
    /// Its entries, without the last one that denies all.
    pub entries: Vec<AclEntry>,
    /// The association ids and subnets that follow it.
    pub associations: Vec<(String, String)>,
    /// Its tags.
    pub tags: Tags,
}

impl NetworkAcl {
    /// The subnet of one of its associations.
    fn follower(&self, association: &str) -> Option<&str> {
        let found = self.associations.iter().find(|(id, _)| id == association);
        found.map(|(_, subnet)| subnet.as_str())
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateNetworkAcl", create),
    ("DescribeNetworkAcls", describe),
    ("DeleteNetworkAcl", delete),
    ("ReplaceNetworkAclAssociation", replace_association),
    ("CreateNetworkAclEntry", entry::create),
    ("ReplaceNetworkAclEntry", entry::replace),
    ("DeleteNetworkAclEntry", entry::delete),
];

pub(crate) const LISTING: Listing<NetworkAcl> = Listing {
    set: "networkAclSet",
    ids: "NetworkAclId",
    prefix: "acl",
    page: Some(5..=1000),
    filters: &[
        (
            "association.association-id",
            "associationSet.networkAclAssociationId",
        ),
        ("association.network-acl-id", "associationSet.networkAclId"),
        ("association.subnet-id", "associationSet.subnetId"),
        ("default", "default"),
        ("entry.cidr", "entrySet.cidrBlock"),
        ("entry.egress", "entrySet.egress"),
        ("entry.icmp.code", "entrySet.icmpTypeCode.code"),
        ("entry.icmp.type", "entrySet.icmpTypeCode.type"),
        ("entry.ipv6-cidr", "entrySet.ipv6CidrBlock"),
        ("entry.port-range.from", "entrySet.portRange.from"),
        ("entry.port-range.to", "entrySet.portRange.to"),
        ("entry.rule-action", "entrySet.ruleAction"),
        ("entry.rule-number", "entrySet.ruleNumber"),
        ("network-acl-id", "networkAclId"),
        ("owner-id", "ownerId"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.network_acls,
    tags: |acl| &acl.tags,
    show,
    codes: (
        "InvalidNetworkAclId.Malformed",
        "InvalidNetworkAclID.NotFound",
    ),
};

/// Network ACLs of a VPC.
const QUOTA: usize = 200;

fn show(place: &Place, acl: &NetworkAcl) -> Value {
    let associations = acl.associations.iter().map(|(id, subnet)| {
        json!({
            "networkAclAssociationId": id,
            "networkAclId": acl.id,
            "subnetId": subnet,
        })
    });
    let entries = entry::all(place, acl);
    json!({
        "networkAclId": acl.id,
        "vpcId": acl.vpc,
        "ownerId": place.account,
        "default": acl.default,
        "associationSet": associations.collect::<Vec<_>>(),
        "entrySet": entries.iter().map(AclEntry::show).collect::<Vec<_>>(),
        "tagSet": shown(&acl.tags),
    })
}

/// The ACL that every VPC is born with: it lets all through.
pub(crate) fn default_of(place: &mut Place, vpc: &Vpc, seen: Millis) {
    let both = |number, cidr| [true, false].map(|egress| AclEntry::all(number, egress, true, cidr));
    let mut entries = both(100, "0.0.0.0/0").to_vec();
    if !vpc.ipv6.is_empty() {
        entries.extend(both(101, "::/0"));
    }
    let acl = NetworkAcl {
        id: place.dice.id("acl"),
        vpc: vpc.id.clone(),
        default: true,
        entries,
        associations: Vec::new(),
        tags: Tags::new(),
    };
    let id = acl.id.clone();
    place.network_acls.insert(&id, acl, seen);
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let vpc = call.params.need("VpcId")?;
    let token = call.params.text("ClientToken");
    let tags = call.params.tags("network-acl")?;
    call.checked()?;
    let asked = format!("{vpc} {tags:?}");
    let made = token::made(call.place, token.as_deref(), "CreateNetworkAcl", &asked)?;
    if let Some(acl) = made.and_then(|id| call.place.network_acls.get(&id)) {
        return Ok(json!({"networkAcl": show(call.place, acl), "clientToken": token}));
    }
    vpc::LISTING.need(call, &vpc)?;
    let acls = call.place.network_acls.all();
    if acls.filter(|acl| acl.vpc == vpc).count() >= QUOTA {
        let message = "The maximum number of network ACLs has been reached.";
        return Err(Failure::new("NetworkAclLimitExceeded", message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let acl = NetworkAcl {
        id: place.dice.id("acl"),
        vpc,
        default: false,
        entries: Vec::new(),
        associations: Vec::new(),
        tags,
    };
    place.network_acls.insert(&acl.id, acl.clone(), seen);
    token::remember(place, token.as_deref(), "CreateNetworkAcl", &asked, &acl.id);
    Ok(json!({"networkAcl": show(place, &acl), "clientToken": token}))
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NetworkAclId")?;
    call.checked()?;
    let acl = LISTING.need(call, &id)?;
    if acl.default {
        let message = format!("cannot delete default network ACL {id}");
        return Err(Failure::value(message));
    }
    if !acl.associations.is_empty() {
        return Err(Failure::dependency("networkAcl", &id));
    }
    let seen = call.seen();
    call.place.network_acls.remove(&id, seen);
    Ok(json!({"return": true}))
}

fn replace_association(call: &mut Call<'_>) -> Result<Value, Failure> {
    const ACTION: &str = "ReplaceNetworkAclAssociation";
    let association = call.params.need("AssociationId")?;
    let id = call.params.need("NetworkAclId")?;
    call.checked()?;
    well_formed(&association, "aclassoc", "InvalidAssociationID.Malformed")?;
    // The call is idempotent: asked again, it tells the id that it made.
    let again = format!("{association} {id}");
    let made = token::made(call.place, Some(&again), ACTION, "")?;
    let acls = &call.place.network_acls;
    let still = |new: &String| acls.get(&id).is_some_and(|acl| acl.follower(new).is_some());
    if let Some(new) = made.filter(still) {
        return Ok(json!({"newAssociationId": new}));
    }
    let known = acls.seen(&call.eye);
    let known = known.filter(|(_, acl)| acl.follower(&association).is_some());
    let from = known.map(|(id, _)| id).find_map(|id| acls.get(id));
    let pair = from.and_then(|from| Some((from, from.follower(&association)?.to_owned())));
    let Some((from, subnet)) = pair else {
        let message = format!("The association ID '{association}' does not exist");
        return Err(Failure::new("InvalidAssociationID.NotFound", message));
    };
    let to = LISTING.need(call, &id)?;
    if to.id == from.id {
        return Ok(json!({"newAssociationId": association}));
    }
    if to.vpc != from.vpc {
        let message = format!("Network ACL {id} and subnet {subnet} belong to different networks");
        return Err(Failure::value(message));
    }
    let from = from.id.clone();
    let seen = call.seen();
    let place = &mut *call.place;
    let new = place.dice.id("aclassoc");
    if let Some(acl) = place.network_acls.change(&from, seen) {
        acl.associations.retain(|(id, _)| *id != association);
    }
    if let Some(acl) = place.network_acls.change(&id, seen) {
        acl.associations.push((new.clone(), subnet));
    }
    token::remember(place, Some(&again), ACTION, "", &new);
    Ok(json!({"newAssociationId": new}))
}
