//! Updates, one at a time, and versions.

use serde_json::{Value, json};

use super::call::{Call, conflict, invalid, unmoved};
use super::function::{Function, FunctionVersion};
use super::name::{Name, arn};
use super::network::{self, Network};
use super::{code, role, setting, show};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::constraint;
use crate::world::Millis;

pub(crate) fn configuration(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?.whole()?;
    let settings = setting::read(call.body())?;
    let network = Network::of(call.body())?;
    let looks = network.asks() || settings.contains_key("Role");
    let mut function = idle(call, &name)?;
    let latest = &mut function.latest;
    latest.vpc_config = network.over(call, latest.vpc_config.as_ref())?;
    setting::apply(&mut latest.settings, settings);
    // Whatever else changes, Lambda does not look at the role again.
    if looks {
        role::check(call, latest.role(), latest.wanted())?;
    }
    start(call, &mut function);
    Ok(show::configuration(call.place, &function, None))
}

pub(crate) fn code(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?.whole()?;
    let body = call.body();
    let sources = ["ZipFile", "S3Bucket", "ImageUri"];
    if sources.iter().all(|name| body.value(name).is_none()) {
        return Err(invalid("Please provide a source for function code."));
    }
    let code = code::of(body.0)?;
    let architectures = body.texts("Architectures")?;
    let publish = body.flag("Publish")? == Some(true);
    let dry = body.flag("DryRun")? == Some(true);
    let mut function = idle(call, &name)?;
    function.latest.code = code;
    if let Some(architectures) = architectures {
        let settings = &mut function.latest.settings;
        settings.insert("Architectures".to_owned(), json!(architectures));
    }
    if dry {
        return Ok(show::configuration(call.place, &function, None));
    }
    start(call, &mut function);
    if !publish {
        return Ok(show::configuration(call.place, &function, None));
    }
    let number = freeze(call, &mut function, None).to_string();
    Ok(show::configuration(call.place, &function, Some(&number)))
}

pub(crate) fn publish(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.name()?.whole()?;
    let body = call.body();
    let sha256 = body.text("CodeSha256")?.map(str::to_owned);
    let description = body.text("Description")?.map(str::to_owned);
    if let Some(text) = description
        .as_ref()
        .filter(|text| text.chars().count() > 256)
    {
        let rule = "Member must have length less than or equal to 256";
        return Err(constraint(text, "description", rule));
    }
    let mut function = idle(call, &name)?;
    let latest = &function.latest;
    if let Some(wanted) = sha256.filter(|wanted| *wanted != latest.code.sha256) {
        let message = format!(
            "CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST ({}). Please try again with the CodeSHA256 in $LATEST.",
            latest.code.sha256
        );
        return Err(invalid(message));
    }
    let last = function.versions.get(&function.published);
    let number = if last.is_some_and(|last| unchanged(last, latest)) {
        function.published
    } else {
        freeze(call, &mut function, description)
    };
    let number = number.to_string();
    Ok(show::configuration(call.place, &function, Some(&number)))
}

/// A function that can be changed, when its revision is the expected one.
fn idle(call: &Call<'_>, name: &Name) -> Result<Function, Failure> {
    let revision = call.body().text("RevisionId")?;
    let function = call.need(name)?;
    unmoved(revision, &function.latest.revision)?;
    let busy = match &function.latest {
        FunctionVersion { update: None, .. } => return Ok(function.clone()),
        version if version.state == "Pending" => {
            "The function is currently in the following state: Pending".to_owned()
        }
        _ => {
            let arn = arn(call.place, &function.name, None);
            format!("An update is in progress for resource: {arn}")
        }
    };
    let message = format!("The operation cannot be performed at this time. {busy}");
    Err(conflict(message))
}

/// Begins an update of `$LATEST` to what it is in `function`.
fn start(call: &mut Call<'_>, function: &mut Function) {
    let seen = call.seen();
    let latest = &mut function.latest;
    "InProgress".clone_into(&mut latest.last_update);
    if latest.state == "Failed" {
        "Pending".clone_into(&mut latest.state);
    }
    latest.reason = None;
    network::begin(call.place, &function.name, latest, call.now, seen);
    write(call, function, seen);
    network::release(call.place, call.now);
}

/// Publishes `$LATEST` as it is, and gives the number.
fn freeze(call: &mut Call<'_>, function: &mut Function, description: Option<String>) -> u64 {
    let seen = call.seen();
    let mut version = function.latest.clone();
    version.description = description;
    version.revision = call.place.dice.uuid();
    function.latest.revision = call.place.dice.uuid();
    function.published = function.published.saturating_add(1);
    function.versions.insert(function.published, version);
    write(call, function, seen);
    function.published
}

fn write(call: &mut Call<'_>, function: &Function, seen: Millis) {
    if let Some(row) = call.place.functions.change(&function.name, seen) {
        row.clone_from(function);
    }
}

fn unchanged(last: &FunctionVersion, latest: &FunctionVersion) -> bool {
    last.code == latest.code
        && last.settings == latest.settings
        && last.vpc_config == latest.vpc_config
        && last.in_effect == latest.in_effect
}

/// An update of a function has come to its end.
pub(crate) fn updated(place: &mut Place, name: &str, when: Millis) {
    let Some(mut function) = place.functions.get(name).cloned() else {
        return;
    };
    // Another function may have had the name when this was put down.
    let due = |version: &FunctionVersion| {
        let update = version.update.as_ref();
        update.is_some_and(|update| update.until <= when)
    };
    if due(&function.latest) {
        function.latest.revision = place.dice.uuid();
    }
    let published = function.versions.values_mut();
    for version in published.chain([&mut function.latest]) {
        if due(version) {
            let known = version.update.take().and_then(|update| update.failure);
            version.end(known.or_else(|| network::lost(place, version)));
        }
    }
    if let Some(row) = place.functions.get_mut(name) {
        *row = function;
    }
    network::release(place, when);
}
