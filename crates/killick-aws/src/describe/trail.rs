//! `LookupEvents` of CloudTrail.

use aws_sdk_cloudtrail::types::{LookupAttribute, LookupAttributeKey};
use killick_engine::{CloudError, Rules, Settler};
use killick_stack::Event;

use crate::call::call;
use crate::error::Operation;
use crate::reader::Reader;

/// What to look for; one thing a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lookup {
    /// Events that are filed under a resource, by its id or name.
    Resource(String),
    /// Events of one name.
    Event(String),
}

/// The newest fifty events: one page, for who looks for the last change.
pub(crate) async fn events(
    reader: &Reader,
    settler: &Settler,
    lookup: &Lookup,
) -> Result<Vec<Event>, CloudError> {
    let operation = Operation::cloudtrail("LookupEvents");
    let (key, value) = match lookup {
        Lookup::Resource(id) => (LookupAttributeKey::ResourceName, id),
        Lookup::Event(name) => (LookupAttributeKey::EventName, name),
    };
    let attribute = LookupAttribute::builder();
    let attribute = attribute.attribute_key(key).attribute_value(value);
    let attribute = attribute.build().map_err(|error| {
        operation.error(
            killick_engine::Class::Fatal,
            "BadRequest",
            error.to_string(),
        )
    })?;
    let answer = call(settler, Rules::READ, operation, async || {
        let request = reader.lookup_events();
        let request = request.lookup_attributes(attribute.clone());
        request.max_results(50).send().await
    })
    .await?;
    let events = answer.events().iter().filter_map(|event| {
        let at = event.event_time().map_or(0, |at| at.secs());
        Event::of(
            (event.event_id(), event.event_name(), event.username()),
            u64::try_from(at).unwrap_or_default(),
            event.cloud_trail_event(),
        )
    });
    Ok(events.collect())
}
