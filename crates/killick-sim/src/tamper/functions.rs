//! Functions and their networks.

use serde_json::{Value, json};

use super::groups;
use super::hand::{Done, Hand};
use super::network::give_ipv6;
use super::stack::{Stack, called};
use crate::ec2::Subnet;
use crate::iam::VPC_ACCESS;
use crate::lambda::{Function, VpcConfig};
use crate::place::Place;

/// The alias that is made when a function has none.
const ALIAS: &str = "live";

/// The first function in the private subnets of the stack, with its network.
fn ours(place: &Place, stack: &Stack) -> Option<(Function, VpcConfig)> {
    let mut functions = place.functions.all();
    functions.find_map(|function| {
        let config = function.latest.vpc_config.as_ref()?;
        let mut private = stack.zones.iter().filter_map(|zone| zone.private.as_ref());
        let inside = private.any(|subnet| config.subnets.contains(&subnet.id));
        inside.then(|| (function.clone(), config.clone()))
    })
}

/// The same, ready for an update: it takes one at a time.
fn need(hand: &mut Hand<'_>, stack: &Stack) -> Result<(Function, VpcConfig), String> {
    let found = ours(hand.place(), stack);
    let (function, config) = found.ok_or("no function is in the private subnets of the stack")?;
    let (latest, name) = (&function.latest, &function.name);
    if latest.state == "Pending" || latest.last_update == "InProgress" {
        return Err(format!("an update of {name} is in progress"));
    }
    Ok((function, config))
}

fn connect(hand: &mut Hand<'_>, function: &Function, network: &Value) -> Result<Value, String> {
    let body = json!({"VpcConfig": network});
    hand.lambda("PUT", &function.name, "configuration", &body)
}

pub(super) fn detach(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (function, _) = need(hand, stack)?;
    let nothing = json!({"SubnetIds": [], "SecurityGroupIds": []});
    connect(hand, &function, &nothing)?;
    Ok(format!("took {} out of its VPC", function.name))
}

pub(super) fn drop_subnet(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (function, config) = need(hand, stack)?;
    if config.subnets.len() < 2 {
        return Err(format!("{} has only one subnet", function.name));
    }
    let subnet = stack.zone("a subnet of the function", |zone| {
        let subnet = zone.private.as_ref();
        subnet.filter(|subnet| config.subnets.contains(&subnet.id))
    })?;
    let left: Vec<&String> = config
        .subnets
        .iter()
        .filter(|id| **id != subnet.id)
        .collect();
    let network = json!({"SubnetIds": left, "SecurityGroupIds": config.security_groups});
    connect(hand, &function, &network)?;
    let subnet = called(&subnet.id, &subnet.tags);
    Ok(format!("took {} out of {subnet}", function.name))
}

/// The other group lets nothing out.
pub(super) fn swap_group(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (function, config) = need(hand, stack)?;
    let name = hand.id("by-hand");
    let params = [
        ("VpcId", stack.vpc.id.as_str()),
        ("GroupName", &name),
        ("GroupDescription", "by hand"),
    ];
    let action = ("CreateSecurityGroup", "security-group");
    let group = hand.make(action, &params, "groupId")?;
    groups::revoke(hand, &group)?;
    let network = json!({"SubnetIds": config.subnets, "SecurityGroupIds": [group]});
    connect(hand, &function, &network)?;
    Ok(format!(
        "gave {} the security group {group}, which lets nothing out",
        function.name
    ))
}

pub(super) fn move_away(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (function, _) = need(hand, stack)?;
    let zone = stack.zone("a name", |zone| Some(zone.name.as_str()))?;
    let vpc = hand.vpc()?;
    let subnet = hand.subnet(&vpc, zone)?;
    let groups = hand.place().security_groups.all();
    let groups = groups.filter(|group| group.vpc == vpc);
    let groups: Vec<String> = groups.map(|group| group.id.clone()).collect();
    let network = json!({"SubnetIds": [subnet], "SecurityGroupIds": groups});
    connect(hand, &function, &network)?;
    let name = &function.name;
    Ok(format!("moved {name} to {subnet} of a stranger's {vpc}"))
}

