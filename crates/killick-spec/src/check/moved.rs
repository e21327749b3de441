//! Rules that concern former names.

use super::each::{Twice, by_value, each, unique};
use crate::error::{SpecError, quote};
use crate::model::Moved;
use crate::raw::{At, Raw};
use crate::rule;

pub(super) fn moved(raw: &Raw<'_>, errors: &mut Vec<SpecError>) -> Moved {
    let from = raw.moved.iter().filter_map(|moved| moved.from.as_ref());
    let twice = Twice {
        kind: "old name",
        verb: "moved",
        hint: "remove one of the two; what had the name is now one thing",
    };
    unique(&twice, by_value(from), errors);
    let mut moved = Moved::default();
    for one in &raw.moved {
        let to = one.to.as_ref();
        match to.and_then(|to| aim(to, raw, errors)) {
            Some(Aim::Stack) => {
                let from = each(one.from.as_ref(), |at| old_stack(at, raw), errors);
                moved.stacks.extend(from);
            }
            Some(Aim::Zone(zone)) => {
                let from = each(one.from.as_ref(), |at| old_zone(at, raw), errors);
                moved.zones.extend(from.map(|from| (from, zone)));
            }
            None => {}
        }
    }
    moved
}

enum Aim {
    Stack,
    Zone(String),
}

fn aim(to: &At<'_>, raw: &Raw<'_>, errors: &mut Vec<SpecError>) -> Option<Aim> {
    let same = |at: &&At<'_>| at.value == to.value;
    let stack = raw.stack.as_ref();
    let names: Vec<_> = raw.zones.iter().map(|zone| zone.name.as_ref()).collect();
    let shown = quote(to.value);
    match (
        stack.filter(same),
        names.iter().flatten().copied().find(same),
    ) {
        (Some(_), None) => return Some(Aim::Stack),
        (None, Some(zone)) => return Some(Aim::Zone(zone.value.to_owned())),
        (Some(stack), Some(zone)) => {
            let message = format!("{shown} is the name of the stack and of a zone");
            errors.push(
                SpecError::new(&to.span, message)
                    .label("which of the two?")
                    .hint("give the zone another name")
                    .related(&stack.span, "the stack")
                    .related(&zone.span, "the zone"),
            );
        }
        // With a name that could not be read, this might be the one.
        (None, None) if stack.is_some() && names.iter().all(Option::is_some) => {
            let known = stack.into_iter().chain(names.iter().flatten().copied());
            let mut known: Vec<_> = known.map(|at| quote(at.value)).collect();
            known.dedup();
            let message = format!("`to` names {shown}, which is neither the stack nor a zone");
            errors.push(
                SpecError::new(&to.span, message)
                    .label("no such name here")
                    .hint(format!("use one of {}", known.join(", "))),
            );
        }
        (None, None) => {}
    }
    None
}

fn old_stack(at: &At<'_>, raw: &Raw<'_>) -> Result<String, SpecError> {
    let name = rule::stack(at)?;
    match &raw.stack {
        Some(now) if now.value == name => {
            let message = format!("{} is what the stack is called now", quote(&name));
            Err(SpecError::new(&at.span, message)
                .label("not an old name")
                .hint("give the name from before, or remove this [[moved]]")
                .related(&now.span, "the stack"))
        }
        _ => Ok(name),
    }
}

fn old_zone(at: &At<'_>, raw: &Raw<'_>) -> Result<String, SpecError> {
    let name = rule::label(at)?;
    let mut names = raw.zones.iter().filter_map(|zone| zone.name.as_ref());
    match names.find(|now| now.value == name) {
        Some(now) => {
            let message = format!("{} is what a zone is called now", quote(&name));
            Err(SpecError::new(&at.span, message)
                .label("not an old name")
                .hint("give a name from before, or remove this [[moved]]")
                .related(&now.span, "the zone"))
        }
        None => Ok(name),
    }
}
