//! The first and the last line of `apply --json` and `destroy --json`.

use killick_core::Digest;
use killick_stack::Holder;
use serde::Serialize;

use super::Plan;
use super::plan::with_provenance;
use crate::assess::{Wanted, World};
use crate::exit::Exit;
use crate::report::Ending;

/// The first and the last line of `apply --json`; those between are the
/// engine's events.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// What will be done.
    Planned {
        /// The plan, as `plan --json` prints it.
        #[serde(flatten)]
        plan: Box<Plan>,
    },
    /// What keeps AWS from deleting the stack.
    Held {
        /// Each with its type, its id, what it holds and what to do.
        holders: &'a [Holder],
    },
    /// How it ended.
    Summary {
        /// `applied`, `destroyed`, `partial`, `interrupted`, `refused`.
        result: &'static str,
        /// The exit code.
        exit_code: u8,
        /// How many steps took effect.
        done: usize,
        /// How many failed.
        failed: usize,
        /// How many were skipped because another one failed.
        skipped: usize,
        /// How many did not start because the user asked to stop.
        not_started: usize,
        /// The steps that a last read still showed.
        remaining: &'a [String],
        /// The findings that stand against a proof though no step is left.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        against: &'a [String],
        /// What is not known, in words.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        unknown: &'a [String],
        /// The addresses by which functions leave, once that is proven.
        addresses: &'a [String],
    },
}

/// The first line of `destroy --json`: a plan in which each delete says whether
/// killick made the resource, and when, as far as that is known.
pub fn destroying(world: &World, plan: &killick_core::Plan, digest: &Digest) -> Event<'static> {
    let document = with_provenance(world, plan, digest);
    Event::Planned {
        plan: Box::new(document),
    }
}

/// Why a destroy is refused: what keeps AWS from deleting the stack.
pub fn held(holders: &[Holder]) -> Event<'_> {
    Event::Held { holders }
}

/// The first line of `apply --json`.
pub fn planned(plan: Plan) -> Event<'static> {
    Event::Planned {
        plan: Box::new(plan),
    }
}

/// The last line of `apply --json`.
pub fn summary<'a>(ending: &'a Ending, addresses: &'a [String], wanted: Wanted) -> Event<'a> {
    Event::Summary {
        result: match ending.exit {
            Exit::Done if wanted == Wanted::Nothing => "destroyed",
            Exit::Done => "applied",
            Exit::Interrupted => "interrupted",
            Exit::Refused => "refused",
            _ => "partial",
        },
        exit_code: ending.exit.code(),
        done: ending.done,
        failed: ending.failed,
        skipped: ending.skipped,
        not_started: ending.not_started,
        remaining: &ending.remaining,
        against: &ending.against,
        unknown: &ending.unknown,
        addresses,
    }
}
