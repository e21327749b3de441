//! Security group rules: EC2 groups peers that share protocol and ports.

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};
use killick_stack::Rule;

/// The rules of one permission: protocols come back in lower case whatever was sent; protocol
/// `-1` may carry ports of -1.
pub(crate) fn rules(permission: &IpPermission) -> Vec<Rule> {
    let protocol = permission
        .ip_protocol()
        .unwrap_or("-1")
        .to_ascii_lowercase();
    let ports = permission
        .from_port()
        .zip(permission.to_port())
        .filter(|_| protocol != "-1");
    let ranges = permission.ip_ranges().iter().filter_map(IpRange::cidr_ip);
    let ranges6 = permission
        .ipv6_ranges()
        .iter()
        .filter_map(Ipv6Range::cidr_ipv6);
    let lists = permission
        .prefix_list_ids()
        .iter()
        .filter_map(PrefixListId::prefix_list_id);
    let groups = permission
        .user_id_group_pairs()
        .iter()
        .filter_map(UserIdGroupPair::group_id);
    ranges
        .chain(ranges6)
        .chain(lists)
        .chain(groups)
        .map(|peer| Rule::new(&protocol, ports, peer))
        .collect()
}

/// The permission that a call takes.
pub(crate) fn permission(rule: &Rule) -> IpPermission {
    let builder = IpPermission::builder()
        .ip_protocol(rule.protocol())
        .set_from_port(rule.ports().map(|ports| ports.0))
        .set_to_port(rule.ports().map(|ports| ports.1));
    let peer = rule.peer();
    if peer.starts_with("sg-") {
        builder.user_id_group_pairs(UserIdGroupPair::builder().group_id(peer).build())
    } else if peer.starts_with("pl-") {
        builder.prefix_list_ids(PrefixListId::builder().prefix_list_id(peer).build())
    } else if peer.contains(':') {
        builder.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(peer).build())
    } else {
        builder.ip_ranges(IpRange::builder().cidr_ip(peer).build())
    }
    .build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_rule_survives_the_call() {
        for text in [
            "all 0.0.0.0/0",
            "all ::/0",
            "tcp 443 203.0.113.0/24",
            "udp 1024-65535 sg-0abc",
            "icmp -1 0.0.0.0/0",
            "icmp 3--1 0.0.0.0/0",
            "tcp 443 pl-0abc",
            "50 198.51.100.0/24",
        ] {
            let rule: Rule = text.parse().unwrap();
            assert_eq!(rules(&permission(&rule)), [rule]);
        }
    }
}
