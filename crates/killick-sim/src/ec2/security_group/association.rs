//! Security groups that are associated with a further VPC.

use serde_json::{Value, json};

use super::LISTING;
use crate::ec2::{Call, vpc};
use crate::failure::Failure;
use crate::wire::{Page, Paths, page};

const FILTERS: Paths = &[
    ("group-id", "groupId"),
    ("group-owner-id", "groupOwnerId"),
    ("state", "state"),
    ("vpc-id", "vpcId"),
    ("vpc-owner-id", "vpcOwnerId"),
];

fn asked(call: &mut Call<'_>) -> Result<(String, String), Failure> {
    let group = call.params.need("GroupId")?;
    let vpc = call.params.need("VpcId")?;
    call.checked()?;
    vpc::LISTING.need(call, &vpc)?;
    Ok((group, vpc))
}

pub(super) fn associate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (id, vpc) = asked(call)?;
    if LISTING.need(call, &id)?.vpc == vpc {
        let message = format!("The security group {id} belongs to the VPC {vpc}");
        return Err(Failure::value(message));
    }
    let seen = call.seen();
    if let Some(group) = call.place.security_groups.change(&id, seen)
        && !group.associated.contains(&vpc)
    {
        group.associated.push(vpc);
    }
    Ok(json!({"state": "associating"}))
}

pub(super) fn disassociate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (id, vpc) = asked(call)?;
    LISTING.need(call, &id)?;
    let seen = call.seen();
    if let Some(group) = call.place.security_groups.change(&id, seen) {
        group.associated.retain(|other| *other != vpc);
    }
    Ok(json!({"state": "disassociating"}))
}

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let filters = call.params.filters()?;
    let asked = Page::of(&mut call.params, 5..=1000)?;
    call.checked()?;
    filters.known(FILTERS, false)?;
    let account = call.place.account.clone();
    let groups = call.place.security_groups.seen(&call.eye);
    let all = groups.flat_map(|(id, group)| {
        let shown = |vpc: &String| {
            let shown = json!({
                "groupId": id, "groupOwnerId": account, "vpcId": vpc, "vpcOwnerId": account,
                "state": "associated",
            });
            (format!("{id} {vpc}"), shown)
        };
        group.associated.iter().map(shown).collect::<Vec<_>>()
    });
    let found = all
        .filter(|(_, shown)| filters.pass(None, FILTERS, || shown))
        .collect();
    let (items, next) = page(found, &asked, call.settings.page);
    Ok(json!({"securityGroupVpcAssociationSet": items, "nextToken": next}))
}
