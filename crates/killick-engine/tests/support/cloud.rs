//! A cloud that plays steps by a script, and a record of what it was asked.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use killick_core::{PhysicalId, Plan, Step, StepIndex};
use killick_engine::{
    CancellationToken, Class, Cloud, CloudError, Done, Event, Outcome, Patience, Poll, Settler,
    apply,
};
use tokio::time::{Instant, sleep};

use super::{error, secs};

/// What one step does when it is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Takes so many seconds, whatever the user asks.
    Takes(u64),
    /// Takes so many seconds, then fails.
    Fails(u64),
    /// Takes as long, but in waits that the user can cut short.
    Waits(u64),
}

/// When the user asks to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    Never,
    /// Before anything starts.
    Before,
    /// In the middle of the start of that step, 1 for the first to start.
    AtStart(usize),
    /// In the middle of the end of that step, 1 for the first to end.
    AtEnd(usize),
    /// After so many seconds.
    After(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Announced(String),
    Start(String),
    End(String),
    Stop,
}

/// Plays each step's act, `Takes(1)` where none is written.
pub(crate) struct Script {
    acts: BTreeMap<String, Act>,
    stop: Stop,
    cancel: CancellationToken,
    marks: Rc<RefCell<Vec<Mark>>>,
    most: Cell<usize>,
}

/// What came of it.
pub(crate) struct Run {
    pub(crate) outcome: Outcome,
    pub(crate) events: Vec<(Duration, Event)>,
    pub(crate) marks: Vec<Mark>,
    /// How many steps ran at once when most did.
    pub(crate) most: usize,
    pub(crate) took: Duration,
}

impl Script {
    pub(crate) fn new(acts: impl IntoIterator<Item = (String, Act)>) -> Self {
        Self {
            acts: acts.into_iter().collect(),
            stop: Stop::Never,
            cancel: CancellationToken::new(),
            marks: Rc::default(),
            most: Cell::default(),
        }
    }

    /// The same act for every step.
    pub(crate) fn all(plan: &Plan, act: Act) -> Self {
        Self::new(plan.steps().map(|(_, step)| (step.id(), act)))
    }

    /// Acts for nodes that are created.
    pub(crate) fn of<const N: usize>(acts: [(&str, Act); N]) -> Self {
        Self::new(acts.map(|(node, act)| (format!("create node/{node}"), act)))
    }

    pub(crate) fn stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    pub(crate) fn act(&self, step: &Step) -> Act {
        self.acts.get(&step.id()).copied().unwrap_or(Act::Takes(1))
    }

    /// Applies a plan with at most `width` steps at a time.
    pub(crate) async fn apply(&self, plan: &Plan, width: usize) -> Run {
        let (events, began) = (Rc::new(RefCell::new(Vec::new())), Instant::now());
        let (into, marks) = (Rc::clone(&events), Rc::clone(&self.marks));
        let emit = Rc::new(move |event| {
            if let Event::Started { step } = &event {
                marks.borrow_mut().push(Mark::Announced(step.clone()));
            }
            into.borrow_mut().push((began.elapsed(), event));
        });
        let settler = Settler::new(self.cancel.clone(), 7);
        if matches!(self.stop, Stop::Before) {
            self.ask_to_stop();
        }
        let run = apply(plan, self, width, &settler, emit);
        let stop = async {
            if let Stop::After(seconds) = self.stop {
                sleep(secs(seconds)).await;
                self.ask_to_stop();
            }
            std::future::pending().await
        };
        let outcome = tokio::select! {
            outcome = run => outcome,
            outcome = stop => outcome,
        };
        Run {
            outcome,
            events: events.take(),
            marks: self.marks.take(),
            most: self.most.take(),
            took: began.elapsed(),
        }
    }

    fn mark(&self, mark: Mark) -> usize {
        let same = |other: &&Mark| std::mem::discriminant(*other) == std::mem::discriminant(&mark);
        let count = self.marks.borrow().iter().filter(same).count();
        self.marks.borrow_mut().push(mark);
        count + 1
    }

    fn ask_to_stop(&self) {
        self.mark(Mark::Stop);
        self.cancel.cancel();
    }

    async fn play(&self, step: &Step, settler: &Settler) -> Result<(), CloudError> {
        match self.act(step) {
            Act::Takes(seconds) => sleep(secs(seconds)).await,
            Act::Fails(seconds) => {
                sleep(secs(seconds)).await;
                return Err(error(Class::Fatal));
            }
            Act::Waits(seconds) => {
                let ready = Instant::now() + secs(seconds);
                let look = async || match Instant::now() >= ready {
                    true => Ok(Poll::Ready(())),
                    false => Ok(Poll::Pending("pending".to_owned())),
                };
                let late = |seen: &str| CloudError {
                    message: seen.to_owned(),
                    ..error(Class::Fatal)
                };
                settler
                    .until(
                        Patience::steady(
                            Duration::from_secs(10),
                            Duration::from_secs(10),
                            Duration::from_secs(1200),
                        ),
                        look,
                        late,
                    )
                    .await?;
            }
        }
        Ok(())
    }
}

impl Cloud for Script {
    async fn run(&self, step: &Step, settler: &Settler) -> Result<Done, CloudError> {
        let started = self.mark(Mark::Start(step.id()));
        let ended = || {
            let marks = self.marks.borrow();
            let ends = marks.iter().filter(|mark| matches!(mark, Mark::End(_)));
            ends.count()
        };
        self.most.set(self.most.get().max(started - ended()));
        if matches!(self.stop, Stop::AtStart(number) if number == started) {
            self.ask_to_stop();
        }
        let result = self.play(step, settler).await;
        let ended = self.mark(Mark::End(step.id()));
        if matches!(self.stop, Stop::AtEnd(number) if number == ended) {
            self.ask_to_stop();
        }
        result.map(|()| Done {
            id: Some(PhysicalId::new(format!("id of {}", step.key.name))),
        })
    }
}

/// The ids of steps of a plan.
pub(crate) fn ids(plan: &Plan, steps: impl IntoIterator<Item = StepIndex>) -> Vec<String> {
    let steps = steps.into_iter();
    steps.map(|index| plan.step(index).unwrap().id()).collect()
}

/// The names of the nodes that steps of a plan create, in alphabetical order.
pub(crate) fn nodes(plan: &Plan, steps: impl IntoIterator<Item = StepIndex>) -> String {
    let steps = steps.into_iter();
    let mut names: Vec<&str> = steps
        .map(|index| plan.step(index).unwrap().key.name.as_str())
        .collect();
    names.sort_unstable();
    names.join(" ")
}
