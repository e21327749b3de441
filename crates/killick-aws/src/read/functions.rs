//! What is read of functions: those that the spec names at once, those that it
//! tells by a prefix, a tag or a record as soon as these are known.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use killick_engine::{CloudError, Settler};
use killick_spec::Select;
use tokio::join;

use super::{Answered, Functions, Refused, Request};
use crate::describe;
use crate::resource::Function as FunctionType;
use crate::select::selected;
use crate::session::Session;
use crate::snapshot::{Function, Record, Snapshot, TaggedFunction, Version};

type Answer<T> = Result<T, CloudError>;

/// What was answered at first.
pub(super) struct First {
    named: Details,
    listed: Answer<Vec<Function>>,
    tagged: Vec<Answer<Vec<TaggedFunction>>>,
    records: Vec<Answer<Vec<Record>>>,
}

/// What was answered about functions by name.
#[derive(Default)]
pub(super) struct Details {
    functions: Vec<Answer<Option<Function>>>,
    versions: Vec<Answer<Vec<Version>>>,
}

/// Reads what must not wait for anything.
pub(super) async fn first(
    session: &Session,
    settler: &Settler,
    request: &Request<'_>,
) -> Option<First> {
    if request.functions == Functions::None {
        return None;
    }
    let selects = || request.spec.functions.iter().map(|one| &one.select);
    let names = selects().filter_map(|select| match select {
        Select::Name(name) => Some(name.as_str()),
        Select::Prefix(_) | Select::Tag { .. } => None,
    });
    let prefixes = selects().any(|select| matches!(select, Select::Prefix(_)));
    let listed = async {
        match prefixes || request.functions == Functions::All {
            true => describe::all_functions(session, settler).await,
            false => Ok(Vec::new()),
        }
    };
    let tagged = selects().filter_map(|select| match select {
        Select::Tag { key, value } => Some((key, value)),
        Select::Name(_) | Select::Prefix(_) => None,
    });
    let tagged =
        tagged.map(|(key, value)| describe::tagged_functions(session, settler, key, value));
    let records = request
        .stacks()
        .map(|stack| describe::records(session, settler, stack));
    let (named, listed, tagged, records) = join!(
        details(session, settler, request.functions, names.collect()),
        listed,
        join_all(tagged),
        join_all(records),
    );
    Some(First {
        named,
        listed,
        tagged,
        records,
    })
}

/// Reads the functions that the first answers lead to.
pub(super) async fn second(
    session: &Session,
    settler: &Settler,
    request: &Request<'_>,
    snapshot: &Snapshot,
) -> Details {
    if request.functions == Functions::None {
        return Details::default();
    }
    let known = |name: &str| {
        request
            .spec
            .functions
            .iter()
            .any(|one| one.name() == Some(name))
    };
    let recorded = snapshot
        .records
        .iter()
        .map(|record| record.function.as_str());
    let wanted = selected(request.spec, snapshot);
    let names: BTreeSet<&str> = wanted.into_keys().chain(recorded).collect();
    let names = names.into_iter().filter(|name| !known(name)).collect();
    details(session, settler, request.functions, names).await
}

async fn details(
    session: &Session,
    settler: &Settler,
    which: Functions,
    names: Vec<&str>,
) -> Details {
    let functions = names
        .iter()
        .map(|name| describe::function(session, settler, name));
    let versions = names.iter().filter(|_| which == Functions::All);
    let versions = versions.map(|name| describe::versions(session, settler, name));
    let (functions, versions) = join!(join_all(functions), join_all(versions));
    Details {
        functions,
        versions,
    }
}

impl Answered for Option<First> {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        let Some(first) = self else { return Ok(()) };
        let kind = FunctionType::KIND;
        snapshot.functions = refused.allowed(first.listed, kind, Some("others"))?;
        for tagged in first.tagged {
            snapshot
                .tagged
                .extend(refused.allowed(tagged, kind, Some("tags"))?);
        }
        for records in first.records {
            snapshot
                .records
                .extend(refused.allowed(records, kind, Some("formerly"))?);
        }
        first.named.place(snapshot, refused)
    }
}

impl Answered for Details {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        let kind = FunctionType::KIND;
        for function in self.functions {
            let function = function.map(Vec::from_iter);
            for function in refused.allowed(function, kind, None)? {
                // The list says less than the single read.
                snapshot
                    .functions
                    .retain(|other| other.name != function.name);
                snapshot.functions.push(function);
            }
        }
        for versions in self.versions {
            let versions = refused.optional(versions, kind, "versions");
            snapshot.versions.extend(versions);
        }
        Ok(())
    }
}
