//! Managed policies on roles.

use serde_json::{Value, json};

use super::{Action, Call, managed, missing, no_role};
use crate::failure::Failure;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("AttachRolePolicy", attach),
    ("DetachRolePolicy", detach),
    ("ListAttachedRolePolicies", list),
];

fn attach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut role = call.role()?.clone();
    let arn = call.need("PolicyArn")?;
    managed::well_formed(&arn)?;
    if managed::find(&arn).is_none() {
        let message = format!("Policy {arn} does not exist or is not attachable.");
        return Err(missing(message));
    }
    if role.attached.insert(arn) {
        call.write(role);
    }
    Ok(json!({}))
}

fn detach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut role = call.role()?.clone();
    let arn = call.need("PolicyArn")?;
    managed::well_formed(&arn)?;
    if !role.attached.remove(&arn) {
        return Err(missing(format!("Policy {arn} was not found.")));
    }
    call.write(role);
    Ok(json!({}))
}

fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.need("RoleName")?;
    let prefix = call.params.text("PathPrefix").unwrap_or_default();
    let asked = call.page()?;
    let found = call.iam.roles.find(&name, &call.eye);
    let role = found.ok_or_else(|| no_role(&name))?;
    let known = role.attached.iter().filter_map(|arn| managed::find(arn));
    let known = known.filter(|policy| policy.path.starts_with(&prefix));
    let mut items: Vec<(String, Value)> = known
        .map(|policy| {
            let shown = json!({"PolicyName": policy.name, "PolicyArn": policy.arn()});
            (policy.name.to_owned(), shown)
        })
        .collect();
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(call.listed(&asked, "AttachedPolicies", items))
}
