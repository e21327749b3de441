//! What is known of parameters beside their values.

use serde_json::{Value, json};

use super::read::under;
use super::{Action, Call, Parameter, Version, arn, writer};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Members, page};

pub(super) const ACTIONS: &[(&str, Action)] = &[("DescribeParameters", describe)];

/// What parameters are described by, beside their tags.
const KEYS: [&str; 6] = ["DataType", "KeyId", "Name", "Path", "Tier", "Type"];

/// One condition, of the newer kind or of the older one.
pub(super) struct Filter {
    key: String,
    option: String,
    values: Vec<String>,
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let asked = call.page(50)?;
    let body = call.body();
    let mut filters = Vec::new();
    for one in body.objects("ParameterFilters")?.unwrap_or_default() {
        filters.push(filter(one, "Equals", &KEYS)?);
    }
    for one in body.objects("Filters")?.unwrap_or_default() {
        filters.push(filter(one, "BeginsWith", &KEYS)?);
    }
    let items = call.place.parameters.seen(&call.eye);
    let items = items.filter_map(|(name, parameter)| {
        let version = parameter.versions.last()?;
        let passes = filters.iter().all(|one| one.passes(parameter, version));
        passes.then(|| (name.to_owned(), show(call.place, parameter, version)))
    });
    let (items, next) = page(items.collect(), &asked, call.settings.page);
    Ok(json!({"Parameters": items, "NextToken": next}))
}

/// The conditions of a read by path, which knows fewer of them.
pub(super) fn by_path(body: Members<'_>) -> Result<Vec<Filter>, Failure> {
    let all = body.objects("ParameterFilters")?.unwrap_or_default();
    let read = all.into_iter();
    read.map(|one| filter(one, "Equals", &["KeyId", "Label", "Type"]))
        .collect()
}

fn filter(one: Members<'_>, option: &str, known: &[&str]) -> Result<Filter, Failure> {
    let key = one.need("Key", "parameterFilters.1.member.key")?;
    let tag = known == KEYS && key.starts_with("tag:");
    if !known.contains(&key) && !tag {
        let message = format!(
            "The following filter key is not valid: {key}. Valid filter keys include: [{}].",
            known.join(", ")
        );
        return Err(Failure::new("InvalidFilterKey", message));
    }
    let option = match (one.text("Option")?, key) {
        (Some(option), _) => option,
        (None, "Path") => "OneLevel",
        (None, _) => option,
    };
    let known: &[&str] = match key {
        "Path" => &["OneLevel", "Recursive"],
        "Name" => &["BeginsWith", "Contains", "Equals"],
        _ => &["BeginsWith", "Equals"],
    };
    if !known.contains(&option) {
        let message = format!(
            "The following filter option is not valid: {option}. Valid options include: [{}].",
            known.join(", ")
        );
        return Err(Failure::new("InvalidFilterOption", message));
    }
    Ok(Filter {
        key: key.to_owned(),
        option: option.to_owned(),
        values: one.texts("Values")?.unwrap_or_default(),
    })
}

impl Filter {
    pub(super) fn passes(&self, parameter: &Parameter, version: &Version) -> bool {
        let has = match self.key.as_str() {
            "Name" | "Path" => Some(&parameter.name),
            "Type" => Some(&version.kind),
            "Tier" => Some(&version.tier),
            "DataType" => Some(&version.data_type),
            "KeyId" => version.key.as_ref(),
            tag => tag
                .strip_prefix("tag:")
                .and_then(|key| parameter.tags.get(key)),
        };
        let Some(has) = has else {
            return false;
        };
        // A tag alone asks whether there is one.
        let bare = self.values.is_empty() && self.key.starts_with("tag:");
        bare || self.values.iter().any(|value| match self.option.as_str() {
            "OneLevel" => under(has, value, false),
            "Recursive" => under(has, value, true),
            "BeginsWith" => begins(has, value),
            "Contains" => has.contains(value),
            _ => has == value || has.strip_prefix('/') == Some(value),
        })
    }
}

/// A name begins with or without its slash.
fn begins(has: &str, value: &str) -> bool {
    let bare = has.strip_prefix('/').unwrap_or(has);
    has.starts_with(value) || bare.starts_with(value)
}

fn show(place: &Place, parameter: &Parameter, version: &Version) -> Value {
    json!({
        "Name": parameter.name,
        "ARN": arn(place, &parameter.name),
        "Type": version.kind,
        "KeyId": version.key,
        "LastModifiedDate": version.date(),
        "LastModifiedUser": writer(place),
        "Description": version.description,
        "AllowedPattern": version.pattern,
        "Version": version.number,
        "Tier": version.tier,
        "Policies": [],
        "DataType": version.data_type,
    })
}
