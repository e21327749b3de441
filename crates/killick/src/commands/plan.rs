//! `killick plan`: what `apply` would do.

use crate::app::App;
use crate::args;
use crate::assess::{DriftReport, Saved, Sight, Source, Wanted};
use crate::commands::claims::planned;
use crate::commands::guard::{Allowed, foreseen, reasons, refusals};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::text::Beside;
use crate::report::{json, text};
use killick_text::shown;

/// Shows every step and writes nothing.
///
/// # Errors
/// Bad spec, failed call, refused change, a guard.
pub async fn plan(app: &App, args: &args::Plan) -> Result<Exit, Error> {
    let source = Source::read(&args.spec, &app.killick)?;
    let spec = source.spec()?;
    let reader = app.reader(&spec).await?;
    let policy = args.allow.policy();
    let world = app
        .look(&reader, &spec, Sight::Traffic, Wanted::Spec)
        .await?;
    let plan = planned(&world, policy)?;
    let digest = world.digest(policy)?;
    let report = DriftReport::of(&world, app.reach.now());
    let beside = Beside {
        report: &report,
        policy,
        caller: world.caller(&app.killick, &source.name),
        verbose: app.global.verbose > 0,
    };
    let seen = (&world, source.name.as_str());
    let reasons = reasons(app, &reader, seen, &plan, Allowed::default()).await;
    let mut document = json::plan(&world, &plan, &digest, beside);
    document.refusals = refusals(&reasons);
    if let Some(path) = &args.out {
        let saved = Saved::new(&source, (&world, policy), &digest, &document);
        saved.simulated(app.reach.simulated()).write(path)?;
    }
    match args.json {
        true => app.out.json(&document),
        false => app.out.data(&text::plan(&world, &plan, beside)),
    }
    for one in &world.snapshot.unreadable {
        app.out.note(&format!(
            "note: not looked at: {} ({}: {})",
            text::what(one),
            one.permission,
            shown(&one.code)
        ));
    }
    for told in foreseen(&reasons) {
        app.out.note(&told);
    }
    if let Some(path) = &args.out {
        let (killick, path) = (&app.killick, path.display());
        app.out.note(&format!(
            "saved; apply it with: {killick} apply --plan {path}"
        ));
    }
    let pins = world.assessment.pins();
    let broken = match plan.is_empty() {
        true => !pins.hold(),
        false => !pins.broken_by(&plan).is_empty(),
    };
    Ok(match (args.detailed_exitcode, plan.is_empty()) {
        (true, false) => Exit::Differences,
        (true, true) if !report.assurance.proven() => Exit::Partial,
        _ if broken => Exit::Partial,
        _ => Exit::Done,
    })
}
