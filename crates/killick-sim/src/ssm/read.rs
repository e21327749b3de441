//! Reading parameters.

use serde_json::{Value, json};

use super::name::Selected;
use super::write::names;
use super::{Action, Call, Parameter, Version, arn, describe, invalid, not_found, writer};
use crate::dice::{digest, mix};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::page;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("GetParameter", one),
    ("GetParameters", some),
    ("GetParametersByPath", by_path),
    ("GetParameterHistory", history),
];

fn one(call: &mut Call<'_>) -> Result<Value, Failure> {
    let plain = call.body().flag("WithDecryption")? == Some(true);
    let asked = Selected::of(call.body().need("Name", "name")?);
    // Whoever reads one parameter by its name reads what was written.
    let parameter = call.place.parameters.get(&asked.name);
    let parameter = parameter.ok_or_else(|| not_found(&asked.name))?;
    let version = asked.version(parameter)?;
    let shown = show(call.place, parameter, version, asked.selector, plain);
    Ok(json!({"Parameter": shown}))
}

fn some(call: &mut Call<'_>) -> Result<Value, Failure> {
    let plain = call.body().flag("WithDecryption")? == Some(true);
    let mut names = names(call)?;
    names.sort();
    names.dedup();
    let (mut shown, mut unknown) = (Vec::new(), Vec::new());
    for name in &names {
        let asked = Selected::of(name);
        let parameter = found(call, &asked).ok();
        match parameter.and_then(|one| Some((one, asked.version(one).ok()?))) {
            Some((one, version)) => {
                shown.push(show(call.place, one, version, asked.selector, plain));
            }
            None => unknown.push(name),
        }
    }
    Ok(json!({"Parameters": shown, "InvalidParameters": unknown}))
}

fn by_path(call: &mut Call<'_>) -> Result<Value, Failure> {
    let body = call.body();
    let path = body.need("Path", "path")?;
    let deep = body.flag("Recursive")? == Some(true);
    let plain = body.flag("WithDecryption")? == Some(true);
    let asked = call.page(10)?;
    let filters = describe::by_path(body)?;
    if !path.starts_with('/') {
        let message = "The parameter path must begin with a slash symbol.";
        return Err(invalid(message));
    }
    let parameters = call.place.parameters.seen(&call.eye);
    let below = parameters.filter(|(name, _)| under(name, path, deep));
    let items = below.filter_map(|(name, parameter)| {
        let version = parameter.versions.last()?;
        let passes = filters.iter().all(|one| one.passes(parameter, version));
        let shown = || show(call.place, parameter, version, None, plain);
        passes.then(|| (name.to_owned(), shown()))
    });
    let (items, next) = page(items.collect(), &asked, call.settings.page);
    Ok(json!({"Parameters": items, "NextToken": next}))
}

/// Whether a name lies below a path, right below it unless `deep`.
pub(super) fn under(name: &str, path: &str, deep: bool) -> bool {
    let rest = name.strip_prefix(path.trim_end_matches('/'));
    let rest = rest.and_then(|rest| rest.strip_prefix('/'));
    rest.is_some_and(|rest| deep || !rest.contains('/'))
}

fn history(call: &mut Call<'_>) -> Result<Value, Failure> {
    let plain = call.body().flag("WithDecryption")? == Some(true);
    let asked = Selected::of(call.body().need("Name", "name")?);
    let page_asked = call.page(50)?;
    let parameter = found(call, &asked)?;
    let items = parameter.versions.iter().map(|version| {
        let shown = json!({
            "Name": parameter.name,
            "Type": version.kind,
            "KeyId": version.key,
            "LastModifiedDate": version.date(),
            "LastModifiedUser": writer(call.place),
            "Description": version.description,
            "Value": value(version, plain),
            "AllowedPattern": version.pattern,
            "Version": version.number,
            "Labels": [],
            "Tier": version.tier,
            "Policies": [],
            "DataType": version.data_type,
        });
        (format!("{:020}", version.number), shown)
    });
    let (items, next) = page(items.collect(), &page_asked, call.settings.page);
    Ok(json!({"Parameters": items, "NextToken": next}))
}

/// A parameter as this reader sees it.
fn found<'a>(call: &'a Call<'_>, asked: &Selected<'_>) -> Result<&'a Parameter, Failure> {
    let found = call.place.parameters.find(&asked.name, &call.eye);
    found.ok_or_else(|| not_found(&asked.name))
}

fn show(
    place: &Place,
    parameter: &Parameter,
    version: &Version,
    selector: Option<&str>,
    plain: bool,
) -> Value {
    json!({
        "Name": parameter.name,
        "Type": version.kind,
        "Value": value(version, plain),
        "Version": version.number,
        "Selector": selector.map(|text| format!(":{text}")),
        "LastModifiedDate": version.date(),
        "ARN": arn(place, &parameter.name),
        "DataType": version.data_type,
    })
}

/// The value, or something that cannot be read in place of a secret one.
fn value(version: &Version, plain: bool) -> String {
    if plain || version.kind != "SecureString" {
        return version.value.clone();
    }
    format!("AQICAHh{:016x}==", mix(digest(&version.value)))
}
