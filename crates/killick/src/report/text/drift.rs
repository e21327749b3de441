//! A drift report.

use std::fmt::Write;

use killick_finding::{Change, Finding, Repair, Severity};
use killick_stack::{Attribution, Caller, Unreadable};
use killick_text::utc;

use crate::assess::{Accepted, DriftReport, World};
use crate::report::diff::line;
use crate::report::paint::{bold, dim, green, red, yellow};
use crate::report::text::words::{count, leaving, list, wrap, wrap_around};
use crate::report::undo::advised;
use killick_text::shown;

const MARGIN: &str = "          ";

/// The report; one line when all is as declared.
pub fn drift(world: &World, report: &DriftReport, caller: Caller<'_>) -> String {
    let fields = count(report.checked, "field");
    let resources = count(report.resources, "resource");
    let now = list(&leaving(world.assessment.leaving()));
    let title = world.title();
    if report.in_sync() {
        let mut text = format!(
            "{}: {fields} of {resources} of stack {title} are as declared; functions leave by {now}\n",
            green("in sync")
        );
        accepts(&mut text, report);
        return text;
    }
    let mut text = String::new();
    let _ = writeln!(text, "{}", head(world, report));
    for finding in &report.findings {
        one(&mut text, report, finding, caller);
        if let Some(who) = &report.who {
            culprit(&mut text, who.get(&finding.id));
        }
    }
    text.push('\n');
    accepts(&mut text, report);
    if !report.unreadable.is_empty() {
        let unread: Vec<String> = report.unreadable.iter().map(what).collect();
        let _ = writeln!(text, "{} {}", yellow("not read:"), unread.join(", "));
    }
    for unknown in &report.assurance.unknown {
        let _ = writeln!(text, "{} {}", yellow("not known:"), shown(unknown));
    }
    let _ = write!(text, "checked {fields} of {resources}");
    let _ = match report.knows_addresses() {
        true if report.followed() => writeln!(text, "; functions leave by: {now}"),
        true => writeln!(text, "; functions leave by: {now}, as far as could be read"),
        false => writeln!(text, "; by which addresses functions leave is not known"),
    };
    text
}

/// `nat_gateway`, or `vpc.dns_support` where only that is unknown.
pub(crate) fn what(unreadable: &Unreadable) -> String {
    unreadable.part.to_string()
}

fn head(world: &World, report: &DriftReport) -> String {
    let title = bold(world.title());
    let number = report.findings.len();
    if number == 0 {
        let nothing = match report.unreadable.is_empty() {
            true => "nothing differs, but not everything is known",
            false => "nothing differs in what could be read",
        };
        return format!("stack {title}: {}", yellow(nothing));
    }
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .map(|severity| (report.count(severity), severity.word()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let (findings, parts) = (count(number, "finding"), parts.join(", "));
    let retained = world.assessment.held().iter().any(|one| !one.lent);
    match world.assessment.never_applied() && !retained {
        true => format!("stack {title} was never applied: {findings} ({parts})"),
        false => format!("stack {title}: {findings} ({parts})"),
    }
}

fn one(text: &mut String, report: &DriftReport, finding: &Finding, caller: Caller<'_>) {
    let word = finding.severity.word();
    let severity = match finding.severity {
        Severity::Critical => red(word),
        Severity::Warning => yellow(word),
        Severity::Info => dim(word),
    };
    let pad = " ".repeat(9_usize.saturating_sub(word.len()));
    let what = finding.what.word();
    let place = place(finding);
    let _ = writeln!(text, "\n{severity}{pad} {} {what}", bold(place));
    text.push_str(&wrap(&shown(&finding.effect), MARGIN));
    // What a stranger uses is told with the effect.
    let stranger = matches!(finding.repair, Repair::Report(_)) && finding.what == Change::Extra;
    if finding.field.is_some() && !stranger {
        let (live, desired) = (line(&finding.live), line(&finding.desired));
        let _ = writeln!(text, "{MARGIN}{live} {} {desired}", dim("->"));
    }
    let advice = advised(report, finding, caller);
    let undo = format!("{} ({})", shown(&advice.text), finding.id);
    for line in wrap_around(&undo, MARGIN, &advice.commands).lines() {
        let _ = writeln!(text, "{MARGIN}{}", dim(line.trim_start()));
    }
}

/// What the spec says about findings, as far as that matters now.
fn accepts(text: &mut String, report: &DriftReport) {
    for Accepted { finding, accept } in &report.accepted {
        let place = place(finding);
        let _ = writeln!(
            text,
            "{} {place} until {}: {} ({})",
            dim("accepted:"),
            accept.until,
            shown(&accept.reason),
            finding.id
        );
    }
}

/// Who did it.
fn culprit(text: &mut String, known: Option<&Attribution>) {
    match known {
        Some(Attribution::By(suspects)) => {
            for (number, one) in suspects.iter().enumerate() {
                let word = match (number, one.certain) {
                    (0, true) => "by",
                    (0, false) => "possibly by",
                    _ => "and",
                };
                let line = format!(
                    "{word} {} at {} ({}; {})",
                    one.principal,
                    utc(one.at),
                    one.event,
                    one.agent
                );
                text.push_str(&wrap(&shown(&line), MARGIN));
            }
        }
        Some(unknown) => {
            let told = unattributed(unknown).unwrap_or_default();
            text.push_str(&wrap(&told, MARGIN));
        }
        None => {}
    }
}

/// Why nobody can be named.
pub(crate) fn unattributed(known: &Attribution) -> Option<String> {
    match known {
        Attribution::By(_) => None,
        Attribution::NotYet => Some(
            "not attributable yet: CloudTrail's newest events show no such call; it can be a quarter \
             of an hour behind, so look again"
                .to_owned(),
        ),
        Attribution::Elsewhere(region) => Some(format!(
            "not attributable here: CloudTrail keeps such calls in {region}"
        )),
    }
}

fn place(finding: &Finding) -> String {
    let field = finding.field.as_ref();
    let field = field.map_or_else(String::new, |field| {
        format!(" {}", shown(&field.to_string()))
    });
    format!("{}{field}", shown(&finding.key.to_string()))
}

/// Addresses that are kept though the spec no longer wants them: no drift, but
/// they cost.
pub fn idle_addresses(world: &World) -> Vec<String> {
    let held = world.assessment.held().iter();
    held.filter(|one| one.state == "kept")
        .map(|one| {
            let (ip, id) = (&one.ip, &one.allocation_id);
            format!("note: {ip} ({id}) is kept though the spec no longer wants it; it is billed")
        })
        .collect()
}
