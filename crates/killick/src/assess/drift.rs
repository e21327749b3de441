//! What `drift` found, before it is put into words.

use std::collections::BTreeMap;

use killick_core::{Plan, Policy};
use killick_finding::{Aspect, FieldPath, Finding, Flag, Repair, Severity};
use killick_path::{Class, Judgement, Path, Proof};
use killick_spec::Accept;
use killick_stack::{Attribution, Fault, Findings, Unreadable, checked, faults, findings};

use super::World;
use super::assurance::{Assurance, is_accepted};
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
    /// How the functions leave, what is accepted counted as wanted.
    pub proofs: Vec<Proof>,
    /// What is wrong with egress paths, accepted or not.
    pub faults: Vec<Fault>,
    /// What all that comes to.
    pub assurance: Assurance,
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
        let Findings { all, faults } = findings(
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
            match live.iter().find(|one| finding.answers_to(&one.finding)) {
                Some(accept) => accepted.push(Accepted {
                    finding,
                    accept: accept.clone(),
                }),
                None => open.push(finding),
            }
        }
        let proofs = world.assessment.proofs();
        let assurance = Assurance::of(&open, &accepted, (proofs, &faults), &unreadable);
        let proofs = as_accepted(proofs, &faults, &accepted);
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
            proofs,
            faults,
            assurance,
            who: None,
            fail_on: Severity::Info,
            checked: checked(&world.desired, &unreadable),
            unreadable,
        }
    }

    /// Whether everything is known and nothing differs that is not accepted.
    pub fn in_sync(&self) -> bool {
        self.findings.is_empty() && self.unreadable.is_empty() && self.assurance.unknown.is_empty()
    }

    /// The findings that stand against a proof and that no step of this plan
    /// repairs: what is left for a flag or for an owner.
    pub fn left_by(&self, plan: &Plan, policy: Policy) -> Vec<&Finding> {
        let repaired = |finding: &Finding| match &finding.repair {
            Repair::Report(_) => false,
            Repair::Guarded(Flag::Prune) => policy.prune,
            Repair::Guarded(Flag::Grant) => policy.grant,
            Repair::Automatic
            | Repair::Guarded(Flag::ChangeAddresses | Flag::MoveFunctions | Flag::SecondNetwork) => {
                true
            }
        };
        let against = |id: &String| self.assurance.against.contains(id);
        let findings = self.findings.iter().filter(|one| against(&one.id));
        findings
            .filter(|one| plan.is_empty() || !repaired(one))
            .collect()
    }

    /// Whether something besides broken pins stands against a proof.
    pub fn more_than_pins(&self) -> bool {
        let pins = |finding: &Finding| {
            let aspect = finding.field.as_ref().and_then(FieldPath::aspect);
            matches!(aspect, Some(Aspect::Pinned(_) | Aspect::NotPinned))
        };
        let against = |one: &&Finding| self.assurance.against.contains(&one.id);
        let mut against = self.findings.iter().filter(against);
        !self.assurance.unknown.is_empty() || against.any(|one| !pins(one))
    }

    /// Proofs of a narrower question, what is accepted counted as wanted.
    pub fn narrowed(&self, world: &World, proofs: &[Proof]) -> Vec<Proof> {
        let accepted = self.accepted.iter().map(|one| &one.finding);
        let findings: Vec<Finding> = self.findings.iter().chain(accepted).cloned().collect();
        let faults = faults(
            &world.seen(),
            &world.desired,
            &world.assessment,
            (proofs, &findings),
        );
        as_accepted(proofs, &faults, &self.accepted)
    }

    /// The accepted findings that a path is proven in spite of.
    pub fn accepted_on(&self, proof: &Proof, path: &Path) -> Vec<&Accepted> {
        let here = |fault: &&Fault| fault.function == proof.runner && fault.subnet == path.subnet;
        let faults: Vec<&Fault> = self.faults.iter().filter(here).collect();
        let accepted = self.accepted.iter();
        accepted
            .filter(|one| {
                faults
                    .iter()
                    .any(|fault| fault.findings.contains(&one.finding.id))
            })
            .collect()
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
        if !self.unreadable.is_empty() || !self.assurance.unknown.is_empty() {
            Exit::Partial
        } else if self.findings.iter().any(bad) {
            Exit::Differences
        } else {
            Exit::Done
        }
    }
}

/// The same proofs; a path whose every fault is accepted is proven.
fn as_accepted(proofs: &[Proof], faults: &[Fault], accepted: &[Accepted]) -> Vec<Proof> {
    let mut proofs = proofs.to_vec();
    for proof in &mut proofs {
        for path in &mut proof.paths {
            let here = |fault: &&Fault| {
                fault.function == proof.runner
                    && fault.version == proof.version
                    && fault.subnet == path.subnet
            };
            let faults: Vec<&Fault> = faults.iter().filter(here).collect();
            let wanted = !faults.is_empty() && faults.iter().all(|one| is_accepted(one, accepted));
            if path.judgement == Judgement::Refuted && wanted {
                path.judgement = rest(path);
            }
        }
    }
    proofs
}

/// The judgement of what is not refuted on a path.
fn rest(path: &Path) -> Judgement {
    let classes = path.classes.iter().map(Class::judgement);
    let names = std::iter::once(path.names);
    let others = classes
        .chain(names)
        .filter(|one| *one != Judgement::Refuted);
    others.max().unwrap_or(Judgement::Proven)
}
