//! The addresses.

use killick_stack::{Caller, HeldAddress};

use crate::assess::World;

/// One a line, and nothing else.
pub fn ips(addresses: &[HeldAddress]) -> String {
    let used = addresses.iter().filter(|one| is_used(one));
    used.map(|one| format!("{}\n", one.ip)).collect()
}

fn is_used(address: &HeldAddress) -> bool {
    matches!(address.state, "in-use" | "idle")
}

/// Every address that partners know or functions leave by, and whether it is
/// pinned, in use, both or neither.
pub fn marked(world: &World) -> Vec<String> {
    let pins = world.assessment.pins().all().iter();
    let known = pins.filter(|pin| pin.is_pinned() || pin.leaves || pin.is_held());
    let marked = known.filter_map(|pin| {
        let ip = pin.ip.as_ref()?;
        Some(match (pin.is_pinned(), pin.is_used()) {
            (true, true) => format!("{ip}: pinned, in use"),
            (true, false) => format!("{ip}: pinned, not in use"),
            (false, true) => format!("{ip}: not pinned, in use"),
            (false, false) => format!("{ip}: neither pinned nor in use"),
        })
    });
    marked.collect()
}

/// What whoever copies the list should know.
pub fn about_ips(world: &World, addresses: &[HeldAddress], caller: Caller<'_>) -> Vec<String> {
    let (apply, drift) = (caller.command("apply"), caller.command("drift"));
    let mut notes = Vec::new();
    let wanted = world
        .desired
        .iter()
        .filter(|node| node.key.kind == "elastic_ip");
    let missing: Vec<&str> = wanted
        .map(|node| node.key.name.as_str())
        .filter(|zone| !addresses.iter().any(|one| one.zone == *zone))
        .collect();
    if addresses.iter().all(|one| one.state == "kept") {
        notes.push(format!("no addresses yet: run {apply}"));
    } else if !missing.is_empty() {
        let zones = missing.join(", ");
        notes.push(format!("note: {zones} has no address yet: run {apply}"));
    }
    for one in addresses {
        let HeldAddress {
            ip, zone, state, ..
        } = one;
        match (*state, &one.holder) {
            ("idle", Some(old)) => notes.push(format!(
                "note: {ip} waits for the NAT gateway of {zone}, and is still held by the old one, \
                 {old}, for a minute or so: run {apply}"
            )),
            ("idle", None) => notes.push(format!(
                "note: {ip} waits for the NAT gateway of {zone}: run {apply}"
            )),
            ("in-use", Some(by)) => notes.push(format!(
                "note: {ip} of {zone} is on {by}, which killick does not manage"
            )),
            ("taken", Some(by)) => notes.push(format!(
                "warning: {ip} of {zone} is in use by {by}, so no function leaves by it"
            )),
            ("kept", _) => notes.push(format!(
                "note: {ip} of {zone} is not listed: it is kept, but the spec no longer wants it"
            )),
            _ => {}
        }
    }
    let leaving = world.assessment.leaving();
    let listed = |ip: &&String| addresses.iter().any(|one| one.ip == **ip && is_used(one));
    for ip in leaving.addresses.iter().filter(|ip| !listed(ip)) {
        notes.push(format!(
            "warning: functions leave by {ip} today, which is not listed: run {drift}"
        ));
    }
    // What no list can name.
    let more = leaving.words();
    let more: Vec<&String> = more.iter().filter(|word| !leaving.by(word)).collect();
    if addresses.iter().any(is_used) && !leaving.addresses.is_empty() {
        for word in more {
            notes.push(format!(
                "warning: functions leave by {word} as well: run {drift}"
            ));
        }
    }
    notes
}
