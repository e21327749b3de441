//! A comment on a pull request, or the summary of a job, on GitHub.

mod escape;

use std::fmt::Write;

use crate::order::{place, worst_first};
use crate::text::sentence;
use crate::verdict::{Standing, compared, headline, leave_by, promise_gap};
use crate::{Finding, Judged, Report};
use escape::{cell_code, code, prose};
use killick_finding::Severity;
use killick_text::{clean, count};

/// GitHub refuses comments of more than 65,536 characters; some are left for
/// what the caller puts around.
const ROOM: usize = 60_000;

/// The report in GitHub's Markdown. Long reports are cut at a row, with a note
/// on what was left out, so that the text fits into one comment.
pub fn markdown(report: &Report) -> String {
    let mut out = Page::default();
    out.must(&head(report));
    findings(report, &mut out);
    accepted(report, &mut out);
    unread(report, &mut out);
    ways(report, &mut out);
    out.must(&format!("\n{}.\n", compared(report)));
    out.text
}

/// What has been written, with an eye on the room that is left.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn must(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// A table with those rows that there is room for.
    fn table(&mut self, head: &str, rows: &[String]) {
        self.must(head);
        for (index, row) in rows.iter().enumerate() {
            if self.text.len() + row.len() > ROOM {
                let left = count(rows.len() - index, "row");
                self.must(&format!("\n{left} left out: too much for one comment.\n"));
                return;
            }
            self.must(row);
        }
    }
}

fn head(report: &Report) -> String {
    let mut out = String::new();
    let kind = match Standing::of(report) {
        Standing::InSync => None,
        Standing::Unsure | Standing::Differs(Severity::Warning) => Some("WARNING"),
        Standing::Differs(Severity::Critical) => Some("CAUTION"),
        Standing::Differs(Severity::Info) => Some("NOTE"),
    };
    let mut lines = vec![format!(
        "**{}**: {}.",
        headline(report),
        prose(&leave_by(report))
    )];
    let gaps = promise_gap(report);
    lines.extend(gaps.iter().map(|gap| prose(&sentence(gap))));
    writeln!(out, "### killick: {}\n", prose(&report.stack)).ok();
    match kind {
        Some(kind) => writeln!(out, "> [!{kind}]\n> {}", lines.join("<br>\n> ")).ok(),
        None => writeln!(out, "{}", lines.join("<br>\n")).ok(),
    };
    let facts = [
        ("account", &report.account),
        ("region", &report.region),
        ("read", &report.at),
        ("spec", &report.spec),
        ("killick", &report.version),
    ];
    let known = facts.iter().filter(|(_, value)| !clean(value).is_empty());
    let known: Vec<String> = known
        .map(|(name, value)| format!("{name} {}", code(value)))
        .collect();
    if !known.is_empty() {
        writeln!(out, "\n{}", known.join(", ")).ok();
    }
    out
}

fn findings(report: &Report, out: &mut Page) {
    if report.findings.is_empty() {
        return;
    }
    let all = worst_first(report);
    let rows: Vec<String> = all.iter().map(|one| row(one)).collect();
    out.table(
        "\n| | What | Means | Live | Declared | To do |\n|---|---|---|---|---|---|\n",
        &rows,
    );
    let rows: Vec<String> = all.iter().flat_map(|one| who(one)).collect();
    if !rows.is_empty() {
        out.table(
            "\n#### Who\n\n| Finding | Call | By | At | With |\n|---|---|---|---|---|\n",
            &rows,
        );
    }
}

fn row(finding: &Finding) -> String {
    let mut what = cell_code(&finding.key);
    if let Some(field) = &finding.field {
        write!(what, " {}", cell_code(field)).ok();
    }
    let todo = prose(&finding.undo);
    format!(
        "| **{}** | {what} {}<br>{} | {} | {} | {} | {todo} |\n",
        finding.severity.word(),
        finding.what.word(),
        cell_code(&finding.id),
        prose(&finding.effect),
        value(&finding.live),
        value(&finding.desired),
    )
}

fn value(text: &str) -> String {
    let value = cell_code(text);
    if value.is_empty() {
        "nothing".to_owned()
    } else {
        value
    }
}

fn who(finding: &Finding) -> Vec<String> {
    let id = cell_code(&finding.id);
    let known = finding.who.iter().map(|who| {
        let [event, principal, at, agent] =
            [&who.event, &who.principal, &who.at, &who.agent].map(|text| cell_code(text));
        format!("| {id} | {event} | {principal} | {at} | {agent} |\n")
    });
    let mut rows: Vec<String> = known.collect();
    if let Some(why) = &finding.unattributed {
        rows.push(format!(
            "| {id} | nobody is known: {} | | | |\n",
            prose(why)
        ));
    }
    rows
}

fn accepted(report: &Report, out: &mut Page) {
    if report.accepted.is_empty() {
        return;
    }
    let rows: Vec<String> = report
        .accepted
        .iter()
        .map(|one| {
            format!(
                "| {}<br>{} | {} | {} | {} | {} |\n",
                cell_code(&place(&one.key, one.field.as_deref())),
                cell_code(&one.id),
                prose(&one.effect),
                cell_code(&one.until),
                prose(&one.reason),
                one.line,
            )
        })
        .collect();
    out.table(
        "\n#### Accepted\n\n| What | Means | Until | Why | Line of the spec |\n|---|---|---|---|---|\n",
        &rows,
    );
}

fn unread(report: &Report, out: &mut Page) {
    let all = &report.coverage.unreadable;
    if all.is_empty() {
        return;
    }
    let rows: Vec<String> = all
        .iter()
        .map(|one| {
            let permission = cell_code(&one.permission);
            format!(
                "| {} | {permission} | {} |\n",
                prose(&one.what),
                cell_code(&one.code)
            )
        })
        .collect();
    out.table(
        "\n#### Not read\n\nNothing is known of these.\n\n| What | Permission | Code |\n|---|---|---|\n",
        &rows,
    );
}

fn ways(report: &Report, out: &mut Page) {
    if report.ways.is_empty() {
        return;
    }
    let rows: Vec<String> = report
        .ways
        .iter()
        .map(|way| {
            let verdict = prose(&way.verdict);
            let verdict = match way.good {
                Judged::Good => verdict,
                bad => format!("**{}**: {verdict}", bad.word()),
            };
            let [runner, subnet, zone] =
                [&way.runner, &way.subnet, &way.zone].map(|text| cell_code(text));
            format!("| {runner} | {subnet} | {zone} | {verdict} |\n")
        })
        .collect();
    out.must("\n<details><summary>Ways out</summary>\n");
    out.table(
        "\n| Function | Subnet | Zone | Leaves by |\n|---|---|---|---|\n",
        &rows,
    );
    out.must("\n</details>\n");
}
