//! What the formats for other programs have in common: which box holds what,
//! the words on nodes and edges, and their colours.

use std::collections::HashMap;

use crate::text::list_of;
use crate::{Edge, Kind, Node, Picture, State};
use killick_text::clean;

/// The nodes of a picture, each with its number, by where they lie.
pub(crate) struct Outline<'a> {
    /// The VPC, if it is drawn as a frame.
    pub(crate) frame: Option<&'a Node>,
    /// The nodes of each zone.
    pub(crate) zones: Vec<Vec<(usize, &'a Node)>>,
    /// In the VPC and in no zone.
    pub(crate) inside: Vec<(usize, &'a Node)>,
    pub(crate) outside: Vec<(usize, &'a Node)>,
    /// The edges, with the numbers of the nodes at their ends.
    pub(crate) edges: Vec<(usize, usize, &'a Edge)>,
}

impl<'a> Outline<'a> {
    pub(crate) fn of(picture: &'a Picture) -> Self {
        let frame = picture.frame();
        let mut outline = Self {
            frame,
            zones: vec![Vec::new(); picture.zones.len()],
            inside: Vec::new(),
            outside: Vec::new(),
            edges: Vec::new(),
        };
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for (number, node) in picture.nodes.iter().enumerate() {
            if picture.is_frame(node) {
                continue;
            }
            numbers.entry(&node.key).or_insert(number);
            let zone = picture.zone_of(node);
            let away = matches!(
                node.kind,
                Kind::Function | Kind::Internet | Kind::Other | Kind::Vpc
            );
            let list = match zone.and_then(|zone| outline.zones.get_mut(zone)) {
                Some(zone) => zone,
                None if away || frame.is_none() => &mut outline.outside,
                None => &mut outline.inside,
            };
            list.push((number, node));
        }
        let ends = picture.edges.iter().filter_map(|edge| {
            let from = numbers.get(edge.from.as_str())?;
            Some((*from, *numbers.get(edge.to.as_str())?, edge))
        });
        outline.edges = ends.collect();
        outline
    }
}

/// The title of a zone.
pub(crate) fn zone_title(zone: &crate::ZoneBox) -> String {
    match &zone.note {
        Some(note) => format!("{}: {note}", zone.name),
        None => zone.name.clone(),
    }
}

/// The lines of a node that are not empty.
pub(crate) fn lines(node: &Node) -> Vec<String> {
    let state = words("", node.state, &node.findings);
    let mut lines = vec![clean(&node.label), clean(&node.detail), state];
    lines.retain(|line| !line.is_empty());
    lines
}

/// A label with its state and findings: `0.0.0.0/0 × broken d-3f9a1c`.
pub(crate) fn words(label: &str, state: State, findings: &[String]) -> String {
    let mut words = vec![clean(label)];
    if state != State::Fine {
        words.push(format!("{} {}", state.mark(), state.word()));
    }
    words.push(list_of(findings));
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// The colour of what is not as usual.
pub(crate) fn stroke(state: State) -> Option<&'static str> {
    match state {
        State::Fine => None,
        State::Missing | State::Broken | State::Delete => Some("#c62a2f"),
        State::Changed | State::Extra | State::Replace => Some("#9a5b00"),
        State::Unknown => Some("#60646c"),
        State::Create => Some("#18794e"),
        State::Update => Some("#0b68cb"),
    }
}
