//! Walks a plan: as many steps at a time as its graph and the limit allow.

use std::rc::Rc;

use futures_util::stream::{FuturesUnordered, StreamExt};
use killick_core::{Next, Plan, Schedule, StepIndex};
use tokio::time::Instant;

use crate::{Cloud, CloudError, Event, Settler};

/// How every step of a plan ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Steps that took effect, in the order in which they did.
    pub done: Vec<StepIndex>,
    /// Steps that failed, and with what.
    pub failed: Vec<(StepIndex, CloudError)>,
    /// Steps that never started because one that they wait for failed.
    pub skipped: Vec<StepIndex>,
    /// Steps that never started because the user asked to stop.
    pub not_started: Vec<StepIndex>,
    /// Whether the user asked to stop.
    pub interrupted: bool,
}

impl Outcome {
    /// Whether every step took effect.
    pub fn complete(&self) -> bool {
        self.failed.is_empty() && self.skipped.is_empty() && self.not_started.is_empty()
    }
}

/// Carries out every step of `plan`, at most `width` at a time. A failed step
/// stops those that wait for it and no others. When the settler is cancelled,
/// nothing new starts and what runs is brought to an end.
pub async fn apply(
    plan: &Plan,
    cloud: &impl Cloud,
    width: usize,
    settler: &Settler,
    emit: Rc<dyn Fn(Event)>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut schedule = Schedule::new(plan);
    let mut running = FuturesUnordered::new();
    let name = |index: StepIndex| plan.step(index).map(|step| step.id()).unwrap_or_default();
    loop {
        while running.len() < width.max(1) && !settler.cancelled() {
            let Next::Start(index) = schedule.next() else {
                break;
            };
            let Some(step) = plan.step(index) else {
                continue;
            };
            let id = step.id();
            emit(Event::Started { step: id.clone() });
            let (waiting, emit_wait) = (id.clone(), Rc::clone(&emit));
            let settler = settler.for_step(&id, move |reason| {
                emit_wait(Event::Waiting {
                    step: waiting.clone(),
                    reason: reason.to_owned(),
                });
            });
            let started = Instant::now();
            running.push(async move {
                let result = cloud.run(step, &settler).await;
                (index, result, settler.since(started))
            });
        }
        let ended = tokio::select! {
            biased;
            () = settler.stopped(), if !outcome.interrupted => None,
            ended = running.next() => Some(ended),
        };
        // Before the end of a step is looked at: one whose wait was cut short
        // fails, and what comes after it was stopped, not skipped.
        if settler.cancelled() && !outcome.interrupted {
            outcome.interrupted = true;
            outcome.not_started = schedule.stop();
            emit(Event::Interrupted {
                not_started: outcome
                    .not_started
                    .iter()
                    .map(|&index| name(index))
                    .collect(),
            });
        }
        let Some(ended) = ended else {
            continue;
        };
        let Some((index, result, elapsed)) = ended else {
            return outcome;
        };
        let step = name(index);
        match result {
            Ok(done) => {
                schedule.succeeded(index);
                outcome.done.push(index);
                emit(Event::Finished {
                    step,
                    physical_id: done.id.map(|id| id.to_string()),
                    seconds: (elapsed.as_secs_f64() * 10.0).round() / 10.0,
                });
            }
            Err(error) => {
                emit(Event::Failed {
                    step: step.clone(),
                    error: (&error).into(),
                });
                outcome.failed.push((index, error));
                for skipped in schedule.failed(index) {
                    emit(Event::Skipped {
                        step: name(skipped),
                        because: step.clone(),
                    });
                    outcome.skipped.push(skipped);
                }
            }
        }
    }
}
