//! The ways between boxes: which course each takes, and where it begins and
//! ends.

use std::collections::HashMap;

use super::course::{Course, Slot, course, slots};
use super::group::Figures;
use super::place::{Block, Span, by_key};
use super::port::{Ends, Ports, turns};
use crate::text::{fit, list_of};
use crate::{Edge, Picture, State};
use killick_text::clean;

/// The height that one way takes in the lane between two zones.
pub(super) const LANE: i32 = 32;

/// The lanes for ways that pass over a column: one above all zones, one below
/// each.
pub(super) type Lanes = Vec<i32>;

/// A way, ready to be drawn.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// The course, as SVG writes it.
    pub(super) line: String,
    /// The tip of the arrow, and which way it points.
    pub(super) tip: (i32, i32, Heading),
    /// Where a cross goes if no traffic gets through, and labels are put.
    pub(super) mark: (i32, i32),
    pub(super) state: State,
    pub(super) labels: Vec<Label>,
    /// What is said in full.
    pub(super) full: String,
}

/// Words beside a way.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) x: i32,
    pub(super) y: i32,
    /// `start` or `middle`.
    pub(super) anchor: &'static str,
    pub(super) text: String,
    pub(super) finding: Option<String>,
}

/// Where an arrow points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Right,
    Left,
    Down,
    Up,
}

/// One way to be drawn, with the edges that it stands for.
struct Wanted<'a> {
    edge: &'a Edge,
    course: Course,
    findings: Vec<String>,
}

/// Edges that are drawn: those of functions in one list are one.
fn wanted<'a>(picture: &'a Picture, slots: &HashMap<&'a str, Slot>) -> Vec<Wanted<'a>> {
    let mut all: Vec<Wanted<'a>> = Vec::new();
    let mut seen: HashMap<(Slot, &str, State, &str), usize> = HashMap::new();
    for edge in &picture.edges {
        let (Some(&from), Some(&to)) = (slots.get(edge.from.as_str()), slots.get(edge.to.as_str()))
        else {
            continue;
        };
        let Some(course) = course(from, to, picture.zones.len()) else {
            continue;
        };
        let same = (from, edge.to.as_str(), edge.state, edge.label.as_str());
        if let Some(twin) = seen.get(&same).and_then(|&index| all.get_mut(index)) {
            for id in &edge.findings {
                if !twin.findings.contains(id) {
                    twin.findings.push(id.clone());
                }
            }
            continue;
        }
        seen.insert(same, all.len());
        all.push(Wanted {
            edge,
            course,
            findings: edge.findings.clone(),
        });
    }
    all
}

/// How many ways pass through each lane, the one above all zones first.
pub(super) fn lanes_wanted(picture: &Picture, figures: &Figures<'_>) -> Vec<i32> {
    let mut lanes = vec![0; figures.zones.len() + 1];
    for way in wanted(picture, &slots(figures)) {
        if let Course::Lane(lane) = way.course
            && let Some(number) = lanes.get_mut(lane)
        {
            *number += 1;
        }
    }
    lanes
}

