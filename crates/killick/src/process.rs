//! This process: its command line, its log, and the signals that stop it.

use std::process::ExitCode;
use std::rc::Rc;

use clap::Parser;
use killick_engine::CancellationToken;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

use crate::app::App;
use crate::args::{Args, Global};
#[cfg(feature = "sandbox")]
use crate::commands::sandbox::reach;
use crate::dispatch::run;
use crate::error::Error;
use crate::exit::Exit;
#[cfg(not(feature = "sandbox"))]
use crate::reach::Reach;
use crate::report::{LogLines, Out};

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
    let reach = match reach(&args, &out) {
        Ok(reach) => reach,
        Err(error) => return out.error(&error),
    };
    let app = App::new(args.global, out, reach);
    tokio::spawn(stop_on_request(app.cancel.clone()));
    run(&app, &args.command).await
}

/// How a command line asks to reach AWS.
#[cfg(not(feature = "sandbox"))]
fn reach(_: &Args, _: &Out) -> Result<Reach, Error> {
    Ok(Reach::Network)
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
