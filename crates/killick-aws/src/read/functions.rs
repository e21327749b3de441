//! What is read of functions: those that the spec names at once, those that it
//! tells by a prefix, a tag or a record as soon as these are known.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use killick_engine::{CloudError, Settler};
use killick_finding::Part;
use killick_spec::Select;
use killick_stack::selected;
use killick_stack::snapshot::{Function, Snapshot, TaggedFunction, Version};
use tokio::join;

use super::{Answered, Refused, Request};
use crate::describe::{self, Folder};
use crate::reader::Reader;

type Answer<T> = Result<T, CloudError>;

/// What was answered at first.
pub(super) struct First {
    named: Details,
    listed: Answer<(Vec<Function>, Vec<Version>)>,
    tagged: Vec<Answer<Vec<TaggedFunction>>>,
    folders: Vec<Answer<Folder>>,
}

/// What was answered about functions by name.
#[derive(Default)]
pub(super) struct Details {
    functions: Vec<Answer<Option<Function>>>,
    versions: Vec<Answer<Vec<Version>>>,
}

/// Reads what must not wait for anything.
pub(super) async fn first(reader: &Reader, settler: &Settler, request: &Request<'_>) -> First {
    let selects = || request.spec.functions.iter().map(|one| &one.select);
    let names = selects().filter_map(|select| match select {
        Select::Name(name) => Some(name.as_str()),
        Select::Prefix(_) | Select::Tag { .. } => None,
    });
    // Somebody else's functions may sit in our subnets.
    let listed = async {
        if request.dependents {
            return describe::all_functions_and_versions(reader, settler).await;
        }
        let listed = describe::all_functions(reader, settler).await?;
        Ok((listed, Vec::new()))
    };
    let tagged = selects().filter_map(|select| match select {
        Select::Tag { key, value } => Some((key, value)),
        Select::Name(_) | Select::Prefix(_) => None,
    });
    let tagged = tagged.map(|(key, value)| describe::tagged_functions(reader, settler, key, value));
    let folders = request
        .stacks()
        .map(|stack| describe::written_down(reader, settler, stack));
    let (named, listed, tagged, folders) = join!(
        details(reader, settler, names.collect()),
        listed,
        join_all(tagged),
        join_all(folders),
    );
    First {
        named,
        listed,
        tagged,
        folders,
    }
}

/// What was answered about what the first answers lead to.
#[derive(Default)]
pub(super) struct Second {
    details: Details,
    aliases: Vec<Aliases>,
}

/// Which versions the aliases of a function lead to.
struct Aliases {
    function: String,
    by_version: Answer<BTreeMap<String, Vec<String>>>,
}

/// Reads the functions that the first answers lead to, and the aliases of those
/// that have versions.
pub(super) async fn second(
    reader: &Reader,
    settler: &Settler,
    request: &Request<'_>,
    snapshot: &Snapshot,
) -> Second {
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
    let later = async {
        let details = details(reader, settler, names).await;
        let found = details.versions.iter().flatten().flatten();
        let aliases = aliases(reader, settler, found).await;
        (details, aliases)
    };
    let ((details, new), mut all) =
        join!(later, aliases(reader, settler, snapshot.versions.iter()));
    all.extend(new);
    Second {
        details,
        aliases: all,
    }
}

async fn aliases(
    reader: &Reader,
    settler: &Settler,
    versions: impl Iterator<Item = &Version>,
) -> Vec<Aliases> {
    let functions: BTreeSet<&str> = versions.map(|one| one.function.as_str()).collect();
    let read = async |function: &str| Aliases {
        function: function.to_owned(),
        by_version: describe::aliases(reader, settler, function).await,
    };
    join_all(functions.into_iter().map(read)).await
}

async fn details(reader: &Reader, settler: &Settler, names: Vec<&str>) -> Details {
    let functions = names
        .iter()
        .map(|name| describe::function(reader, settler, name));
    let versions = names
        .iter()
        .map(|name| describe::versions(reader, settler, name));
    let (functions, versions) = join!(join_all(functions), join_all(versions));
    Details {
        functions,
        versions,
    }
}

impl Answered for First {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        let first = self;
        let (functions, versions) = match first.listed {
            Ok((functions, versions)) => (Ok(functions), versions),
            Err(error) => (Err(error), Vec::new()),
        };
        snapshot.functions = refused.allowed(functions, Part::OtherFunctions)?;
        snapshot.dependents.versions = versions;
        for tagged in first.tagged {
            snapshot
                .tagged
                .extend(refused.allowed(tagged, Part::TaggedFunctions)?);
        }
        for folder in first.folders {
            let folder = folder.map(|folder| vec![folder]);
            for folder in refused.allowed(folder, Part::Records)? {
                snapshot.records.extend(folder.records);
                snapshot.recorded.extend(folder.recorded);
            }
        }
        first.named.place(snapshot, refused)
    }
}

impl Answered for Second {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        self.details.place(snapshot, refused)?;
        for Aliases {
            function,
            by_version,
        } in self.aliases
        {
            let by_version = by_version.map(Vec::from_iter);
            for (version, names) in refused.optional(by_version, Part::Versions) {
                let mut versions = snapshot.versions.iter_mut();
                let led = versions.find(|one| one.function == function && one.version == version);
                if let Some(led) = led {
                    led.aliases = names;
                }
            }
        }
        Ok(())
    }
}

impl Answered for Details {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        for function in self.functions {
            let function = function.map(Vec::from_iter);
            for function in refused.allowed(function, Part::Functions)? {
                // The list says less than the single read.
                snapshot
                    .functions
                    .retain(|other| other.name != function.name);
                snapshot.functions.push(function);
            }
        }
        for versions in self.versions {
            let versions = refused.optional(versions, Part::Versions);
            snapshot.versions.extend(versions);
        }
        Ok(())
    }
}
