//! What `drift` found, before it is put into words.

use std::collections::BTreeMap;

use killick_finding::{Finding, Severity};
use killick_path::{Judgement, Proof};
use killick_spec::Accept;
use killick_stack::{Attribution, Unreadable, checked, findings};

use super::World;
use crate::exit::Exit;

/// What `drift` found.
#[derive(Clone, Debug)]
pub struct DriftReport {
    /// What differs and nobody accepted, the worst first.
    pub findings: Vec<Finding>,
    /// What differs and the spec accepts for now.
    pub accepted: Vec<Accepted>,
    /// What the spec accepted until a day that is past.
    pub expired: Vec<Accept>,
    /// What the spec accepts though nothing of it differs.
    pub idle: Vec<Accept>,
    /// Who did it, by the ids of findings; none where nobody asked.
    pub who: Option<BTreeMap<String, Attribution>>,
    /// Which findings make the exit code.
    pub fail_on: Severity,
    /// How many fields and entries were compared.
    pub checked: usize,
    /// Of how many resources.
    pub resources: usize,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// How the functions leave.
    pub proofs: Vec<Proof>,
}

/// A finding that the spec says to live with for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What differs.
    pub finding: Finding,
    /// Where the spec says so.
    pub accept: Accept,
}

impl DriftReport {
    /// What a world differs in from its spec. `now` is in seconds since 1970.
    pub fn of(world: &World, now: u64) -> Self {
        let seen = world.seen();
        let unreadable = world.snapshot.unreadable.clone();
        let blind = |kind: &str| {
            let mut whole = unreadable.iter().filter(|one| one.part.is_whole());
            whole.any(|one| one.part.kind() == kind)
        };
        let all = findings(
            &world.spec,
            &seen,
            &world.desired,
            &world.observed,
            &world.assessment,
        );
        let (live, expired): (Vec<_>, Vec<_>) = world
            .spec
            .accepts
            .iter()
            .cloned()
            .partition(|accept| accept.until.last_second() >= now);
        let (mut open, mut accepted) = (Vec::new(), Vec::new());
        for finding in all {
            match live.iter().find(|accept| accept.finding == finding.id) {
                Some(accept) => accepted.push(Accepted {
                    finding,
                    accept: accept.clone(),
                }),
                None => open.push(finding),
            }
        }
        let used = |accept: &Accept| accepted.iter().any(|one| one.accept == *accept);
        let idle = live.iter().filter(|accept| !used(accept)).cloned();
        Self {
            resources: world
                .desired
                .iter()
                .filter(|node| !blind(node.key.kind))
                .count(),
            idle: idle.collect(),
            findings: open,
            accepted,
            expired,
            proofs: world.assessment.proofs().to_vec(),
            who: None,
            fail_on: Severity::Info,
            checked: checked(&world.desired, &unreadable),
            unreadable,
        }
    }

    /// Whether everything was read and nothing differs that is not accepted.
    pub fn in_sync(&self) -> bool {
        self.findings.is_empty() && self.unreadable.is_empty()
    }

    /// How many findings are that bad.
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.findings.iter();
        findings.filter(|one| one.severity == severity).count()
    }

    /// Whether every way was followed to its end.
    pub fn followed(&self) -> bool {
        let mut paths = self.proofs.iter().flat_map(|proof| &proof.paths);
        !paths.any(|path| path.judgement == Judgement::Unknown)
    }

    /// Whether all was read that tells the outbound addresses.
    pub fn knows_addresses(&self) -> bool {
        !self.unreadable.iter().any(|one| one.part.hides_addresses())
    }

    /// What could not be seen counts for more than what differs.
    pub fn exit(&self) -> Exit {
        let bad = |finding: &Finding| finding.severity <= self.fail_on;
        if !self.unreadable.is_empty() {
            Exit::Partial
        } else if self.findings.iter().any(bad) {
            Exit::Differences
        } else {
            Exit::Done
        }
    }
}
