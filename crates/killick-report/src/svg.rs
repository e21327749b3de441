//! The picture as SVG: functions on the left, the internet on the right, each
//! zone a row between them.
//!
//! Frozen: this module gets no new features; only faults are repaired.

mod course;
mod group;
mod layout;
mod paint;
mod place;
mod port;
mod route;
mod style;

use crate::Picture;
use crate::markup::{Element, el};
use layout::Layout;

pub(crate) use paint::Setting;

/// The picture as an SVG file of its own, light or dark as the reader has it.
/// It asks for nothing from outside.
pub fn svg(picture: &Picture) -> String {
    let mut out = String::new();
    draw(picture, Setting::Alone).write(&mut out, 0);
    out.push('\n');
    out
}

/// The picture as an element.
pub(crate) fn draw(picture: &Picture, setting: Setting) -> Element {
    let layout = Layout::of(picture);
    let (width, height) = layout.size;
    let role = match setting {
        Setting::Alone => "img",
        Setting::Page => "group",
    };
    let root = el("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .class("k-picture")
        .attr("viewBox", format!("0 0 {width} {height}"))
        .attr("width", width)
        .attr("height", height)
        .attr("role", role)
        .attr("aria-labelledby", "k-title k-desc")
        .child(el("title").attr("id", "k-title").text(&picture.title))
        .child(el("desc").attr("id", "k-desc").text(describe(picture)))
        .child(el("style").css(style::CSS))
        .child(el("defs").child(paint::hatch()));
    paint::all(root, picture, &layout, setting)
}

/// What the picture says, for those who do not see it.
fn describe(picture: &Picture) -> String {
    if picture.nodes.is_empty() {
        return "There is nothing to show.".to_owned();
    }
    let names = picture.zones.iter().map(|zone| zone.name.as_str());
    let mut parts = vec![match picture.zones.len() {
        0 => "The way out of the functions.".to_owned(),
        _ => format!(
            "The way out of the functions through {}.",
            names.collect::<Vec<_>>().join(", ")
        ),
    }];
    let nodes = picture.nodes.iter().map(|node| {
        let name = format!("{} {}", node.kind.word(), node.key);
        (name, node.state, &node.findings)
    });
    let edges = picture.edges.iter().map(|edge| {
        let name = format!("way from {} to {}", edge.from, edge.to);
        (name, edge.state, &edge.findings)
    });
    for (name, state, findings) in nodes.chain(edges) {
        if state == crate::State::Fine && findings.is_empty() {
            continue;
        }
        let findings = crate::text::list_of(findings);
        parts.push(
            format!("{name}: {} {findings}", state.word())
                .trim_end()
                .to_owned()
                + ".",
        );
    }
    if parts.len() == 1 {
        parts.push("All of it is as it should be.".to_owned());
    }
    parts.join(" ")
}
