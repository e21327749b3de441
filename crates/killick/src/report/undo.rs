//! What to do about a finding of a report.

use killick_finding::Finding;
use killick_stack::{Advice, Caller, advice};

use crate::assess::DriftReport;

/// What to do about a finding: an acceptance that has run out is said first.
pub(crate) fn advised(report: &DriftReport, finding: &Finding, caller: Caller<'_>) -> Advice {
    let advice = advice(finding, caller);
    let mut expired = report.expired.iter();
    match expired.find(|accept| accept.finding == finding.id) {
        Some(accept) => Advice {
            text: format!(
                "line {} of the spec accepted it until {}; {}",
                accept.line, accept.until, advice.text
            ),
            ..advice
        },
        None => advice,
    }
}
