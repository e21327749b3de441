//! The numbers in the OpenMetrics text format, version 1.0.0.

use std::fmt::Write;

use killick_text::shown;

use crate::board::{Numbers, SpecNumbers};
use crate::{Board, Stack, Verdict};
use killick_finding::Severity;

/// The content type of [`render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const VERDICTS: [Verdict; 5] = [
    Verdict::InSync,
    Verdict::Drift,
    Verdict::Partial,
    Verdict::Throttled,
    Verdict::Failed,
];

/// What a board shows, as text.
pub fn render(board: &Board) -> String {
    let numbers = board.numbers();
    let mut page = Page(String::new());
    state(&mut page, &numbers);
    checks(&mut page, &numbers);
    deliveries(&mut page, &numbers);
    page.0.push_str("# EOF\n");
    page.0
}

fn state(page: &mut Page, numbers: &Numbers) {
    let specs = || numbers.specs.values();
    page.family(
        "killick_in_sync",
        "gauge",
        "",
        "Whether the last check that saw the stack read everything and found nothing open.",
    );
    for spec in specs() {
        if let Some(in_sync) = spec.in_sync {
            page.sample(
                "killick_in_sync",
                &stack(&spec.stack, &[]),
                u8::from(in_sync),
            );
        }
    }
    page.family(
        "killick_findings",
        "gauge",
        "",
        "Open findings, those that cannot be seen at present included.",
    );
    for spec in specs() {
        for severity in Severity::ALL {
            let count = spec.findings.get(&severity).copied().unwrap_or_default();
            let labels = stack(&spec.stack, &[("severity", severity.word())]);
            page.sample("killick_findings", &labels, count);
        }
    }
    let gauges: [Gauge; 4] = [
        (
            "killick_findings_unseen",
            "Open findings that the last check could not see.",
            |spec| spec.unseen,
        ),
        (
            "killick_accepted",
            "Differences that somebody accepted.",
            |spec| spec.accepted,
        ),
        (
            "killick_unreadable",
            "Things that the last check could not read.",
            |spec| spec.unreadable,
        ),
        (
            "killick_consecutive_failures",
            "Checks in a row that saw nothing.",
            |spec| usize::try_from(spec.failures).unwrap_or(usize::MAX),
        ),
    ];
    for (name, help, count) in gauges {
        page.family(name, "gauge", "", help);
        for spec in specs() {
            page.sample(name, &stack(&spec.stack, &[]), count(spec));
        }
    }
}

fn checks(page: &mut Page, numbers: &Numbers) {
    let specs = || numbers.specs.values();
    let name = "killick_last_success_timestamp_seconds";
    page.family(
        name,
        "gauge",
        "seconds",
        "When a check last saw the stack, in Unix time.",
    );
    for spec in specs() {
        if let Some(at) = spec.last_success {
            page.sample(name, &stack(&spec.stack, &[]), at);
        }
    }
    let name = "killick_last_check_duration_seconds";
    page.family(name, "gauge", "seconds", "How long the last check took.");
    for spec in specs() {
        if let Some(took) = spec.last_duration {
            page.sample(name, &stack(&spec.stack, &[]), took.as_secs_f64());
        }
    }
    page.family(
        "killick_aws_calls",
        "counter",
        "",
        "Calls to AWS by checks that saw the stack.",
    );
    for spec in specs() {
        page.sample(
            "killick_aws_calls_total",
            &stack(&spec.stack, &[]),
            spec.calls,
        );
    }
    page.family("killick_checks", "counter", "", "Checks by how they ended.");
    for spec in specs() {
        for verdict in VERDICTS {
            let count = spec.checks.get(&verdict).copied().unwrap_or_default();
            let labels = stack(&spec.stack, &[("outcome", verdict.word())]);
            page.sample("killick_checks_total", &labels, count);
        }
    }
}

fn deliveries(page: &mut Page, numbers: &Numbers) {
    let targets = || numbers.targets.iter();
    page.family(
        "killick_notifications_sent",
        "counter",
        "",
        "Notifications that arrived.",
    );
    for (name, target) in targets() {
        page.sample(
            "killick_notifications_sent_total",
            &[("target", name)],
            target.sent,
        );
    }
    page.family(
        "killick_notifications_failed",
        "counter",
        "",
        "Deliveries that were tried in vain.",
    );
    for (name, target) in targets() {
        page.sample(
            "killick_notifications_failed_total",
            &[("target", name)],
            target.failed,
        );
    }
    page.family(
        "killick_notifications_pending",
        "gauge",
        "",
        "Notifications that have yet to arrive.",
    );
    for (name, target) in targets() {
        page.sample(
            "killick_notifications_pending",
            &[("target", name)],
            target.pending,
        );
    }
    page.family(
        "killick_notifications_refused",
        "gauge",
        "",
        "Whether the target refused what it was sent last.",
    );
    for (name, target) in targets() {
        page.sample(
            "killick_notifications_refused",
            &[("target", name)],
            u8::from(target.refused),
        );
    }
    page.family(
        "killick_state_writes_failed",
        "counter",
        "",
        "Writes of the state file that failed.",
    );
    page.sample(
        "killick_state_writes_failed_total",
        &[],
        numbers.failed_writes,
    );
}

/// Name, help, and how to get the number.
type Gauge = (&'static str, &'static str, fn(&SpecNumbers) -> usize);
type Label<'a> = (&'static str, &'a str);

fn stack<'a>(stack: &'a Stack, more: &[Label<'a>]) -> Vec<Label<'a>> {
    let mut labels = vec![
        ("stack", stack.stack.as_str()),
        ("region", stack.region.as_str()),
        ("account", stack.account.as_str()),
    ];
    labels.extend_from_slice(more);
    labels
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, unit: &str, help: &str) {
        self.line(format_args!("# TYPE {name} {kind}"));
        if !unit.is_empty() {
            self.line(format_args!("# UNIT {name} {unit}"));
        }
        self.line(format_args!("# HELP {name} {}", escaped(help)));
    }

    fn sample(&mut self, name: &str, labels: &[Label<'_>], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        match labels.is_empty() {
            true => self.line(format_args!("{name} {value}")),
            false => self.line(format_args!("{name}{{{}}} {value}", labels.join(","))),
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A String takes everything.
        writeln!(self.0, "{line}").ok();
    }
}

fn escaped(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(shown).collect();
    let text = lines.join("\n").replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', "\\n")
}
