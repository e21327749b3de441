//! A drift report.

use std::fmt::Write;

use killick_aws::{Finding, Repair, Severity, Unreadable, held};
use killick_core::Change;

use crate::report::DriftReport;
use crate::report::diff::line;
use crate::report::out::clean;
use crate::report::paint::{bold, dim, green, red, yellow};
use crate::report::text::words::{count, list, wrap};
use crate::world::World;

const MARGIN: &str = "          ";

/// The report; one line when all is as declared. `killick` is how a command
/// line begins.
pub fn drift(world: &World, report: &DriftReport, killick: &str) -> String {
    let fields = count(report.checked, "field");
    let resources = count(report.resources, "resource");
    let (title, now) = (world.title(), list(&world.outbound().now));
    if report.in_sync() {
        return format!(
            "{}: {fields} of {resources} of stack {title} are as declared; functions leave by {now}\n",
            green("in sync")
        );
    }
    let mut text = String::new();
    let _ = writeln!(text, "{}", head(world, report));
    for finding in &report.findings {
        one(&mut text, finding, killick);
    }
    text.push('\n');
    if !report.unreadable.is_empty() {
        let unread: Vec<String> = report.unreadable.iter().map(what).collect();
        let _ = writeln!(text, "{} {}", yellow("not read:"), unread.join(", "));
    }
    let _ = write!(text, "checked {fields} of {resources}");
    let _ = match report.knows_addresses() {
        true => writeln!(text, "; outbound addresses: {now}"),
        false => writeln!(text, "; outbound addresses: unknown"),
    };
    text
}

/// `nat_gateway`, or `vpc.dns_support` where only that is unknown.
pub(crate) fn what(unreadable: &Unreadable) -> String {
    match &unreadable.field {
        Some(field) => format!("{}.{field}", unreadable.kind),
        None => unreadable.kind.clone(),
    }
}

fn head(world: &World, report: &DriftReport) -> String {
    let title = bold(world.title());
    let number = report.findings.len();
    if number == 0 {
        let nothing = "nothing differs in what could be read";
        return format!("stack {title}: {}", yellow(nothing));
    }
    let by = |severity| {
        report
            .findings
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let parts: Vec<String> = [Severity::Critical, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| (by(severity), word(severity)))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let applied = world
        .observed
        .iter()
        .any(|have| have.key.kind != "function");
    let (findings, parts) = (count(number, "finding"), parts.join(", "));
    match applied {
        true => format!("stack {title}: {findings} ({parts})"),
        false => format!("stack {title} was never applied: {findings} ({parts})"),
    }
}

fn one(text: &mut String, finding: &Finding, killick: &str) {
    let word = word(finding.severity);
    let severity = match finding.severity {
        Severity::Critical => red(word),
        Severity::Warning => yellow(word),
        Severity::Info => dim(word),
    };
    let pad = " ".repeat(9_usize.saturating_sub(word.len()));
    let what = match finding.what {
        Change::Missing => "missing",
        Change::Extra => "extra",
        Change::Changed => "changed",
        Change::Broken => "broken",
    };
    let field = finding
        .field
        .as_ref()
        .map(|field| format!(" {}", clean(field)));
    let place = format!("{}{}", finding.key, field.unwrap_or_default());
    let _ = writeln!(text, "\n{severity}{pad} {} {what}", bold(place));
    text.push_str(&wrap(&clean(&finding.effect), MARGIN));
    // What a stranger uses is told with the effect.
    let stranger = finding.repair == Repair::Report && finding.what == Change::Extra;
    if finding.field.is_some() && !stranger {
        let (live, desired) = (line(&finding.live), line(&finding.desired));
        let _ = writeln!(text, "{MARGIN}{live} {} {desired}", dim("->"));
    }
    let repair = repair(finding, killick);
    let _ = writeln!(
        text,
        "{MARGIN}{}",
        dim(format!("{repair} ({})", finding.id))
    );
}

fn repair(finding: &Finding, killick: &str) -> String {
    match finding.repair {
        Repair::Automatic if finding.field.as_deref() == Some("state") => {
            format!("{killick} apply waits for it")
        }
        Repair::Automatic => format!("{killick} apply puts it right"),
        Repair::Guarded
            if finding.key.starts_with("elastic_ip/")
                || finding.key.starts_with("nat_gateway/") =>
        {
            format!("{killick} apply --change-addresses puts it right; without it apply refuses")
        }
        Repair::Guarded => {
            format!("{killick} apply --prune removes it; {killick} apply leaves it alone")
        }
        Repair::Report if finding.what == Change::Changed && !beyond(finding) => {
            "killick rebuilds nothing: put the value back in the spec".to_owned()
        }
        Repair::Report => "not killick's to change".to_owned(),
    }
}

/// Whether a finding is about what no comparison of resources shows.
fn beyond(finding: &Finding) -> bool {
    let field = finding.field.as_deref().unwrap_or_default();
    field.starts_with("promised") || field.starts_with("aliases")
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// Addresses that are kept though the spec no longer wants them: no drift, but
/// they cost.
pub fn idle_addresses(world: &World) -> Vec<String> {
    held(&world.seen(), &world.desired)
        .into_iter()
        .filter(|one| one.state == "kept")
        .map(|one| {
            let (ip, id) = (one.ip, one.allocation_id);
            format!("note: {ip} ({id}) is kept though the spec no longer wants it; it is billed")
        })
        .collect()
}
