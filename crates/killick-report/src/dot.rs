//! A diagram for Graphviz.

use std::fmt::Write;

use crate::outline::{Outline, lines, stroke, words, zone_title};
use crate::{Kind, Node, Picture, State};
use killick_text::clean;

/// The picture as a directed graph in DOT, one cluster for each zone.
pub fn dot(picture: &Picture) -> String {
    let outline = Outline::of(picture);
    let mut out = String::from("digraph killick {\n");
    writeln!(
        out,
        "    label={};",
        quote(std::slice::from_ref(&picture.title))
    )
    .ok();
    out.push_str(
        "    rankdir=LR;\n    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n    \
         edge [fontname=\"sans-serif\"];\n",
    );
    if let Some(frame) = outline.frame {
        out.push_str("    subgraph cluster_vpc {\n");
        writeln!(out, "    label={};", quote(&[lines(frame).join(" ")])).ok();
    }
    for (number, (zone, nodes)) in picture.zones.iter().zip(&outline.zones).enumerate() {
        writeln!(out, "    subgraph cluster_{number} {{").ok();
        writeln!(out, "        label={};", quote(&[zone_title(zone)])).ok();
        shapes(&mut out, nodes);
        out.push_str("    }\n");
    }
    shapes(&mut out, &outline.inside);
    if outline.frame.is_some() {
        out.push_str("    }\n");
    }
    shapes(&mut out, &outline.outside);
    for (from, to, edge) in &outline.edges {
        let label = words(&edge.label, edge.state, &edge.findings);
        let mut attributes = Vec::new();
        if !label.is_empty() {
            attributes.push(format!("label={}", quote(&[label])));
        }
        attributes.extend(paint(edge.state, ""));
        if edge.state.cut() {
            attributes.push("arrowhead=tee".to_owned());
        }
        match attributes.as_slice() {
            [] => writeln!(out, "    n{from} -> n{to};").ok(),
            some => writeln!(out, "    n{from} -> n{to} [{}];", some.join(", ")).ok(),
        };
    }
    out.push_str("}\n");
    out
}

fn shapes(out: &mut String, nodes: &[(usize, &Node)]) {
    for (number, node) in nodes {
        let mut attributes = vec![format!("label={}", quote(&lines(node)))];
        if node.kind == Kind::Internet {
            attributes.push("shape=ellipse".to_owned());
        }
        attributes.extend(paint(node.state, "rounded,"));
        writeln!(out, "        n{number} [{}];", attributes.join(", ")).ok();
    }
}

fn paint(state: State, also: &str) -> Vec<String> {
    let Some(stroke) = stroke(state) else {
        return Vec::new();
    };
    let line = match state {
        State::Missing | State::Delete => "dashed",
        State::Extra | State::Unknown => "dotted",
        _ => "bold",
    };
    vec![
        format!("color=\"{stroke}\""),
        format!("fontcolor=\"{stroke}\""),
        format!("style=\"{also}{line}\""),
    ]
}

/// A quoted string of those lines that are not empty. Graphviz reads
/// backslashes as escapes and `&lt;` as an entity, so both are escaped.
fn quote(lines: &[String]) -> String {
    let escape = |line: &String| {
        clean(line)
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut lines: Vec<String> = lines.iter().map(escape).collect();
    lines.retain(|line| !line.is_empty());
    format!("\"{}\"", lines.join("\\n"))
}
