//! Carrying out a plan: walking it, proving the end.

use std::rc::Rc;

use killick_aws::{Session, write_down};
use killick_core::{Digest, Plan, Policy};
use killick_engine::{
    CancellationToken, Class, Cloud, CloudError, Event, Lost, Outcome, Patience, Poll,
    apply as walk,
};
use killick_stack::ResourceRecord;
use killick_text::shown;
use tokio::time::Instant;

use crate::app::App;
use crate::assess::{DriftReport, Sight, Wanted, World};
use crate::cloud;
use crate::commands::lock::Held;
use crate::error::Error;
use crate::exit::Exit;
use crate::report::{Ending, Progress, json, text};

/// How many steps run at a time.
const WIDTH: usize = 10;

/// A plan on its way.
pub(crate) struct Walk<'a> {
    pub(crate) app: &'a App,
    pub(crate) session: &'a Session,
    pub(crate) sight: Sight,
    /// The path of the spec, as it was given.
    pub(crate) name: &'a str,
    pub(crate) wanted: Wanted,
    pub(crate) policy: Policy,
    pub(crate) json: bool,
}

/// Why there is no proof.
enum Unproven {
    /// Steps are left.
    Left(Box<(World, Plan)>),
    /// The world could not be read, or has no plan.
    Failed(Error),
}

impl Walk<'_> {
    async fn look(&self, world: &World) -> Result<World, Error> {
        self.app
            .look(self.session.reader(), &world.spec, self.sight, self.wanted)
            .await
    }

    /// Between the plan and the answer the world may have moved on.
    ///
    /// # Errors
    /// It has, or it could not be read.
    pub(crate) async fn unchanged(&self, world: &World, digest: &Digest) -> Result<World, Error> {
        let now = self.look(world).await?;
        match now.digest(self.policy)? == *digest {
            true => Ok(now),
            false => Err(Error::new(
                "something changed while the question was open; nothing was written",
            )
            .exit(Exit::Refused)
            .hint("run the command again and look at the new plan")),
        }
    }

    /// Writes down what the stack has, for the day when tags are lost. Without
    /// it only less can be proven then.
    async fn record(&self, world: &World) {
        record(self.app, self.session, world).await;
    }

    /// There is nothing to delete.
    pub(crate) fn nothing_there(&self, world: &World) -> Exit {
        let ending = Ending::new(Exit::Done, &Outcome::default());
        self.end(&ending, &world.outbound().now)
    }

    /// There are no steps: the present state is the end.
    pub(crate) async fn nothing_to_do(&self, world: &World, report: &DriftReport) -> Exit {
        self.record(world).await;
        let outcome = Outcome::default();
        let short = self.falls_short(world, report, "", &outcome);
        short.unwrap_or_else(|| {
            let ending = Ending::new(Exit::Done, &outcome);
            self.end(&ending, &world.outbound().now)
        })
    }

    /// No step is left, and still a pin is broken, something stands against a
    /// proof, or is not known: nobody may give the addresses to a partner.
    fn falls_short(
        &self,
        now: &World,
        report: &DriftReport,
        begins: &str,
        outcome: &Outcome,
    ) -> Option<Exit> {
        if self.wanted == Wanted::Nothing {
            return None;
        }
        let assurance = &report.assurance;
        let not_kept = text::not_kept(now, begins, &self.app.killick);
        let more = match not_kept {
            Some(_) => report.more_than_pins(),
            None => !assurance.proven(),
        };
        let caller = now.caller(&self.app.killick, self.name);
        let not_proven = more.then(|| text::not_proven(now, report, caller));
        let errors: Vec<Error> = not_kept.into_iter().chain(not_proven).collect();
        if errors.is_empty() {
            return None;
        }
        for error in &errors {
            self.app.out.error(error);
        }
        let mut ending = Ending::new(Exit::Partial, outcome);
        ending.against.clone_from(&assurance.against);
        ending.unknown.clone_from(&assurance.unknown);
        Some(self.end(&ending, &[]))
    }

    /// Walks the plan and proves that nothing is left. What fails is reported
    /// where it happens.
    pub(crate) async fn run(
        &self,
        world: &World,
        plan: &Plan,
        cloud: &impl Cloud,
        lock: &Held<'_>,
    ) -> Exit {
        let started = Instant::now();
        let (out, pace) = (Rc::clone(&self.app.out), self.app.reach.pace());
        let progress = Rc::new(Progress::new(out, self.json, plan).at_pace(pace));
        let emit = {
            let progress = Rc::clone(&progress);
            Rc::new(move |event: Event| {
                tracing::debug!(?event, "event");
                progress.show(&event);
            })
        };
        // Who has lost the lock ends as if Ctrl-C had been pressed.
        let stop = self.app.cancel.child_token();
        let settler = self.app.settler_until(stop.clone());
        let walking = walk(plan, cloud, WIDTH, &settler, emit);
        let (outcome, lost) = beside(walking, lock, &stop).await;
        progress.end();
        if outcome.interrupted || !outcome.complete() {
            return self.unfinished(plan, &outcome, lost);
        }
        match self.proof(world).await {
            Ok(now) => {
                self.record(&now).await;
                let report = DriftReport::of(&now, self.app.reach.now());
                let begins = "every step took effect, but ";
                if let Some(exit) = self.falls_short(&now, &report, begins, &outcome) {
                    return exit;
                }
                let seconds = settler.since(started).as_secs_f64();
                if !self.json {
                    let text =
                        text::done(&now, self.wanted, plan.len(), seconds, &self.app.killick);
                    self.app.out.data(&text);
                }
                self.end(&Ending::new(Exit::Done, &outcome), &now.outbound().now)
            }
            Err(unproven) => self.unproven(unproven, &outcome),
        }
    }

    fn unfinished(&self, plan: &Plan, outcome: &Outcome, lost: Option<Lost>) -> Exit {
        let exit = match outcome.interrupted && lost.is_none() {
            true => Exit::Interrupted,
            false => Exit::Partial,
        };
        for error in text::failures(plan, outcome, &self.app.reached()) {
            self.app.out.error(&error);
        }
        let error = match lost {
            Some(lost) => text::lost(plan, outcome, &lost),
            None => text::unfinished(plan, outcome),
        };
        self.app.out.error(&error.exit(exit));
        self.end(&Ending::new(exit, outcome), &[])
    }

    fn unproven(&self, unproven: Unproven, outcome: &Outcome) -> Exit {
        let mut ending = Ending::new(Exit::Partial, outcome);
        let error = match unproven {
            Unproven::Left(left) => {
                let (now, left) = *left;
                ending.remaining = left.steps().map(|(_, step)| step.id()).collect();
                text::not_converged(&now, &left, &self.app.killick)
            }
            Unproven::Failed(error) if error.exit == Exit::Interrupted => {
                ending.exit = Exit::Interrupted;
                Error::new("interrupted: every step took effect, but that is not proven")
                    .exit(Exit::Interrupted)
                    .hint(format!(
                        "run {} plan: it should have no steps",
                        self.app.killick
                    ))
            }
            Unproven::Failed(mut error) => {
                let told = "every step took effect, but that could not be proven";
                error.message = format!("{told}: {}", error.message);
                error.exit(Exit::Partial)
            }
        };
        self.app.out.error(&error);
        self.end(&ending, &[])
    }

    /// A guard does not let it begin.
    pub(crate) fn refused(&self) {
        self.end(&Ending::new(Exit::Refused, &Outcome::default()), &[]);
    }

    fn end(&self, ending: &Ending, addresses: &[String]) -> Exit {
        self.summary(ending, addresses);
        ending.exit
    }

    fn summary(&self, ending: &Ending, addresses: &[String]) {
        if self.json {
            self.app
                .out
                .event(&json::summary(ending, addresses, self.wanted));
        }
    }

    /// Reads again until the new plan is empty.
    async fn proof(&self, world: &World) -> Result<World, Unproven> {
        let mut left = None;
        let look = async || {
            let now = match self.look(world).await {
                Ok(now) => now,
                Err(error) => return Ok(Poll::Ready(Err(error))),
            };
            match now.plan(self.policy) {
                Ok(plan) if plan.is_empty() => Ok(Poll::Ready(Ok(now))),
                Ok(plan) => {
                    let seen = text::count(plan.len(), "step");
                    left = Some((now, plan));
                    Ok(Poll::Pending(format!("the last read still shows {seen}")))
                }
                Err(error) => Ok(Poll::Ready(Err(error))),
            }
        };
        let settler = self.app.settler();
        match settler.until(Patience::PROOF, look, late).await {
            Ok(Ok(now)) => Ok(now),
            Ok(Err(error)) => Err(Unproven::Failed(error)),
            Err(_) if self.app.cancel.is_cancelled() => Err(Unproven::Failed(Error::interrupted())),
            Err(error) => Err(match left {
                Some(left) => Unproven::Left(Box::new(left)),
                None => Unproven::Failed(Error::cloud(&error, &self.app.reached())),
            }),
        }
    }
}

