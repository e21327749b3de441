//! `killick drift`: what is not as the spec says.

use std::collections::BTreeMap;

use killick_aws::{Attribution, Finding, Reader, Unreadable, frozen_versions, who};
use killick_report::{html, junit, markdown, sarif};

use crate::app::App;
use crate::args::{self, Format};
use crate::report::{About, DriftReport, clean, json, page, text};
use crate::world::{Sight, Source, Wanted, World};
use crate::{Error, Exit};

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
    report.fail_on = args.fail_on.into();
    if args.who && !report.findings.is_empty() {
        match culprits(app, &reader, &world, &report.findings).await? {
            Ok(who) => report.who = Some(who),
            Err(refused) => report.unreadable.push(refused),
        }
    }
    let about = About {
        spec: &source.name,
        now,
        killick: &app.killick,
    };
    let page = || page::report(&world, &report, about);
    match args.format() {
        Format::Text => app.out.data(&text::drift(&world, &report, &app.killick)),
        Format::Json => app.out.json(&json::drift(&world, &report, &app.killick)),
        Format::Markdown => app.out.data(&markdown(&page())),
        Format::Junit => app.out.data(&junit(&page())),
        Format::Sarif => app.out.data(&sarif(&page())),
        Format::Html => app.out.data(&html(&page())),
    }
    for note in frozen_versions(&world.seen()) {
        app.out.note(&format!("note: {}", clean(&note)));
    }
    for note in text::idle_addresses(&world) {
        app.out.note(&clean(&note));
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
            kind: "cloudtrail".to_owned(),
            field: Some("who".to_owned()),
            permission: error.permission(),
            code: error.code,
            message: error.message,
            request_id: error.request_id,
        })),
    }
}
