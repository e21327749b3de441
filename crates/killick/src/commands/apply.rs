//! `killick apply`: makes AWS as the spec says.

use killick_aws::{Executor, Topology};
use killick_core::Policy;

use crate::app::App;
use crate::args;
use crate::commands::walk::{Asked, Walk, confirm};
use crate::report::{json, text};
use crate::saved::Saved;
use crate::world::{Sight, Source, Wanted};
use crate::{Error, Exit};

/// Shows the plan, asks, walks it, and proves that nothing is left.
///
/// # Errors
/// Everything that ends it before the first step.
pub async fn apply(app: &App, args: &args::Apply) -> Result<Exit, Error> {
    let killick = app.killick.as_str();
    let saved = args.plan.as_deref();
    let saved = saved.map(|path| Saved::read(path, killick)).transpose()?;
    if let Some(saved) = &saved {
        saved.belongs(app.reach.sandbox().is_some(), killick)?;
    }
    let (source, prune) = match &saved {
        Some(saved) => (saved.source(), saved.prune),
        None => (Source::read(&args.spec, killick)?, args.prune),
    };
    let spec = match &saved {
        Some(saved) => saved.spec()?,
        None => source.spec()?,
    };
    let session = app.session(&spec).await?;
    let world = app
        .look(&session, &spec, Sight::Stack, Wanted::Spec)
        .await?;
    world.readable()?;
    if let Some(saved) = &saved {
        saved.check(&world, killick)?;
    }
    let policy = Policy {
        prune,
        release_kept: false,
    };
    let plan = world.plan(policy)?;
    let digest = world.digest(prune)?;
    let shown = text::plan(&world, &plan, app.global.verbose > 0);
    if args.json {
        app.out.event(&json::planned(&world, &plan, &digest));
    } else {
        app.out.data(&shown);
    }
    let walk = Walk {
        app,
        session: &session,
        sight: Sight::Stack,
        wanted: Wanted::Spec,
        policy,
        json: args.json,
    };
    if plan.is_empty() {
        return Ok(walk.nothing_to_do(&world));
    }
    if saved.is_none() && !args.yes {
        if args.json {
            app.out.note(&shown);
        }
        let steps = text::count(plan.len(), "step");
        let question = format!("apply {steps}?");
        confirm(app, &question, Asked::Apply).await?;
        walk.unchanged(&world, &digest).await?;
    }
    let topology = Topology::of(&world.spec);
    let cloud = Executor::new(&session, &topology, &world.identity, app.run_id());
    Ok(walk.run(&world, &plan, &cloud).await)
}