/// All ways with their courses.
pub(super) fn paths(
    picture: &Picture,
    figures: &Figures<'_>,
    placed: &[Block<'_>],
    spans: &[Span],
    lanes: &Lanes,
) -> Vec<Path> {
    let spots = by_key(placed);
    let slots = slots(figures);
    let wanted = wanted(picture, &slots);
    let ends: Vec<Option<Ends>> = wanted
        .iter()
        .map(|way| {
            Some(Ends {
                from: *spots.get(way.edge.from.as_str())?,
                to: *spots.get(way.edge.to.as_str())?,
                course: way.course,
                columns: (
                    slots.get(way.edge.from.as_str())?.column as usize,
                    slots.get(way.edge.to.as_str())?.column as usize,
                ),
            })
        })
        .collect();
    let ports = Ports::of(&ends);
    let turns = turns(&ends);
    let mut loops = 0;
    let mut paths = Vec::new();
    for (index, (way, ends)) in wanted.iter().zip(&ends).enumerate() {
        let Some(ends) = ends else { continue };
        let (y1, y2) = ports.of_way(index, ends);
        paths.push(match ends.course {
            Course::Down => down(way, ends),
            Course::Direct => direct(way, ends, y1, y2),
            Course::Loop => {
                loops += 1;
                looped(way, ends, y1, y2, loops - 1)
            }
            Course::Lane(lane) => {
                let turn = turns.get(&index).copied().unwrap_or_default();
                let top = lanes.get(lane).copied().unwrap_or(0);
                let y = top + LANE * turn.lane + LANE * 2 / 3;
                lane_path(way, ends, spans, (y1, y, y2), turn.step)
            }
        });
    }
    paths
}

/// The length of an arrow's head.
const HEAD: i32 = 8;

fn direct(way: &Wanted<'_>, ends: &Ends, y1: i32, y2: i32) -> Path {
    let (x1, x2) = (ends.from.right(), ends.to.x);
    // A step of a few pixels would look like a mistake.
    let y2 = if (y1 - y2).abs() <= 6 { y1 } else { y2 };
    let (mx, my) = (i32::midpoint(x1, x2), i32::midpoint(y1, y2));
    let end = x2 - HEAD;
    let line = if y1 == y2 {
        format!("M{x1} {y1}H{end}")
    } else {
        format!("M{x1} {y1}C{mx} {y1} {mx} {y2} {end} {y2}")
    };
    let room = x2 - x1 - 2 * HEAD;
    let mut path = path(way, line, (x2, y2, Heading::Right), (mx, my));
    path.label((mx, my - 7), "middle", &way.edge.label, None, room);
    path.label(
        (mx, my + 17),
        "middle",
        &short(way),
        way.findings.first(),
        room,
    );
    path
}

fn down(way: &Wanted<'_>, ends: &Ends) -> Path {
    let x = ends.from.x + ends.from.w / 2;
    let below = ends.to.y >= ends.from.bottom();
    let (y1, y2, end, heading) = if below {
        (
            ends.from.bottom(),
            ends.to.y,
            ends.to.y - HEAD,
            Heading::Down,
        )
    } else {
        let end = ends.to.bottom();
        (ends.from.y, end, end + HEAD, Heading::Up)
    };
    let mark = (x, i32::midpoint(y1, y2) - 2);
    let mut path = path(way, format!("M{x} {y1}V{end}"), (x, y2, heading), mark);
    let words = [clean(&way.edge.label), short(way)].join(" ");
    let place = (x + 12, i32::midpoint(y1, y2) + 4);
    path.label(
        place,
        "start",
        &words,
        way.findings.first(),
        ends.from.w / 2 - 12,
    );
    path
}

fn looped(way: &Wanted<'_>, ends: &Ends, y1: i32, y2: i32, number: i32) -> Path {
    let x = ends.from.right().max(ends.to.right()) + 24 + 8 * (number % 4);
    let end = ends.to.right();
    let line = format!("M{} {y1}H{x}V{y2}H{}", ends.from.right(), end + HEAD);
    let mark = (x, i32::midpoint(y1, y2));
    let mut path = path(way, line, (end, y2, Heading::Left), mark);
    path.label((x + 8, mark.1 - 4), "start", &way.edge.label, None, 70);
    path.label(
        (x + 8, mark.1 + 12),
        "start",
        &short(way),
        way.findings.first(),
        70,
    );
    path
}

fn lane_path(
    way: &Wanted<'_>,
    ends: &Ends,
    spans: &[Span],
    (y1, y, y2): (i32, i32, i32),
    number: i32,
) -> Path {
    let side = |column: usize| {
        spans
            .get(column)
            .map_or((0, 0), |span| (span.x, span.x + span.w))
    };
    let step = 7 * (number % 5);
    let x1 = side(ends.columns.0).1 + 18 + step;
    let back = ends.backwards();
    let (x2, end, tip, heading) = if back {
        let right = ends.to.right();
        (
            side(ends.columns.1).1 + 18 + step,
            right + HEAD,
            right,
            Heading::Left,
        )
    } else {
        let left = ends.to.x;
        (
            side(ends.columns.1).0 - 20 - step,
            left - HEAD,
            left,
            Heading::Right,
        )
    };
    let line = format!("M{} {y1}H{x1}V{y}H{x2}V{y2}H{end}", ends.from.right());
    let room = (x2 - x1).abs().min(420);
    let x = if x2 > x1 {
        x1 + room / 2
    } else {
        i32::midpoint(x1, x2)
    };
    let mut path = path(way, line, (tip, y2, heading), (x, y));
    let mut words = vec![clean(&way.edge.label), short(way)];
    words.retain(|word| !word.is_empty());
    let finding = way.findings.first();
    path.label((x, y - 8), "middle", &words.join("  "), finding, room - 16);
    path
}

fn path(way: &Wanted<'_>, line: String, tip: (i32, i32, Heading), mark: (i32, i32)) -> Path {
    let state = way.edge.state;
    let mut full = vec![
        format!("{} to {}", clean(&way.edge.from), clean(&way.edge.to)),
        clean(&way.edge.label),
    ];
    if state != State::Fine {
        full.push(state.word().to_owned());
    }
    full.push(list_of(&way.findings));
    full.retain(|part| !part.is_empty());
    Path {
        line,
        tip,
        mark,
        state,
        labels: Vec::new(),
        full: full.join(", "),
    }
}

/// How it fares in as few words as will do: the cross stands for the word
/// where there is a finding to name.
fn short(way: &Wanted<'_>) -> String {
    let state = way.edge.state;
    let id = way.findings.first().map(|id| clean(id)).unwrap_or_default();
    match state {
        State::Fine => id,
        state if state.cut() && !id.is_empty() => id,
        // Of a plan: the boxes say the word.
        State::Create | State::Update | State::Replace | State::Delete if id.is_empty() => {
            state.mark().to_owned()
        }
        state if id.is_empty() => format!("{} {}", state.mark(), state.word()),
        state => format!("{} {id}", state.mark()),
    }
}

impl Path {
    fn label(
        &mut self,
        (x, y): (i32, i32),
        anchor: &'static str,
        text: &str,
        finding: Option<&String>,
        room: i32,
    ) {
        // Fixed-width characters of 10 pixels' height take 6.1 at most.
        let columns = usize::try_from(room * 10 / 61).unwrap_or(0);
        let text = fit(text, columns);
        if !text.is_empty() {
            self.labels.push(Label {
                x,
                y,
                anchor,
                text,
                finding: finding.cloned(),
            });
        }
    }
}
