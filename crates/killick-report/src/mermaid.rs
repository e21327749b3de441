//! A diagram for Markdown: Mermaid.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::outline::{Outline, lines, stroke, words, zone_title};
use crate::{Kind, Node, Picture, State};
use killick_text::clean;

/// The picture as a Mermaid flowchart, one subgraph for each zone. Not fenced.
pub fn mermaid(picture: &Picture) -> String {
    let outline = Outline::of(picture);
    let mut out = String::from("flowchart LR\n");
    if !clean(&picture.title).is_empty() {
        writeln!(out, "    accTitle: {}", escape(&picture.title)).ok();
    }
    if let Some(frame) = outline.frame {
        writeln!(
            out,
            "    subgraph vpc[\"{}\"]",
            escape(&lines(frame).join(" "))
        )
        .ok();
    }
    for (number, (zone, nodes)) in picture.zones.iter().zip(&outline.zones).enumerate() {
        writeln!(
            out,
            "    subgraph z{number}[\"{}\"]",
            escape(&zone_title(zone))
        )
        .ok();
        shapes(&mut out, nodes);
        out.push_str("    end\n");
    }
    shapes(&mut out, &outline.inside);
    if outline.frame.is_some() {
        out.push_str("    end\n");
    }
    shapes(&mut out, &outline.outside);
    let mut paint = String::new();
    for (drawn, (from, to, edge)) in outline.edges.iter().enumerate() {
        let arrow = match edge.state {
            State::Missing | State::Broken => "--x",
            State::Delete | State::Extra | State::Unknown => "-.->",
            _ => "-->",
        };
        let label = escape(&words(&edge.label, edge.state, &edge.findings));
        if label.is_empty() {
            writeln!(out, "    n{from} {arrow} n{to}").ok();
        } else {
            writeln!(out, "    n{from} {arrow}|\"{label}\"| n{to}").ok();
        }
        if let Some(stroke) = stroke(edge.state) {
            writeln!(
                paint,
                "    linkStyle {drawn} stroke:{stroke},stroke-width:2px"
            )
            .ok();
        }
    }
    let states: BTreeSet<State> = picture.nodes.iter().map(|node| node.state).collect();
    for state in states {
        if let Some(stroke) = stroke(state) {
            let (class, line) = (state.class(), line(state));
            writeln!(
                out,
                "    classDef {class} stroke:{stroke},stroke-width:2px{line}"
            )
            .ok();
        }
    }
    out.push_str(&paint);
    out
}

/// The kind of line, beside its colour.
fn line(state: State) -> &'static str {
    match state {
        State::Missing | State::Delete => ",stroke-dasharray:6 4",
        State::Extra | State::Unknown => ",stroke-dasharray:2 3",
        _ => "",
    }
}

fn shapes(out: &mut String, nodes: &[(usize, &Node)]) {
    for (number, node) in nodes {
        let (open, close) = match node.kind {
            Kind::Function => ("([", "])"),
            Kind::Internet => ("((", "))"),
            _ => ("[", "]"),
        };
        let lines: Vec<String> = lines(node).iter().map(|line| escape(line)).collect();
        let class = match node.state {
            State::Fine => String::new(),
            state => format!(":::{}", state.class()),
        };
        let label = lines.join("<br/>");
        writeln!(out, "        n{number}{open}\"{label}\"{close}{class}").ok();
    }
}

/// Everything but plain letters, digits and harmless signs as the code of its
/// character, which Mermaid writes `#35;`.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for char in clean(text).chars() {
        let harmless = char.is_alphanumeric() || " .,:/-_+~()=?!".contains(char);
        if harmless || !char.is_ascii() {
            out.push(char);
        } else {
            write!(out, "#{};", u32::from(char)).ok();
        }
    }
    out
}
