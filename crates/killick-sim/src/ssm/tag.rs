//! Tags of parameters.

use serde_json::{Value, json};

use super::name::Selected;
use super::{Action, Call, invalid};
use crate::failure::Failure;
use crate::tags::{Tags, check};
use crate::wire::{Members, absent};

pub(super) const ACTIONS: &[(&str, Action)] =
    &[("AddTagsToResource", add), ("ListTagsForResource", list)];

/// `Tags` of a body.
///
/// # Errors
/// Some that SSM does not allow.
pub(super) fn read(body: Members<'_>) -> Result<Tags, Failure> {
    let mut tags = Tags::new();
    for one in body.objects("Tags")?.unwrap_or_default() {
        let value = one.text("Value")?.unwrap_or_default();
        tags.insert(
            one.need("Key", "tags.1.member.key")?.to_owned(),
            value.to_owned(),
        );
    }
    allowed(&tags)?;
    Ok(tags)
}

fn allowed(tags: &Tags) -> Result<(), Failure> {
    check(tags).map_err(|failure| match failure.code.as_str() {
        "TagLimitExceeded" => Failure::new("TooManyTagsError", failure.message),
        _ => invalid(failure.message),
    })
}

/// The name of the parameter that a call is about.
fn resource(call: &Call<'_>) -> Result<String, Failure> {
    let kind = call.body().need("ResourceType", "resourceType")?;
    let name = call.body().need("ResourceId", "resourceId")?;
    if kind != "Parameter" {
        let message = format!("{kind} is not a valid resource type.");
        return Err(Failure::new("InvalidResourceType", message));
    }
    Ok(Selected::of(name).name)
}

fn missing(name: &str) -> Failure {
    let message = format!("The resource ID \"{name}\" does not exist.");
    Failure::new("InvalidResourceId", message)
}

fn add(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = resource(call)?;
    if call.body().value("Tags").is_none() {
        return Err(absent("tags"));
    }
    let new = read(call.body())?;
    let parameter = call.place.parameters.get(&name);
    let mut tags = parameter.ok_or_else(|| missing(&name))?.tags.clone();
    tags.extend(new);
    allowed(&tags)?;
    let seen = call.seen();
    if let Some(parameter) = call.place.parameters.change(&name, seen) {
        parameter.tags = tags;
    }
    Ok(json!({}))
}

fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = resource(call)?;
    let parameter = call.place.parameters.find(&name, &call.eye);
    let parameter = parameter.ok_or_else(|| missing(&name))?;
    let tags = parameter.tags.iter();
    let tags: Value = tags
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    Ok(json!({"TagList": tags}))
}
