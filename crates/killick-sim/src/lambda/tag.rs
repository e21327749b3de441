//! Tags of functions.

use serde_json::{Value, json};

use super::call::{Call, invalid};
use super::name::Name;
use crate::failure::Failure;
use crate::tags::{Tags, check};
use crate::wire::{Members, absent};

/// `Tags` of a body.
///
/// # Errors
/// Some that Lambda does not allow.
pub(crate) fn read(body: Members<'_>) -> Result<Tags, Failure> {
    let Some(given) = body.object("Tags")? else {
        return Ok(Tags::new());
    };
    let mut tags = Tags::new();
    for key in given.0.keys() {
        let value = given.text(key)?.unwrap_or_default();
        tags.insert(key.clone(), value.to_owned());
    }
    allowed(&tags)?;
    Ok(tags)
}

fn allowed(tags: &Tags) -> Result<(), Failure> {
    check(tags).map_err(|failure| invalid(failure.message))
}

/// The function of the path, by its whole ARN.
fn resource(call: &Call<'_>) -> Result<Name, Failure> {
    let name = Name::of(call.segment(2))?;
    match name.qualifier {
        None => Ok(name),
        Some(_) => Err(invalid(
            "Tags on function aliases and versions are not supported. Please specify a function ARN.",
        )),
    }
}

pub(crate) fn add(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = resource(call)?;
    if call.body().value("Tags").is_none() {
        return Err(absent("tags"));
    }
    let new = read(call.body())?;
    let mut tags = call.need(&name)?.tags.clone();
    tags.extend(new);
    allowed(&tags)?;
    let seen = call.seen();
    if let Some(function) = call.place.functions.change(&name.name, seen) {
        function.tags = tags;
    }
    Ok(Value::Null)
}

pub(crate) fn remove(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = resource(call)?;
    let query = call.rest.query.iter().filter(|(key, _)| key == "tagKeys");
    let keys: Vec<String> = query.map(|(_, value)| value.clone()).collect();
    call.need(&name)?;
    let seen = call.seen();
    if let Some(function) = call.place.functions.change(&name.name, seen) {
        function.tags.retain(|key, _| !keys.contains(key));
    }
    Ok(Value::Null)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = resource(call)?;
    Ok(json!({"Tags": call.see(&name)?.tags}))
}
