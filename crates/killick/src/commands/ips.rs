//! `killick ips`: the addresses to hand to the partner.

use std::net::Ipv4Addr;

use killick_core::Policy;
use killick_file::rewrite;
use killick_finding::Part;
use killick_stack::HeldAddress;

use crate::app::App;
use crate::args;
use crate::assess::{Sight, Source, Wanted, World};
use crate::error::Error;
use crate::exit::Exit;
use crate::files::why;
use crate::report::{json, text};
use killick_text::shown;

/// What must be readable to know the addresses.
const NEEDED: [Part; 2] = [Part::Addresses, Part::NatGateways];

/// Lists the addresses that functions leave by.
///
/// # Errors
/// Bad spec, failed call, a guard.
pub async fn ips(app: &App, args: &args::Ips) -> Result<Exit, Error> {
    let source = Source::read(&args.spec, &app.killick)?;
    let spec = source.spec()?;
    let reader = app.reader(&spec).await?;
    let mut world = app
        .look(&reader, &spec, Sight::Traffic, Wanted::Spec)
        .await?;
    world
        .snapshot
        .unreadable
        .retain(|one| NEEDED.contains(&one.part));
    world.readable(Policy::default())?;
    let addresses = world.assessment.held();
    match args.json {
        true => app.out.json(&json::ips(&world, addresses)),
        false => app.out.data(&text::ips(addresses)),
    }
    for note in text::about_ips(&world, addresses, world.caller(&app.killick, &source.name)) {
        app.out.note(&shown(&note));
    }
    for mark in text::marked(&world) {
        app.out.note(&shown(&mark));
    }
    if args.pin {
        return pin(app, args, &source, &world, addresses);
    }
    match text::not_kept(&world, "", &app.killick) {
        None => Ok(Exit::Done),
        Some(error) => {
            app.out.error(&error);
            Ok(error.exit)
        }
    }
}

/// Writes the addresses into the spec.
fn pin(
    app: &App,
    args: &args::Ips,
    source: &Source,
    world: &World,
    addresses: &[HeldAddress],
) -> Result<Exit, Error> {
    let wanted = world
        .desired
        .iter()
        .filter(|node| node.key.kind == "elastic_ip");
    let state = |zone: &str| {
        let mut held = addresses.iter();
        held.find(|one| one.zone == zone).map(|one| one.state)
    };
    let open: Vec<String> = wanted
        .map(|node| node.key.name.clone())
        .filter(|zone| !matches!(state(zone), Some("in-use" | "idle")))
        .collect();
    if !open.is_empty() {
        let zones = open.join(", ");
        return Err(Error::new(format!(
            "nothing is pinned: {zones} has no address of its own yet"
        ))
        .hint(format!(
            "run {} first",
            world.caller(&app.killick, &source.name).command("apply")
        )));
    }
    let used = addresses
        .iter()
        .filter(|one| matches!(one.state, "in-use" | "idle"));
    let now: Vec<Ipv4Addr> = used.filter_map(|one| one.ip.parse().ok()).collect();
    let before = &world.spec.addresses;
    let lost: Vec<String> = before
        .iter()
        .filter(|ip| !now.contains(ip))
        .map(ToString::to_string)
        .collect();
    let name = &source.name;
    if lost.is_empty() && now.iter().all(|ip| before.contains(ip)) {
        app.out
            .note(&format!("{name} pins these addresses already"));
        return Ok(Exit::Done);
    }
    if !lost.is_empty() && !args.change_addresses {
        let lost = lost.join(", ");
        return Err(Error::new(format!(
            "{name} pins {lost}, which the stack does not use; nothing was written"
        ))
        .exit(Exit::Refused)
        .hint("tell partners first, then give --change-addresses to pin the present set"));
    }
    let text = killick_spec::pin(&source.text, &now).map_err(|error| {
        Error::new(format!(
            "cannot pin the addresses in {name}: {error}; nothing was written"
        ))
        .hint("write addresses = [\"…\"] into [egress] by hand")
    })?;
    rewrite(&args.spec, text.as_bytes()).map_err(|error| {
        let why = why(&error);
        Error::new(format!("cannot write {name}: {why}")).hint("check the file and its folder")
    })?;
    app.out.note(&format!(
        "pinned in {name}: apply refuses to change them from now on"
    ));
    Ok(Exit::Done)
}
