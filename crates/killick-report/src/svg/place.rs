//! The size of boxes and the lines in them.

use std::collections::HashMap;

use super::group::{Figure, LISTED};
use crate::text::fit;
use crate::{Edge, Kind, Node, State};
use killick_text::clean;

/// A rectangle, in pixels from the top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) w: i32,
    pub(super) h: i32,
}

impl Rect {
    pub(super) fn right(self) -> i32 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> i32 {
        self.y + self.h
    }

    pub(super) fn middle(self) -> i32 {
        self.y + self.h / 2
    }
}

/// The left edge and the width of each column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) x: i32,
    pub(super) w: i32,
}

/// The distance of lines of text.
pub(super) const LINE: i32 = 16;
/// From the side of a box to its text.
pub(super) const PAD: i32 = 9;
/// From the top and the bottom of a box to its text.
const EDGE: i32 = 7;
/// Between boxes one above the other: an arrow fits in.
const BETWEEN: i32 = 20;
/// From a subnet to the boxes in it.
const INSET: i32 = 10;

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// What it is called.
    Label,
    /// Ids, networks, addresses.
    Detail,
    /// How it fares, and the findings that say so.
    State,
}

impl Script {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Label => "k-label",
            Self::Detail => "k-detail",
            Self::State => "k-state",
        }
    }

    /// Columns of text that fit into so many pixels: fixed-width for details,
    /// a careful guess for the others.
    pub(super) fn columns(self, pixels: i32) -> usize {
        let tenths = match self {
            Self::Label => 86,
            Self::Detail => 67,
            Self::State => 70,
        };
        usize::try_from(pixels * 10 / tenths).unwrap_or(0)
    }
}

/// A line of text in a box.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) script: Script,
    /// What is shown.
    pub(super) shown: String,
    /// What is said in full.
    pub(super) full: String,
    pub(super) state: State,
    /// The finding that it leads to.
    pub(super) finding: Option<String>,
}

/// A box with its text.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    pub(super) figure: Figure<'a>,
    pub(super) rect: Rect,
    pub(super) lines: Vec<Line>,
    /// The boxes in a subnet.
    pub(super) inside: Vec<Block<'a>>,
}

impl<'a> Block<'a> {
    /// The nodes in it, each with the box in which it is drawn.
    pub(super) fn nodes(&self) -> Vec<(&'a Node, Rect)> {
        match &self.figure {
            Figure::Subnet { node, .. } => {
                let mut all = vec![(*node, self.rect)];
                all.extend(self.inside.iter().flat_map(Block::nodes));
                all
            }
            other => other
                .nodes()
                .into_iter()
                .map(|node| (node, self.rect))
                .collect(),
        }
    }

    /// How it fares as a whole.
    pub(super) fn state(&self) -> State {
        match &self.figure {
            Figure::One(node) | Figure::Subnet { node, .. } => node.state,
            Figure::List(nodes) => nodes.first().map_or(State::Fine, |node| node.state),
        }
    }
}

/// Every node's box, by key.
pub(super) fn by_key<'a>(placed: &[Block<'a>]) -> HashMap<&'a str, Rect> {
    let mut spots = HashMap::new();
    for (node, rect) in placed.iter().flat_map(Block::nodes) {
        spots.entry(node.key.as_str()).or_insert(rect);
    }
    spots
}

/// Boxes one below the other from `top` on, and where the last one ends.
pub(super) fn stack<'a>(figures: &[Figure<'a>], span: Span, top: i32) -> (Vec<Block<'a>>, i32) {
    let mut y = top;
    let mut blocks = Vec::new();
    for figure in figures {
        if !blocks.is_empty() {
            y += BETWEEN;
        }
        let block = block(figure, span, y);
        y = block.rect.bottom();
        blocks.push(block);
    }
    (blocks, y)
}

