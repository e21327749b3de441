//! `killick destroy`: takes the stack down and keeps its addresses.

use killick_aws::{Executor, Session};
use killick_core::Policy;
use killick_spec::Spec;
use killick_stack::tenants;

use crate::app::App;
use crate::args;
use crate::assess::{Sight, Source, Wanted};
use crate::commands::claims::{planned, unproven};
use crate::commands::confirm::{YES, confirm};
use crate::commands::guard::refusal;
use crate::commands::lock::{After, Held, Locker, told};
use crate::commands::walk::{Walk, record};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::text;

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
    let ended = Box::pin(take_down(app, args, (&spec, &session), &mut held, take)).await;
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
    (spec, session): (&Spec, &Session),
    held: &mut Held<'l>,
    lock: impl AsyncFnOnce() -> Result<Held<'l>, Error>,
) -> Result<Exit, Error> {
    let world = app
        .look(session.reader(), spec, Sight::Guests, Wanted::Nothing)
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
    let guests = tenants(&world.seen());
    if !guests.is_empty() {
        return Err(Error::strangers(&guests));
    }
    if plan.is_empty() {
        record(app, session, &world).await;
        app.out.data(&text::nothing_to_destroy(&world));
        return Ok(Exit::Done);
    }
    app.out
        .data(&text::destroy(&world, &plan, app.global.verbose > 0));
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
    let walk = Walk {
        app,
        session,
        sight: Sight::Guests,
        wanted: Wanted::Nothing,
        policy,
        json: false,
    };
    if !args.yes {
        walk.unchanged(&world, &world.digest(policy)?).await?;
    }
    let seen = world.seen();
    let cloud = Executor::new(session, &world.topology, &seen, app.run_id());
    Ok(walk.run(&world, &plan, &cloud, held).await)
}
