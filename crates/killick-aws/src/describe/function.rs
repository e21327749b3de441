//! What Lambda, the tagging service and SSM know of functions.

use std::collections::BTreeMap;

use aws_sdk_lambda::types::FunctionVersion;
use aws_sdk_resourcegroupstagging::types::TagFilter;
use killick_engine::{CloudError, Rules, Settler};
use killick_stack::snapshot::{Function, Record, Recorded, TaggedFunction, Version};
use killick_stack::{ResourceRecord, Written, folder, function_of, resources_parameter};

use crate::call::{call, pages};
use crate::convert;
use crate::error::Operation;
use crate::reader::Reader;

/// One function; `None` when there is none of that name.
pub(crate) async fn function(
    reader: &Reader,
    settler: &Settler,
    name: &str,
) -> Result<Option<Function>, CloudError> {
    let operation = Operation::lambda("GetFunctionConfiguration");
    let answer = call(settler, Rules::READ, operation, async || {
        reader
            .get_function_configuration()
            .function_name(name)
            .send()
            .await
    })
    .await;
    match answer {
        Ok(answer) => convert::function(&answer, operation).map(Some),
        Err(error) if error.code == "ResourceNotFoundException" => Ok(None),
        Err(error) => Err(error),
    }
}

/// All functions of the region; the answer leaves their states out.
pub(crate) async fn all_functions(
    reader: &Reader,
    settler: &Settler,
) -> Result<Vec<Function>, CloudError> {
    let (functions, _) = list(reader, settler, None).await?;
    Ok(functions)
}

/// The same, and every published version of each.
pub(crate) async fn all_functions_and_versions(
    reader: &Reader,
    settler: &Settler,
) -> Result<(Vec<Function>, Vec<Version>), CloudError> {
    list(reader, settler, Some(FunctionVersion::All)).await
}

async fn list(
    reader: &Reader,
    settler: &Settler,
    which: Option<FunctionVersion>,
) -> Result<(Vec<Function>, Vec<Version>), CloudError> {
    let operation = Operation::lambda("ListFunctions");
    let found = pages(settler, operation, async |marker| {
        let page = reader
            .list_functions()
            .set_function_version(which.clone())
            .set_marker(marker)
            .max_items(50)
            .send()
            .await?;
        Ok((
            page.functions().to_vec(),
            page.next_marker().map(str::to_owned),
        ))
    })
    .await?;
    let published = found.iter().filter_map(|one| {
        let name = one.function_name()?;
        convert::version(name, one)
    });
    let latest = found
        .iter()
        .filter(|one| one.version().is_none_or(|version| version == LATEST));
    let functions = latest.map(|one| convert::listed_function(one, operation));
    Ok((functions.collect::<Result<_, _>>()?, published.collect()))
}

/// What a function is called that is no published version.
const LATEST: &str = "$LATEST";

/// The functions of the region that carry a tag.
pub(crate) async fn tagged_functions(
    reader: &Reader,
    settler: &Settler,
    key: &str,
    value: &str,
) -> Result<Vec<TaggedFunction>, CloudError> {
    let operation = Operation::tagging("GetResources");
    let filter = TagFilter::builder().key(key).values(value).build();
    let found = pages(settler, operation, async |token| {
        let page = reader
            .get_resources()
            .resource_type_filters("lambda:function")
            .tag_filters(filter.clone())
            .set_pagination_token(token)
            .resources_per_page(100)
            .send()
            .await?;
        let token = page.pagination_token().map(str::to_owned);
        Ok((page.resource_tag_mapping_list().to_vec(), token))
    })
    .await?;
    let found = found.iter().filter_map(convert::tagged_function);
    // The service matches without regard to nothing; still look again.
    let carries = |one: &TaggedFunction| one.tags.get(key).is_some_and(|found| found == value);
    Ok(found.filter(carries).collect())
}

/// The published versions of a function, without the aliases that lead to
/// them.
pub(crate) async fn versions(
    reader: &Reader,
    settler: &Settler,
    name: &str,
) -> Result<Vec<Version>, CloudError> {
    let operation = Operation::lambda("ListVersionsByFunction");
    let found = pages(settler, operation, async |marker| {
        let request = reader.list_versions_by_function();
        let request = request.function_name(name).set_marker(marker);
        let page = request.max_items(50).send().await?;
        Ok((
            page.versions().to_vec(),
            page.next_marker().map(str::to_owned),
        ))
    })
    .await;
    let found = match found {
        // Gone since it was listed.
        Err(error) if error.code == "ResourceNotFoundException" => Vec::new(),
        found => found?,
    };
    let versions = found.iter();
    Ok(versions
        .filter_map(|found| convert::version(name, found))
        .collect())
}

/// The aliases of a function by the versions that they lead to.
pub(crate) async fn aliases(
    reader: &Reader,
    settler: &Settler,
    name: &str,
) -> Result<BTreeMap<String, Vec<String>>, CloudError> {
    let operation = Operation::lambda("ListAliases");
    let found = pages(settler, operation, async |marker| {
        let request = reader.list_aliases();
        let request = request.function_name(name).set_marker(marker);
        let page = request.max_items(50).send().await?;
        Ok((
            page.aliases().to_vec(),
            page.next_marker().map(str::to_owned),
        ))
    })
    .await?;
    let mut by_version: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for alias in &found {
        let alias_name = alias.name().unwrap_or_default();
        let weighted = alias.routing_config();
        let weighted = weighted.and_then(|routing| routing.additional_version_weights());
        let shares = weighted.into_iter().flat_map(|weights| weights.keys());
        for version in alias
            .function_version()
            .into_iter()
            .chain(shares.map(String::as_str))
        {
            let aliases = by_version.entry(version.to_owned()).or_default();
            aliases.push(alias_name.to_owned());
        }
    }
    Ok(by_version)
}

/// What a stack wrote down.
#[derive(Default)]
pub(crate) struct Folder {
    /// About its functions.
    pub(crate) records: Vec<Record>,
    /// About its resources.
    pub(crate) recorded: Vec<Recorded>,
}

/// Reads all that a stack wrote down, with one call.
pub(crate) async fn written_down(
    reader: &Reader,
    settler: &Settler,
    stack: &str,
) -> Result<Folder, CloudError> {
    let operation = Operation::ssm("GetParametersByPath");
    let folder = format!("{}/function", folder(stack));
    let found = pages(settler, operation, async |token| {
        let request = reader.get_parameters_by_path().path(&folder);
        let page = request.max_results(10).set_next_token(token).send().await?;
        let token = page.next_token().map(str::to_owned);
        Ok((page.parameters().to_vec(), token))
    })
    .await?;
    let record = |name: &str, text: &str| {
        let function = function_of(stack, name)?.to_owned();
        let written = Written::parse(text)?;
        Some(Record {
            stack: stack.to_owned(),
            function,
            former: written.formerly,
            resets: written.resets,
        })
    };
    let mut all = Folder::default();
    for (name, text) in found.iter().filter_map(|one| one.name().zip(one.value())) {
        all.records.extend(record(name, text));
        let resources = ResourceRecord::parse(text);
        let resources = resources.filter(|_| name == resources_parameter(stack));
        for (key, id) in resources.into_iter().flat_map(|record| record.resources) {
            let stack = stack.to_owned();
            all.recorded.push(Recorded { stack, key, id });
        }
    }
    Ok(all)
}
