//! Whether a stack keeps what it is for: the one verdict of every command.

use std::collections::BTreeSet;

use killick_finding::{Finding, Severity};
use killick_path::{Judgement, Path, Proof, Verdict};
use killick_stack::{Fault, Unreadable};

use super::{Accepted, hidden};

/// Whether every path of every function leaves by the fixed addresses and no
/// pin is broken. What the spec accepts counts as wanted, for exactly its
/// cause and destinations.
#[derive(Clone, Debug, Default)]
pub struct Assurance {
    /// The ids of the findings that stand against it, in the order of the
    /// report: each is critical, or reports a refuted path.
    pub against: Vec<String>,
    /// What is not known, in words.
    pub unknown: Vec<String>,
}

impl Assurance {
    /// What the proofs and findings come to. `findings` are those that nobody
    /// accepted, `faults` all.
    pub(super) fn of(
        findings: &[Finding],
        accepted: &[Accepted],
        (proofs, faults): (&[Proof], &[Fault]),
        unreadable: &[Unreadable],
    ) -> Self {
        let open = faults.iter().filter(|one| !is_accepted(one, accepted));
        let reports: BTreeSet<&String> = open.flat_map(|fault| &fault.findings).collect();
        let against = findings
            .iter()
            .filter(|one| one.severity == Severity::Critical || reports.contains(&one.id));
        Self {
            against: against.map(|one| one.id.clone()).collect(),
            unknown: unknown(proofs, unreadable),
        }
    }

    /// Whether nothing stands against it and everything is known.
    pub fn proven(&self) -> bool {
        self.against.is_empty() && self.unknown.is_empty()
    }
}

/// Whether the spec accepts what a fault is about.
pub(super) fn is_accepted(fault: &Fault, accepted: &[Accepted]) -> bool {
    let mut accepted = accepted.iter();
    accepted.any(|one| fault.findings.contains(&one.finding.id))
}

/// What keeps a proof from being one, each once.
fn unknown(proofs: &[Proof], unreadable: &[Unreadable]) -> Vec<String> {
    let mut all = BTreeSet::new();
    let paths = proofs.iter().flat_map(|proof| &proof.paths);
    for path in paths.filter(|path| path.judgement == Judgement::Unknown) {
        all.extend(unknown_of(path));
    }
    if hidden(unreadable) {
        all.insert("all functions and versions that the spec selects".to_owned());
    }
    all.into_iter().collect()
}

fn unknown_of(path: &Path) -> BTreeSet<String> {
    let classes = path.classes.iter();
    let mut all: BTreeSet<String> = classes
        .filter_map(|class| match &class.verdict {
            Verdict::Unknown { what } => Some(what),
            _ => None,
        })
        .flatten()
        .cloned()
        .collect();
    if path.names == Judgement::Unknown {
        all.insert("whether names resolve".to_owned());
    }
    all
}
