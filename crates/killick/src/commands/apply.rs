//! `killick apply`: makes AWS as the spec says.

use killick_aws::{Executor, Session};

use crate::app::App;
use crate::args;
use crate::assess::{DriftReport, Saved, Sight, Source, Wanted};
use crate::commands::claims::planned;
use crate::commands::confirm::confirm;
use crate::commands::guard::{Allowed, reasons, refusal, refusals};
use crate::commands::lock::{After, Held, Locker, told};
use crate::commands::walk::Walk;
use crate::error::Error;
use crate::exit::Exit;
use crate::report::text::Beside;
use crate::report::{json, text};

/// Shows the plan, asks, walks it, and proves that nothing is left.
///
/// # Errors
/// Everything that ends it before the first step.
pub async fn apply(app: &App, args: &args::Apply) -> Result<Exit, Error> {
    let killick = app.killick.as_str();
    let saved = args.plan.as_deref();
    let saved = saved.map(|path| Saved::read(path, killick)).transpose()?;
    if let Some(saved) = &saved {
        saved.belongs(app.reach.simulated(), killick)?;
    }
    let source = match &saved {
        Some(saved) => saved.source(),
        None => Source::read(&args.spec, killick)?,
    };
    let spec = source.spec()?;
    let session = app.session(&spec).await?;
    let settler = told(app);
    let locker = Locker::new(
        app,
        args.lock,
        (&session, &settler),
        (&source.name, &spec),
        "apply",
    );
    let locker = locker.in_account(saved.as_ref().map(Saved::account));
    let mut held = Held::default();
    // Nobody is kept waiting while a question is open; without one the plan is
    // made under the lock, and cannot be overtaken.
    let asks = saved.is_none() && !args.yes;
    if !asks {
        held = locker.take().await?;
    }
    let apply = Apply {
        app,
        args,
        saved,
        name: &source.name,
        spec: &spec,
        session: &session,
    };
    let take = async || locker.take().await;
    let ended = Box::pin(apply.run(asks, &mut held, take)).await;
    held.give_back(app, After::Work).await;
    ended
}

struct Apply<'a> {
    app: &'a App,
    args: &'a args::Apply,
    saved: Option<Saved>,
    /// The path of the spec, as it was given.
    name: &'a str,
    spec: &'a killick_spec::Spec,
    session: &'a Session,
}

impl Apply<'_> {
    async fn run<'l>(
        &self,
        asks: bool,
        held: &mut Held<'l>,
        lock: impl AsyncFnOnce() -> Result<Held<'l>, Error>,
    ) -> Result<Exit, Error> {
        let (app, args, session) = (self.app, self.args, self.session);
        let policy = self.saved.as_ref();
        let policy = policy.map_or(args.allow.policy(), Saved::policy);
        let world = app
            .look(session.reader(), self.spec, Sight::Traffic, Wanted::Spec)
            .await?;
        world.readable(policy)?;
        if let Some(saved) = &self.saved {
            saved.check(&world, &app.killick)?;
        }
        let plan = planned(&world, policy)?;
        let digest = world.digest(policy)?;
        let report = DriftReport::of(&world, app.reach.now());
        let beside = Beside {
            report: &report,
            policy,
            caller: world.caller(&app.killick, self.name),
            verbose: app.global.verbose > 0,
        };
        let shown = text::plan(&world, &plan, beside);
        if !args.json {
            app.out.data(&shown);
        }
        let allowed = Allowed {
            change_addresses: args.change_addresses,
            move_functions: args.move_functions,
            second_network: args.second_network,
        };
        let reasons = reasons(app, session.reader(), (&world, self.name), &plan, allowed).await;
        if args.json {
            let mut document = json::plan(&world, &plan, &digest, beside);
            document.refusals = refusals(&reasons);
            app.out.event(&json::planned(document));
        }
        let walk = Walk {
            app,
            session,
            sight: Sight::Traffic,
            name: self.name,
            wanted: Wanted::Spec,
            policy,
            json: args.json,
        };
        if let Some(refusal) = refusal(reasons) {
            walk.refused();
            return Err(refusal);
        }
        if plan.is_empty() {
            return Ok(walk.nothing_to_do(&world, &report).await);
        }
        if asks {
            if args.json {
                app.out.note(&shown);
            }
            let steps = text::count(plan.len(), "step");
            let question = format!("apply {steps}?");
            let instead = format!(
                "give --yes, or save the plan ({} plan --out FILE) and give --plan FILE",
                app.killick
            );
            confirm(app, &question, &instead).await?;
            *held = lock().await?;
            walk.unchanged(&world, &digest).await?;
        }
        let seen = world.seen();
        let cloud = Executor::new(session, &world.topology, &seen, app.run_id());
        Ok(walk.run(&world, &plan, &cloud, held).await)
    }
}
