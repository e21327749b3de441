//! `killick sandbox`: serves, changes or removes the simulated AWS.

use std::path::{Path, PathBuf};

use killick_sim::tamper::{CASES, Case, tamper};

use crate::app::App;
use crate::args::{self, SandboxCommand};
use crate::assess::Source;
use crate::commands::walk::{Asked, confirm};
use crate::report::text;
use crate::sandbox::serve::Server;
use crate::sandbox::{FILE, Held, PACE, Sandbox, account, option};
use crate::{Error, Exit};

/// Does something with the sandbox as a whole.
///
/// # Errors
/// Another killick uses it, or it cannot be read or written; and what the
/// single commands say.
pub async fn sandbox(app: &App, args: &args::Sandbox) -> Result<Exit, Error> {
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
    app.out.note(&text::served(&url, sandbox));
    server.run(running, &app.cancel).await;
    sandbox.save()?;
    Ok(Exit::Done)
}

fn change(app: &App, sandbox: &Sandbox, args: &args::Tamper) -> Result<Exit, Error> {
    if args.case == "list" {
        app.out.data(&text::cases());
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
        confirm(app, &question, Asked::Reset).await?;
    }
    held.remove()?;
    app.out.note(&format!("the sandbox in {name} is removed"));
    Ok(Exit::Done)
}
