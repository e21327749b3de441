//! Security groups and their rules.

mod association;
mod create;
mod permission;
mod rule;
mod shown;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Listing;
use super::{Action, Call, Vpc, vpc};
use crate::failure::Failure;
use crate::place::Place;
use crate::tags::Tags;
use crate::wire::{Page, Params, page};
use crate::world::Millis;

/// A security group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// Its id, `sg-…`.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Its name, unique in the VPC whatever its case.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its rules, one source or destination each.
    pub rules: Vec<GroupRule>,
    /// The other VPCs that it is associated with.
    #[serde(default)]
    pub associated: Vec<String>,
    /// Its tags.
    pub tags: Tags,
}

/// A rule of a security group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRule {
    /// Its id, `sgr-…`.
    pub id: String,
    /// Which way.
    pub egress: bool,
    /// In lower case: `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for
    /// all.
    pub protocol: String,
    /// The ports, or type and code for ICMP; -1 to -1 for all.
    pub ports: (i32, i32),
    /// The other side.
    pub peer: Peer,
    /// Free text.
    pub description: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Peer {
    /// An IPv4 network.
    Ipv4(String),
    /// An IPv6 network.
    Ipv6(String),
    /// A prefix list.
    List(String),
    /// Another security group.
    Group(String),
}

impl GroupRule {
    /// A rule for all traffic.
    fn all(place: &mut Place, egress: bool, peer: Peer) -> Self {
        Self {
            id: place.dice.id("sgr"),
            egress,
            protocol: "-1".to_owned(),
            ports: (-1, -1),
            peer,
            description: None,
            tags: Tags::new(),
        }
    }

    /// Whether both are the same rule, whatever is said about them.
    fn same(&self, other: &Self) -> bool {
        (self.egress, self.ports) == (other.egress, other.ports)
            && self.protocol == other.protocol
            && self.peer == other.peer
    }
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("CreateSecurityGroup", create::create),
    ("DescribeSecurityGroups", describe),
    ("DeleteSecurityGroup", delete),
    ("GetSecurityGroupsForVpc", for_vpc),
    ("AssociateSecurityGroupVpc", association::associate),
    ("DisassociateSecurityGroupVpc", association::disassociate),
    (
        "DescribeSecurityGroupVpcAssociations",
        association::describe,
    ),
    ("DescribeSecurityGroupRules", rule::describe),
    ("AuthorizeSecurityGroupIngress", |call| {
        rule::authorize(call, false)
    }),
    ("AuthorizeSecurityGroupEgress", |call| {
        rule::authorize(call, true)
    }),
    ("RevokeSecurityGroupIngress", |call| {
        rule::revoke(call, false)
    }),
    ("RevokeSecurityGroupEgress", |call| rule::revoke(call, true)),
    ("ModifySecurityGroupRules", rule::modify),
    ("UpdateSecurityGroupRuleDescriptionsIngress", |call| {
        rule::describe_anew(call, false)
    }),
    ("UpdateSecurityGroupRuleDescriptionsEgress", |call| {
        rule::describe_anew(call, true)
    }),
];

pub(crate) const LISTING: Listing<SecurityGroup> = Listing {
    set: "securityGroupInfo",
    ids: "GroupId",
    prefix: "sg",
    page: Some(5..=1000),
    filters: &[
        ("description", "groupDescription"),
        (
            "egress.ip-permission.cidr",
            "ipPermissionsEgress.ipRanges.cidrIp",
        ),
        (
            "egress.ip-permission.from-port",
            "ipPermissionsEgress.fromPort",
        ),
        (
            "egress.ip-permission.group-id",
            "ipPermissionsEgress.groups.groupId",
        ),
        (
            "egress.ip-permission.ipv6-cidr",
            "ipPermissionsEgress.ipv6Ranges.cidrIpv6",
        ),
        (
            "egress.ip-permission.prefix-list-id",
            "ipPermissionsEgress.prefixListIds.prefixListId",
        ),
        (
            "egress.ip-permission.protocol",
            "ipPermissionsEgress.ipProtocol",
        ),
        ("egress.ip-permission.to-port", "ipPermissionsEgress.toPort"),
        (
            "egress.ip-permission.user-id",
            "ipPermissionsEgress.groups.userId",
        ),
        ("group-id", "groupId"),
        ("group-name", "groupName"),
        ("ip-permission.cidr", "ipPermissions.ipRanges.cidrIp"),
        ("ip-permission.from-port", "ipPermissions.fromPort"),
        ("ip-permission.group-id", "ipPermissions.groups.groupId"),
        (
            "ip-permission.ipv6-cidr",
            "ipPermissions.ipv6Ranges.cidrIpv6",
        ),
        (
            "ip-permission.prefix-list-id",
            "ipPermissions.prefixListIds.prefixListId",
        ),
        ("ip-permission.protocol", "ipPermissions.ipProtocol"),
        ("ip-permission.to-port", "ipPermissions.toPort"),
        ("ip-permission.user-id", "ipPermissions.groups.userId"),
        ("owner-id", "ownerId"),
        ("vpc-id", "vpcId"),
    ],
    table: |place| &place.security_groups,
    tags: |group| &group.tags,
    show: shown::group,
    codes: ("InvalidGroupId.Malformed", "InvalidGroup.NotFound"),
};

