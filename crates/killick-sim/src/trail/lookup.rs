//! `LookupEvents`.

use serde_json::{Value, json};

use super::resources::resources;
use super::{Event, Trail, aimed_at};
use crate::dice::digest;
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Members, Page, Request, Response, members, page};
use crate::world::Asked;

/// The most events of an answer.
const MOST: i64 = 50;

/// Answers a request.
pub(crate) fn answer(
    place: &mut Place,
    trail: Option<&Trail>,
    asked: &Asked,
    request: &Request,
) -> Response {
    Response::json_11(&asked.request_id, carry_out(place, trail, asked, request))
}

fn carry_out(
    place: &mut Place,
    trail: Option<&Trail>,
    asked: &Asked,
    request: &Request,
) -> Result<Value, Failure> {
    let name = aimed_at(request);
    if name != "LookupEvents" {
        return Err(Failure::new("UnknownOperationException", ""));
    }
    let settings = &asked.settings;
    if settings.throttle && !place.buckets.take("cloudtrail", name, false, asked.now) {
        return Err(Failure::new("ThrottlingException", "Rate exceeded"));
    }
    let body = members(request)?;
    let wanted = Wanted::of(Members(&body))?;
    let events = trail.iter().flat_map(|trail| trail.events.iter().rev());
    let arrived = |event: &&Event| event.at.saturating_add(settings.trail_delay) <= asked.now;
    let found = events.filter(arrived).filter(|event| wanted.fits(event));
    let found = found.map(|event| (wanted.place(event.number), event));
    let (events, next) = page(found.collect(), &wanted.page, settings.page);
    let shown = events.into_iter();
    let shown = shown.map(|event| event.shown(&place.account, &place.region));
    Ok(json!({"Events": shown.collect::<Vec<_>>(), "NextToken": next}))
}

/// What is asked for.
struct Wanted {
    attribute: Option<(Attribute, String)>,
    /// In whole seconds, as events have them; both included.
    from: Option<i64>,
    until: Option<i64>,
    page: Page,
    /// Insights are events of another kind, which nobody has here.
    insights: bool,
    /// The question without its page: a token belongs to one.
    question: u64,
}

#[derive(Clone, Copy)]
enum Attribute {
    AccessKey,
    Id,
    Name,
    ReadOnly,
    ResourceName,
    ResourceType,
    Source,
    User,
}

const ATTRIBUTES: [(&str, Attribute); 8] = [
    ("AccessKeyId", Attribute::AccessKey),
    ("EventId", Attribute::Id),
    ("EventName", Attribute::Name),
    ("EventSource", Attribute::Source),
    ("ReadOnly", Attribute::ReadOnly),
    ("ResourceName", Attribute::ResourceName),
    ("ResourceType", Attribute::ResourceType),
    ("Username", Attribute::User),
];

impl Wanted {
    fn of(body: Members<'_>) -> Result<Self, Failure> {
        let attribute = attribute(body)?;
        let (from, until) = (time(body, "StartTime")?, time(body, "EndTime")?);
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            let message = "The start time occurs after the end time.";
            return Err(Failure::new("InvalidTimeRangeException", message));
        }
        let insights = match body.text("EventCategory")? {
            None => false,
            Some("insight") => true,
            Some(other) => {
                let message = format!("{other} is not a valid event category.");
                return Err(Failure::new("InvalidEventCategoryException", message));
            }
        };
        let size = body.number("MaxResults")?.unwrap_or(MOST);
        if !(1..=MOST).contains(&size) {
            let message = format!("MaxResults must be from 1 to {MOST}.");
            return Err(Failure::new("InvalidMaxResultsException", message));
        }
        let mut question = serde_json::Map::new();
        for name in ["LookupAttributes", "StartTime", "EndTime", "EventCategory"] {
            question.extend(
                body.value(name)
                    .map(|value| (name.to_owned(), value.clone())),
            );
        }
        let question = digest(&Value::Object(question).to_string());
        let invalid = || {
            let message = "The token is invalid, or was used with different parameters.";
            Failure::new("InvalidNextTokenException", message)
        };
        let size = usize::try_from(size).unwrap_or(1);
        let page = Page::new(size, body.text("NextToken")?).map_err(|_| invalid())?;
        let own = format!("{question:016x}");
        if page.after().is_some_and(|after| !after.starts_with(&own)) {
            return Err(invalid());
        }
        Ok(Self {
            attribute,
            from,
            until,
            page,
            insights,
            question,
        })
    }

    /// Where an event stands in the list: the newest one first.
    fn place(&self, number: u64) -> String {
        format!("{:016x}{:020}", self.question, u64::MAX - number)
    }

    fn fits(&self, event: &Event) -> bool {
        let second = i64::try_from(event.at / 1000).unwrap_or(i64::MAX);
        if self.insights
            || self.from.is_some_and(|from| second < from)
            || self.until.is_some_and(|until| second > until)
        {
            return false;
        }
        let Some((attribute, value)) = &self.attribute else {
            return true;
        };
        let resources = || {
            let (parameters, elements) = event.told();
            resources(&event.service, &parameters, &elements)
        };
        match attribute {
            Attribute::AccessKey => event.key == *value,
            Attribute::Id => event.id() == *value,
            Attribute::Name => event.name() == *value,
            // No call that only reads is kept.
            Attribute::ReadOnly => value == "false",
            Attribute::ResourceName => resources().iter().any(|(_, name)| name == value),
            Attribute::ResourceType => resources().iter().any(|(kind, _)| kind == value),
            Attribute::Source => event.source() == *value,
            Attribute::User => event.principal().user_name() == value,
        }
    }
}

/// The one attribute that a call may name.
fn attribute(body: Members<'_>) -> Result<Option<(Attribute, String)>, Failure> {
    let invalid = |message: String| Failure::new("InvalidLookupAttributesException", message);
    let given = body.objects("LookupAttributes")?.unwrap_or_default();
    let one = match given.as_slice() {
        [] => return Ok(None),
        [one] => *one,
        _ => {
            return Err(invalid(
                "Only one lookup attribute is supported.".to_owned(),
            ));
        }
    };
    let (key, value) = (one.text("AttributeKey")?, one.text("AttributeValue")?);
    let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
    let known = ATTRIBUTES.iter().find(|(name, _)| *name == key);
    let Some((_, attribute)) = known else {
        return Err(invalid(format!("{key} is not a valid lookup attribute.")));
    };
    if value.is_empty() {
        return Err(invalid(format!("{key} needs a value.")));
    }
    Ok(Some((*attribute, value.to_owned())))
}

/// A time in seconds since 1970, which may have fractions.
fn time(body: Members<'_>, name: &str) -> Result<Option<i64>, Failure> {
    let Some(value) = body.value(name) else {
        return Ok(None);
    };
    let seconds = value.as_f64().filter(|seconds| seconds.is_finite());
    let seconds = seconds.ok_or_else(|| {
        let message = format!("The member {name} cannot be converted to a time");
        Failure::new("SerializationException", message)
    })?;
    Ok(Some(seconds.floor() as i64))
}
