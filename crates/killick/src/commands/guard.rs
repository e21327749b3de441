//! What must be allowed in so many words, and what would stop a plan half-way:
//! all of it in one report, before the first write.

use killick_aws::{Reader, facts};
use killick_core::Plan;
use killick_finding::Part;
use killick_stack::{Asked, Danger, Obstacle, RefusalCode, Unreadable, abroad, preflight};

use super::claims;
use crate::app::App;
use crate::assess::World;
use crate::error::Error;
use crate::exit::Exit;
use crate::report::json::Refusal;
use crate::report::text::contract::told;
use killick_text::shown;

/// What the user allowed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allowed {
    /// Another set of outbound addresses.
    pub(crate) change_addresses: bool,
    /// Functions out of somebody else's VPC.
    pub(crate) move_functions: bool,
    /// A network beside one that is like it.
    pub(crate) second_network: bool,
}

/// One reason not to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    /// Which kind of reason: scripts read it.
    pub(crate) code: RefusalCode,
    /// What it is about: ids of AWS, or names where there are none.
    pub(crate) resources: Vec<String>,
    pub(crate) what: String,
    pub(crate) lines: Vec<String>,
    pub(crate) hint: String,
    /// The flag that allows it, if one does.
    pub(crate) flag: Option<&'static str>,
}

/// Every reason not to begin with a plan. `spec` is the path as it was given. What could not be looked at is told,
/// and is none.
pub(crate) async fn reasons(
    app: &App,
    reader: &Reader,
    (world, spec): (&World, &str),
    plan: &Plan,
    allowed: Allowed,
) -> Vec<Reason> {
    if let Some(one) = blind(world) {
        app.out.note(&format!(
            "note: {} is not allowed ({}): functions that leave the spec are not noticed",
            one.permission,
            shown(&one.code)
        ));
    }
    let mut all = Vec::new();
    all.extend(claims::unproven(world));
    if !allowed.second_network {
        all.extend(claims::alike(world));
    }
    let danger = world.assessment.pins().danger();
    if !allowed.change_addresses && danger.any() {
        all.push(addresses(world, danger));
    }
    all.extend(moves(world, allowed));
    if plan.is_empty() {
        return all;
    }
    let seen = world.seen();
    let asked = Asked {
        spec: &world.spec,
        seen: &seen,
        observed: &world.observed,
        plan,
        caller: world.caller(&app.killick, spec),
    };
    let settler = app.settler();
    let facts = Box::pin(facts(reader, &settler, &asked)).await;
    for one in &facts.unchecked {
        let (what, permission, code) = (&one.what, &one.permission, shown(&one.code));
        app.out.note(&format!(
            "note: not looked at beforehand: {what} ({permission}: {code})"
        ));
    }
    let obstacles = preflight(&asked, &facts).into_iter();
    all.extend(obstacles.map(|obstacle| {
        let Obstacle {
            code,
            resources,
            what,
            hint,
        } = obstacle;
        Reason {
            code,
            resources,
            what,
            lines: Vec::new(),
            hint,
            flag: None,
        }
    }));
    all
}

/// All reasons in one error.
pub(crate) fn refusal(mut reasons: Vec<Reason>) -> Option<Error> {
    let nothing = "nothing was written";
    if reasons.len() == 1 {
        let Reason {
            what, lines, hint, ..
        } = reasons.pop()?;
        let error = Error::new(format!("{what}; {nothing}")).details(lines);
        return Some(error.exit(Exit::Refused).hint(hint));
    }
    let number = reasons.len();
    let hint = match reasons.iter().any(|reason| reason.flag.is_some()) {
        true => "see to all of them, or allow them by their flags, then run the command again",
        false => "see to all of them, then run the command again",
    };
    let lines = reasons.into_iter().flat_map(
        |Reason {
             what, lines, hint, ..
         }| {
            let more = lines.into_iter().map(|line| format!("  {line}"));
            let hint = format!("  hint: {hint}");
            std::iter::once(what).chain(more).chain([hint])
        },
    );
    let error = Error::new(format!("{number} things stand in the way; {nothing}"));
    let error = error.details(lines.collect::<Vec<_>>()).exit(Exit::Refused);
    (number > 0).then(|| error.hint(hint))
}

