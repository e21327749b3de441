//! Policies of a role's own.

use serde_json::{Value, json};

use super::policy::Document;
use super::{Action, Call, encoded, missing, named, no_role};
use crate::failure::Failure;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("PutRolePolicy", put),
    ("GetRolePolicy", get),
    ("ListRolePolicies", list),
    ("DeleteRolePolicy", delete),
];

/// Characters of all policies of a role together, without white space.
const MOST: usize = 10_240;

fn put(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut role = call.role()?.clone();
    let name = call.need("PolicyName")?;
    let document = call.need("PolicyDocument")?;
    named(&name, "policyName", 128)?;
    Document::permissions(&document)?;
    role.inline.insert(name, document);
    let texts = role.inline.values().flat_map(|text| text.chars());
    if texts.filter(|char| !char.is_whitespace()).count() > MOST {
        let message = format!(
            "Maximum policy size of {MOST} bytes exceeded for role {}",
            role.name
        );
        return Err(Failure::new("LimitExceeded", message).status(409));
    }
    call.write(role);
    Ok(json!({}))
}

fn get(call: &mut Call<'_>) -> Result<Value, Failure> {
    let role = call.need("RoleName")?;
    let name = call.need("PolicyName")?;
    let found = call.iam.roles.find(&role, &call.eye);
    let found = found.ok_or_else(|| no_role(&role))?;
    let document = found.inline.get(&name).ok_or_else(|| none(&name))?;
    Ok(json!({
        "RoleName": role,
        "PolicyName": name,
        "PolicyDocument": encoded(document),
    }))
}

fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.need("RoleName")?;
    let asked = call.page()?;
    let found = call.iam.roles.find(&name, &call.eye);
    let role = found.ok_or_else(|| no_role(&name))?;
    let names = role.inline.keys();
    let items = names.map(|name| (name.clone(), json!(name))).collect();
    Ok(call.listed(&asked, "PolicyNames", items))
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut role = call.role()?.clone();
    let name = call.need("PolicyName")?;
    if role.inline.remove(&name).is_none() {
        return Err(none(&name));
    }
    call.write(role);
    Ok(json!({}))
}

fn none(name: &str) -> Failure {
    missing(format!("The role policy with name {name} cannot be found."))
}
