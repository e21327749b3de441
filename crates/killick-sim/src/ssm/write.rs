//! Writing parameters, and deleting them.

use serde_json::{Value, json};

use super::name::{Selected, check};
use super::{Action, Call, Parameter, Version, invalid, not_found, tag};
use crate::failure::Failure;
use crate::wire::{absent, constraint};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("PutParameter", put),
    ("DeleteParameter", delete),
    ("DeleteParameters", delete_all),
];

fn put(call: &mut Call<'_>) -> Result<Value, Failure> {
    let body = call.body();
    let owned = |name| Ok::<_, Failure>(body.text(name)?.map(str::to_owned));
    let name = body.need("Name", "name")?.trim().to_owned();
    let value = body.need("Value", "value")?.to_owned();
    let kind = owned("Type")?;
    let description = owned("Description")?;
    let pattern = owned("AllowedPattern")?;
    let key = owned("KeyId")?;
    let tier = owned("Tier")?;
    let data_type = owned("DataType")?;
    let overwrite = body.flag("Overwrite")? == Some(true);
    let tags = tag::read(body)?;
    check(&name)?;
    if value.is_empty() {
        let rule = "Member must have length greater than or equal to 1";
        return Err(constraint("", "value", rule));
    }
    one_of(
        kind.as_deref(),
        "type",
        &["String", "StringList", "SecureString"],
    )?;
    one_of(
        tier.as_deref(),
        "tier",
        &["Standard", "Advanced", "Intelligent-Tiering"],
    )?;
    if description
        .as_ref()
        .is_some_and(|text| text.chars().count() > 1024)
    {
        let rule = "Member must have length less than or equal to 1024";
        return Err(constraint("", "description", rule));
    }
    if overwrite && !tags.is_empty() {
        let message = "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.";
        return Err(invalid(message));
    }
    // The conditional write: decided by what is, not by what readers see.
    let old = call.place.parameters.get(&name).cloned();
    if old.is_some() && !overwrite {
        let message = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
        return Err(Failure::new("ParameterAlreadyExists", message));
    }
    let last = old.as_ref().and_then(|old| old.versions.last());
    let Some(kind) = kind.or_else(|| last.map(|last| last.kind.clone())) else {
        let message = "A parameter type is required when you create a parameter.";
        return Err(invalid(message));
    };
    let tier = tier_of(tier.as_deref(), last.map(|last| last.tier.as_str()), &value)?;
    let secure = kind == "SecureString";
    let standard = || "alias/aws/ssm".to_owned();
    let version = Version {
        number: last.map_or(0, |last| last.number).saturating_add(1),
        kind,
        value,
        description: description.or_else(|| last.and_then(|last| last.description.clone())),
        pattern: pattern.or_else(|| last.and_then(|last| last.pattern.clone())),
        key: secure.then(|| key.unwrap_or_else(standard)),
        tier: tier.to_owned(),
        data_type: data_type.unwrap_or_else(|| "text".to_owned()),
        at: call.now,
    };
    let answer = json!({"Version": version.number, "Tier": version.tier});
    let seen = call.seen();
    let parameters = &mut call.place.parameters;
    match parameters.change(&name, seen) {
        Some(parameter) => {
            parameter.versions.push(version);
            let old = parameter.versions.len().saturating_sub(100);
            parameter.versions.drain(..old);
        }
        None => {
            let parameter = Parameter {
                name: name.clone(),
                versions: vec![version],
                tags,
            };
            parameters.insert(&name, parameter, seen);
        }
    }
    Ok(answer)
}

fn one_of(value: Option<&str>, member: &str, known: &[&str]) -> Result<(), Failure> {
    match value.filter(|value| !known.contains(value)) {
        None => Ok(()),
        Some(value) => {
            let rule = format!("Member must satisfy enum value set: [{}]", known.join(", "));
            Err(constraint(value, member, &rule))
        }
    }
}

/// The tier that a value gets.
fn tier_of(asked: Option<&str>, old: Option<&str>, value: &str) -> Result<&'static str, Failure> {
    let long = value.len() > 4096;
    let advanced = old == Some("Advanced");
    let tier = match asked {
        Some("Standard") if advanced => {
            let message = "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.";
            return Err(invalid(message));
        }
        Some("Advanced") => "Advanced",
        Some("Intelligent-Tiering") if long => "Advanced",
        _ if advanced => "Advanced",
        _ => "Standard",
    };
    let (most, name) = match tier {
        "Advanced" => (8192, "Advanced"),
        _ => (4096, "Standard"),
    };
    if value.len() > most {
        let message = format!(
            "{name} tier parameters support a maximum parameter value of {most} characters."
        );
        return Err(invalid(message));
    }
    Ok(tier)
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let asked = Selected::of(call.body().need("Name", "name")?);
    let name = asked.name;
    // A parameter goes with all its versions or not at all.
    if asked.selector.is_some() || !call.place.parameters.has(&name) {
        return Err(not_found(&name));
    }
    let seen = call.seen();
    call.place.parameters.remove(&name, seen);
    Ok(json!({}))
}

fn delete_all(call: &mut Call<'_>) -> Result<Value, Failure> {
    let names = names(call)?;
    let (mut deleted, mut unknown) = (Vec::new(), Vec::new());
    for name in names {
        let seen = call.seen();
        let asked = Selected::of(&name);
        let (key, whole) = (asked.name, asked.selector.is_none());
        if whole && call.place.parameters.has(&key) {
            call.place.parameters.remove(&key, seen);
            deleted.push(name);
        } else {
            unknown.push(name);
        }
    }
    Ok(json!({"DeletedParameters": deleted, "InvalidParameters": unknown}))
}

/// `Names`: from one to ten.
///
/// # Errors
/// None of them, or too many.
pub(super) fn names(call: &Call<'_>) -> Result<Vec<String>, Failure> {
    let names = call.body().texts("Names")?.ok_or_else(|| absent("names"))?;
    let rule = match names.len() {
        0 => "Member must have length greater than or equal to 1",
        1..=10 => return Ok(names),
        _ => "Member must have length less than or equal to 10",
    };
    let shown = format!("[{}]", names.join(", "));
    Err(constraint(&shown, "names", rule))
}
