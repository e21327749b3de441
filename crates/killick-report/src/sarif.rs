//! Code scanning: SARIF 2.1.0.

mod document;
mod rule;

use std::collections::BTreeMap;

use document::{
    ArtifactLocation, AutomationDetails, Configuration, Descriptor, Driver, Invocation, Location,
    Log, LogicalLocation, Notification, PhysicalLocation, Region, ResultOf, Run, Suppression, Text,
    Tool,
};
use rule::{Rule, Subject};

use crate::order::worst_first;
use crate::text::or_nothing;
use crate::{Accepted, Finding, Report, Unread};
use killick_finding::Severity;
use killick_text::clean;

/// The key under which a result carries the id of its finding.
const FINGERPRINT: &str = "killickFindingId/v1";

/// The report as SARIF 2.1.0: one rule for each kind of resource, family of
/// fields and way to differ; one result for each finding, in the first line of
/// the spec, and for each one that was accepted, suppressed, in the line that
/// accepts it. The run counts as successful only if all could be read: what
/// code scanning no longer sees it would else take for mended.
pub fn sarif(report: &Report) -> String {
    let findings = worst_first(report);
    let rules = rules(&findings, &report.accepted);
    let mut results: Vec<ResultOf> = Vec::new();
    results.extend(findings.iter().map(|one| found(report, &rules, one)));
    let accepted = report.accepted.iter();
    results.extend(accepted.map(|one| suppressed(report, &rules, one)));
    let unread = &report.coverage.unreadable;
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "killick",
                    version: clean(&report.version),
                    information_uri: information(),
                    rules: rules.values().map(|(_, rule)| rule.descriptor()).collect(),
                },
            },
            automation_details: AutomationDetails {
                id: format!("killick/{}/", clean(&report.stack).replace('/', "-")),
            },
            invocations: [Invocation {
                execution_successful: unread.is_empty(),
                end_time_utc: time(&report.at),
                tool_execution_notifications: unread.iter().map(notification).collect(),
            }],
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    // Plain structs and string keys: writing them cannot fail.
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    // JSON has `<` in strings only. Viewers put messages into pages.
    out.replace('<', "\\u003c")
}

/// Where the program is described, once its package says so.
fn information() -> Option<&'static str> {
    Some(env!("CARGO_PKG_REPOSITORY")).filter(|uri| !uri.is_empty())
}

/// The rules in use by id, each with its place in the list.
type Rules = BTreeMap<String, (usize, Rule)>;

fn rules(findings: &[&Finding], accepted: &[Accepted]) -> Rules {
    let of = findings.iter().map(|one| Rule::of(Subject::from(*one)));
    let all = of.chain(accepted.iter().map(|one| Rule::of(Subject::from(one))));
    let mut rules: Rules = all.map(|rule| (rule.id(), (0, rule))).collect();
    for (index, (place, _)) in rules.values_mut().enumerate() {
        *place = index;
    }
    rules
}

fn found(report: &Report, rules: &Rules, finding: &Finding) -> ResultOf {
    let mut message = format!(
        "{} (live: {}; declared: {})",
        clean(&finding.effect),
        or_nothing(&finding.live),
        or_nothing(&finding.desired)
    );
    for who in &finding.who {
        let [event, principal, at, agent] =
            [&who.event, &who.principal, &who.at, &who.agent].map(|text| clean(text));
        message = format!("{message}. {event} by {principal} at {at} with {agent}");
    }
    if !finding.undo.is_empty() {
        message = format!("{message}. To do: {}", clean(&finding.undo));
    }
    result(
        report,
        rules,
        Subject::from(finding),
        finding.severity,
        message,
        1,
    )
}

fn suppressed(report: &Report, rules: &Rules, accepted: &Accepted) -> ResultOf {
    let subject = Subject::from(accepted);
    let message = clean(&accepted.effect);
    let line = accepted.line.max(1);
    let mut result = result(report, rules, subject, accepted.severity, message, line);
    result.suppressions.push(Suppression {
        kind: "inSource",
        status: "accepted",
        justification: format!(
            "until {}: {}",
            clean(&accepted.until),
            clean(&accepted.reason)
        ),
    });
    result
}

fn result(
    report: &Report,
    rules: &Rules,
    subject: Subject<'_>,
    severity: Severity,
    message: String,
    line: usize,
) -> ResultOf {
    let rule_id = Rule::of(subject).id();
    let key = clean(subject.key);
    let name = match subject.field {
        Some(field) => format!("{key}.{}", clean(field)),
        None => key.clone(),
    };
    ResultOf {
        rule_index: rules.get(&rule_id).map_or(0, |(place, _)| *place),
        rule_id,
        level: match severity {
            Severity::Critical => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        },
        message: Text::new(format!("{name}: {message}")),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, clean(subject.id))]),
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: uri(&report.spec),
                },
                region: Region { start_line: line },
            },
            logical_locations: [LogicalLocation {
                name: key,
                fully_qualified_name: name,
                kind: "resource",
            }],
        }],
        suppressions: Vec::new(),
    }
}

fn notification(unread: &Unread) -> Notification {
    Notification {
        descriptor: Descriptor { id: "unreadable" },
        level: "error",
        message: Text::new(format!(
            "{} could not be read ({}): it takes {}",
            clean(&unread.what),
            clean(&unread.code),
            clean(&unread.permission)
        )),
    }
}

/// A path as a URI reference: relative paths stay relative.
fn uri(path: &str) -> String {
    let path = clean(path).replace('\\', "/");
    let mut path = path.as_str();
    while let Some(rest) = path.strip_prefix("./") {
        path = rest;
    }
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    if out.is_empty() {
        "killick.toml".clone_into(&mut out);
    }
    out
}

/// The time as it is, if it looks like one in UTC.
fn time(at: &str) -> Option<String> {
    let mut chars = at.chars();
    let digits = |char: char| char.is_ascii_digit() || matches!(char, '-' | ':' | '.' | 'T' | 'Z');
    (at.len() >= 20 && at.ends_with('Z') && chars.all(digits)).then(|| at.to_owned())
}

/// A rule as it is listed.
impl Rule {
    fn descriptor(&self) -> document::RuleOf {
        document::RuleOf {
            id: self.id(),
            short_description: Text::new(self.title()),
            full_description: Text::new(self.sentence()),
            help: Text::new(self.help()),
            default_configuration: Configuration { level: "warning" },
        }
    }
}
