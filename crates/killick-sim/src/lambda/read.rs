//! Reading functions and their versions.

use serde_json::{Value, json};

use super::call::Call;
use super::function::Function;
use super::name::Name;
use super::{list, show};
use crate::failure::Failure;
use crate::wire::constraint;

/// The function of the path under its qualifier, as this reader sees it.
fn qualified(call: &Call<'_>) -> Result<(Name, Function), Failure> {
    let name = call.name()?;
    let function = call.see(&name)?;
    let qualifier = name.qualifier.as_deref().unwrap_or("$LATEST");
    if function.version(qualifier).is_none() {
        return Err(name.missing(call.place));
    }
    let function = function.clone();
    Ok((name, function))
}

pub(crate) fn configuration(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (name, function) = qualified(call)?;
    let qualifier = name.qualifier.as_deref();
    Ok(show::configuration(call.place, &function, qualifier))
}

pub(crate) fn function(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (name, function) = qualified(call)?;
    let region = &call.place.region;
    let version = function.version(name.qualifier.as_deref().unwrap_or("$LATEST"));
    let image = version.is_some_and(|version| {
        let kind = version.settings.get("PackageType");
        kind.and_then(Value::as_str) == Some("Image")
    });
    let code = if image {
        json!({"RepositoryType": "ECR"})
    } else {
        let location = format!(
            "https://awslambda-{region}-tasks.s3.{region}.amazonaws.com/snapshots/{}/{}",
            call.place.account, function.name
        );
        json!({"RepositoryType": "S3", "Location": location})
    };
    let tags = Some(&function.tags).filter(|tags| !tags.is_empty());
    Ok(json!({
        "Configuration": show::configuration(call.place, &function, name.qualifier.as_deref()),
        "Code": code,
        "Tags": tags,
    }))
}

pub(crate) fn functions(call: &mut Call<'_>) -> Result<Value, Failure> {
    let page = list::asked(call)?;
    let all = match call.rest.asked("FunctionVersion") {
        None => false,
        Some("ALL") => true,
        Some(other) => {
            let rule = "Member must satisfy enum value set: [ALL]";
            return Err(constraint(other, "functionVersion", rule));
        }
    };
    let mut items = Vec::new();
    for (name, function) in call.place.functions.seen(&call.eye) {
        for (key, number, version) in function.numbered() {
            if key > 0 && !all {
                break;
            }
            let qualifier = Some(number.as_str()).filter(|_| all);
            let shown = show::listed(call.place, function, version, &number, qualifier);
            items.push((format!("{name} {key:020}"), shown));
        }
    }
    Ok(list::answer(call, &page, "Functions", items))
}

pub(crate) fn versions(call: &mut Call<'_>) -> Result<Value, Failure> {
    let page = list::asked(call)?;
    let name = call.name()?;
    let function = call.see(&name)?;
    let mut items = Vec::new();
    for (key, number, version) in function.numbered() {
        let shown = show::listed(call.place, function, version, &number, Some(&number));
        items.push((format!("{key:020}"), shown));
    }
    Ok(list::answer(call, &page, "Versions", items))
}

/// Nothing here has its code signed.
pub(crate) fn code_signing(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (_, function) = qualified(call)?;
    Ok(json!({"FunctionName": function.name, "CodeSigningConfigArn": ""}))
}
