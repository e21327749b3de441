//! A sandbox while a process uses it: requests, answers, and a clock.

use std::future::ready;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use killick_aws::{Sending, Wire, WireAnswer, WireRequest};
use killick_sim::{Millis, Request, Response, World};
use tokio::time::Instant;

use super::file::{Held, Kept};
use crate::error::Error;

/// An open sandbox. All copies are the same one.
#[derive(Clone, Debug)]
pub struct Running(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    held: Held,
    kept: Kept,
    pace: f64,
    started: Instant,
    /// What time it was there then.
    began: Millis,
    failure: Option<Error>,
}

impl Running {
    /// Goes on where the last process stopped.
    pub(super) fn open(file: &Path, pace: f64) -> Result<Self, Error> {
        let held = Held::take(file)?;
        let kept = held.read()?;
        Ok(Self(Arc::new(Mutex::new(State {
            began: kept.now,
            held,
            kept,
            pace,
            started: Instant::now(),
            failure: None,
        }))))
    }

    /// Answers a request. Whatever happens afterwards, what was answered has
    /// been kept; when that failed, nothing is answered but that it did.
    pub fn answer(&self, request: &Request) -> Response {
        let mut state = self.state();
        let response = state.with(|kept, now| kept.world.handle(now, request));
        match state.failure {
            None => response,
            Some(_) => Response {
                status: 500,
                ..Response::default()
            },
        }
    }

    /// Does something with the world at its present time.
    pub fn with<T>(&self, act: impl FnOnce(&mut World, Millis) -> T) -> T {
        self.state().with(|kept, now| act(&mut kept.world, now))
    }

    /// Deploys a function, as another tool would; once and for all.
    pub(super) fn deploy(&self, account: &str, region: &str, name: &str) {
        self.state().with(|kept, now| {
            let first = kept.deployed.insert(format!("{account}/{region}/{name}"));
            if first {
                killick_sim::exist(kept.world.place(account, region), name, now);
            }
        });
    }

    /// Lets that much time go by at once.
    pub fn pass(&self, time: Millis) {
        self.state().began += time;
    }

    /// Keeps the world as it is now.
    ///
    /// # Errors
    /// Something could not be kept, now or before.
    pub fn save(&self) -> Result<(), Error> {
        let mut state = self.state();
        state.with(|_, _| ());
        state.failure.take().map_or(Ok(()), Err)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn with<T>(&mut self, act: impl FnOnce(&mut Kept, Millis) -> T) -> T {
        let gone = self.started.elapsed().as_secs_f64() * self.pace;
        let now = self.began + (gone * 1000.0) as Millis;
        self.kept.world.advance(now);
        self.kept.now = now;
        let done = act(&mut self.kept, now);
        if let Err(error) = self.held.write(&self.kept) {
            self.failure.get_or_insert(error);
        }
        done
    }
}

impl Wire for Running {
    fn now(&self) -> u64 {
        self.with(|_, now| now / 1000)
    }

    fn send(&self, request: WireRequest) -> Sending {
        let response = self.answer(&Request {
            method: request.method,
            uri: request.uri,
            headers: request.headers,
            body: request.body,
        });
        Box::pin(ready(Ok(WireAnswer {
            status: response.status,
            headers: response.headers,
            body: response.body,
        })))
    }
}
