//! Rules of the functions' security group.

use super::hand::{Done, Hand};
use super::stack::{ANYWHERE, Stack, called};

pub(super) fn revoke_egress(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let group = stack.group()?;
    let count = revoke(hand, &group.id)?;
    let name = called(&group.id, &group.tags);
    match count {
        0 => Err(format!("{name} has no egress rules")),
        count => Ok(format!("revoked every egress rule of {name}: {count}")),
    }
}

/// Takes all egress rules from a group, and counts them.
pub(super) fn revoke(hand: &mut Hand<'_>, group: &str) -> Result<usize, String> {
    let known = hand.place().security_groups.get(group);
    let rules = known.into_iter().flat_map(|group| &group.rules);
    let rules = rules.filter(|rule| rule.egress);
    let ids: Vec<String> = rules.map(|rule| rule.id.clone()).collect();
    if !ids.is_empty() {
        let rules = ids.iter().enumerate();
        let mut params: Vec<(String, &str)> = rules
            .map(|(at, id)| (format!("SecurityGroupRuleId.{}", at + 1), id.as_str()))
            .collect();
        params.push(("GroupId".to_owned(), group));
        hand.ec2("RevokeSecurityGroupEgress", &params)?;
    }
    Ok(ids.len())
}

pub(super) fn add_ingress(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    add(hand, stack, "Ingress", "22", ANYWHERE)
}

pub(super) fn add_egress(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    add(hand, stack, "Egress", "5432", "198.51.100.0/24")
}

fn add(hand: &mut Hand<'_>, stack: &Stack, way: &str, port: &str, cidr: &str) -> Done {
    let group = stack.group()?;
    let params = [
        ("GroupId", group.id.as_str()),
        ("IpPermissions.1.IpProtocol", "tcp"),
        ("IpPermissions.1.FromPort", port),
        ("IpPermissions.1.ToPort", port),
        ("IpPermissions.1.IpRanges.1.CidrIp", cidr),
    ];
    hand.ec2(&format!("AuthorizeSecurityGroup{way}"), &params)?;
    let (way, name) = (way.to_lowercase(), called(&group.id, &group.tags));
    Ok(format!("allowed {way} tcp {port} {cidr} in {name}"))
}
