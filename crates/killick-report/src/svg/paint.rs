//! The elements of the picture.

use super::group::Figure;
use super::layout::{Layout, frame_title};
use super::place::{Block, LINE, Line, PAD, Rect, Script};
use super::route::{Heading, Path};
use crate::markup::{Element, el};
use crate::text::{fit, slug};
use crate::{Picture, State};
use killick_text::clean;

/// Whether findings in the picture lead to the place where they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// A file of its own.
    Alone,
    /// A page that has an element with the id of each finding.
    Page,
}

/// Draws it all: frames and subnets, then ways, then boxes, so that ways end at
/// boxes.
pub(super) fn all(
    root: Element,
    picture: &Picture,
    layout: &Layout<'_>,
    setting: Setting,
) -> Element {
    let (w, h) = layout.size;
    let paper = Rect { x: 0, y: 0, w, h };
    let mut root = root.child(rect(paper, "k-paper", 0));
    let mut name = None;
    if let Some((frame, node)) = &layout.frame {
        let title = frame_title(*node);
        let state = node.map_or(State::Fine, |node| node.state);
        let group = el("g")
            .class(format!("k-vpc k-{}", state.class()))
            .child(el("title").text(&title))
            .child(rect(*frame, "k-frame", 10));
        let place = (frame.x + 14, frame.y + 20);
        name = Some(text(
            place,
            "k-zone k-name",
            &fit(&title, Script::Label.columns(frame.w - 28)),
        ));
        root = root.child(group);
    }
    for (zone, place) in picture.zones.iter().zip(&layout.zones) {
        let mut title = zone.name.clone();
        if let Some(note) = &zone.note {
            title = format!("{title}: {note}");
        }
        let group = el("g")
            .class("k-zone-box")
            .child(el("title").text(&title))
            .child(rect(*place, "k-ground", 8))
            .child(text(
                (place.x + 12, place.y + 18),
                "k-zone",
                &fit(&title, Script::Label.columns(place.w - 24)),
            ));
        root = root.child(group);
    }
    let mut boxes = Vec::new();
    for block in &layout.placed {
        if let Figure::Subnet { .. } = block.figure {
            root = root.child(figure(block, setting));
            boxes.extend(&block.inside);
        } else {
            boxes.push(block);
        }
    }
    let paths = layout.paths.iter().map(line);
    let boxes = boxes.into_iter().map(|block| figure(block, setting));
    let words = layout.paths.iter().filter_map(|one| words(one, setting));
    root.children(paths)
        .children(boxes)
        .children(name)
        .children(words)
}

/// The pattern of what is not ours.
pub(super) fn hatch() -> Element {
    el("pattern")
        .attr("id", "k-hatch")
        .attr("width", 7)
        .attr("height", 7)
        .attr("patternUnits", "userSpaceOnUse")
        .attr("patternTransform", "rotate(45)")
        .child(
            el("rect")
                .class("k-card")
                .attr("width", 7)
                .attr("height", 7),
        )
        .child(
            el("line")
                .class("k-hatching")
                .attr("x1", 0)
                .attr("y1", 0)
                .attr("x2", 0)
                .attr("y2", 7),
        )
}

fn rect(place: Rect, class: &str, round: i32) -> Element {
    el("rect")
        .class(class)
        .attr("x", place.x)
        .attr("y", place.y)
        .attr("width", place.w)
        .attr("height", place.h)
        .attr("rx", round)
}

fn text((x, y): (i32, i32), class: &str, words: &str) -> Element {
    el("text")
        .class(class)
        .attr("x", x)
        .attr("y", y)
        .text(words)
}

/// An element that leads to a finding, where there is something to lead to.
fn linked(element: Element, finding: Option<&String>, setting: Setting) -> Element {
    match finding.map(|id| slug(id)).filter(|id| !id.is_empty()) {
        Some(id) if setting == Setting::Page => {
            el("a").attr("href", format!("#{id}")).child(element)
        }
        _ => element,
    }
}

fn figure(block: &Block<'_>, setting: Setting) -> Element {
    let subnet = matches!(block.figure, Figure::Subnet { .. });
    let kind = if subnet { "k-subnet" } else { "k-node" };
    let full: Vec<&str> = block.lines.iter().map(|line| line.full.as_str()).collect();
    let mut group = el("g").class(format!("{kind} k-{}", block.state().class()));
    if let [node] = block.figure.nodes().as_slice() {
        group = group.attr("data-key", &node.key);
    } else if let Figure::Subnet { node, .. } = &block.figure {
        group = group.attr("data-key", &node.key);
    }
    let finding = block.lines.iter().find_map(|line| line.finding.clone());
    if let Some(id) = finding {
        group = group.attr("data-finding", id);
    }
    group = group
        .child(el("title").text(full.join(", ")))
        .child(rect(block.rect, "k-box", 6));
    // What does not fit for want of the expected font is cut at the box.
    let mut words = el("svg")
        .attr("x", block.rect.x)
        .attr("y", block.rect.y)
        .attr("width", block.rect.w)
        .attr("height", block.rect.h);
    for (index, line) in (0..).zip(&block.lines) {
        words = words.child(written(line, 19 + LINE * index, setting));
    }
    group.child(words)
}

fn written(line: &Line, y: i32, setting: Setting) -> Element {
    let mut class = line.script.class().to_owned();
    if line.script == Script::State || line.finding.is_some() {
        class = format!("{class} k-{}", line.state.class());
    }
    let words = el("text").class(class).attr("x", PAD).attr("y", y);
    let full = clean(&line.full);
    let words = if line.shown == full {
        words.text(&line.shown)
    } else {
        words.child(el("title").text(full)).text(&line.shown)
    };
    linked(words, line.finding.as_ref(), setting)
}

fn line(path: &Path) -> Element {
    el("g")
        .class(format!("k-way k-{}", path.state.class()))
        .child(el("title").text(&path.full))
        .child(el("path").class("k-line").attr("d", &path.line))
        .child(el("path").class("k-head").attr("d", head(path.tip)))
}

/// What is written upon a way: above all lines, so that none runs through it.
fn words(path: &Path, setting: Setting) -> Option<Element> {
    let cut = path.state.cut();
    if !cut && path.labels.is_empty() {
        return None;
    }
    let mut group = el("g")
        .class(format!("k-words k-{}", path.state.class()))
        .child(el("title").text(&path.full));
    if cut {
        let (x, y) = path.mark;
        let (l, r, t, b) = (x - 6, x + 6, y - 6, y + 6);
        let cross = format!("M{l} {t}L{r} {b}M{l} {b}L{r} {t}");
        group = group
            .child(el("path").class("k-cross-back").attr("d", &cross))
            .child(el("path").class("k-cross").attr("d", cross));
    }
    let labels = path.labels.iter().map(|label| {
        let words =
            text((label.x, label.y), "k-word", &label.text).attr("text-anchor", label.anchor);
        linked(words, label.finding.as_ref(), setting)
    });
    Some(group.children(labels))
}

fn head((x, y, heading): (i32, i32, Heading)) -> String {
    let (a, b) = match heading {
        Heading::Right => ((x - 9, y - 5), (x - 9, y + 5)),
        Heading::Left => ((x + 9, y - 5), (x + 9, y + 5)),
        Heading::Down => ((x - 5, y - 9), (x + 5, y - 9)),
        Heading::Up => ((x - 5, y + 9), (x + 5, y + 9)),
    };
    format!("M{x} {y}L{} {}L{} {}Z", a.0, a.1, b.0, b.1)
}
