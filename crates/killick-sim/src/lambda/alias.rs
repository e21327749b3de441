//! Aliases: names for versions.

use serde_json::{Value, json};

use super::call::{Call, conflict, unmoved};
use super::function::{Alias, Function};
use super::name::{Name, arn, plain};
use super::{list, show};
use crate::failure::Failure;
use crate::wire::constraint;

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?.whole()?;
    let body = call.body();
    let alias = body.need("Name", "name")?.to_owned();
    let digits = alias.bytes().all(|byte| byte.is_ascii_digit());
    if digits || !plain(&alias) {
        let rule = "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)";
        return Err(constraint(&alias, "name", rule));
    }
    let version = body.need("FunctionVersion", "functionVersion")?.to_owned();
    let made = Alias {
        version,
        description: body.text("Description")?.unwrap_or_default().to_owned(),
        routing: routing(call)?.flatten(),
        revision: String::new(),
    };
    let function = call.need(&name)?;
    there(call, function, &made)?;
    if function.aliases.contains_key(&alias) {
        let arn = arn(call.place, &name.name, Some(&alias));
        return Err(conflict(format!("Alias already exists: {arn}")));
    }
    Ok(write(call, &name, &alias, made))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?.whole()?;
    let alias = call.segment(4).to_owned();
    let body = call.body();
    let version = body.text("FunctionVersion")?;
    let description = body.text("Description")?;
    let revision = body.text("RevisionId")?;
    let routing = routing(call)?;
    let function = call.need(&name)?;
    let old = function.aliases.get(&alias);
    let old = old.ok_or_else(|| missing(call, &name, &alias))?;
    unmoved(revision, &old.revision)?;
    let new = Alias {
        version: version.unwrap_or(&old.version).to_owned(),
        description: description.unwrap_or(&old.description).to_owned(),
        routing: routing.unwrap_or_else(|| old.routing.clone()),
        revision: String::new(),
    };
    there(call, function, &new)?;
    Ok(write(call, &name, &alias, new))
}

pub(crate) fn get(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?;
    let alias = call.segment(4);
    let found = call.see(&name)?.aliases.get(alias);
    let found = found.ok_or_else(|| missing(call, &name, alias))?;
    Ok(show::alias(call.place, &name.name, alias, found))
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let page = list::asked(call)?;
    let version = call.rest.asked("FunctionVersion");
    let name = call.name()?;
    let aliases = call.see(&name)?.aliases.iter();
    let items = aliases
        .filter(|(_, alias)| version.is_none_or(|wanted| wanted == alias.version))
        .map(|(key, alias)| {
            let shown = show::alias(call.place, &name.name, key, alias);
            (key.clone(), shown)
        })
        .collect();
    Ok(list::answer(call, &page, "Aliases", items))
}

/// One that is not there is as good as deleted.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?.whole()?;
    let alias = call.segment(4).to_owned();
    call.need(&name)?;
    let seen = call.seen();
    if let Some(function) = call.place.functions.change(&name.name, seen) {
        function.aliases.remove(&alias);
    }
    Ok(Value::Null)
}

/// What a body says of further versions; an empty object says that there are
/// none.
fn routing(call: &Call<'_>) -> Result<Option<Option<Value>>, Failure> {
    let Some(routing) = call.body().object("RoutingConfig")? else {
        return Ok(None);
    };
    let weights = routing.object("AdditionalVersionWeights")?;
    let weights = weights.filter(|weights| !weights.0.is_empty());
    let shown = weights.map(|weights| json!({"AdditionalVersionWeights": weights.0}));
    Ok(Some(shown))
}

/// Whether the version of an alias is there.
fn there(call: &Call<'_>, function: &Function, alias: &Alias) -> Result<(), Failure> {
    let number = alias.version.as_str();
    let known = !function.aliases.contains_key(number) && function.version(number).is_some();
    if known {
        return Ok(());
    }
    let arn = arn(call.place, &function.name, Some(number));
    let message = format!("Function not found: {arn}");
    Err(Failure::new("ResourceNotFoundException", message).status(404))
}

fn missing(call: &Call<'_>, name: &Name, alias: &str) -> Failure {
    let arn = arn(call.place, &name.name, Some(alias));
    let message = format!("Cannot find alias arn: {arn}");
    Failure::new("ResourceNotFoundException", message).status(404)
}

fn write(call: &mut Call<'_>, name: &Name, alias: &str, mut new: Alias) -> Value {
    let seen = call.seen();
    new.revision = call.place.dice.uuid();
    if let Some(function) = call.place.functions.change(&name.name, seen) {
        function.aliases.insert(alias.to_owned(), new.clone());
    }
    show::alias(call.place, &name.name, alias, &new)
}
