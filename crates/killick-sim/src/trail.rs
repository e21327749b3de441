//! CloudTrail: who changed what (fact sheet section 15).
//!
//! What is kept of a call is what came over the wire; it becomes the JSON of
//! an event when somebody looks.

mod answer;
mod event;
mod keep;
mod lookup;
mod resources;
mod tree;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::principal::Principal;
use crate::wire::Request;
use crate::world::Millis;

pub(crate) use keep::told;
pub(crate) use lookup::answer;

/// What every target ends with before the action. Some clients put the name of
/// a package before it.
const TARGET: &str = "CloudTrail_20131101.";

/// So many events of an account and region are kept.
const MOST: usize = 5000;

/// The events of an account in a region, the oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Trail {
    events: VecDeque<Event>,
    /// How many there ever were.
    count: u64,
}

/// A call that asked for a change and was answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Event {
    /// Which one it is; the first one is 1.
    number: u64,
    at: Millis,
    /// `ec2` and its like.
    service: String,
    /// As the API calls it.
    action: String,
    /// The access key id.
    key: String,
    agent: String,
    request_id: String,
    /// The path and query where parameters are in them, and the body.
    request: (String, String),
    /// What the answer names, a path and a value a line.
    made: String,
    /// The code and the message of a refusal.
    error: Option<(String, String)>,
}

impl Event {
    fn principal(&self) -> Principal {
        Principal::of(&self.key)
    }
}

/// The action that a request names.
pub(crate) fn aimed_at(request: &Request) -> &str {
    let target = request.header("x-amz-target").unwrap_or_default();
    let action = target.split_once(TARGET);
    action.map_or("", |(_, action)| action)
}
