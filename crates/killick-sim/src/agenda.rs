//! What AWS does by itself after a while.

use serde::{Deserialize, Serialize};

use crate::world::Millis;

/// Something that will happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    /// A VPC or subnet leaves `pending`.
    Available(String),
    /// A NAT gateway comes up, or fails.
    NatUp(String),
    /// A NAT gateway that is `deleting` is gone.
    NatGone(String),
    /// Its address is free again, some seconds later.
    AddressFree(String),
    /// A NAT gateway is no longer listed.
    NatForgotten(String),
    /// A secondary address of a NAT gateway has drained.
    NatDrained(String, String),
    /// A VPC endpoint leaves `pending` or `deleting`.
    EndpointSettled(String),
    /// A function's update ends.
    FunctionUpdated(String),
    /// Lambda gives network interfaces back that nobody uses.
    InterfacesReclaimed,
}

/// What will happen when.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Agenda {
    due: Vec<(Millis, u64, Event)>,
    count: u64,
}

impl Agenda {
    /// Puts something down.
    pub(crate) fn at(&mut self, when: Millis, event: Event) {
        self.count += 1;
        self.due.push((when, self.count, event));
    }

    /// Whether something is still to come.
    pub(crate) fn awaits(&self, event: &Event) -> bool {
        self.due.iter().any(|(_, _, due)| due == event)
    }

    /// The first thing that is due, with its time, in the order of time.
    pub(crate) fn next(&mut self, now: Millis) -> Option<(Millis, Event)> {
        let due = self
            .due
            .iter()
            .enumerate()
            .filter(|(_, (when, _, _))| *when <= now);
        let (place, _) = due.min_by_key(|(_, (when, count, _))| (*when, *count))?;
        let (when, _, event) = self.due.swap_remove(place);
        Some((when, event))
    }
}
