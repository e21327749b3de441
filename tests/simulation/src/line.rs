//! The line between killick and the simulated AWS: requests end in a [`Sim`],
//! and every call is looked at before and after.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use killick_aws::{Cut, Sending, Wire, WireAnswer, WireRequest};
use killick_sim::{Call, Millis, Outcome, Place, Request, Sim};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::draft::{ACCOUNT, REGION};
use crate::invariant::Watch;

/// When the simulated world begins: 2026-01-01.
const EPOCH: Millis = 1_767_225_600_000;

/// A line that many runs may use one after the other. Those that run at the
/// same time have one each, to the same world.
#[derive(Clone, Debug)]
pub struct Line {
    state: Arc<Mutex<State>>,
    started: Instant,
    epoch: Millis,
    death: Arc<Notify>,
    dead: Arc<AtomicBool>,
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Debug)]
struct State {
    sim: Sim,
    watch: Watch,
    judges: Judges,
}

/// Somebody who looks at the world before every call, and with the call after
/// it, and says what must not be.
type Judge = Box<dyn FnMut(&Place, Option<&Call>) -> Option<String> + Send>;

#[derive(Default)]
struct Judges(Vec<Judge>);

impl fmt::Debug for Judges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} judges", self.0.len())
    }
}

/// A world at a moment, to begin from again and again.
#[derive(Clone, Debug)]
pub struct Base {
    sim: Sim,
    now: Millis,
}

impl Base {
    /// Looks at it.
    pub fn look<T>(&self, act: impl FnOnce(&Place) -> T) -> T {
        act(self.sim.clone().world.place(ACCOUNT, REGION))
    }
}

impl Line {
    /// A line to a world, from now on.
    pub fn new(sim: Sim) -> Self {
        Self::at(&Base { sim, now: EPOCH })
    }

    /// A line to a world as it was at a moment.
    pub fn at(base: &Base) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                sim: base.sim.clone(),
                watch: Watch::default(),
                judges: Judges::default(),
            })),
            started: Instant::now(),
            epoch: base.now,
            death: Arc::default(),
            dead: Arc::default(),
            calls: Arc::default(),
        }
    }

    /// The world of this moment.
    pub fn base(&self) -> Base {
        self.with(|sim, now| Base {
            sim: sim.clone(),
            now,
        })
    }

    /// Another process on the same world.
    pub fn beside(&self) -> Self {
        Self {
            death: Arc::default(),
            dead: Arc::default(),
            calls: Arc::default(),
            ..self.clone()
        }
    }

    /// Lets somebody look at every call from now on.
    pub fn judged(
        &self,
        judge: impl FnMut(&Place, Option<&Call>) -> Option<String> + Send + 'static,
    ) {
        self.state().judges.0.push(Box::new(judge));
    }

    /// The calls of this process since the last time.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls.lock().expect("nobody panics with it"))
    }

    /// What time it is over there.
    pub fn now(&self) -> Millis {
        self.epoch + Millis::try_from(self.started.elapsed().as_millis()).expect("a short life")
    }

    /// Does something with the world at the other end, where all that is due
    /// has happened.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sim, Millis) -> T) -> T {
        let now = self.now();
        let mut state = self.state();
        state.sim.world.advance(now);
        act(&mut state.sim, now)
    }

    /// Does something with the account of the simulation.
    pub fn place<T>(&self, act: impl FnOnce(&mut Place, Millis) -> T) -> T {
        self.with(|sim, now| act(sim.world.place(ACCOUNT, REGION), now))
    }

    /// What the calls since the last time did that they must not.
    pub fn broken(&self) -> Vec<String> {
        std::mem::take(&mut self.state().watch.broken)
    }

    /// A new process: the death of the last one is over.
    pub fn revive(&self) {
        self.dead.store(false, Ordering::SeqCst);
    }

    /// Ends when a fault kills the process.
    pub async fn death(&self) {
        while !self.dead.load(Ordering::SeqCst) {
            self.death.notified().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with it")
    }

    fn serve(&self, request: &Request) -> Outcome {
        let now = self.now();
        let mut state = self.state();
        let state = &mut *state;
        state
            .watch
            .before(state.sim.world.place(ACCOUNT, REGION), now);
        state.sim.world.advance(now);
        state.judge(None);
        let outcome = state.sim.serve(now, request);
        let call = state.sim.calls.pop().expect("the call just made");
        state
            .watch
            .after(state.sim.world.place(ACCOUNT, REGION), &call);
        state.judge(Some(&call));
        let mut calls = self.calls.lock().expect("nobody panics with it");
        calls.push(call);
        outcome
    }
}

impl State {
    fn judge(&mut self, call: Option<&Call>) {
        let place = self.sim.world.place(ACCOUNT, REGION);
        for judge in &mut self.judges.0 {
            let found = judge(place, call);
            let after = |call: &Call| format!(" (after {} at {})", call.action, call.at);
            let after = call.map_or(String::new(), after);
            let found = found.map(|text| format!("{text}{after}"));
            self.watch.broken.extend(found);
        }
    }
}

impl Wire for Line {
    fn now(&self) -> u64 {
        Self::now(self) / 1000
    }

    fn send(&self, request: WireRequest) -> Sending {
        let request = Request {
            method: request.method,
            uri: request.uri,
            headers: request.headers,
            body: request.body,
        };
        let line = self.clone();
        Box::pin(async move {
            if line.dead.load(Ordering::SeqCst) {
                return std::future::pending().await;
            }
            let sleep = |millis| tokio::time::sleep(Duration::from_millis(millis));
            match line.serve(&request) {
                Outcome::Answer(after, response) => {
                    sleep(after).await;
                    Ok(WireAnswer {
                        status: response.status,
                        headers: response.headers,
                        body: response.body,
                    })
                }
                Outcome::Unreached(after) => {
                    sleep(after).await;
                    Err(Cut::Unreached)
                }
                Outcome::Cut(after) => {
                    sleep(after).await;
                    Err(Cut::Broken)
                }
                Outcome::Killed => {
                    line.dead.store(true, Ordering::SeqCst);
                    line.death.notify_one();
                    std::future::pending().await
                }
            }
        })
    }
}
