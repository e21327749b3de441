//! `killick watch`: the drift check as a process that stays.

mod check;
mod sns;

use killick_watch::notify::{Exec, HookUrl, SetupError, Slack, Webhook};
use killick_watch::{Check, Clock, Every, Listener, Options, Target, Verdict, run};

use crate::app::App;
use crate::args;
use crate::assess::Source;
use crate::error::Error;
use crate::exit::Exit;
use crate::files::why;
use crate::report::text;
use killick_text::shown;

use check::Stack;
use sns::Sns;

/// Looks again and again, and tells what changed, until it is asked to stop.
///
/// # Errors
/// A bad spec, a target that is none, an address that is taken, a state file
/// that cannot be kept: nothing that comes up later ends it.
pub async fn watch(app: &App, args: &args::Watch) -> Result<Exit, Error> {
    let every: Every = args
        .every
        .parse()
        .map_err(|error| Error::new(format!("--every {}: {error}", args.every)))?;
    let mut checks: Vec<Box<dyn Check + '_>> = Vec::new();
    for path in &args.specs {
        // Whoever starts it should learn of a bad spec at once.
        let spec = Source::read(path, &app.killick)?.spec()?;
        app.insist(&spec)?;
        checks.push(Box::new(Stack::new(app, path)));
    }
    if let Some(folder) = args
        .state
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| {
            Error::new(format!("cannot make {}: {}", folder.display(), why(&error)))
                .hint("name another file with --state")
        })?;
    }
    let targets = targets(app, args).await?;
    let metrics = match args.metrics {
        Some(address) => Some(Listener::bind(address).await.map_err(|error| {
            Error::new(format!("cannot listen on {address}: {}", why(&error)))
                .hint("name another address with --metrics")
        })?),
        None => None,
    };
    if let Some(listener) = &metrics {
        let address = listener.address();
        app.out.note(&format!(
            "metrics on http://{address}/metrics, health on http://{address}/healthz"
        ));
    }
    let options = Options {
        state: Some(args.state.clone()),
        metrics,
        once: args.once,
        clock: clock(app)?,
        ..Options::new(every, app.seed)
    };
    let mut line = |text: &str| app.out.data(&format!("{text}\n"));
    let ended = run(checks, options, targets, &app.cancel, &mut line).await;
    let ended = ended.map_err(|error| {
        Error::new(error.to_string()).hint("name another file with --state, or each spec once")
    })?;
    if ended.pending > 0 {
        for trouble in &ended.troubles {
            app.out.note(&format!("note: {}", shown(trouble)));
        }
        let pending = text::count(ended.pending, "notification");
        let state = args.state.display();
        app.out.note(&format!(
            "note: {pending} yet to arrive; {state} keeps what is left for the next run"
        ));
    }
    Ok(match args.once && !ended.stopped {
        true => worst(ended.last.values().copied()),
        false => Exit::Done,
    })
}

/// What could not be seen counts for more than what differs.
fn worst(last: impl Iterator<Item = Verdict>) -> Exit {
    let last: Vec<Verdict> = last.collect();
    let any = |verdict| last.contains(&verdict);
    if any(Verdict::Failed) || any(Verdict::Throttled) {
        Exit::Error
    } else if any(Verdict::Partial) {
        Exit::Partial
    } else if any(Verdict::Drift) {
        Exit::Differences
    } else {
        Exit::Done
    }
}

/// The time of day where AWS is.
fn clock(app: &App) -> Result<Clock, Error> {
    let wire = app.reach.wire()?;
    Ok(wire.map_or_else(Clock::system, |wire| Clock::new(move || wire.now())))
}

async fn targets<'a>(
    app: &'a App,
    args: &'a args::Watch,
) -> Result<Vec<Box<dyn Target + 'a>>, Error> {
    let hook = |flag: &str, url: &str| -> Result<HookUrl, Error> {
        // The URL may be a secret: it is not shown.
        url.parse()
            .map_err(|error: SetupError| Error::new(format!("{flag}: {error}")))
    };
    let bad = |flag: &str, error: SetupError| Error::new(format!("{flag}: {error}"));
    let mut all: Vec<Box<dyn Target + 'a>> = Vec::new();
    for url in &args.webhook {
        let target = Webhook::new(hook("--webhook", url)?);
        all.push(Box::new(target.map_err(|error| bad("--webhook", error))?));
    }
    for url in &args.slack {
        let target = Slack::new(hook("--slack", url)?);
        all.push(Box::new(target.map_err(|error| bad("--slack", error))?));
    }
    for arn in &args.sns {
        all.push(Box::new(Sns::open(app, args, arn).await?));
    }
    for command in &args.exec {
        all.push(Box::new(Exec::new(command.as_str())));
    }
    Ok(all)
}
