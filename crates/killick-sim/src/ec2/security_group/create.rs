//! Making groups.

use serde_json::{Value, json};

use super::shown::arn;
use super::{SecurityGroup, no_default_vpc, open, plain};
use crate::ec2::{Call, limit, vpc};
use crate::failure::Failure;
use crate::tags::shown;

pub(super) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.params.need("GroupName")?;
    let description = call.params.need("GroupDescription")?;
    let vpc = call.params.text("VpcId");
    let tags = call.params.tags("security-group")?;
    call.checked()?;
    let vpc = vpc.ok_or_else(no_default_vpc)?;
    let name = name.trim_end().to_owned();
    if name.is_empty() || !plain(&name) || name.starts_with("sg-") {
        let message = format!("Value ({name}) for parameter GroupName is invalid.");
        return Err(Failure::value(message));
    }
    if !plain(&description) {
        let message = format!("Value ({description}) for parameter GroupDescription is invalid.");
        return Err(Failure::value(message));
    }
    if name.eq_ignore_ascii_case("default") {
        let message = format!("Cannot use reserved security group name: {name}");
        return Err(Failure::new("InvalidGroup.Reserved", message));
    }
    let vpc = vpc::LISTING.need(call, &vpc)?.clone();
    let twin =
        |group: &SecurityGroup| group.vpc == vpc.id && group.name.eq_ignore_ascii_case(&name);
    if call.place.security_groups.all().any(twin) {
        let message = format!(
            "The security group '{name}' already exists for VPC '{}'",
            vpc.id
        );
        return Err(Failure::new("InvalidGroup.Duplicate", message));
    }
    if call.place.security_groups.len() >= limit::GROUPS {
        let message = "The maximum number of security groups has been reached.";
        return Err(Failure::new("SecurityGroupLimitExceeded", message));
    }
    let seen = call.seen();
    let place = &mut *call.place;
    let group = SecurityGroup {
        id: place.dice.id("sg"),
        vpc: vpc.id.clone(),
        name,
        description,
        rules: open(place, &vpc),
        associated: Vec::new(),
        tags,
    };
    place.security_groups.insert(&group.id, group.clone(), seen);
    Ok(json!({
        "groupId": group.id,
        "tagSet": shown(&group.tags),
        "securityGroupArn": arn(place, &group.id),
    }))
}
