//! `killick sandbox`: serves, changes or removes the simulated AWS.

mod demo;

use std::path::{Path, PathBuf};
use std::pin::Pin;

use killick_sim::tamper::{CASES, Case, tamper};

use crate::app::App;
use crate::args::sandbox::{self as args, FILE, PACE, SandboxCommand, Simulated, Tamper};
use crate::args::{Args, Command};
use crate::assess::Source;
use crate::commands::confirm::{YES, confirm};
use crate::error::Error;
use crate::exit::Exit;
use crate::reach::{Reach, Simulator};
use crate::report::Out;
use crate::report::text::{self, sandbox as words};
use crate::sandbox::serve::Server;
use crate::sandbox::{Held, Sandbox, account, option};

/// Runs the command line that it is given, as `killick` would.
pub type Run = for<'a> fn(&'a App, &'a Command) -> Pin<Box<dyn Future<Output = Exit> + 'a>>;

/// How a command line asks to reach AWS. A simulated one is named at once.
///
/// # Errors
/// It asks for a real AWS and for a simulated one.
pub fn reach(args: &Args, out: &Out) -> Result<Reach, Error> {
    let Some(sandbox) = Sandbox::asked(args)? else {
        return Ok(Reach::Network);
    };
    out.note(&words::banner(sandbox.file(), &unused()));
    Ok(sandbox.into())
}

/// What of the environment names a real AWS, and is not used.
fn unused() -> Vec<&'static str> {
    let mut names = vec!["AWS_PROFILE", "AWS_ENDPOINT_URL"];
    names.retain(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    names
}

/// Runs a command that works on a simulated AWS; `run` runs any other one.
///
/// # Errors
/// What the commands say.
pub async fn simulated(app: &App, command: &Simulated, run: Run) -> Result<Exit, Error> {
    match command {
        Simulated::Demo(args) => Box::pin(demo::demo(app, args, run)).await,
        Simulated::Sandbox(args) => sandbox(app, args).await,
    }
}

/// Does something with the sandbox as a whole.
///
/// # Errors
/// Another killick uses it, or it cannot be read or written; and what the
/// single commands say.
async fn sandbox(app: &App, args: &args::Sandbox) -> Result<Exit, Error> {
    let named = args.state.as_ref().or(app.global.sandbox.as_ref());
    let file = named.cloned().unwrap_or_else(|| PathBuf::from(FILE));
    match &args.command {
        SandboxCommand::Serve(args) => serve(app, &Sandbox::new(file, args.speed), args.port).await,
        SandboxCommand::Tamper(args) => change(app, &Sandbox::new(file, PACE), args),
        SandboxCommand::Wait(args) => wait(app, &Sandbox::new(file, PACE), args.minutes),
        SandboxCommand::Reset(args) => reset(app, &file, args.yes).await,
    }
}

async fn serve(app: &App, sandbox: &Sandbox, port: u16) -> Result<Exit, Error> {
    let running = sandbox.open()?;
    running.save()?;
    let server = Server::listen(port).await?;
    let url = server.url();
    app.out.data(&format!("serving a simulated AWS on {url}"));
    app.out.note(&words::served(&url, sandbox));
    server.run(running, &app.cancel).await;
    sandbox.save()?;
    Ok(Exit::Done)
}

fn change(app: &App, sandbox: &Sandbox, args: &Tamper) -> Result<Exit, Error> {
    if args.case == "list" {
        app.out.data(&words::cases());
        return Ok(Exit::Done);
    }
    let case = case(&args.case)?;
    let killick = sandbox.command();
    let spec = Source::read(&args.spec, &killick)?.spec()?;
    app.insist(&spec)?;
    let running = sandbox.open()?;
    let done = running.with(|world, now| {
        let account = account(&spec);
        tamper(world, now, account, &spec.region, &spec.stack, case)
    });
    running.save()?;
    let done = done.map_err(|why| {
        let state = option(" --state ", sandbox.file());
        Error::new(format!("{} cannot be made: {why}", case.name)).hint(format!(
            "{killick} apply makes a stack; killick sandbox wait 3{state} lets time go by"
        ))
    })?;
    app.out.data(&done);
    Ok(Exit::Done)
}

/// The case of that name.
fn case(asked: &str) -> Result<&'static Case, Error> {
    Case::named(asked).ok_or_else(|| {
        let distance = |case: &&Case| strsim::osa_distance(case.name, asked);
        let near = CASES.iter().min_by_key(distance);
        let near = near.filter(|case| distance(case) <= 3);
        let near = near.map_or_else(String::new, |case| format!("did you mean {}? ", case.name));
        Error::new(format!("there is no case {asked} to tamper with"))
            .hint(format!("{near}killick sandbox tamper list shows them all"))
    })
}

fn wait(app: &App, sandbox: &Sandbox, minutes: u32) -> Result<Exit, Error> {
    let running = sandbox.open()?;
    running.pass(u64::from(minutes) * 60_000);
    running.save()?;
    let minutes = text::count(usize::try_from(minutes).unwrap_or(usize::MAX), "minute");
    app.out.note(&format!("{minutes} later"));
    Ok(Exit::Done)
}

async fn reset(app: &App, file: &Path, yes: bool) -> Result<Exit, Error> {
    let name = file.display();
    if !file.exists() {
        app.out.note(&format!("there is no sandbox in {name}"));
        return Ok(Exit::Done);
    }
    let held = Held::take(file)?;
    if !yes {
        let question = format!("remove the sandbox in {name} with everything in it?");
        confirm(app, &question, YES).await?;
    }
    held.remove()?;
    app.out.note(&format!("the sandbox in {name} is removed"));
    Ok(Exit::Done)
}
