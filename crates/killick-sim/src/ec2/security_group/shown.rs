//! Security groups and rules as the answers have them.

use serde_json::{Value, json};

use super::{GroupRule, Peer, SecurityGroup};
use crate::place::Place;
use crate::tags::shown;

impl GroupRule {
    /// The ports, for protocols that have any.
    fn bounds(&self) -> Option<(i32, i32)> {
        let named = ["tcp", "udp", "icmp", "icmpv6"].contains(&self.protocol.as_str());
        named.then_some(self.ports)
    }

    /// As it is called in messages.
    pub(super) fn text(&self) -> String {
        let (Peer::Ipv4(peer) | Peer::Ipv6(peer) | Peer::List(peer) | Peer::Group(peer)) =
            &self.peer;
        let (from, to) = self.ports;
        let protocol = self.protocol.to_ascii_uppercase();
        let either = |number: i32| match number {
            -1 => "ALL".to_owned(),
            number => number.to_string(),
        };
        match self.protocol.as_str() {
            "-1" => format!("peer: {peer}, ALL, ALLOW"),
            "tcp" | "udp" => {
                format!("peer: {peer}, {protocol}, from port: {from}, to port: {to}, ALLOW")
            }
            "icmp" | "icmpv6" => {
                let (kind, code) = (either(from), either(to));
                format!("peer: {peer}, {protocol}, type: {kind}, code: {code}, ALLOW")
            }
            _ => format!("peer: {peer}, protocol: {protocol}, ALLOW"),
        }
    }
}

/// A group as `DescribeSecurityGroups` shows it.
pub(super) fn group(place: &Place, group: &SecurityGroup) -> Value {
    json!({
        "groupId": group.id,
        "groupName": group.name,
        "groupDescription": group.description,
        "ownerId": place.account,
        "vpcId": group.vpc,
        "ipPermissions": permissions(place, group, false),
        "ipPermissionsEgress": permissions(place, group, true),
        "securityGroupArn": arn(place, &group.id),
        "tagSet": shown(&group.tags),
    })
}

/// A group as `GetSecurityGroupsForVpc` shows it.
pub(super) fn for_vpc(place: &Place, group: &SecurityGroup) -> Value {
    json!({
        "groupId": group.id,
        "groupName": group.name,
        "description": group.description,
        "ownerId": place.account,
        "primaryVpcId": group.vpc,
        "tagSet": shown(&group.tags),
    })
}

pub(super) fn arn(place: &Place, id: &str) -> String {
    let (region, account) = (&place.region, &place.account);
    format!("arn:aws:ec2:{region}:{account}:security-group/{id}")
}

/// The rules of one direction; those for the same traffic are one permission.
fn permissions(place: &Place, group: &SecurityGroup, egress: bool) -> Value {
    let rules = || group.rules.iter().filter(|rule| rule.egress == egress);
    let mut first: Vec<&GroupRule> = Vec::new();
    for rule in rules() {
        if !first.iter().any(|known| known.alike(rule)) {
            first.push(rule);
        }
    }
    let permission = |traffic: &&GroupRule| {
        let peers = |list: &str| -> Vec<Value> {
            let alike = rules().filter(|rule| rule.alike(traffic));
            let peers = alike.map(|rule| peer(place, rule));
            peers
                .filter(|(known, _)| *known == list)
                .map(|(_, peer)| peer)
                .collect()
        };
        json!({
            "ipProtocol": traffic.protocol,
            "fromPort": traffic.bounds().map(|(from, _)| from),
            "toPort": traffic.bounds().map(|(_, to)| to),
            "groups": peers("groups"),
            "ipRanges": peers("ipRanges"),
            "ipv6Ranges": peers("ipv6Ranges"),
            "prefixListIds": peers("prefixListIds"),
        })
    };
    first.iter().map(permission).collect()
}

impl GroupRule {
    /// Whether both are for the same traffic.
    fn alike(&self, other: &Self) -> bool {
        self.protocol == other.protocol && self.ports == other.ports
    }
}

/// The other side of a rule, with the list of a permission where it belongs.
fn peer(place: &Place, rule: &GroupRule) -> (&'static str, Value) {
    let text = &rule.description;
    match &rule.peer {
        Peer::Ipv4(cidr) => ("ipRanges", json!({"cidrIp": cidr, "description": text})),
        Peer::Ipv6(cidr) => ("ipv6Ranges", json!({"cidrIpv6": cidr, "description": text})),
        Peer::List(id) => (
            "prefixListIds",
            json!({"prefixListId": id, "description": text}),
        ),
        Peer::Group(id) => (
            "groups",
            json!({"groupId": id, "userId": place.account, "description": text}),
        ),
    }
}

/// A rule as `DescribeSecurityGroupRules` shows it.
pub(super) fn rule(place: &Place, group: &str, rule: &GroupRule) -> Value {
    let (region, account) = (&place.region, &place.account);
    let mut shown = plain(group, rule);
    if let Some(members) = shown.as_object_mut() {
        members.remove("referencedGroupId");
        let more = json!({
            "groupOwnerId": account,
            "referencedGroupInfo": match &rule.peer {
                Peer::Group(id) => json!({"groupId": id, "userId": account}),
                _ => Value::Null,
            },
            "securityGroupRuleArn":
                format!("arn:aws:ec2:{region}:{account}:security-group-rule/{}", rule.id),
            "tagSet": crate::tags::shown(&rule.tags),
        });
        members.extend(more.as_object().cloned().unwrap_or_default());
    }
    shown
}

/// A rule as the calls show it that take it away.
pub(super) fn plain(group: &str, rule: &GroupRule) -> Value {
    let (from, to) = rule.ports;
    let mut shown = json!({
        "securityGroupRuleId": rule.id,
        "groupId": group,
        "isEgress": rule.egress,
        "ipProtocol": rule.protocol,
        "fromPort": from,
        "toPort": to,
        "description": rule.description,
    });
    let (member, peer) = match &rule.peer {
        Peer::Ipv4(cidr) => ("cidrIpv4", cidr),
        Peer::Ipv6(cidr) => ("cidrIpv6", cidr),
        Peer::List(id) => ("prefixListId", id),
        Peer::Group(id) => ("referencedGroupId", id),
    };
    if let Some(members) = shown.as_object_mut() {
        members.insert(member.to_owned(), json!(peer));
    }
    shown
}
