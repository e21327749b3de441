//! One run of the program: its flags, its output, and how it is stopped.

use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;
use killick_aws::{Access, Session, read};
use killick_engine::{CancellationToken, Settler};
use killick_spec::Spec;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

use crate::args::{Args, Command, Global};
use crate::cloud::Reached;
use crate::commands;
use crate::report::{Out, Waits};
use crate::world::{Sight, Wanted, World};
use crate::{Error, Exit};

/// What every command gets.
#[derive(Debug)]
pub struct App {
    /// The flags that all commands share.
    pub global: Global,
    /// Where everything is printed.
    pub out: Rc<Out>,
    /// Triggered by the first Ctrl-C.
    pub cancel: CancellationToken,
    seed: u64,
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
            let exit = runtime.block_on(run(args, Rc::clone(&out)));
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

async fn run(args: Args, out: Rc<Out>) -> Exit {
    let cancel = CancellationToken::new();
    tokio::spawn(stop_on_request(cancel.clone()));
    let app = App {
        global: args.global,
        out,
        cancel,
        seed: seed(),
    };
    let ended = match args.command {
        Command::Plan(args) => commands::plan(&app, &args).await,
        Command::Apply(args) => commands::apply(&app, &args).await,
        Command::Drift(args) => commands::drift(&app, &args).await,
        Command::Destroy(args) => commands::destroy(&app, &args).await,
        Command::Ips(args) => commands::ips(&app, &args).await,
    };
    ended.unwrap_or_else(|error| app.out.error(&error))
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
        .with_writer(std::io::stderr)
        .with_ansi(out.stderr_color())
        .with_target(false)
        .without_time();
    tracing_subscriber::registry()
        .with(Targets::new().with_target("killick", level))
        .with(lines)
        .init();
}

/// The SDK finds out with the first request, and says so in its own words.
fn is_url(text: &str) -> bool {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        !host.is_empty() && !rest.contains(char::is_whitespace)
    })
}

impl App {
    /// A settler that the first Ctrl-C stops.
    pub fn settler(&self) -> Settler {
        Settler::new(self.cancel.clone(), self.seed)
    }

    /// A name for this run, for client tokens.
    pub fn run_id(&self) -> String {
        format!("{:016x}", self.seed)
    }

    /// How AWS is reached, for hints.
    pub fn reached(&self) -> Reached {
        let or = |given: &Option<String>, name| given.clone().or_else(|| std::env::var(name).ok());
        Reached {
            endpoint: or(&self.global.endpoint_url, "AWS_ENDPOINT_URL"),
            profile: or(&self.global.profile, "AWS_PROFILE"),
        }
    }

    /// The clients for a spec's region.
    ///
    /// # Errors
    /// `--region` says something else than the spec; the endpoint is no URL.
    pub async fn session(&self, spec: &Spec) -> Result<Session, Error> {
        if let Some(asked) = &self.global.region
            && *asked != spec.region
        {
            return Err(Error::wrong_region(&spec.region, asked));
        }
        if let Some(url) = self.reached().endpoint
            && !is_url(&url)
        {
            return Err(Error::endpoint(&url));
        }
        let access = Access {
            region: spec.region.clone(),
            profile: self.global.profile.clone(),
            endpoint_url: self.global.endpoint_url.clone(),
        };
        Ok(Session::open(&access).await)
    }

    /// Reads the world as far as a command must see it.
    ///
    /// # Errors
    /// A failed call, a guard, or Ctrl-C.
    pub async fn look(
        &self,
        session: &Session,
        spec: &Spec,
        sight: Sight,
        wanted: Wanted,
    ) -> Result<World, Error> {
        let started = Instant::now();
        let (out, waits) = (Rc::clone(&self.out), Waits::reading());
        let settler = self.settler().noting(move |reason| {
            if waits.worth("read", "") {
                out.note(&format!("still reading: {reason}, trying again"));
            }
        });
        let request = sight.request(spec);
        let snapshot = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(Error::interrupted()),
            snapshot = read(session, &settler, &request) => snapshot,
        };
        let snapshot = snapshot.map_err(|error| Error::cloud(&error, &self.reached()))?;
        tracing::info!(
            account = snapshot.account,
            region = snapshot.region,
            milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "read"
        );
        let world = World::of(spec.clone(), snapshot, wanted)?;
        for (key, id) in world.identity.iter() {
            tracing::debug!(%key, id, "known");
        }
        Ok(world)
    }
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn endpoints_are_urls() {
        for good in ["http://127.0.0.1:5000", "https://ec2.example.com/base"] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "",
            "not a url",
            "127.0.0.1:5000",
            "http://",
            "http:///x",
            "http://a b",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }
}
