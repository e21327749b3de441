//! `killick ips`: the addresses to hand to the partner.

use killick_aws::held;

use crate::app::App;
use crate::args;
use crate::report::{json, text};
use crate::world::{Sight, Source, Wanted};
use crate::{Error, Exit};

/// What must be readable to know the addresses.
const NEEDED: [&str; 2] = ["elastic_ip", "nat_gateway"];

/// Lists the addresses that functions leave by.
///
/// # Errors
/// Bad spec, failed call, a guard.
pub async fn ips(app: &App, args: &args::Ips) -> Result<Exit, Error> {
    let spec = Source::read(&args.spec, &app.killick)?.spec()?;
    let session = app.session(&spec).await?;
    let mut world = app
        .look(&session, &spec, Sight::Addresses, Wanted::Spec)
        .await?;
    world
        .snapshot
        .unreadable
        .retain(|one| NEEDED.contains(&one.kind.as_str()));
    world.readable()?;
    let addresses = held(&world.seen(), &world.desired);
    match args.json {
        true => app.out.json(&json::ips(&world, &addresses)),
        false => app.out.data(&text::ips(&addresses)),
    }
    for note in text::about_ips(&world, &addresses, &app.killick) {
        app.out.note(&note);
    }
    Ok(Exit::Done)
}
