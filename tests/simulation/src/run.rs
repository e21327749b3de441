//! One run of killick, as a process would make it.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use killick::args::Args;
use killick::report::Out;
use killick::{App, Reach};
use killick_sim::Call;

use crate::draft::ACCOUNT;
use crate::line::Line;

/// How long a run may take, in virtual time: longer than every patience of
/// killick's one after the other.
const HANG: Duration = Duration::from_secs(6 * 3600);

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The command line.
    pub command: String,
    /// The exit code; `None`: it was killed.
    pub code: Option<u8>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The calls that it made.
    pub calls: Vec<Call>,
    /// Whether it was still at work after [`HANG`].
    pub hung: bool,
}

/// Runs a command line; `spec` is appended to it.
pub async fn run(line: &Line, seed: u64, command: &str, spec: &Path) -> Ran {
    line.revive();
    let words = command.split(' ').map(str::to_owned);
    let words = std::iter::once("killick".to_owned()).chain(words);
    let args = Args::parse_from(words.chain([spec.display().to_string()]));
    let reach = Reach::Wire {
        wire: Arc::new(line.clone()),
        access_key_id: format!("AKIA{ACCOUNT}"),
        pace: 1.0,
    };
    let out = Rc::new(Out::captured());
    let mut app = App::new(args.global, Rc::clone(&out), reach);
    app.seed = seed;
    let (mut hung, mut code) = (false, None);
    tokio::select! {
        biased;
        () = line.death() => {}
        exit = tokio::time::timeout(HANG, killick::run(&app, &args.command)) => match exit {
            Ok(exit) => code = Some(exit.code()),
            Err(_) => hung = true,
        },
    }
    let (stdout, stderr) = out.take();
    Ran {
        command: command.to_owned(),
        code,
        stdout,
        stderr,
        calls: line.calls(),
        hung,
    }
}