/// Walks while the lock is held. When it is lost, what is in flight comes to
/// its end.
async fn beside(
    walking: impl Future<Output = Outcome>,
    lock: &Held<'_>,
    stop: &CancellationToken,
) -> (Outcome, Option<Lost>) {
    let mut walking = std::pin::pin!(walking);
    let lost = tokio::select! {
        biased;
        outcome = &mut walking => return (outcome, None),
        lost = lock.keep() => lost,
    };
    stop.cancel();
    (walking.await, Some(lost))
}

fn late(seen: &str) -> CloudError {
    CloudError {
        service: "killick",
        operation: "Prove",
        code: "NotConverged".to_owned(),
        message: seen.to_owned(),
        request_id: None,
        class: Class::Fatal,
    }
}

/// Writes down what a stack has. It is no reason to fail: tags still say whose
/// everything is.
pub(crate) async fn record(app: &App, session: &Session, world: &World) {
    let record = ResourceRecord::of(&world.identity);
    let (stack, settler) = (world.spec.stack.as_str(), app.settler());
    let written = write_down(session, &settler, (stack, &record), &world.snapshot).await;
    if let Err(error) = written {
        let told = shown(&cloud::told(&error));
        app.out.note(&format!(
            "note: the record of the stack's resources was not written: {told}"
        ));
    }
}
