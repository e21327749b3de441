//! Who did it: what CloudTrail knows about findings (fact sheet section 15).

mod event;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use killick_engine::{CloudError, Settler};
use serde::Serialize;

use crate::describe::{Lookup, events};
use crate::finding::Finding;
use crate::reader::Reader;
use crate::seen::Seen;

pub(crate) use event::Event;
use trace::Trace;

/// Two lookups a second are all that an account and region gets.
const APART: Duration = Duration::from_millis(550);

/// How many events are told of one finding, the newest first.
const TOLD: usize = 3;

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

/// Asks CloudTrail who did what the findings show, by their ids. What killick
/// did itself is left out.
///
/// # Errors
/// A lookup that failed.
pub async fn who(
    reader: &Reader,
    settler: &Settler,
    seen: &Seen<'_>,
    findings: &[Finding],
) -> Result<BTreeMap<String, Attribution>, CloudError> {
    let traces: Vec<(&str, Trace)> = findings
        .iter()
        .map(|finding| (finding.id.as_str(), Trace::of(finding, seen)))
        .collect();
    let mut trail = Trail {
        reader,
        settler,
        asked: BTreeSet::new(),
        events: BTreeMap::new(),
    };
    for (_, trace) in &traces {
        for id in &trace.ids {
            trail.ask(Lookup::Resource(id.clone())).await?;
        }
    }
    // Which ids an event is filed under is not documented for every action.
    for (_, trace) in &traces {
        let here = trace.region.is_none_or(|region| region == reader.region());
        if here && trail.suspects(trace).is_empty() {
            for name in trace.names {
                trail.ask(Lookup::Event((*name).to_owned())).await?;
            }
        }
    }
    let told = traces.into_iter().map(|(id, trace)| {
        let suspects = trail.suspects(&trace);
        let told = match (suspects.is_empty(), trace.region) {
            (false, _) => Attribution::By(suspects),
            (true, Some(region)) if region != reader.region() => Attribution::Elsewhere(region),
            (true, _) => Attribution::NotYet,
        };
        (id.to_owned(), told)
    });
    Ok(told.collect())
}

/// What was asked and answered so far.
struct Trail<'a> {
    reader: &'a Reader,
    settler: &'a Settler,
    asked: BTreeSet<Lookup>,
    events: BTreeMap<String, Event>,
}

impl Trail<'_> {
    async fn ask(&mut self, lookup: Lookup) -> Result<(), CloudError> {
        if self.asked.contains(&lookup) {
            return Ok(());
        }
        if !self.asked.is_empty() {
            self.settler.pause(APART).await;
        }
        let found = events(self.reader, self.settler, &lookup).await?;
        self.asked.insert(lookup);
        let found = found.into_iter().map(|event| (event.id.clone(), event));
        self.events.extend(found);
        Ok(())
    }

    /// The newest events that a trace leads to.
    fn suspects(&self, trace: &Trace) -> Vec<Suspect> {
        let hits = self.newest(&|event| trace.fits(event));
        let certain = !hits.is_empty();
        // One that names nothing is told alone, and only for want of others.
        let hits = match certain {
            true => hits.into_iter().take(TOLD),
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
        let fitting = || {
            self.events
                .values()
                .filter(|event| !event.failed && fits(event))
        };
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