pub(super) fn allow_ipv6(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let (function, config) = need(hand, stack)?;
    if config.ipv6 {
        return Err(format!("{} may use IPv6 already", function.name));
    }
    let place = hand.place();
    let subnets = config.subnets.iter().filter_map(|id| place.subnets.get(id));
    let subnets = subnets.filter(|subnet| subnet.ipv6.is_empty());
    let subnets: Vec<Subnet> = subnets.cloned().collect();
    for subnet in &subnets {
        give_ipv6(hand, subnet)?;
    }
    let network = json!({
        "SubnetIds": config.subnets,
        "SecurityGroupIds": config.security_groups,
        "Ipv6AllowedForDualStack": true,
    });
    connect(hand, &function, &network)?;
    let (name, count) = (&function.name, config.subnets.len());
    Ok(format!("let {name} use IPv6 in its {count} subnets"))
}

pub(super) fn repoint_alias(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let Some((function, config)) = ours(hand.place(), stack) else {
        return publish(hand);
    };
    let name = &function.name;
    let mut versions = function.versions.iter();
    let old = versions.find(|(_, version)| version.vpc_config.as_ref() != Some(&config));
    let Some((number, version)) = old else {
        return Err(format!(
            "no version of {name} has another network: \
             detach-function, wait until that is done, and repoint-alias again"
        ));
    };
    let subnets = version.vpc_config.iter().flat_map(|config| &config.subnets);
    let subnets: Vec<&str> = subnets.map(String::as_str).collect();
    let network = match subnets.is_empty() {
        true => "in no VPC".to_owned(),
        false => format!("in {}", subnets.join(" and ")),
    };
    let alias = point(hand, &function, &number.to_string())?;
    Ok(format!(
        "pointed the alias {alias} of {name} to its version {number}, {network}"
    ))
}

/// Freezes a function as it is, outside of the stack.
fn publish(hand: &mut Hand<'_>) -> Done {
    let function = outside(hand.place());
    let function = function.ok_or("there is no function outside of the stack to publish")?;
    let version = hand.lambda("POST", &function.name, "versions", &json!({}))?;
    let number = version.get("Version").and_then(Value::as_str);
    let number = number.unwrap_or_default();
    let alias = point(hand, &function, number)?;
    let name = &function.name;
    Ok(format!(
        "published version {number} of {name} in no VPC, with the alias {alias}"
    ))
}

/// The first function that is in no VPC.
fn outside(place: &Place) -> Option<Function> {
    let mut functions = place.functions.all();
    let found = functions.find(|function| {
        let config = function.latest.vpc_config.as_ref();
        config.is_none_or(|config| config.subnets.is_empty())
    });
    found.cloned()
}

/// Points an alias to a version: the first one that is elsewhere, or a new
/// one.
fn point(hand: &mut Hand<'_>, function: &Function, number: &str) -> Done {
    let mut aliases = function.aliases.iter();
    let elsewhere = aliases.find(|(_, alias)| alias.version != number);
    let name = &function.name;
    let alias = match elsewhere {
        Some((alias, _)) => {
            let body = json!({"FunctionVersion": number});
            hand.lambda("PUT", name, &format!("aliases/{alias}"), &body)?;
            alias
        }
        None if function.aliases.is_empty() => {
            let body = json!({"Name": ALIAS, "FunctionVersion": number});
            hand.lambda("POST", name, "aliases", &body)?;
            ALIAS
        }
        None => return Err(format!("every alias of {name} is on {number} already")),
    };
    Ok(alias.to_owned())
}

/// The functions in the VPC go on; the next change of their network is refused.
pub(super) fn detach_policy(hand: &mut Hand<'_>, stack: &Stack) -> Done {
    let found = ours(hand.place(), stack);
    let (function, _) = found.ok_or("no function is in the private subnets of the stack")?;
    let role = function.latest.role().unwrap_or_default();
    let role = role.rsplit('/').next().unwrap_or_default();
    let params = [("RoleName", role), ("PolicyArn", VPC_ACCESS)];
    hand.iam("DetachRolePolicy", &params)?;
    let name = &function.name;
    Ok(format!("took {VPC_ACCESS} from {role}, the role of {name}"))
}
