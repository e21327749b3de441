//! Creating a thing once, where the call itself cannot promise it.

use std::time::Duration;

use killick_core::PhysicalId;

use crate::settle::Seen;
use crate::{Class, CloudError, Patience, Poll, Settler};

/// How old a run is before it makes anything: new tags show by then, as far as
/// is known (fact sheet section 4).
const UNSEEN: Duration = Duration::from_secs(5);

/// Creates one thing that is found by its tags, and never a second one.
///
/// `find` looks it up; `create` makes it, with its tags in the same call, under
/// [`Rules::ONCE`](crate::Rules::ONCE) and never repeated blindly: when it has
/// no answer the thing is looked up until it is found or can no longer appear,
/// and only then made again (fact sheet section 13).
///
/// # Errors
/// What `find` or `create` failed with; `AmbiguousIdentity` when more than
/// one is found; class [`Class::Unknown`] when it may have happened and can
/// be found by the next run.
pub async fn create_once(
    settler: &Settler,
    mut find: impl AsyncFnMut() -> Result<Vec<PhysicalId>, CloudError>,
    mut create: impl AsyncFnMut() -> Result<PhysicalId, CloudError>,
) -> Result<PhysicalId, CloudError> {
    const TRIES: u32 = 3;
    if let Some(id) = only(find().await?, None)? {
        return Ok(id);
    }
    // What a run made that died seconds ago may carry tags that no reader
    // sees yet.
    if settler.young(UNSEEN) {
        if !settler.come_of_age(UNSEEN).await {
            return Err(stopped());
        }
        if let Some(id) = only(find().await?, None)? {
            return Ok(id);
        }
    }
    let mut tries = 0;
    loop {
        let error = match create().await {
            Ok(id) => return Ok(id),
            Err(error) if error.class == Class::Unknown => error,
            Err(error) => return Err(error),
        };
        tries += 1;
        let look = async || {
            Ok(match only(find().await?, Some(&error))? {
                Some(id) => Poll::Ready(id),
                None => Poll::Pending(format!(
                    "{} had no answer, looking whether it happened",
                    error.operation
                )),
            })
        };
        match settler.watch(Patience::VISIBLE, look).await? {
            Seen::Ready(id) => return Ok(id),
            Seen::Late(_) if tries < TRIES && !settler.cancelled() => {}
            Seen::Late(_) | Seen::Stopped(_) => return Err(error),
        }
    }
}

fn stopped() -> CloudError {
    CloudError {
        service: "killick",
        operation: "Create",
        code: "Stopped".to_owned(),
        message: "stopped on request; nothing was made".to_owned(),
        request_id: None,
        class: Class::Fatal,
    }
}

fn only(
    found: Vec<PhysicalId>,
    cause: Option<&CloudError>,
) -> Result<Option<PhysicalId>, CloudError> {
    if found.len() < 2 {
        return Ok(found.into_iter().next());
    }
    let ids: Vec<&str> = found.iter().map(PhysicalId::as_str).collect();
    Err(CloudError {
        service: cause.map_or("ec2", |error| error.service),
        operation: cause.map_or("Describe", |error| error.operation),
        code: "AmbiguousIdentity".to_owned(),
        message: format!("more than one carries these tags: {}", ids.join(", ")),
        request_id: None,
        class: Class::Fatal,
    })
}
