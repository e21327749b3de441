//! Which functions a spec means.

use std::collections::BTreeMap;

use killick_spec::{Function, Select, Spec};

use crate::snapshot::Snapshot;

/// The functions of a spec by name, whether they exist or not, each with what
/// the spec says of it. What names a function alone counts for more than what
/// names it among others, and what comes first for more than what follows.
pub fn selected<'a>(spec: &'a Spec, snapshot: &'a Snapshot) -> BTreeMap<&'a str, &'a Function> {
    let (single, several): (Vec<_>, Vec<_>) = spec
        .functions
        .iter()
        .partition(|function| function.name().is_some());
    let mut all = BTreeMap::new();
    for function in single.into_iter().chain(several) {
        for name in names(&function.select, snapshot) {
            all.entry(name).or_insert(function);
        }
    }
    all
}

fn names<'a>(select: &'a Select, snapshot: &'a Snapshot) -> Vec<&'a str> {
    match select {
        Select::Name(name) => vec![name],
        Select::Prefix(prefix) => {
            let functions = snapshot.functions.iter().map(|one| one.name.as_str());
            functions.filter(|name| name.starts_with(prefix)).collect()
        }
        Select::Tag { key, value } => {
            let tagged = snapshot.tagged.iter();
            let carries = tagged.filter(|one| one.tags.get(key) == Some(value));
            carries.map(|one| one.name.as_str()).collect()
        }
    }
}

/// The selectors of a spec that no function answers to, as a person writes
/// them.
pub fn without_functions(spec: &Spec, snapshot: &Snapshot) -> Vec<String> {
    let functions = spec.functions.iter();
    let empty = functions.filter(|function| names(&function.select, snapshot).is_empty());
    empty
        .filter_map(|function| match &function.select {
            Select::Name(_) => None,
            Select::Prefix(prefix) => Some(format!("prefix = \"{prefix}\"")),
            Select::Tag { key, value } => Some(format!("tag = {{ {key} = \"{value}\" }}")),
        })
        .collect()
}
