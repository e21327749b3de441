//! Which course a way takes, known before anything has its place.

use std::collections::HashMap;

use super::group::{Column, Figure, Figures};

/// Where a node stands among the boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    pub(super) column: Column,
    zone: Option<usize>,
    /// Which box of its zone and column.
    figure: usize,
    /// Which box in that, if it is in a subnet.
    inner: Option<usize>,
}

/// The course of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// To the next box below or above.
    Down,
    /// To the next column.
    Direct,
    /// To another box of the same column, around what is between.
    Loop,
    /// Past a column, or back: through the free lane above all zones, or
    /// below one.
    Lane(usize),
}

/// The slots of all nodes, by key.
pub(super) fn slots<'a>(figures: &Figures<'a>) -> HashMap<&'a str, Slot> {
    let mut slots = HashMap::new();
    for (zone, [private, public]) in figures.zones.iter().enumerate() {
        add(&mut slots, private, Column::Private, Some(zone));
        add(&mut slots, public, Column::Public, Some(zone));
    }
    add(&mut slots, &figures.functions, Column::Functions, None);
    add(&mut slots, &figures.gateway, Column::Gateway, None);
    add(&mut slots, &figures.outside, Column::Outside, None);
    slots
}

fn add<'a>(
    slots: &mut HashMap<&'a str, Slot>,
    figures: &[Figure<'a>],
    column: Column,
    zone: Option<usize>,
) {
    for (figure, one) in figures.iter().enumerate() {
        let subnet = matches!(one, Figure::Subnet { .. });
        for (place, node) in one.nodes().into_iter().enumerate() {
            slots.entry(node.key.as_str()).or_insert(Slot {
                column,
                zone,
                figure,
                inner: place.checked_sub(1).filter(|_| subnet),
            });
        }
    }
}

/// The course between two slots; none where one lies in the other.
pub(super) fn course(from: Slot, to: Slot, zones: usize) -> Option<Course> {
    let same_figure = (from.column, from.zone, from.figure) == (to.column, to.zone, to.figure);
    if same_figure {
        return match (from.inner, to.inner) {
            (Some(a), Some(b)) if a.abs_diff(b) == 1 => Some(Course::Down),
            (Some(a), Some(b)) if a != b => Some(Course::Loop),
            _ => None,
        };
    }
    let (a, b) = (from.column as usize, to.column as usize);
    if a == b {
        let whole = from.inner.is_none() && to.inner.is_none();
        let next = from.zone == to.zone && from.figure.abs_diff(to.figure) == 1;
        return Some(if whole && next {
            Course::Down
        } else {
            Course::Loop
        });
    }
    if b == a + 1 {
        return Some(Course::Direct);
    }
    // The lane below the zone it comes from; from outside the zones, the one
    // above them all. What passes the gateways keeps to the top or the bottom,
    // because they stand in the middle.
    Some(Course::Lane(match from.zone {
        None => 0,
        Some(zone) if to.column == Column::Outside && zone < zones.div_ceil(2) => 0,
        Some(_) if to.column == Column::Outside => zones,
        Some(zone) => zone + 1,
    }))
}
