//! Which step may run next: a queue that knows nothing of time or tasks.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Plan, StepIndex};

/// What a step waits for, as a queue. Ask [`Schedule::next`] until it has
/// nothing ready, run what it gave, report each end once.
#[derive(Clone, Debug)]
pub struct Schedule<'a> {
    plan: &'a Plan,
    waiting: BTreeMap<StepIndex, usize>,
    running: BTreeSet<StepIndex>,
}

/// The answer of [`Schedule::next`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// This step may start now, and counts as running.
    Start(StepIndex),
    /// Nothing can start before a running step ends.
    Wait,
    /// Nothing is running and nothing can start.
    Done,
}

impl<'a> Schedule<'a> {
    /// A queue with every step of the plan waiting.
    pub fn new(plan: &'a Plan) -> Self {
        let waiting = plan
            .steps()
            .map(|(index, _)| (index, plan.after(index).len()))
            .collect();
        Self {
            plan,
            waiting,
            running: BTreeSet::new(),
        }
    }

    /// The next step to start, the first in execution order.
    #[expect(
        clippy::should_implement_trait,
        reason = "waiting is no end of an iterator"
    )]
    pub fn next(&mut self) -> Next {
        let ready = self
            .plan
            .steps()
            .map(|(index, _)| index)
            .find(|index| self.waiting.get(index) == Some(&0));
        match ready {
            Some(index) => {
                self.waiting.remove(&index);
                self.running.insert(index);
                Next::Start(index)
            }
            None if self.running.is_empty() => Next::Done,
            None => Next::Wait,
        }
    }

    /// The step ended well: who waited for it waits for one less.
    pub fn succeeded(&mut self, index: StepIndex) {
        if !self.running.remove(&index) {
            return;
        }
        for next in self.plan.before(index) {
            if let Some(count) = self.waiting.get_mut(&next) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// The step failed: whoever waits for it, directly or through others,
    /// will never start. Returns those, in execution order.
    pub fn failed(&mut self, index: StepIndex) -> Vec<StepIndex> {
        if !self.running.remove(&index) {
            return Vec::new();
        }
        let mut open = self.plan.before(index);
        let mut skipped = BTreeSet::new();
        while let Some(next) = open.pop() {
            if self.waiting.remove(&next).is_some() {
                skipped.insert(next);
                open.extend(self.plan.before(next));
            }
        }
        let placed = self.plan.steps().map(|(index, _)| index);
        placed.filter(|index| skipped.contains(index)).collect()
    }

    /// Starts nothing more: returns what had not started, in execution order.
    pub fn stop(&mut self) -> Vec<StepIndex> {
        let placed = self.plan.steps().map(|(index, _)| index);
        let left = placed
            .filter(|index| self.waiting.contains_key(index))
            .collect();
        self.waiting.clear();
        left
    }
}
