//! A test report: one suite for the stack, one case for each finding.

use crate::markup::{Element, el};
use crate::order::{place, worst_first};
use crate::text::or_nothing;
use crate::verdict::{Standing, compared, leave_by};
use crate::{Accepted, Finding, Report, Unread};
use killick_text::clean;

/// The schema of Ant wants a time, so where none is known it is this one.
const EPOCH: &str = "1970-01-01T00:00:00";

/// The report as JUnit XML, valid against the schema of Ant and that of
/// Jenkins: findings are failures, what was accepted is skipped, what could not
/// be read is an error. The suite is never empty: a stack in sync has one case
/// that passes, and one of which nothing was compared has one that is skipped.
pub fn junit(report: &Report) -> String {
    let mut cases: Vec<Element> = Vec::new();
    cases.extend(worst_first(report).into_iter().map(failure));
    cases.extend(report.coverage.unreadable.iter().map(error));
    cases.extend(report.accepted.iter().map(skipped));
    let mut passed_over = report.accepted.len();
    if Standing::of(report) == Standing::InSync {
        cases.push(case("stack", "in sync"));
    } else if cases.is_empty() {
        passed_over += 1;
        let why = el("skipped").attr("message", "nothing was compared");
        cases.push(case("stack", "in sync").child(why));
    }
    let suite = el("testsuite")
        .attr("name", format!("killick {}", clean(&report.stack)))
        .attr("package", "killick")
        .attr("id", 0)
        .attr("hostname", "localhost")
        .attr("tests", cases.len())
        .attr("failures", report.findings.len())
        .attr("errors", report.coverage.unreadable.len())
        .attr("skipped", passed_over)
        .attr("time", 0)
        .attr("timestamp", seconds(&report.at).unwrap_or(EPOCH));
    let facts = [
        ("stack", &report.stack),
        ("account", &report.account),
        ("region", &report.region),
        ("spec", &report.spec),
        ("killick", &report.version),
    ];
    let facts = facts.map(|(name, value)| property(name, value));
    let tally = format!("{}; {}", compared(report), leave_by(report));
    let suite = suite
        .child(el("properties").children(facts))
        .children(cases)
        .child(el("system-out").text(tally))
        .child(el("system-err"));
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    el("testsuites").child(suite).write(&mut out, 0);
    out.push('\n');
    out
}

fn property(name: &'static str, value: &str) -> Element {
    el("property").attr("name", name).attr("value", value)
}

fn case(class: &str, name: &str) -> Element {
    el("testcase")
        .attr("classname", format!("killick.{class}"))
        .attr("name", name)
        .attr("time", 0)
}

/// The part of a key before the `/`.
fn kind(key: &str) -> &str {
    key.split('/').next().unwrap_or(key)
}

fn name(key: &str, field: Option<&str>, id: &str) -> String {
    format!("{} ({id})", place(key, field))
}

fn failure(finding: &Finding) -> Element {
    let mut parts = vec![
        format!("{}.", clean(&finding.effect)),
        format!("Live: {}.", or_nothing(&finding.live)),
        format!("Declared: {}.", or_nothing(&finding.desired)),
    ];
    for who in &finding.who {
        let [event, principal, at, agent] =
            [&who.event, &who.principal, &who.at, &who.agent].map(|text| clean(text));
        parts.push(format!("{event} by {principal} at {at} with {agent}."));
    }
    if let Some(why) = &finding.unattributed {
        parts.push(format!("Nobody is known to have done it: {}.", clean(why)));
    }
    parts.push(format!("To do: {}.", clean(&finding.undo)));
    let what = finding.what.word();
    let failure = el("failure")
        .attr("type", finding.severity.word())
        .attr("message", format!("{what}: {}", finding.effect))
        .lines(parts);
    let name = name(&finding.key, finding.field.as_deref(), &finding.id);
    case(kind(&finding.key), &name).child(failure)
}

fn error(unread: &Unread) -> Element {
    let message = format!(
        "{} could not be read: {}; it takes {}",
        unread.what, unread.code, unread.permission
    );
    let error = el("error")
        .attr("type", "unreadable")
        .attr("message", message);
    case("unreadable", &unread.what).child(error)
}

fn skipped(accepted: &Accepted) -> Element {
    let message = format!(
        "accepted until {} in line {} of the spec: {}",
        accepted.until, accepted.line, accepted.reason
    );
    let skipped = el("skipped")
        .attr("type", "accepted")
        .attr("message", message);
    let name = name(&accepted.key, accepted.field.as_deref(), &accepted.id);
    case(kind(&accepted.key), &name).child(skipped)
}

/// A time without its zone and its fractions, which the schema of Ant does not
/// allow.
fn seconds(at: &str) -> Option<&str> {
    let head = at.get(..19)?;
    let shape = "0000-00-00T00:00:00";
    let alike = |(is, like): (char, char)| match like {
        '0' => is.is_ascii_digit(),
        like => is == like,
    };
    head.chars().zip(shape.chars()).all(alike).then_some(head)
}
