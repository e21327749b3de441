//! `killick graph`: the network as a picture.

use killick_core::Policy;
use killick_report::{Picture, dot, mermaid, svg};
use killick_spec::Spec;

use crate::app::App;
use crate::args::{self, Drawing};
use crate::assess::{DriftReport, Sight, Source, Wanted};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::picture;

/// Draws, and writes nothing.
///
/// # Errors
/// Bad spec; for a live picture or a plan, what those can fail with.
pub async fn graph(app: &App, args: &args::Graph) -> Result<Exit, Error> {
    let spec = Source::read(&args.spec, &app.killick)?.spec()?;
    let picture = match (args.live, args.plan) {
        (false, false) => picture::of_spec(&spec),
        (live, _) => drawn(app, &spec, live).await?,
    };
    app.out.data(&match args.format {
        Drawing::Svg => svg(&picture),
        Drawing::Mermaid => mermaid(&picture),
        Drawing::Dot => dot(&picture),
    });
    Ok(Exit::Done)
}

async fn drawn(app: &App, spec: &Spec, live: bool) -> Result<Picture, Error> {
    let reader = app.reader(spec).await?;
    let world = app
        .look(&reader, spec, Sight::Traffic, Wanted::Spec)
        .await?;
    if !live {
        let plan = world.plan(Policy::default())?;
        return Ok(picture::of_plan(&world, &plan));
    }
    let report = DriftReport::of(&world, app.reach.now());
    if !report.unreadable.is_empty() {
        app.out.error(&Error::unchecked(&report.unreadable));
    }
    Ok(picture::of_world(&world, &report.findings))
}
