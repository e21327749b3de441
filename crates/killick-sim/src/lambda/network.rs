//! VPC configs and their network interfaces (fact sheet sections 8 and 9): one
//! interface for each subnet and set of security groups, shared by all
//! functions and versions.

use super::call::{Call, invalid};
use super::function::{Function, FunctionVersion, Update, VpcConfig, alike};
use crate::agenda::Event;
use crate::ec2::{Interface, Vpc, Wanted, make_interface, well_formed};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Members, constraint};
use crate::world::Millis;

const SECOND: Millis = 1000;

/// What a request says of the VPC config.
#[derive(Debug, Default)]
pub(crate) struct Network {
    subnets: Option<Vec<String>>,
    security_groups: Option<Vec<String>>,
    ipv6: Option<bool>,
}

impl Network {
    /// Reads `VpcConfig`.
    ///
    /// # Errors
    /// Too many ids, or some that are none.
    pub(crate) fn of(body: Members<'_>) -> Result<Self, Failure> {
        let Some(config) = body.object("VpcConfig")? else {
            return Ok(Self::default());
        };
        Ok(Self {
            subnets: ids(config, "SubnetIds", "vpcConfig.subnetIds", "subnet-", 16)?,
            security_groups: ids(
                config,
                "SecurityGroupIds",
                "vpcConfig.securityGroupIds",
                "sg-",
                5,
            )?,
            ipv6: config.flag("Ipv6AllowedForDualStack")?,
        })
    }

    /// Whether it says anything.
    pub(crate) fn asks(&self) -> bool {
        self.subnets.is_some() || self.security_groups.is_some() || self.ipv6.is_some()
    }

    /// The config that comes of it. What the request leaves out stays as it
    /// was.
    ///
    /// # Errors
    /// Subnets or groups that this call does not know, or that do not fit
    /// together.
    pub(crate) fn over(
        self,
        call: &Call<'_>,
        old: Option<&VpcConfig>,
    ) -> Result<Option<VpcConfig>, Failure> {
        if !self.asks() {
            return Ok(old.cloned());
        }
        let kept = old.cloned().unwrap_or_default();
        let subnets = self.subnets.unwrap_or(kept.subnets);
        let security_groups = self.security_groups.unwrap_or(kept.security_groups);
        match (subnets.is_empty(), security_groups.is_empty()) {
            (true, true) => return Ok(old.map(|_| VpcConfig::default())),
            (false, false) => {}
            _ => {
                let message = "SubnetIds and SecurityIds must coexist or be both empty list.";
                return Err(invalid(message));
            }
        }
        let config = VpcConfig {
            vpc: vpc_of(call, &subnets, &security_groups)?,
            subnets,
            security_groups,
            ipv6: self.ipv6.unwrap_or(kept.ipv6),
        };
        if config.ipv6 && !dual_stack(call.place, &config) {
            let message = "Ipv6AllowedForDualStack can only be true when all the subnets have an IPv6 CIDR block.";
            return Err(invalid(message));
        }
        Ok(Some(config))
    }
}