fn block<'a>(figure: &Figure<'a>, span: Span, y: i32) -> Block<'a> {
    let room = span.w - 2 * PAD;
    let lines = match figure {
        Figure::One(node) => lines(node, room),
        Figure::List(nodes) => listed(nodes, room),
        Figure::Subnet { node, cut, .. } => {
            let mut all = lines(node, room);
            all.extend(
                cut.iter()
                    .filter_map(|(edge, to)| cut_line(edge, *to, room)),
            );
            all
        }
    };
    let text = i32::try_from(lines.len()).unwrap_or(i32::MAX / LINE) * LINE;
    let mut h = text + 2 * EDGE;
    let mut inside = Vec::new();
    if let Figure::Subnet { inside: nodes, .. } = figure {
        let span = Span {
            x: span.x + INSET,
            w: span.w - 2 * INSET,
        };
        let figures: Vec<Figure<'_>> = nodes.iter().map(|&node| Figure::One(node)).collect();
        if !figures.is_empty() {
            let (blocks, end) = stack(&figures, span, y + h);
            inside = blocks;
            h = end + INSET - y;
        }
    }
    Block {
        figure: figure.clone(),
        rect: Rect {
            x: span.x,
            y,
            w: span.w,
            h,
        },
        lines,
        inside,
    }
}

fn line(script: Script, text: &str, state: State, room: i32) -> Line {
    Line {
        script,
        shown: fit(text, script.columns(room)),
        full: clean(text),
        state,
        finding: None,
    }
}

fn lines(node: &Node, room: i32) -> Vec<Line> {
    let mut all = vec![line(Script::Label, &node.label, node.state, room)];
    if !clean(&node.detail).is_empty() {
        all.push(line(Script::Detail, &node.detail, node.state, room));
    }
    all.extend(state_line("", node.state, &node.findings, room));
    all
}

/// `× to route table d-3f9a1c`, in a subnet.
fn cut_line(edge: &Edge, to: Kind, room: i32) -> Option<Line> {
    let label = format!("to {}", to.word());
    state_line(&label, edge.state, &edge.findings, room)
}

/// `× missing d-3f9a1c +1`; none where all is fine.
fn state_line(label: &str, state: State, findings: &[String], room: i32) -> Option<Line> {
    let mut words = Vec::new();
    if state != State::Fine {
        words.push(state.mark().to_owned());
        words.push(if label.is_empty() {
            state.word().to_owned()
        } else {
            clean(label)
        });
    }
    words.extend(findings.first().map(|id| clean(id)));
    if findings.len() > 1 {
        words.push(format!("+{}", findings.len() - 1));
    }
    if words.is_empty() {
        return None;
    }
    let mut line = line(Script::State, &words.join(" "), state, room);
    let full = format!("{} {} {}", clean(label), state.word(), findings.join(" "));
    line.full = full.trim_end().to_owned();
    line.finding = findings.first().cloned();
    Some(line)
}

/// A head and one line for each function.
fn listed(nodes: &[&Node], room: i32) -> Vec<Line> {
    let state = nodes.first().map_or(State::Fine, |node| node.state);
    let mut head = format!("{} functions", nodes.len());
    if state != State::Fine {
        head = format!("{} {head}: {}", state.mark(), state.word());
    }
    let mut all = vec![line(Script::Label, &head, state, room)];
    all.extend(nodes.iter().take(LISTED).map(|node| {
        let id = node.findings.first();
        let text = match id {
            Some(id) => format!("{} {id}", node.label),
            None => node.label.clone(),
        };
        let mut line = line(Script::Detail, &text, node.state, room);
        line.full = [
            node.label.as_str(),
            node.detail.as_str(),
            &node.findings.join(" "),
        ]
        .join(" ");
        line.finding = id.cloned();
        line
    }));
    if let Some(rest) = nodes.get(LISTED..).filter(|rest| !rest.is_empty()) {
        let names: Vec<String> = rest.iter().map(|node| clean(&node.label)).collect();
        let mut more = line(Script::Detail, &format!("{} more", rest.len()), state, room);
        more.full = names.join(", ");
        all.push(more);
    }
    all
}

/// Those parts that are not empty, as one line.
pub(super) fn joined(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| clean(part)).collect();
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("  ")
}
