//! The order in which findings are told.

use crate::{Finding, Report};

/// The findings, the worst first; otherwise as they were given.
pub(crate) fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut all: Vec<&Finding> = report.findings.iter().collect();
    all.sort_by_key(|finding| finding.severity);
    all
}

/// A resource and its field as one name.
pub(crate) fn place(key: &str, field: Option<&str>) -> String {
    match field {
        Some(field) => format!("{key} {field}"),
        None => key.to_owned(),
    }
}
