//! Rules: adding, taking away, changing and listing them.

use std::mem::discriminant;

use serde_json::{Value, json};

use super::permission::{self, description};
use super::{GroupRule, LISTING, Peer, SecurityGroup, asked, shown};
use crate::ec2::listing::well_formed;
use crate::ec2::{Call, prefix_list};
use crate::failure::Failure;
use crate::wire::{Page, page};

/// Rules of one group, direction and IP version.
const QUOTA: usize = 60;

/// Adds rules: all or none.
pub(super) fn authorize(call: &mut Call<'_>, egress: bool) -> Result<Value, Failure> {
    let id = asked(&mut call.params)?;
    let mut rules = permission::read(&mut call.params, egress)?;
    let tags = call.params.tags("security-group-rule")?;
    call.checked()?;
    let group = LISTING.need(call, &id)?;
    if rules.is_empty() {
        return Err(Failure::missing("ipPermissions"));
    }
    for (at, rule) in rules.iter().enumerate() {
        if rules.iter().take(at).any(|other| other.same(rule)) {
            let message = "The same permission must not appear multiple times";
            return Err(Failure::value(message));
        }
        unlike(&group.rules, rule)?;
    }
    peers_exist(call, group, &rules)?;
    room(group.rules.iter().chain(&rules), egress)?;
    let seen = call.seen();
    for rule in &mut rules {
        rule.id = call.place.dice.id("sgr");
        rule.tags = tags.clone();
    }
    if let Some(group) = call.place.security_groups.change(&id, seen) {
        group.rules.extend(rules.iter().cloned());
    }
    let place = &*call.place;
    let shown: Vec<Value> = rules
        .iter()
        .map(|rule| shown::rule(place, &id, rule))
        .collect();
    Ok(json!({"return": true, "securityGroupRuleSet": shown}))
}

fn unlike(rules: &[GroupRule], rule: &GroupRule) -> Result<(), Failure> {
    if rules.iter().any(|known| known.same(rule)) {
        let message = format!("the specified rule \"{}\" already exists", rule.text());
        return Err(Failure::new("InvalidPermission.Duplicate", message));
    }
    Ok(())
}

/// Groups must be of the same VPC: nothing else can be reached by peering.
fn peers_exist(call: &Call<'_>, group: &SecurityGroup, rules: &[GroupRule]) -> Result<(), Failure> {
    for rule in rules {
        match &rule.peer {
            Peer::Group(id) if LISTING.need(call, id)?.vpc != group.vpc => {
                let message = "You have specified two resources that belong to different networks.";
                return Err(Failure::new(LISTING.codes.1, message));
            }
            Peer::List(id) => prefix_list::need(call.place, id)?,
            _ => {}
        }
    }
    Ok(())
}

/// Rules for groups and prefix lists count for both IP versions.
fn room<'a>(rules: impl Iterator<Item = &'a GroupRule>, egress: bool) -> Result<(), Failure> {
    let (mut ipv4, mut ipv6) = (0, 0);
    for rule in rules.filter(|rule| rule.egress == egress) {
        ipv4 += usize::from(!matches!(rule.peer, Peer::Ipv6(_)));
        ipv6 += usize::from(!matches!(rule.peer, Peer::Ipv4(_)));
    }
    if ipv4.max(ipv6) > QUOTA {
        let message = "The maximum number of rules per security group has been reached.";
        return Err(Failure::new("RulesPerSecurityGroupLimitExceeded", message));
    }
    Ok(())
}

/// Takes rules away: all or none.
pub(super) fn revoke(call: &mut Call<'_>, egress: bool) -> Result<Value, Failure> {
    let id = asked(&mut call.params)?;
    let ids = call.params.list("SecurityGroupRuleId");
    let wanted = permission::read(&mut call.params, egress)?;
    call.checked()?;
    let group = LISTING.need(call, &id)?;
    let mut going: Vec<GroupRule> = Vec::new();
    match (ids.is_empty(), wanted.is_empty()) {
        (true, true) => return Err(neither()),
        (false, false) => {
            let message = "Specify either 'ipPermissions' or 'securityGroupRuleIds', not both.";
            return Err(Failure::combination(message));
        }
        _ => {}
    }
    for id in &ids {
        going.push(by_id(group, id, Some(egress))?.clone());
    }
    for rule in &wanted {
        going.push(by_traffic(group, rule)?.clone());
    }
    let seen = call.seen();
    if let Some(group) = call.place.security_groups.change(&id, seen) {
        group
            .rules
            .retain(|rule| !going.iter().any(|gone| gone.id == rule.id));
    }
    let gone: Vec<Value> = going.iter().map(|rule| shown::plain(&id, rule)).collect();
    Ok(json!({
        "return": true,
        "unknownIpPermissionSet": [],
        "revokedSecurityGroupRuleSet": gone,
    }))
}

fn neither() -> Failure {
    let message = "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.";
    Failure::new("MissingParameter", message)
}

