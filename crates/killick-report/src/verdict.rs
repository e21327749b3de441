//! The report in one line.

use crate::Report;
use crate::text::list_of;
use killick_finding::Severity;
use killick_text::count;

/// How it stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All was read, and nothing differs.
    InSync,
    /// Nothing is known to differ, and not all is known.
    Unsure,
    /// Something differs: this bad at worst.
    Differs(Severity),
}

impl Standing {
    pub(crate) fn of(report: &Report) -> Self {
        match report.findings.iter().map(|one| one.severity).min() {
            Some(worst) => Self::Differs(worst),
            None if report.coverage.unreadable.is_empty() && report.coverage.checked > 0 => {
                Self::InSync
            }
            None => Self::Unsure,
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::InSync => "good",
            Self::Unsure => "unsure",
            Self::Differs(severity) => severity.word(),
        }
    }
}

/// `In sync`, or `2 critical, 1 warning`, and what is not known.
pub(crate) fn headline(report: &Report) -> String {
    let unread = report.coverage.unreadable.len();
    let mut parts: Vec<String> = Vec::new();
    for severity in Severity::ALL {
        let alike = |one: &&crate::Finding| one.severity == severity;
        let number = report.findings.iter().filter(alike).count();
        if number > 0 {
            let word = severity.word();
            parts.push(match severity {
                Severity::Warning => count(number, word),
                _ => format!("{number} {word}"),
            });
        }
    }
    if parts.is_empty() {
        parts.push(
            match (unread, report.coverage.checked) {
                (0, 0) => "Nothing was compared",
                (0, _) => "In sync",
                _ => "Nothing found to differ",
            }
            .to_owned(),
        );
    }
    if unread > 0 {
        parts.push(format!("{unread} not read"));
    }
    parts.join(", ")
}

/// `functions leave by …`, without a full stop.
pub(crate) fn leave_by(report: &Report) -> String {
    if report.addresses.is_empty() {
        "functions leave by no address that is known".to_owned()
    } else {
        format!("functions leave by {}", list_of(&report.addresses))
    }
}

/// What the promise and the present have not in common: a sentence each.
pub(crate) fn promise_gap(report: &Report) -> Vec<String> {
    if report.promised.is_empty() {
        return Vec::new();
    }
    let without = |all: &[String], of: &[String]| -> Vec<String> {
        all.iter().filter(|ip| !of.contains(ip)).cloned().collect()
    };
    let idle = without(&report.promised, &report.addresses);
    let unknown = without(&report.addresses, &report.promised);
    let mut gap = Vec::new();
    if !idle.is_empty() {
        gap.push(format!(
            "promised, and nothing leaves by it: {}",
            list_of(&idle)
        ));
    }
    if !unknown.is_empty() {
        gap.push(format!("in use, and not promised: {}", list_of(&unknown)));
    }
    gap
}

/// `104 fields of 15 resources were compared`.
pub(crate) fn compared(report: &Report) -> String {
    let fields = count(report.coverage.checked, "field");
    let resources = count(report.coverage.resources, "resource");
    format!("{fields} of {resources} compared")
}
