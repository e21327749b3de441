//! How long killick takes to look: whole processes, against an AWS whose every answer takes as long.
//!
//! The emulator is slow and answers one call at a time, so a proxy learns each of its answers once and
//! then gives it after a fixed delay. What is left in the figures is killick: its round trips, its CPU
//! time, its memory; not what TLS takes, as the proxy speaks plain HTTP. Nothing here fails because it was
//! slow; the table says what is over its budget.
//!
//! `cargo run --release -p killick-tests --bin bench -- [--runs N] [--delay-ms MS]`; `KILLICK_BIN` names
//! a killick to measure in place of the one that is built here.

mod args;
mod build;
mod measure;
mod probe;
mod proxy;
mod table;
mod terraform;
mod traffic;
mod wire;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use killick_tests::Server;
use tempfile::TempDir;

use crate::args::{Args, Mode};
use crate::measure::Series;
use crate::proxy::Proxy;
use crate::table::Report;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/lambda-fixed-ip.toml");

/// Deployed by somebody else in real life; the spec names it.
const FUNCTION: &str = "billing-sync";

const COMMANDS: [&[&str]; 4] = [
    &["plan"],
    &["plan", "--json"],
    &["drift"],
    &["drift", "--json"],
];

fn main() -> ExitCode {
    let end = args::parse(std::env::args().skip(1)).and_then(|mode| match mode {
        Mode::Help => say(args::USAGE),
        Mode::Probe { address, waves } => probe::run(address, &waves),
        Mode::Bench(args) => bench(&args),
    });
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(io::stderr(), "error: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn bench(args: &Args) -> Result<()> {
    let server = Server::start();
    server.aws().create_function(FUNCTION);
    let killick = Killick {
        binary: build::binary()?,
        home: tempfile::tempdir()?,
    };
    let applied = killick
        .command(&["apply", "--yes"], &server.url())
        .output()?;
    if !applied.status.success() {
        let why = String::from_utf8_lossy(&applied.stderr);
        return Err(format!("killick apply ended with {}\n{why}", applied.status).into());
    }

    let proxy = Proxy::start(&server.url(), args.delay)?;
    let run = |command: &[&str]| measure::run(killick.command(command, &proxy.url()), &proxy);
    // To warm up, so that the proxy knows all answers; and the probe does as the first command does.
    let mut waves = None;
    for command in COMMANDS {
        waves.get_or_insert(run(command)?.traffic.waves);
    }
    let waves = waves.unwrap_or_default();
    let probe = || measure::run(bare(&proxy, &waves)?, &proxy);
    probe()?;

    // In turns, so that whatever else the machine does slows all of them alike.
    let mut floor = Series::default();
    let mut measured = COMMANDS.map(|command| (command, Series::default()));
    for _ in 0..args.runs {
        floor.0.push(probe()?);
        for (command, series) in &mut measured {
            series.0.push(run(command)?);
        }
    }
    let mut report = Report::new(args, &floor);
    for (command, series) in &measured {
        report.command(&format!("killick {}", command.join(" ")), series);
    }
    say(&report.finish())?;

    let [(_, plan), ..] = &measured;
    say(&table::beside(terraform::run(args.delay), plan))
}

/// killick with nothing of this machine in its environment.
struct Killick {
    binary: PathBuf,
    home: TempDir,
}

impl Killick {
    fn command(&self, args: &[&str], endpoint: &str) -> Command {
        let mut process = Command::new(&self.binary);
        process
            .args(args)
            .arg(SPEC)
            .current_dir(&self.home)
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "test-secret-never-shown")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", endpoint);
        process
    }
}

/// The floor: a process that makes the same calls as plain GETs and looks at nothing.
fn bare(proxy: &Proxy, waves: &[usize]) -> Result<Command> {
    let waves: Vec<String> = waves.iter().map(usize::to_string).collect();
    let mut process = Command::new(std::env::current_exe()?);
    process.args(["--probe", &proxy.address().to_string(), &waves.join(",")]);
    Ok(process)
}

/// To standard output, which may be closed.
fn say(text: &str) -> Result<()> {
    Ok(writeln!(io::stdout(), "{text}")?)
}