fn ids(
    config: Members<'_>,
    name: &str,
    member: &str,
    prefix: &str,
    most: usize,
) -> Result<Option<Vec<String>>, Failure> {
    let Some(ids) = config.texts(name)? else {
        return Ok(None);
    };
    let shown = format!("[{}]", ids.join(", "));
    if ids.len() > most {
        let rule = format!("Member must have length less than or equal to {most}");
        return Err(constraint(&shown, member, &rule));
    }
    let fits = |id: &String| {
        let digits = id.strip_prefix(prefix);
        digits.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    if !ids.iter().all(fits) {
        let rule = format!(
            "Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: ^{prefix}[0-9a-zA-Z]*$]"
        );
        return Err(constraint(&shown, member, &rule));
    }
    Ok(Some(ids))
}

/// The one VPC of subnets and groups.
fn vpc_of(call: &Call<'_>, subnets: &[String], groups: &[String]) -> Result<String, Failure> {
    let place: &Place = call.place;
    let mut vpcs = Vec::new();
    for id in subnets {
        well_formed(id, "subnet", "InvalidSubnetID.Malformed")
            .map_err(|failure| ec2_error("DescribeSubnets", &failure))?;
        let seen = place.subnets.find(id, &call.eye);
        let subnet = seen.and_then(|_| place.subnets.get(id)).ok_or_else(|| {
            let message = format!("The subnet ID '{id}' does not exist");
            let failure = Failure::new("InvalidSubnetID.NotFound", message);
            ec2_error("DescribeSubnets", &failure)
        })?;
        vpcs.push(subnet.vpc.as_str());
    }
    let first = vpcs.first().copied().unwrap_or_default();
    if vpcs.iter().any(|vpc| *vpc != first) {
        return Err(invalid("Subnets are required to be in the same VPC."));
    }
    for id in groups {
        well_formed(id, "sg", "InvalidGroupId.Malformed")
            .map_err(|failure| ec2_error("DescribeSecurityGroups", &failure))?;
        let seen = place.security_groups.find(id, &call.eye);
        let group = seen.and_then(|_| place.security_groups.get(id));
        let group = group.ok_or_else(|| {
            let message = format!("The security group '{id}' does not exist");
            let failure = Failure::new("InvalidGroup.NotFound", message);
            ec2_error("DescribeSecurityGroups", &failure)
        })?;
        if group.vpc != first {
            let message = "Security Groups are required to be in the same VPC.";
            return Err(invalid(message));
        }
    }
    let dedicated = |vpc: &Vpc| vpc.tenancy == "dedicated";
    if place.vpcs.get(first).is_some_and(dedicated) {
        let message =
            format!("The VPC {first} has dedicated instance tenancy, which is not supported.");
        return Err(invalid(message));
    }
    Ok(first.to_owned())
}

/// What EC2 told Lambda, as Lambda passes it on.
fn ec2_error(action: &str, failure: &Failure) -> Failure {
    invalid(format!(
        "Error occurred while {action}. EC2 Error Code: {}. EC2 Error Message: {}",
        failure.code, failure.message
    ))
}

fn dual_stack(place: &Place, config: &VpcConfig) -> bool {
    config.subnets.iter().all(|id| {
        let subnet = place.subnets.get(id);
        subnet.is_some_and(|subnet| !subnet.ipv6.is_empty())
    })
}

/// Begins what ends with [`super::updated`]: an update, or the making of a
/// function. Interfaces come at once, the network takes effect at the end.
pub(crate) fn begin(
    place: &mut Place,
    name: &str,
    version: &mut FunctionVersion,
    now: Millis,
    seen: Millis,
) {
    let (wait, failure) = match version.wanted() {
        _ if !version.moves() => ((2 * SECOND, 6 * SECOND), None),
        _ if !place.function_failures.is_empty() => {
            let code = place.function_failures.remove(0);
            ((30 * SECOND, 90 * SECOND), Some(code))
        }
        None => ((30 * SECOND, 90 * SECOND), None),
        Some(config) => match equip(place, name, config, seen) {
            Ok(false) => ((30 * SECOND, 90 * SECOND), None),
            Ok(true) => ((90 * SECOND, 240 * SECOND), None),
            Err(code) => ((90 * SECOND, 240 * SECOND), Some(code)),
        },
    };
    let until = now.saturating_add(place.dice.between(wait.0, wait.1));
    version.update = Some(Update { until, failure });
    version.revision = place.dice.uuid();
    version.modified = now;
    let event = Event::FunctionUpdated(name.to_owned());
    place.agenda.at(until, event);
}

/// Sees to it that each subnet has an interface, and says whether one is new.
fn equip(place: &mut Place, name: &str, config: &VpcConfig, seen: Millis) -> Result<bool, String> {
    let mut groups = config.security_groups.clone();
    groups.sort();
    groups.dedup();
    let mut new = false;
    for subnet in &config.subnets {
        let serves = |interface: &Interface| {
            ours(interface) && interface.subnet == *subnet && alike(&interface.groups, &groups)
        };
        if place.interfaces.all().any(serves) {
            continue;
        }
        let description = format!("AWS Lambda VPC ENI-{name}-{}", place.dice.uuid());
        let wanted = Wanted {
            subnet,
            kind: "lambda",
            description: &description,
            groups: &groups,
            managed: true,
        };
        make_interface(place, &wanted, seen).map_err(|_| "SubnetOutOfIPAddresses".to_owned())?;
        new = true;
    }
    Ok(new)
}

fn ours(interface: &Interface) -> bool {
    interface.kind == "lambda"
}

/// Why a network can no longer be taken into use, if so.
pub(crate) fn lost(place: &Place, version: &FunctionVersion) -> Option<String> {
    let config = version.wanted().filter(|_| version.moves())?;
    let subnets = || config.subnets.iter().all(|id| place.subnets.has(id));
    let groups = || config.security_groups.iter();
    if !subnets() {
        Some("InvalidSubnet".to_owned())
    } else if !groups().all(|id| place.security_groups.has(id)) {
        Some("InvalidSecurityGroup".to_owned())
    } else {
        None
    }
}

/// Gives every interface that nothing uses any more a time to go, and takes it
/// from those that something uses again.
pub(crate) fn release(place: &mut Place, now: Millis) {
    let used = |interface: &Interface| {
        let mut versions = place.functions.all().flat_map(Function::all);
        versions.any(|version| version.uses(&interface.subnet, &interface.groups))
    };
    let lambda = place.interfaces.all().filter(|interface| ours(interface));
    let unused: Vec<String> = lambda
        .filter(|interface| !used(interface))
        .map(|interface| interface.id.clone())
        .collect();
    place.idle_interfaces.retain(|id, _| unused.contains(id));
    for id in unused {
        if !place.idle_interfaces.contains_key(&id) {
            let wait = place.dice.between(place.linger.0, place.linger.1);
            let due = now.saturating_add(wait);
            place.idle_interfaces.insert(id, due);
            place.agenda.at(due, Event::InterfacesReclaimed);
        }
    }
}

/// Gives network interfaces back that no function or version uses.
pub(crate) fn reclaim(place: &mut Place, when: Millis) {
    let due = place
        .idle_interfaces
        .iter()
        .filter(|(_, due)| **due <= when);
    let due: Vec<String> = due.map(|(id, _)| id.clone()).collect();
    for id in due {
        place.idle_interfaces.remove(&id);
        place.interfaces.remove(&id, 0);
    }
}
