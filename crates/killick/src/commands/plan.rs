//! `killick plan`: what `apply` would do.

use crate::app::App;
use crate::args;
use crate::assess::{Saved, Sight, Source, Wanted};
use crate::commands::claims::planned;
use crate::commands::guard::{Allowed, foreseen, reasons};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::{json, text};

/// Shows every step and writes nothing.
///
/// # Errors
/// Bad spec, failed call, refused change, a guard.
pub async fn plan(app: &App, args: &args::Plan) -> Result<Exit, Error> {
    let source = Source::read(&args.spec, &app.killick)?;
    let spec = source.spec()?;
    let reader = app.reader(&spec).await?;
    let policy = args.allow.policy();
    let sight = Sight::of(policy);
    let world = app.look(&reader, &spec, sight, Wanted::Spec).await?;
    let plan = planned(&world, policy)?;
    let digest = world.digest(policy)?;
    let document = json::plan(&world, &plan, &digest);
    if let Some(path) = &args.out {
        let saved = Saved::new(&source, (&world, policy), &digest, &document);
        saved.simulated(app.reach.simulated()).write(path)?;
    }
    match args.json {
        true => app.out.json(&document),
        false => app
            .out
            .data(&text::plan(&world, &plan, app.global.verbose > 0)),
    }
    for told in foreseen(&reasons(app, &reader, &world, &plan, Allowed::default()).await) {
        app.out.note(&told);
    }
    if let Some(path) = &args.out {
        let (killick, path) = (&app.killick, path.display());
        app.out.note(&format!(
            "saved; apply it with: {killick} apply --plan {path}"
        ));
    }
    Ok(match plan.is_empty() {
        false if args.detailed_exitcode => Exit::Differences,
        _ => Exit::Done,
    })
}
