//! What is written down of functions is what they had, as long as they are
//! away from it.

use std::collections::{BTreeMap, BTreeSet};

use killick_sim::{Place, VpcConfig};
use serde_json::Value;

/// Subnets and security groups, without order.
type Config = (BTreeSet<String>, BTreeSet<String>);

/// All parameters of the account: values by name.
pub fn parameters(place: &Place) -> BTreeMap<String, String> {
    let whole = serde_json::to_value(place).expect("plain data");
    let rows = whole["parameters"]["rows"].as_object();
    let rows = rows.into_iter().flatten();
    let value = |row: &Value| {
        let versions = row["now"]["versions"].as_array()?;
        Some(versions.last()?["value"].as_str()?.to_owned())
    };
    rows.filter_map(|(name, row)| Some((name.clone(), value(row)?)))
        .collect()
}

/// What a stack has written down of its functions: by name.
pub fn records(place: &Place, stack: &str) -> BTreeMap<String, String> {
    let folder = format!("/killick/{stack}/function/");
    let all = parameters(place).into_iter();
    let functions =
        all.filter_map(|(name, text)| Some((name.strip_prefix(&folder)?.to_owned(), text)));
    // What is written down of resources has a name that no function can have.
    functions
        .filter(|(name, _)| !name.starts_with('.'))
        .collect()
}

/// Whether a function is in none of the VPCs that are not `former`'s without
/// its way back being written down: what is wrong, if anything.
pub fn unrecorded(
    place: &Place,
    stacks: &[String],
    name: &str,
    former: Option<&VpcConfig>,
) -> Option<String> {
    let function = place.functions.get(name)?;
    let [told, used] = [function.latest.vpc_config.as_ref(), function.effective()].map(config);
    let was = config(former);
    if told == was && used == was {
        return None;
    }
    let mut found = stacks.iter().filter_map(|stack| {
        let records = records(place, stack);
        recorded(records.get(name)?)
    });
    let first = found.next();
    (first.as_ref() != Some(&was))
        .then(|| format!("{name} is away from {was:?}, and what is written down is {first:?}"))
}

/// The subnets and groups of a record.
pub fn recorded(text: &str) -> Option<Config> {
    let record: Value = serde_json::from_str(text).ok()?;
    let list = |member: &str| {
        let ids = record["formerly"][member].as_array()?.iter();
        Some(
            ids.filter_map(|id| id.as_str().map(str::to_owned))
                .collect(),
        )
    };
    Some((list("subnets")?, list("security_groups")?))
}

fn config(config: Option<&VpcConfig>) -> Config {
    let ids = |ids: &[String]| ids.iter().cloned().collect();
    config.map_or_else(Config::default, |config| {
        (ids(&config.subnets), ids(&config.security_groups))
    })
}
