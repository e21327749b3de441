//! Who did it: which events of CloudTrail would have done what a finding shows
//! (fact sheet section 15).

mod event;
mod trace;

use std::collections::BTreeMap;

use serde::Serialize;

pub use event::Event;
pub use trace::Trace;

/// How many events are named for one finding, the newest first.
const NAMED: usize = 3;

/// One event that did what a finding shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Suspect {
    /// The ARN of who made the call, or the service that made it for somebody.
    pub principal: String,
    /// When, in seconds since 1970.
    pub at: u64,
    /// The user agent of the call.
    pub agent: String,
    /// The name of the event, such as `ReplaceRoute`.
    pub event: String,
    /// The event's own id.
    pub event_id: String,
    /// Whether it names what differs; an event that names nothing that is left
    /// to be seen is only the newest of its kind.
    pub certain: bool,
}

/// What is known about who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// These calls, the newest first.
    By(Vec<Suspect>),
    /// No event yet: CloudTrail is some minutes behind, and knows 90 days.
    NotYet,
    /// Its events are in another region.
    Elsewhere(&'static str),
}

/// The events that were found, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Events(BTreeMap<String, Event>);

impl Events {
    /// Adds events; each counts once.
    pub fn extend(&mut self, events: impl IntoIterator<Item = Event>) {
        let events = events.into_iter().map(|event| (event.id.clone(), event));
        self.0.extend(events);
    }

    /// The newest events that a trace leads to.
    pub fn suspects(&self, trace: &Trace) -> Vec<Suspect> {
        let hits = self.newest(&|event| trace.fits(event));
        let certain = !hits.is_empty();
        // One that names nothing is told alone, and only for want of others.
        let hits = match certain {
            true => hits.into_iter().take(NAMED),
            false => self
                .newest(&|event| trace.may_fit(event))
                .into_iter()
                .take(1),
        };
        hits.map(|event| Suspect {
            certain,
            principal: event.principal.clone(),
            at: event.at,
            agent: event.agent.clone(),
            event: event.name.clone(),
            event_id: event.id.clone(),
        })
        .collect()
    }

    /// What others did since killick did the like last: before that it was put
    /// right.
    fn newest(&self, fits: &dyn Fn(&Event) -> bool) -> Vec<&Event> {
        let fitting = || self.0.values().filter(|event| !event.failed && fits(event));
        let ours = fitting()
            .filter(|event| event.ours())
            .map(|event| event.at)
            .max();
        let mut hits: Vec<&Event> = fitting()
            .filter(|event| !event.ours() && ours.is_none_or(|ours| event.at > ours))
            .collect();
        hits.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        hits
    }
}