fn by_id<'a>(
    group: &'a SecurityGroup,
    id: &str,
    egress: Option<bool>,
) -> Result<&'a GroupRule, Failure> {
    well_formed(id, "sgr", MALFORMED)?;
    let mut rules = group.rules.iter();
    let found = rules.find(|rule| rule.id == id && egress.is_none_or(|way| way == rule.egress));
    found.ok_or_else(|| no_rule(id))
}

fn by_traffic<'a>(group: &'a SecurityGroup, rule: &GroupRule) -> Result<&'a GroupRule, Failure> {
    let found = group.rules.iter().find(|known| known.same(rule));
    found.ok_or_else(|| {
        let message = "The specified rule does not exist in this security group.";
        Failure::new("InvalidPermission.NotFound", message)
    })
}

const MALFORMED: &str = "InvalidSecurityGroupRuleId.Malformed";

fn no_rule(id: &str) -> Failure {
    let message = format!("The security group rule ID '{id}' does not exist");
    Failure::new("InvalidSecurityGroupRuleId.NotFound", message)
}

/// Changes rules in place, all but the kind of their other side.
pub(super) fn modify(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("GroupId")?;
    let mut wanted = Vec::new();
    for mut one in call.params.structs("SecurityGroupRule") {
        let rule = one.need("SecurityGroupRuleId")?;
        wanted.push((rule, permission::single(one.group("SecurityGroupRule"))?));
        one.finish()?;
    }
    call.checked()?;
    let group = LISTING.need(call, &id)?;
    if wanted.is_empty() {
        return Err(Failure::missing("SecurityGroupRule"));
    }
    let mut after = group.rules.clone();
    for (id, wanted) in wanted {
        let old = by_id(group, &id, None)?;
        if discriminant(&old.peer) != discriminant(&wanted.peer) {
            let message = format!("The type of the source or destination of {id} cannot change");
            return Err(Failure::value(message));
        }
        let new = GroupRule {
            id: id.clone(),
            egress: old.egress,
            tags: old.tags.clone(),
            ..wanted
        };
        let others: Vec<GroupRule> = after.iter().filter(|one| one.id != id).cloned().collect();
        unlike(&others, &new)?;
        peers_exist(call, group, std::slice::from_ref(&new))?;
        for rule in after.iter_mut().filter(|rule| rule.id == id) {
            *rule = new.clone();
        }
    }
    let seen = call.seen();
    if let Some(group) = call.place.security_groups.change(&id, seen) {
        group.rules = after;
    }
    Ok(json!({"return": true}))
}

/// Gives rules other descriptions, or none.
pub(super) fn describe_anew(call: &mut Call<'_>, egress: bool) -> Result<Value, Failure> {
    let id = asked(&mut call.params)?;
    let mut ids = Vec::new();
    for mut one in call.params.structs("SecurityGroupRuleDescription") {
        ids.push((one.need("SecurityGroupRuleId")?, description(&mut one)?));
        one.finish()?;
    }
    let wanted = permission::read(&mut call.params, egress)?;
    call.checked()?;
    let group = LISTING.need(call, &id)?;
    if ids.is_empty() && wanted.is_empty() {
        return Err(neither());
    }
    for (id, _) in &ids {
        by_id(group, id, Some(egress))?;
    }
    for rule in wanted {
        ids.push((by_traffic(group, &rule)?.id.clone(), rule.description));
    }
    let seen = call.seen();
    if let Some(group) = call.place.security_groups.change(&id, seen) {
        for rule in &mut group.rules {
            if let Some((_, text)) = ids.iter().find(|(id, _)| *id == rule.id) {
                rule.description.clone_from(text);
            }
        }
    }
    Ok(json!({"return": true}))
}

/// Lists rules of all groups.
pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let ids = call.params.list("SecurityGroupRuleId");
    let filters = call.params.filters()?;
    let asked = Page::of(&mut call.params, 5..=1000)?;
    call.checked()?;
    let known = &[
        ("group-id", "groupId"),
        ("security-group-rule-id", "securityGroupRuleId"),
    ];
    filters.known(known, true)?;
    if !ids.is_empty() && asked.asked() {
        let message =
            "The parameter SecurityGroupRuleId cannot be used with the parameter maxResults";
        return Err(Failure::combination(message));
    }
    let place = &*call.place;
    let groups = place.security_groups.seen(&call.eye);
    let mut rules: Vec<(&str, &GroupRule)> = groups
        .flat_map(|(id, group)| group.rules.iter().map(move |rule| (id, rule)))
        .collect();
    for id in &ids {
        well_formed(id, "sgr", MALFORMED)?;
        if !rules.iter().any(|(_, rule)| rule.id == *id) {
            return Err(no_rule(id));
        }
    }
    rules.sort_by_key(|(_, rule)| rule.id.as_str());
    let found = rules
        .into_iter()
        .filter(|(_, rule)| ids.is_empty() || ids.contains(&rule.id))
        .filter_map(|(group, rule)| {
            let shown = shown::rule(place, group, rule);
            let fits = filters.pass(Some(&rule.tags), known, || &shown);
            fits.then(|| (rule.id.clone(), shown))
        })
        .collect();
    let (items, next) = page(found, &asked, call.settings.page);
    Ok(json!({"securityGroupRuleSet": items, "nextToken": next}))
}
