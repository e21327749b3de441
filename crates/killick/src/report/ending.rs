//! What a command found out, before it is put into words.

use killick_aws::{Finding, Unreadable, checked, findings};
use killick_engine::Outcome;

use crate::Exit;
use crate::world::World;

/// What `drift` found.
#[derive(Clone, Debug)]
pub struct DriftReport {
    /// What differs, the worst first.
    pub findings: Vec<Finding>,
    /// How many fields and entries were compared.
    pub checked: usize,
    /// Of how many resources.
    pub resources: usize,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

impl DriftReport {
    /// What a world differs in from its spec.
    pub fn of(world: &World) -> Self {
        let seen = world.seen();
        let unreadable = world.snapshot.unreadable.clone();
        let blind = |kind: &str| {
            let mut whole = unreadable.iter().filter(|one| one.field.is_none());
            whole.any(|one| one.kind == kind)
        };
        Self {
            resources: world
                .desired
                .iter()
                .filter(|node| !blind(node.key.kind))
                .count(),
            findings: findings(&world.spec, &seen, &world.desired, &world.observed),
            checked: checked(&world.desired, &unreadable),
            unreadable,
        }
    }

    /// Whether everything was read and nothing differs.
    pub fn in_sync(&self) -> bool {
        self.findings.is_empty() && self.unreadable.is_empty()
    }

    /// Whether all was read that tells the outbound addresses.
    pub fn knows_addresses(&self) -> bool {
        const NEEDED: [&str; 5] = [
            "elastic_ip",
            "internet_gateway",
            "nat_gateway",
            "route_table",
            "subnet",
        ];
        !self
            .unreadable
            .iter()
            .any(|one| NEEDED.contains(&one.kind.as_str()))
    }

    /// What could not be seen counts for more than what differs.
    pub fn exit(&self) -> Exit {
        if !self.unreadable.is_empty() {
            Exit::Partial
        } else if !self.findings.is_empty() {
            Exit::Differences
        } else {
            Exit::Done
        }
    }
}

/// How the walk of a plan ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// How the run ends.
    pub exit: Exit,
    /// How many steps took effect.
    pub done: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were skipped because another one failed.
    pub skipped: usize,
    /// How many did not start because the user asked to stop.
    pub not_started: usize,
    /// The steps that a last read still shows.
    pub remaining: Vec<String>,
}

impl Ending {
    /// How the walk ended.
    pub fn new(exit: Exit, outcome: &Outcome) -> Self {
        Self {
            exit,
            done: outcome.done.len(),
            failed: outcome.failed.len(),
            skipped: outcome.skipped.len(),
            not_started: outcome.not_started.len(),
            remaining: Vec::new(),
        }
    }
}
