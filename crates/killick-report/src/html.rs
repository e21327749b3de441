//! One page, complete in itself.

mod finding;
mod section;
mod style;
mod table;

use crate::Report;
use crate::markup::{Element, el};
use crate::order::worst_first;
use crate::svg::{Setting, draw};
use crate::text::sentence;
use crate::verdict::{Standing, compared, headline, leave_by, promise_gap};
use killick_text::clean;
use section::section;

/// What the page may do: show itself. No request goes out from it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The report as one HTML page without scripts and without any request to
/// elsewhere, light or dark as the reader has it, fit for a phone and for
/// paper. Each finding has an element with its id, `data-finding` and
/// `data-severity`.
pub fn html(report: &Report) -> String {
    let standing = Standing::of(report);
    let verdict = headline(report);
    let title = format!("{}: {verdict} (killick)", clean(&report.stack));
    let head = el("head")
        .child(el("meta").attr("charset", "utf-8"))
        .child(
            el("meta")
                .attr("http-equiv", "Content-Security-Policy")
                .attr("content", POLICY),
        )
        .child(
            el("meta")
                .attr("name", "viewport")
                .attr("content", "width=device-width, initial-scale=1"),
        )
        .child(
            el("meta")
                .attr("name", "color-scheme")
                .attr("content", "light dark"),
        )
        .child(el("title").text(title))
        .child(el("style").css(style::CSS));
    let main = el("main").children(
        [
            Some(picture(report)),
            findings(report),
            table::accepted(report),
            Some(table::coverage(report)),
            table::ways(report),
        ]
        .into_iter()
        .flatten(),
    );
    let body = el("body")
        .child(header(report, standing, &verdict))
        .child(main)
        .child(footer(report));
    let mut out = "<!DOCTYPE html>\n".to_owned();
    let page = el("html").attr("lang", "en").child(head).child(body);
    page.write(&mut out, 0);
    out.push('\n');
    out
}

fn header(report: &Report, standing: Standing, verdict: &str) -> Element {
    let class = standing.class();
    let mut header = el("header")
        .class(class)
        .attr("data-verdict", class)
        .child(
            el("p")
                .class("stack")
                .text(format!("stack {}", report.stack)),
        )
        .child(el("h1").attr("id", "verdict").text(verdict))
        .child(
            el("p")
                .class("addresses")
                .attr("id", "addresses")
                .text(sentence(&leave_by(report))),
        );
    for gap in promise_gap(report) {
        header = header.child(el("p").class("gap").text(sentence(&gap)));
    }
    if !report.coverage.unreadable.is_empty() {
        let all = report
            .coverage
            .unreadable
            .iter()
            .map(|one| clean(&one.what));
        let all: Vec<String> = all.collect();
        let link = el("a").attr("href", "#coverage").text(all.join(", "));
        header = header.child(
            el("p")
                .class("gap")
                .text("Not read: ")
                .child(link)
                .text("."),
        );
    }
    let facts = [
        ("account", &report.account),
        ("region", &report.region),
        ("read", &report.at),
        ("spec", &report.spec),
    ];
    let mut list = el("dl").class("facts");
    for (name, value) in facts
        .into_iter()
        .filter(|(_, value)| !clean(value).is_empty())
    {
        list = list.child(
            el("div")
                .child(el("dt").text(name))
                .child(el("dd").text(value)),
        );
    }
    header.child(list)
}

fn picture(report: &Report) -> Element {
    let section = section("picture", "The way out");
    if report.picture.nodes.is_empty() {
        return section.child(el("p").text("There is no picture of this reading."));
    }
    // Keyboards can scroll only what can have the focus.
    let scroll = el("div")
        .class("scroll")
        .attr("tabindex", 0)
        .attr("role", "region")
        .attr("aria-label", "picture of the way out")
        .child(draw(&report.picture, Setting::Page));
    let caption = el("figcaption").text(
        "From left to right: functions, zones, gateways, the internet. × no way through, dashed: \
         not there, hatched: not declared. On a narrow screen it scrolls sideways.",
    );
    section.child(el("figure").child(scroll).child(caption))
}

fn findings(report: &Report) -> Option<Element> {
    let all = worst_first(report);
    if all.is_empty() {
        return None;
    }
    let cards = all.into_iter().map(finding::card);
    Some(section("findings", "What differs").children(cards))
}

fn footer(report: &Report) -> Element {
    el("footer").child(el("p").text(format!(
        "{}. killick {}, read {}.",
        compared(report),
        clean(&report.version),
        clean(&report.at)
    )))
}
