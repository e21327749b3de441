//! One run of the program: its flags, its output, and how it is stopped.

use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use killick_aws::{Reader, Session, read};
use killick_engine::{CancellationToken, Settler};
use killick_spec::Spec;
use tokio::time::Instant;

use crate::args::Global;
use crate::assess::{Sight, Wanted, World};
use crate::cloud::Reached;
use crate::error::Error;
use crate::reach::Reach;
use crate::report::{Out, Waits};
use killick_text::shown;

/// What every command gets.
#[derive(Debug)]
pub struct App {
    /// The flags that all commands share.
    pub global: Global,
    /// Where everything is printed.
    pub out: Rc<Out>,
    /// How AWS is reached.
    pub reach: Reach,
    /// How a command line begins that reaches the same AWS, for hints.
    pub killick: String,
    /// Triggered by the first Ctrl-C.
    pub cancel: CancellationToken,
    /// What chance comes from: jitter, client tokens. Differs from run to run
    /// unless it is set.
    pub seed: u64,
}

/// Differs from run to run.
fn seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = now.map_or(0, |now| now.as_nanos());
    let low = u64::try_from(nanos & u128::from(u64::MAX)).unwrap_or_default();
    low ^ (u64::from(std::process::id()) << 32)
}

impl App {
    /// A run like no other, that nobody has asked to stop.
    pub fn new(global: Global, out: Rc<Out>, reach: Reach) -> Self {
        Self {
            global,
            out,
            killick: reach.command(),
            reach,
            cancel: CancellationToken::new(),
            seed: seed(),
        }
    }

    /// A settler that the first Ctrl-C stops.
    pub fn settler(&self) -> Settler {
        self.settler_until(self.cancel.clone())
    }

    /// A settler that this token stops.
    pub(crate) fn settler_until(&self, stop: CancellationToken) -> Settler {
        Settler::new(stop, self.seed).at_pace(self.reach.pace())
    }

    /// A name for this run, for client tokens.
    pub fn run_id(&self) -> String {
        format!("{:016x}", self.seed)
    }

    /// How AWS is reached, for hints.
    pub fn reached(&self) -> Reached {
        self.reach.told(&self.global)
    }

    /// The clients for a spec's region.
    ///
    /// # Errors
    /// `--region` says something else than the spec; the endpoint is no URL;
    /// the sandbox cannot be used.
    pub async fn session(&self, spec: &Spec) -> Result<Session, Error> {
        self.insist(spec)?;
        self.reach.session(&self.global, spec).await
    }

    /// The client for a spec's region of whatever only looks.
    ///
    /// # Errors
    /// As for [`App::session`].
    pub async fn reader(&self, spec: &Spec) -> Result<Reader, Error> {
        Ok(self.session(spec).await?.reader().clone())
    }

    /// Holds `--region` against a spec.
    ///
    /// # Errors
    /// They differ.
    pub fn insist(&self, spec: &Spec) -> Result<(), Error> {
        match &self.global.region {
            Some(asked) if *asked != spec.region => Err(Error::wrong_region(&spec.region, asked)),
            _ => Ok(()),
        }
    }

    /// Reads the world as far as a command must see it.
    ///
    /// # Errors
    /// A failed call, a guard, or Ctrl-C.
    pub async fn look(
        &self,
        reader: &Reader,
        spec: &Spec,
        sight: Sight,
        wanted: Wanted,
    ) -> Result<World, Error> {
        let started = Instant::now();
        let (out, waits) = (Rc::clone(&self.out), Waits::reading());
        let settler = self.settler().noting(move |reason| {
            if waits.worth("read", "") {
                let reason = shown(reason);
                out.note(&format!("still reading: {reason}, trying again"));
            }
        });
        let request = sight.request(spec);
        let snapshot = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(Error::interrupted()),
            snapshot = Box::pin(read(reader, &settler, &request)) => snapshot,
        };
        let snapshot = snapshot.map_err(|error| Error::cloud(&error, &self.reached()))?;
        tracing::info!(
            account = snapshot.account,
            region = snapshot.region,
            milliseconds = u64::try_from(settler.since(started).as_millis()).unwrap_or(u64::MAX),
            "read"
        );
        let world = World::of(spec.clone(), snapshot, wanted)?;
        for (key, id) in world.identity.iter() {
            tracing::debug!(%key, id, "known");
        }
        Ok(world)
    }
}
