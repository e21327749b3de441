//! One run of the program: its flags, its output, and how it is stopped.

use std::pin::Pin;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use killick_aws::{Reader, Session, read};
use killick_engine::{CancellationToken, Settler};
use killick_spec::Spec;
use tokio::time::Instant;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

use crate::args::{Args, Command, Global};
use crate::cloud::Reached;
use crate::commands;
use crate::reach::Reach;
use crate::report::{LogLines, Out, Waits, clean, text};
use crate::sandbox::Sandbox;
use crate::world::{Sight, Wanted, World};
use crate::{Error, Exit};

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

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let exit = match error.use_stderr() {
                // Two, which is clap's own, means differences here.
                true => Exit::Error,
                false => Exit::Done,
            };
            // A reader that went away needs no help.
            error.print().ok();
            return exit.into();
        }
    };
    let out = Rc::new(Out::new(args.global.color));
    start_log(&args.global, &out);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let exit = match runtime {
        Ok(runtime) => {
            let exit = runtime.block_on(start(args, Rc::clone(&out)));
            // A prompt that nobody answers must not keep the process.
            runtime.shutdown_background();
            exit
        }
        Err(error) => out.error(&Error::new(format!("cannot start: {error}"))),
    };
    match out.failure() {
        Some(error) if exit == Exit::Done => out.error(&error).into(),
        _ => exit.into(),
    }
}

/// Runs a command line against what it names, until the user asks to stop.
pub async fn start(args: Args, out: Rc<Out>) -> Exit {
    let reach = match Reach::of(&args) {
        Ok(reach) => reach,
        Err(error) => return out.error(&error),
    };
    if let Some(sandbox) = reach.sandbox() {
        out.note(&text::banner(sandbox.file(), &unused()));
    }
    let app = App::new(args.global, out, reach);
    tokio::spawn(stop_on_request(app.cancel.clone()));
    run(&app, &args.command).await
}

/// What of the environment names a real AWS, and is not used.
fn unused() -> Vec<&'static str> {
    let mut names = vec!["AWS_PROFILE", "AWS_ENDPOINT_URL"];
    names.retain(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    names
}

/// Runs one command to its end and prints what it came to.
pub async fn run(app: &App, command: &Command) -> Exit {
    // Boxed: the SDK's futures are so deep that a caller who had to look into
    // them would need a higher recursion limit.
    let ended: Pin<Box<dyn Future<Output = Result<Exit, Error>>>> = match command {
        Command::Plan(args) => Box::pin(commands::plan(app, args)),
        Command::Apply(args) => Box::pin(commands::apply(app, args)),
        Command::Drift(args) => Box::pin(commands::drift(app, args)),
        Command::Prove(args) => Box::pin(commands::prove(app, args)),
        Command::Watch(args) => Box::pin(commands::watch(app, args)),
        Command::Graph(args) => Box::pin(commands::graph(app, args)),
        Command::Schedule(args) => Box::pin(commands::schedule(app, args)),
        Command::Policy(args) => Box::pin(commands::policy(app, args)),
        Command::Destroy(args) => Box::pin(commands::destroy(app, args)),
        Command::Ips(args) => Box::pin(commands::ips(app, args)),
        Command::Unlock(args) => Box::pin(commands::unlock(app, args)),
        Command::Demo(args) => Box::pin(commands::demo(app, args)),
        Command::Sandbox(args) => Box::pin(commands::sandbox(app, args)),
    };
    let exit = ended.await.unwrap_or_else(|error| app.out.error(&error));
    match app.reach.sandbox().map_or(Ok(()), Sandbox::save) {
        Ok(()) => exit,
        Err(error) => app.out.error(&error),
    }
}

/// The first request ends the run in order, the second one at once.
async fn stop_on_request(cancel: CancellationToken) {
    stop_request().await;
    cancel.cancel();
    stop_request().await;
    std::process::exit(Exit::Interrupted.code().into());
}

#[cfg(unix)]
async fn stop_request() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        tokio::signal::ctrl_c().await.ok();
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn stop_request() {
    tokio::signal::ctrl_c().await.ok();
}

/// Differs from run to run.
fn seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = now.map_or(0, |now| now.as_nanos());
    let low = u64::try_from(nanos & u128::from(u64::MAX)).unwrap_or_default();
    low ^ (u64::from(std::process::id()) << 32)
}

/// Only killick's own words: the SDK's may hold what is secret.
fn start_log(global: &Global, out: &Out) {
    let level = match global.verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(|| LogLines)
        .with_ansi(out.stderr_color())
        .with_target(false)
        .without_time();
    tracing_subscriber::registry()
        .with(Targets::new().with_target("killick", level))
        .with(lines)
        .init();
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
                let reason = clean(reason);
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
