//! `killick drift`: what is not as the spec says.

use std::collections::BTreeMap;

use killick_aws::{Reader, who};
use killick_finding::{Finding, Part};
use killick_report::{html, junit, markdown, sarif};
use killick_stack::{Attribution, Unreadable, frozen_versions};

use crate::app::App;
use crate::args::{self, Format};
use crate::assess::{DriftReport, Sight, Source, Wanted, World};
use crate::commands::claims::unproven;
use crate::commands::guard::foreseen;
use crate::error::Error;
use crate::exit::Exit;
use crate::report::{About, json, page, text};
use killick_text::shown;

/// Compares, reports, and writes nothing.
///
/// # Errors
/// Bad spec, failed call, a guard.
pub async fn drift(app: &App, args: &args::Drift) -> Result<Exit, Error> {
    let source = Source::read(&args.spec, &app.killick)?;
    let spec = source.spec()?;
    let reader = app.reader(&spec).await?;
    let world = app
        .look(&reader, &spec, Sight::Traffic, Wanted::Spec)
        .await?;
    let now = app.reach.now();
    let mut report = DriftReport::of(&world, now);
    report.fail_on = args.fail_on;
    if args.who && !report.findings.is_empty() {
        match culprits(app, &reader, &world, &report.findings).await? {
            Ok(who) => report.who = Some(who),
            Err(refused) => report.unreadable.push(refused),
        }
    }
    let about = About {
        spec: &source.name,
        now,
        caller: world.caller(&app.killick, &source.name),
    };
    let page = || page::report(&world, &report, about);
    match args.format() {
        Format::Text => app.out.data(&text::drift(&world, &report, about.caller)),
        Format::Json => app.out.json(&json::drift(&world, &report, about.caller)),
        Format::Markdown => app.out.data(&markdown(&page())),
        Format::Junit => app.out.data(&junit(&page())),
        Format::Sarif => app.out.data(&sarif(&page())),
        Format::Html => app.out.data(&html(&page())),
    }
    for note in frozen_versions(&world.seen()) {
        app.out.note(&format!("note: {}", shown(&note)));
    }
    for told in foreseen(&Vec::from_iter(unproven(&world))) {
        app.out.note(&shown(&told));
    }
    for note in text::idle_addresses(&world) {
        app.out.note(&shown(&note));
    }
    for accept in &report.idle {
        let (id, line) = (&accept.finding, accept.line);
        app.out.note(&format!(
            "note: line {line} of the spec accepts {id}, which is not there"
        ));
    }
    if !report.unreadable.is_empty() {
        app.out.error(&Error::unchecked(&report.unreadable));
    }
    Ok(report.exit())
}

type Known = BTreeMap<String, Attribution>;

/// Who did it; what is not answered is told as unread.
async fn culprits(
    app: &App,
    reader: &Reader,
    world: &World,
    findings: &[Finding],
) -> Result<Result<Known, Unreadable>, Error> {
    let settler = app.settler();
    let seen = world.seen();
    let known = tokio::select! {
        biased;
        () = app.cancel.cancelled() => return Err(Error::interrupted()),
        known = Box::pin(who(reader, &settler, &seen, findings)) => known,
    };
    match known {
        Ok(known) => Ok(Ok(known)),
        // Whatever it failed with, the report is worth having.
        Err(error) => Ok(Err(Unreadable {
            part: Part::Trail,
            permission: error.permission(),
            code: error.code,
            message: error.message,
            request_id: error.request_id,
        })),
    }
}
