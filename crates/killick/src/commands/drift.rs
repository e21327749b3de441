//! `killick drift`: what is not as the spec says.

use killick_aws::frozen_versions;

use crate::app::App;
use crate::args;
use crate::report::{DriftReport, json, text};
use crate::world::{Sight, Source, Wanted};
use crate::{Error, Exit};

/// Compares, reports, and writes nothing.
///
/// # Errors
/// Bad spec, failed call, a guard.
pub async fn drift(app: &App, args: &args::Drift) -> Result<Exit, Error> {
    let spec = Source::read(&args.spec, &app.killick)?.spec()?;
    let session = app.session(&spec).await?;
    let world = app
        .look(&session, &spec, Sight::Guests, Wanted::Spec)
        .await?;
    let report = DriftReport::of(&world);
    match args.json {
        true => app.out.json(&json::drift(&world, &report)),
        false => app.out.data(&text::drift(&world, &report, &app.killick)),
    }
    for note in frozen_versions(&world.seen()) {
        app.out.note(&format!("note: {note}"));
    }
    for note in text::idle_addresses(&world) {
        app.out.note(&note);
    }
    if !report.unreadable.is_empty() {
        app.out.error(&Error::unchecked(&report.unreadable));
    }
    Ok(report.exit())
}
