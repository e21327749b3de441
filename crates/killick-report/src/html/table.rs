//! What was accepted, what was not read, and all ways out.

use super::section::section;
use crate::markup::{Element, el};
use crate::order::place;
use crate::text::slug;
use crate::verdict::compared;
use crate::{Judged, Report};

/// A table that scrolls by itself on a narrow screen. On the narrowest each
/// row becomes a block, and each cell carries the title of its column.
fn table(titles: &[&str], rows: impl IntoIterator<Item = (Element, Vec<Element>)>) -> Element {
    let head = titles
        .iter()
        .map(|title| el("th").attr("scope", "col").text(*title));
    let rows = rows.into_iter().map(|(row, cells)| {
        let cells = cells.into_iter().zip(titles);
        row.children(cells.map(|(cell, title)| el("td").attr("data-title", title).child(cell)))
    });
    el("table")
        .child(el("thead").child(el("tr").children(head)))
        .child(el("tbody").children(rows))
}

fn code(text: &str) -> Element {
    el("code").text(text)
}

fn words(text: &str) -> Element {
    el("span").text(text)
}

pub(super) fn accepted(report: &Report) -> Option<Element> {
    if report.accepted.is_empty() {
        return None;
    }
    let rows = report.accepted.iter().map(|one| {
        let row = el("tr")
            .attr("id", slug(&one.id))
            .attr("data-accepted", &one.id)
            .attr("data-severity", one.severity.word());
        let cells = vec![
            code(&place(&one.key, one.field.as_deref())),
            words(&one.effect),
            words(&one.until),
            words(&one.reason),
            words(&format!("{} ({})", one.line, one.id)),
        ];
        (row, cells)
    });
    let table = table(&["what", "means", "until", "why", "line of the spec"], rows);
    Some(section("accepted", "Accepted for a time").child(table))
}

pub(super) fn coverage(report: &Report) -> Element {
    let section =
        section("coverage", "Coverage").child(el("p").text(format!("{}.", compared(report))));
    let all = &report.coverage.unreadable;
    if all.is_empty() {
        let nothing = report.coverage.checked == 0;
        let words = if nothing {
            "Nothing was compared."
        } else {
            "All of it could be read."
        };
        return section.child(el("p").text(words));
    }
    let rows = all.iter().map(|one| {
        let row = el("tr").class("unread").attr("data-unreadable", &one.what);
        (
            row,
            vec![words(&one.what), code(&one.permission), code(&one.code)],
        )
    });
    section
        .child(
            el("p")
                .class("warn")
                .text("Not read, so nothing is known of it:"),
        )
        .child(table(&["what", "permission", "code"], rows))
}

pub(super) fn ways(report: &Report) -> Option<Element> {
    if report.ways.is_empty() {
        return None;
    }
    let rows = report.ways.iter().map(|way| {
        let row = el("tr")
            .class(format!("way {}", way.good.word()))
            .attr("data-way", way.good.word());
        let sign = match way.good {
            Judged::Good => "",
            Judged::Bad => "× ",
            Judged::Unknown => "? ",
        };
        let cells = vec![
            code(&way.runner),
            code(&way.subnet),
            words(&way.zone),
            words(&format!("{sign}{}", way.verdict)),
        ];
        (row, cells)
    });
    let table = table(&["function", "subnet", "zone", "leaves by"], rows);
    Some(section("ways", "Ways out").child(table))
}
