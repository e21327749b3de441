//! What has not been delivered yet.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::Notification;

/// So many notifications of one stack wait for one target; more are folded
/// into one.
pub const COALESCE_AT: usize = 32;

/// A notification on its way to one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// How often it was sent in vain.
    pub attempts: u32,
    /// What is to be told.
    pub notification: Notification,
}

/// For each target what it has yet to be told, the oldest first. Only the
/// first of a queue is ever sent, so a target hears things in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outbox(BTreeMap<String, VecDeque<Pending>>);

impl Outbox {
    /// Puts a notification into the queue of a target. `id` is for the one
    /// that others are folded into, if there are too many.
    pub fn push(&mut self, target: &str, notification: Notification, id: impl FnOnce() -> String) {
        let queue = self.0.entry(target.to_owned()).or_default();
        queue.push_back(Pending {
            attempts: 0,
            notification,
        });
        coalesce(queue, id);
    }

    /// What a target is to be told next.
    pub fn first(&self, target: &str) -> Option<&Pending> {
        self.0.get(target)?.front()
    }

    /// The first of a target has arrived.
    pub fn delivered(&mut self, target: &str) {
        if let Some(queue) = self.0.get_mut(target) {
            queue.pop_front();
        }
        self.0.retain(|_, queue| !queue.is_empty());
    }

    /// The first of a target was sent in vain.
    pub fn failed(&mut self, target: &str) {
        if let Some(first) = self.0.get_mut(target).and_then(VecDeque::front_mut) {
            first.attempts = first.attempts.saturating_add(1);
        }
    }

    /// How many notifications wait for a target.
    pub fn pending(&self, target: &str) -> usize {
        self.0.get(target).map_or(0, VecDeque::len)
    }

    /// The targets that something waits for.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Folds what waits of the stack that has too much waiting. The first of the
/// queue stays as it is: it may have arrived without an answer, and what is
/// told again must have the same id.
fn coalesce(queue: &mut VecDeque<Pending>, id: impl FnOnce() -> String) {
    let Some(last) = queue.back() else {
        return;
    };
    let stack = last.notification.stack.clone();
    let of_it = |one: &Pending| one.notification.stack == stack;
    if queue.iter().filter(|one| of_it(one)).count() <= COALESCE_AT {
        return;
    }
    let mut rest = VecDeque::with_capacity(queue.len());
    rest.extend(queue.pop_front());
    let mut one: Option<Notification> = None;
    for pending in queue.drain(..) {
        if !of_it(&pending) {
            rest.push_back(pending);
            continue;
        }
        match &mut one {
            Some(one) => one.fold(pending.notification),
            None => one = Some(pending.notification),
        }
    }
    if let Some(mut notification) = one {
        notification.id = id();
        rest.push_back(Pending {
            attempts: 0,
            notification,
        });
    }
    *queue = rest;
}
