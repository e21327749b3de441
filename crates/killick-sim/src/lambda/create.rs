//! Making functions, and deleting them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::call::{Call, conflict, invalid};
use super::function::{Code, Function, FunctionVersion};
use super::name::Name;
use super::network::{self, Network};
use super::{code, role, setting, show, tag};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Members, absent, constraint};
use crate::world::Millis;

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let body = call.body();
    let name = Name::of(body.need("FunctionName", "functionName")?)?.whole()?;
    if name.name.len() > 64 {
        let rule = "Member must have length less than or equal to 64";
        return Err(constraint(&name.name, "functionName", rule));
    }
    let network = Network::of(body)?;
    let version = described(&name.name, body)?;
    let tags = tag::read(body)?;
    let publish = body.flag("Publish")? == Some(true);
    let vpc_config = network.over(call, None)?;
    if call.place.functions.has(&name.name) {
        let message = format!("Function already exist: {}", name.name);
        return Err(conflict(message));
    }
    let mut latest = FunctionVersion {
        vpc_config,
        ..version
    };
    role::check(call, latest.role(), latest.wanted())?;
    let seen = call.seen();
    network::begin(call.place, &name.name, &mut latest, call.now, seen);
    let mut function = Function {
        name: name.name,
        latest,
        versions: BTreeMap::new(),
        aliases: BTreeMap::new(),
        tags,
        published: 0,
    };
    if publish {
        function.published = 1;
        function.versions.insert(1, function.latest.clone());
    }
    let place = &mut *call.place;
    place
        .functions
        .insert(&function.name, function.clone(), seen);
    network::release(place, call.now);
    let qualifier = publish.then_some("1");
    Ok(show::configuration(place, &function, qualifier))
}

/// A version as a body describes it, without its network.
fn described(name: &str, body: Members<'_>) -> Result<FunctionVersion, Failure> {
    let given = setting::read(body)?;
    if !given.contains_key("Role") {
        return Err(absent("role"));
    }
    let source = body.object("Code")?.ok_or_else(|| absent("code"))?;
    if source.0.values().all(Value::is_null) {
        return Err(invalid("Please provide a source for function code."));
    }
    let kind = body.text("PackageType")?.unwrap_or("Zip");
    match kind {
        "Zip" if !given.contains_key("Runtime") || !given.contains_key("Handler") => {
            let message = "Runtime and Handler are mandatory parameters for functions created with deployment packages.";
            return Err(invalid(message));
        }
        "Zip" | "Image" => {}
        other => {
            let rule = "Member must satisfy enum value set: [Image, Zip]";
            return Err(constraint(other, "packageType", rule));
        }
    }
    let mut settings = setting::defaults(name);
    setting::apply(&mut settings, given);
    settings.insert("PackageType".to_owned(), json!(kind));
    if let Some(architectures) = body.texts("Architectures")? {
        settings.insert("Architectures".to_owned(), json!(architectures));
    }
    Ok(blank(settings, code::of(source.0)?))
}

/// A version that is yet to be made.
fn blank(settings: Map<String, Value>, code: Code) -> FunctionVersion {
    FunctionVersion {
        vpc_config: None,
        state: "Pending".to_owned(),
        last_update: String::new(),
        reason: None,
        revision: String::new(),
        in_effect: None,
        update: None,
        settings,
        description: None,
        code,
        modified: 0,
    }
}

/// Sees to it that there is a function of a name, or of a name in an ARN: one
/// that somebody else has made, active and not in a VPC.
pub fn exist(place: &mut Place, name: &str, now: Millis) {
    let Ok(name) = Name::of(name) else {
        return;
    };
    if place.functions.has(&name.name) {
        return;
    }
    let mut settings = setting::defaults(&name.name);
    let role = format!("arn:aws:iam::{}:role/sandbox", place.account);
    let own = [
        ("Handler", "bootstrap"),
        ("Role", &role),
        ("Runtime", "provided.al2023"),
    ];
    settings.extend(own.map(|(name, text)| (name.to_owned(), json!(text))));
    let mut latest = blank(settings, code::unseen(&name.name));
    latest.revision = place.dice.uuid();
    latest.modified = now;
    latest.end(None);
    let function = Function {
        name: name.name,
        latest,
        versions: BTreeMap::new(),
        aliases: BTreeMap::new(),
        tags: BTreeMap::new(),
        published: 0,
    };
    place.functions.insert(&function.name, function.clone(), 0);
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?;
    let number = match name.qualifier.as_deref() {
        None => None,
        Some("$LATEST") => {
            let message = "$LATEST version cannot be deleted without deleting the function.";
            return Err(invalid(message));
        }
        Some(text) => {
            let number = text.parse::<u64>();
            Some(number.map_err(|_| invalid("Deletion of aliases is not currently supported."))?)
        }
    };
    let function = call.need(&name)?;
    if let Some(number) = number {
        let text = number.to_string();
        let aliases = function.aliases.iter();
        let pointing: Vec<&str> = aliases
            .filter(|(_, alias)| alias.version == text)
            .map(|(name, _)| name.as_str())
            .collect();
        if !pointing.is_empty() {
            let message = format!(
                "Unable to delete version because the following aliases reference it: [{}]",
                pointing.join(", ")
            );
            return Err(conflict(message));
        }
    }
    let seen = call.seen();
    match number {
        None => {
            call.place.functions.remove(&name.name, seen);
        }
        // One that is not there is as good as deleted.
        Some(number) => {
            if let Some(function) = call.place.functions.change(&name.name, seen) {
                function.versions.remove(&number);
            }
        }
    }
    network::release(call.place, call.now);
    Ok(Value::Null)
}
