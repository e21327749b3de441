//! The line between killick and the simulated AWS: requests end in a [`Sim`],
//! and every call is looked at before and after.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use killick_aws::{Cut, Sending, Wire, WireAnswer, WireRequest};
use killick_sim::{Millis, Outcome, Place, Request, Sim};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::draft::{ACCOUNT, REGION};
use crate::invariant::Watch;

/// When the simulated world begins: 2026-01-01.
const EPOCH: Millis = 1_767_225_600_000;

/// A line that many runs may use one after the other.
#[derive(Clone, Debug)]
pub struct Line {
    state: Arc<Mutex<State>>,
    started: Instant,
    death: Arc<Notify>,
    dead: Arc<AtomicBool>,
}

#[derive(Debug)]
struct State {
    sim: Sim,
    watch: Watch,
}

impl Line {
    /// A line to a world, from now on.
    pub fn new(sim: Sim) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                sim,
                watch: Watch::default(),
            })),
            started: Instant::now(),
            death: Arc::new(Notify::new()),
            dead: Arc::new(AtomicBool::new(false)),
        }
    }

    /// What time it is over there.
    pub fn now(&self) -> Millis {
        EPOCH + Millis::try_from(self.started.elapsed().as_millis()).expect("a short life")
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
        let outcome = state.sim.serve(now, request);
        let call = state.sim.calls.last().expect("the call just made").clone();
        state
            .watch
            .after(state.sim.world.place(ACCOUNT, REGION), &call);
        outcome
    }
}

impl Wire for Line {
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