/// The same, told by `plan`: what needs a flag is in the plan itself.
pub(crate) fn foreseen(reasons: &[Reason]) -> Vec<String> {
    let found = reasons.iter().filter(|reason| reason.flag.is_none());
    let told = found.map(
        |Reason {
             what, lines, hint, ..
         }| {
            let lines = match lines.is_empty() {
                true => String::new(),
                false => format!(": {}", lines.join("; ")),
            };
            format!("apply would refuse: {what}{lines} ({hint})")
        },
    );
    told.collect()
}

/// The same, for scripts.
pub(crate) fn refusals(reasons: &[Reason]) -> Vec<Refusal> {
    let all = reasons.iter().map(|reason| Refusal {
        code: reason.code.word(),
        message: reason.what.clone(),
        details: reason.lines.clone(),
        hint: reason.hint.clone(),
        resources: reason.resources.clone(),
        flag: reason.flag,
    });
    all.collect()
}

/// The set of addresses would be another one.
fn addresses(world: &World, danger: &Danger) -> Reason {
    let stays = danger.leaves.is_empty() && danger.joins.is_empty() && danger.moves.is_empty();
    Reason {
        code: match stays {
            true => RefusalCode::PinnedAddressLost,
            false => RefusalCode::AddressesChange,
        },
        resources: concerned(world, danger),
        what: "the outbound addresses would not be those that partners know".to_owned(),
        lines: told(world, danger),
        hint: match stays {
            // Nothing in the spec would bring it back.
            true => "--change-addresses asks for what is gone, where a zone has room for it; what stays \
                     lost must be taken out of `addresses`, and partners told",
            false => "put the spec back as it was, or see that partners let the new set in and give \
                      --change-addresses",
        }
        .to_owned(),
        flag: Some("--change-addresses"),
    }
}

/// The allocations of the addresses that would change; the address itself where
/// it is not of this account.
fn concerned(world: &World, danger: &Danger) -> Vec<String> {
    let pins = world.assessment.pins();
    let lost = danger.broken.iter().filter_map(|pin| pin.ip.as_ref());
    let joins = danger.joins.iter().flatten();
    let ips = danger.leaves.iter().chain(joins).chain(lost);
    let ids = ips.map(|ip| {
        let allocation = pins.get(ip).and_then(|pin| pin.allocation.clone());
        allocation.unwrap_or_else(|| ip.clone())
    });
    let moving = danger.moves.iter().map(|(name, _)| name.clone());
    ids.chain(moving).collect()
}

/// That what functions had before cannot be read.
fn blind(world: &World) -> Option<&Unreadable> {
    let mut unreadable = world.snapshot.unreadable.iter();
    unreadable.find(|one| one.part == Part::Records)
}

/// Functions that sit in somebody else's VPC.
fn moves(world: &World, allowed: Allowed) -> Option<Reason> {
    let abroad = abroad(&world.spec, &world.seen());
    if abroad.is_empty() {
        return None;
    }
    let resources: Vec<String> = abroad.iter().map(|(name, _)| name.clone()).collect();
    let lines: Vec<String> = abroad
        .iter()
        .map(|(name, place)| format!("{name} is in {place}"))
        .collect();
    if !allowed.move_functions {
        return Some(Reason {
            code: RefusalCode::FunctionsInForeignVpc,
            resources,
            what: "functions would leave a VPC that is not this stack's, and what they reach there"
                .to_owned(),
            lines,
            hint: "give --move-functions if they need nothing there".to_owned(),
            flag: Some("--move-functions"),
        });
    }
    blind(world).map(|_| Reason {
        code: RefusalCode::RecordsUnreadable,
        resources,
        what: "what functions had before could not be written down, and so never be put back"
            .to_owned(),
        lines,
        hint: "allow ssm:GetParametersByPath and ssm:PutParameter on /killick/*".to_owned(),
        flag: None,
    })
}
