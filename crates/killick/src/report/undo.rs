//! What to do about a finding.

use killick_core::Change;
use killick_stack::{Finding, Repair};

use crate::assess::DriftReport;

/// What to do about a finding of a report: an acceptance that has run out is
/// said first.
pub(crate) fn advice(report: &DriftReport, finding: &Finding, killick: &str) -> String {
    let undo = undo(finding, killick);
    let mut expired = report.expired.iter();
    match expired.find(|accept| accept.finding == finding.id) {
        Some(accept) => format!(
            "line {} of the spec accepted it until {}; {undo}",
            accept.line, accept.until
        ),
        None => undo,
    }
}

/// What `apply` will do about it, or who must.
pub(crate) fn undo(finding: &Finding, killick: &str) -> String {
    let field = finding.field.as_deref().unwrap_or_default();
    match (finding.repair, finding.flag()) {
        (Repair::Automatic, _) if field == "state" => format!("{killick} apply waits for it"),
        (Repair::Automatic, _) => format!("{killick} apply puts it right"),
        (Repair::Guarded, Some(flag @ "--change-addresses")) => {
            format!("{killick} apply {flag} puts it right; without it apply refuses")
        }
        (Repair::Guarded, Some(flag @ "--grant")) => format!(
            "{killick} apply {flag} attaches AWSLambdaVPCAccessExecutionRole to the role; \
             {killick} apply leaves it alone"
        ),
        (Repair::Guarded, flag) => {
            let flag = flag.unwrap_or("--prune");
            format!("{killick} apply {flag} removes it; {killick} apply leaves it alone")
        }
        (Repair::Report, _) if finding.what == Change::Changed && rebuilds(finding) => {
            "killick rebuilds nothing: put the value back in the spec".to_owned()
        }
        (Repair::Report, _) => format!(
            "not killick's to change: undo it where it was done, or accept it for a time with \
             [[accept]] finding = \"{}\"",
            finding.id
        ),
    }
}

/// Whether it is about what killick declares and only a rebuild would change.
fn rebuilds(finding: &Finding) -> bool {
    const BEYOND: [&str; 6] = [
        "promised",
        "aliases",
        "main_table",
        "block_public_access",
        "dhcp_options",
        "network_acl",
    ];
    let field = finding.field.as_deref().unwrap_or_default();
    let head = field.split('.').next().unwrap_or_default();
    !head.is_empty() && !BEYOND.contains(&head)
}
