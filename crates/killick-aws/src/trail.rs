//! Who did it: what CloudTrail knows about findings (fact sheet section 15).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use killick_engine::{CloudError, Settler};
use killick_stack::{Attribution, Events, Finding, StackView, Trace};

use crate::describe::{Lookup, events};
use crate::reader::Reader;

/// Two lookups a second are all that an account and region gets.
const APART: Duration = Duration::from_millis(550);

/// Asks CloudTrail who did what the findings show, by their ids. What killick
/// did itself is left out.
///
/// # Errors
/// A lookup that failed.
pub async fn who(
    reader: &Reader,
    settler: &Settler,
    seen: &StackView<'_>,
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
        events: Events::default(),
    };
    for (_, trace) in &traces {
        for id in &trace.ids {
            trail.ask(Lookup::Resource(id.clone())).await?;
        }
    }
    // Which ids an event is filed under is not documented for every action.
    for (_, trace) in &traces {
        let here = trace.region.is_none_or(|region| region == reader.region());
        if here && trail.events.suspects(trace).is_empty() {
            for name in trace.names {
                trail.ask(Lookup::Event((*name).to_owned())).await?;
            }
        }
    }
    let told = traces.into_iter().map(|(id, trace)| {
        let suspects = trail.events.suspects(&trace);
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
    events: Events,
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
        self.events.extend(found);
        Ok(())
    }
}