/// The group that every VPC is born with: its members reach each other and
/// everything outside.
pub(crate) fn default_of(place: &mut Place, vpc: &Vpc, seen: Millis) {
    let id = place.dice.id("sg");
    let mut rules = vec![GroupRule::all(place, false, Peer::Group(id.clone()))];
    rules.extend(open(place, vpc));
    let group = SecurityGroup {
        id: id.clone(),
        vpc: vpc.id.clone(),
        name: "default".to_owned(),
        description: "default VPC security group".to_owned(),
        rules,
        associated: Vec::new(),
        tags: Tags::new(),
    };
    place.security_groups.insert(&id, group, seen);
}

/// All egress, which every group begins with.
fn open(place: &mut Place, vpc: &Vpc) -> Vec<GroupRule> {
    let anywhere = Peer::Ipv4("0.0.0.0/0".to_owned());
    let mut rules = vec![GroupRule::all(place, true, anywhere)];
    if !vpc.ipv6.is_empty() {
        let anywhere = Peer::Ipv6("::/0".to_owned());
        rules.push(GroupRule::all(place, true, anywhere));
    }
    rules
}

/// Whether a name or description has only what AWS allows.
fn plain(text: &str) -> bool {
    let allowed = |char: char| {
        char.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".chars().any(|good| good == char)
    };
    text.chars().count() <= 255 && text.chars().all(allowed)
}

/// Names stand for groups of a default VPC, and there is none here.
fn no_default_vpc() -> Failure {
    Failure::new("VPCIdNotSpecified", "No default VPC for this user")
}

/// The id of the group that a call is about.
fn asked(params: &mut Params) -> Result<String, Failure> {
    match (params.text("GroupId"), params.text("GroupName")) {
        (Some(id), _) => Ok(id),
        (None, Some(_)) => Err(no_default_vpc()),
        (None, None) => Err(Failure::missing("groupName or groupId")),
    }
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    if !call.params.list("GroupName").is_empty() {
        return Err(no_default_vpc());
    }
    LISTING.answer(call)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = asked(&mut call.params)?;
    call.checked()?;
    let group = LISTING.need(call, &id)?;
    if group.name == "default" {
        let message =
            format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
        return Err(Failure::new("CannotDelete", message));
    }
    let peer = Peer::Group(id.clone());
    let place = &*call.place;
    let used = !group.associated.is_empty()
        || place.interfaces.all().any(|one| one.groups.contains(&id))
        || place
            .security_groups
            .all()
            .filter(|other| other.id != id)
            .any(|other| other.rules.iter().any(|rule| rule.peer == peer));
    if used {
        let message = format!("resource {id} has a dependent object");
        return Err(Failure::new("DependencyViolation", message));
    }
    let seen = call.seen();
    call.place.security_groups.remove(&id, seen);
    Ok(json!({"return": true, "groupId": id}))
}

fn for_vpc(call: &mut Call<'_>) -> Result<Value, Failure> {
    let vpc = call.params.need("VpcId")?;
    let filters = call.params.filters()?;
    let asked = Page::of(&mut call.params, 5..=1000)?;
    call.checked()?;
    let known = &[
        ("description", "description"),
        ("group-id", "groupId"),
        ("group-name", "groupName"),
        ("owner-id", "ownerId"),
        ("primary-vpc-id", "primaryVpcId"),
    ];
    filters.known(known, false)?;
    vpc::LISTING.need(call, &vpc)?;
    let place = &*call.place;
    let found = place
        .security_groups
        .seen(&call.eye)
        .filter(|(_, group)| group.vpc == vpc)
        .map(|(id, group)| (id.to_owned(), shown::for_vpc(place, group)))
        .filter(|(_, shown)| filters.pass(None, known, || shown))
        .collect();
    let (items, next) = page(found, &asked, call.settings.page);
    Ok(json!({"securityGroupForVpcSet": items, "nextToken": next}))
}
