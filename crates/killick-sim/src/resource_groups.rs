//! The tagging API of Resource Groups: functions by their tags.

use serde_json::{Map, Value, json};

use crate::consistency::Eye;
use crate::failure::Failure;
use crate::lambda;
use crate::place::Place;
use crate::tags::Tags;
use crate::wire::{Members, Page, Request, Response, aimed, members, page};
use crate::world::Asked;

/// What every target begins with.
pub(crate) const PREFIX: &str = "ResourceGroupsTaggingAPI_20170126";

/// A tag that a resource must have; without values any value will do.
struct Wanted {
    key: String,
    values: Vec<String>,
}

/// Answers a request.
pub(crate) fn answer(place: &mut Place, asked: &Asked, request: &Request) -> Response {
    Response::json_11(&asked.request_id, carry_out(place, asked, request))
}

fn carry_out(place: &mut Place, asked: &Asked, request: &Request) -> Result<Value, Failure> {
    let name = aimed(request, PREFIX);
    if name != "GetResources" {
        return Err(Failure::new("UnknownOperationException", ""));
    }
    let settings = &asked.settings;
    if settings.throttle && !place.buckets.take("tagging", name, false, asked.now) {
        return Err(Failure::new("ThrottledException", "Rate exceeded"));
    }
    let body = members(request)?;
    let eye = Eye::new(asked.now, asked.call, settings.flicker);
    resources(place, &eye, settings.page, &body)
}

fn resources(
    place: &Place,
    eye: &Eye,
    most: usize,
    body: &Map<String, Value>,
) -> Result<Value, Failure> {
    let body = Members(body);
    let kinds = body.texts("ResourceTypeFilters")?.unwrap_or_default();
    let arns = body.texts("ResourceARNList")?.unwrap_or_default();
    let wanted = wanted(body)?;
    let asked = asked(body)?;
    if !arns.is_empty() {
        let others = [
            "PaginationToken",
            "ResourceTypeFilters",
            "ResourcesPerPage",
            "TagFilters",
            "TagsPerPage",
        ];
        if others.iter().any(|name| body.value(name).is_some()) {
            let message = "ResourceARNList cannot be used with filters or pages";
            return Err(invalid(message));
        }
    }
    let functions = kinds.is_empty()
        || kinds
            .iter()
            .any(|kind| kind == "lambda" || kind == "lambda:function");
    let found = place.functions.seen(eye).filter_map(|(name, function)| {
        let arn = lambda::arn(place, name, None);
        let listed = arns.is_empty() || arns.contains(&arn);
        let tags = &function.tags;
        // What never had a tag is not known to this service.
        let fits = functions && listed && !tags.is_empty();
        let fits = fits && wanted.iter().all(|one| one.fits(tags));
        fits.then(|| (name.to_owned(), show(&arn, tags)))
    });
    let (items, next) = page(found.collect(), &asked, most);
    Ok(json!({
        "ResourceTagMappingList": items,
        "PaginationToken": next.unwrap_or_default(),
    }))
}

/// `TagFilters`.
fn wanted(body: Members<'_>) -> Result<Vec<Wanted>, Failure> {
    let filters = body.objects("TagFilters")?.unwrap_or_default();
    if filters.len() > 50 {
        return Err(invalid("There are more than 50 tag filters"));
    }
    let read = filters.into_iter().map(|one| {
        let key = one.text("Key")?.unwrap_or_default();
        let values = one.texts("Values")?.unwrap_or_default();
        if key.is_empty() || key.chars().count() > 128 {
            return Err(invalid("A tag filter needs a key of 1 to 128 characters"));
        }
        if values.len() > 20 {
            return Err(invalid("There are more than 20 values in a tag filter"));
        }
        let key = key.to_owned();
        Ok(Wanted { key, values })
    });
    read.collect()
}

/// `ResourcesPerPage`, 50 unless it is said, and `PaginationToken`.
fn asked(body: Members<'_>) -> Result<Page, Failure> {
    let size = body.number("ResourcesPerPage")?.unwrap_or(50);
    let size = usize::try_from(size).ok();
    let size = size.filter(|size| (1..=100).contains(size));
    let size = size.ok_or_else(|| invalid("ResourcesPerPage must be from 1 to 100"))?;
    let token = body
        .text("PaginationToken")?
        .filter(|text| !text.is_empty());
    Page::new(size, token).map_err(|_| invalid("The PaginationToken is invalid"))
}

impl Wanted {
    fn fits(&self, tags: &Tags) -> bool {
        let value = tags.get(&self.key);
        value.is_some_and(|value| self.values.is_empty() || self.values.contains(value))
    }
}

fn show(arn: &str, tags: &Tags) -> Value {
    let tags = tags.iter();
    let tags: Value = tags
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    json!({"ResourceARN": arn, "Tags": tags})
}

fn invalid(message: &str) -> Failure {
    Failure::new("InvalidParameterException", message)
}
