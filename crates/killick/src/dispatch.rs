//! Which command a command line means: the only file that knows them all.

use std::pin::Pin;

use crate::app::App;
use crate::args::Command;
use crate::commands;
use crate::error::Error;
use crate::exit::Exit;

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
        #[cfg(feature = "sandbox")]
        Command::Simulated(command) => Box::pin(commands::sandbox::simulated(
            app,
            command,
            // The demo runs other commands, and knows none of them.
            |app, command| Box::pin(run(app, command)),
        )),
    };
    let exit = ended.await.unwrap_or_else(|error| app.out.error(&error));
    match app.reach.save() {
        Ok(()) => exit,
        Err(error) => app.out.error(&error),
    }
}
