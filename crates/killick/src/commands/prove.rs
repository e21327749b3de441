//! `killick prove`: by which addresses functions leave.

use killick_path::{Judgement, Proof};

use crate::app::App;
use crate::args;
use crate::assess::{DriftReport, Sight, Source, Wanted, hidden, missing};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::{json, text};
use killick_text::shown;

/// Follows the packets of every function, and writes nothing.
///
/// # Errors
/// Bad spec, failed call, a guard.
pub async fn prove(app: &App, args: &args::Prove) -> Result<Exit, Error> {
    let spec = Source::read(&args.spec, &app.killick)?.spec()?;
    let reader = app.reader(&spec).await?;
    let world = app
        .look(&reader, &spec, Sight::Traffic, Wanted::Spec)
        .await?;
    let ways = world.assessment.ways();
    let report = DriftReport::of(&world, app.reach.now());
    let proofs = match (args.destination, args.port) {
        (None, None) => report.proofs.clone(),
        (destination, port) => report.narrowed(&world, &ways.prove(destination, port)),
    };
    let question = match (args.destination, args.port) {
        (None, None) => None,
        (Some(net), None) => Some(net.to_string()),
        (None, Some(port)) => Some(format!("tcp {port}")),
        (Some(net), Some(port)) => Some(format!("{net} tcp {port}")),
    };
    match args.json {
        true => app.out.json(&json::prove(&world, &report, ways, &proofs)),
        false => app
            .out
            .data(&text::prove(&world, &report, &proofs, question.as_deref())),
    }
    let missing = missing(&world, &proofs);
    if !missing.is_empty() {
        app.out.note(&format!(
            "note: not there, so nothing is proven of it: {}",
            missing.join(", ")
        ));
    }
    let unreadable = &world.snapshot.unreadable;
    let worst = proofs.iter().map(Proof::judgement).max();
    let exit = match worst {
        Some(Judgement::Refuted) => Exit::Differences,
        Some(Judgement::Proven) if missing.is_empty() && !hidden(unreadable) => Exit::Done,
        _ => Exit::Partial,
    };
    // The egress paths are not all that partners were told.
    if exit == Exit::Done
        && let Some(error) = text::not_kept(&world, "proven, but ", &app.killick)
    {
        app.out.error(&error);
        return Ok(error.exit);
    }
    match (exit, unreadable.as_slice()) {
        (_, []) => {}
        (Exit::Done, unreadable) => {
            let what: Vec<String> = unreadable
                .iter()
                .map(|one| format!("{} ({}: {})", text::what(one), one.permission, one.code))
                .collect();
            app.out.note(&format!(
                "note: not read, and no part of any way: {}",
                shown(&what.join(", "))
            ));
        }
        (_, unreadable) => {
            app.out.error(&Error::unchecked(unreadable));
        }
    }
    Ok(exit)
}
