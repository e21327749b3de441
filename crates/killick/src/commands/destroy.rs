//! `killick destroy`: takes the stack down and keeps its addresses.

use killick_aws::{Executor, Session};
use killick_core::{Plan, Policy};
use killick_finding::Part;
use killick_spec::Spec;
use killick_stack::holders;
use killick_text::shown;

use crate::app::App;
use crate::args;
use crate::assess::{Sight, Source, Wanted, World};
use crate::commands::claims::{planned, unproven};
use crate::commands::confirm::{YES, confirm};
use crate::commands::guard::refusal;
use crate::commands::lock::{After, Held, Locker, told};
use crate::commands::walk::{Walk, record};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::{json, text};

/// Detaches the functions and deletes what killick made; the addresses only
/// when told to.
///
/// # Errors
/// Everything that ends it before the first step.
pub async fn destroy(app: &App, args: &args::Destroy) -> Result<Exit, Error> {
    let source = Source::read(&args.spec, &app.killick)?;
    let spec = source.spec()?;
    let session = app.session(&spec).await?;
    let settler = told(app);
    let locker = Locker::new(
        app,
        args.lock,
        (&session, &settler),
        (&source.name, &spec),
        "destroy",
    );
    let mut held = Held::default();
    if args.yes {
        held = locker.take().await?;
    }
    let take = async || locker.take().await;
    let ended = Box::pin(take_down(
        app,
        args,
        (&source.name, &spec, &session),
        &mut held,
        take,
    ))
    .await;
    let after = match ended {
        Ok(Exit::Done) => After::End,
        _ => After::Work,
    };
    held.give_back(app, after).await;
    ended
}

async fn take_down<'l>(
    app: &App,
    args: &args::Destroy,
    (name, spec, session): (&str, &Spec, &Session),
    held: &mut Held<'l>,
    lock: impl AsyncFnOnce() -> Result<Held<'l>, Error>,
) -> Result<Exit, Error> {
    let world = app
        .look(session.reader(), spec, Sight::Dependents, Wanted::Nothing)
        .await?;
    let policy = Policy {
        prune: true,
        grant: false,
        release_kept: args.release_addresses,
    };
    let plan = planned(&world, policy)?;
    if let Some(refusal) = refusal(unproven(&world).into_iter().collect()) {
        return Err(refusal);
    }
    let walk = Walk {
        app,
        session,
        sight: Sight::Dependents,
        name,
        wanted: Wanted::Nothing,
        policy,
        json: args.json,
    };
    let digest = world.digest(policy)?;
    if args.json {
        app.out.event(&json::destroying(&world, &plan, &digest));
    }
    if plan.is_empty() {
        record(app, session, &world).await;
        if args.json {
            return Ok(walk.nothing_there(&world));
        }
        app.out.data(&text::nothing_to_destroy(&world));
        return Ok(Exit::Done);
    }
    unheld(app, &walk, &world, &plan)?;
    let shown = text::destroy(&world, &plan, app.global.verbose > 0);
    match args.json {
        true if args.yes => {}
        true => app.out.note(&shown),
        false => app.out.data(&shown),
    }
    if !args.yes {
        let lost: Vec<String> = match args.release_addresses {
            true => {
                let held = world.assessment.held().iter();
                held.map(|one| one.ip.clone()).collect()
            }
            false => Vec::new(),
        };
        let asked = match lost.is_empty() {
            true => format!("destroy stack {}?", world.title()),
            false => format!(
                "destroy stack {} and lose {} for good?",
                world.title(),
                lost.join(", ")
            ),
        };
        confirm(app, &asked, YES).await?;
        *held = lock().await?;
    }
    if !args.yes {
        let now = walk.unchanged(&world, &digest).await?;
        unheld(app, &walk, &now, &plan)?;
    }
    let seen = world.seen();
    let cloud = Executor::new(session, &world.topology, &seen, app.run_id());
    Ok(walk.run(&world, &plan, &cloud, held).await)
}

/// Insists that nothing but what goes by itself keeps AWS from deleting the
/// stack: otherwise the functions would lose their addresses for a destroy that
/// cannot end. What could not be read is said, and holds nothing up.
///
/// # Errors
/// Every holder.
fn unheld(app: &App, walk: &Walk<'_>, world: &World, plan: &Plan) -> Result<(), Error> {
    for one in &world.snapshot.unreadable {
        if one.part == Part::Dependents {
            app.out.note(&format!(
                "note: {} failed ({}): what it lists may keep AWS from deleting the network",
                one.permission,
                shown(&one.code)
            ));
        }
    }
    let found = holders(&world.seen(), &|key| plan.deletes(key));
    if found.is_empty() {
        return Ok(());
    }
    if walk.json {
        app.out.event(&json::held(&found));
    }
    walk.refused();
    Err(Error::held(&found))
}
