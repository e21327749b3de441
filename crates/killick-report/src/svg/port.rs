//! Where ways meet boxes, and where they turn, so that they keep apart.

use std::collections::HashMap;

use super::course::Course;
use super::place::Rect;

/// Where a way through a lane runs: how many others are above it, and how many
/// go up or down nearer to the boxes than it does.
#[derive(Clone, Copy, Default)]
pub(super) struct Turn {
    pub(super) lane: i32,
    pub(super) step: i32,
}

/// The turns of all ways through lanes, so that those to one column cross each
/// other as little as may be: the lower its end, the lower the lane.
pub(super) fn turns(ends: &[Option<Ends>]) -> HashMap<usize, Turn> {
    let mut lanes: HashMap<usize, Vec<(i32, usize)>> = HashMap::new();
    for (index, ends) in ends.iter().enumerate() {
        if let Some(ends) = ends
            && let Course::Lane(lane) = ends.course
        {
            lanes.entry(lane).or_default().push((ends.to.y, index));
        }
    }
    let mut turns = HashMap::new();
    for (lane, mut ways) in lanes {
        ways.sort_unstable();
        let last = i32::try_from(ways.len()).unwrap_or(i32::MAX) - 1;
        for (number, (_, index)) in (0..).zip(ways) {
            let step = if lane == 0 { number } else { last - number };
            turns.insert(index, Turn { lane: number, step });
        }
    }
    turns
}

/// The boxes at the ends of a way.
pub(super) struct Ends {
    pub(super) from: Rect,
    pub(super) to: Rect,
    pub(super) course: Course,
    /// Which columns they are in, from the left.
    pub(super) columns: (usize, usize),
}

impl Ends {
    /// Whether it comes in on the right side.
    pub(super) fn backwards(&self) -> bool {
        self.columns.1 <= self.columns.0
    }
}

/// The heights at which ways leave and enter boxes, so that no two of them
/// share one.
pub(super) struct Ports {
    heights: HashMap<(usize, bool), i32>,
}

impl Ports {
    pub(super) fn of(ends: &[Option<Ends>]) -> Self {
        // For each side of each box: what leads there, by the height from
        // which it comes.
        type Side = (i32, i32, bool);
        type Arrivals = Vec<(i32, usize, bool)>;
        let mut sides: HashMap<Side, (Rect, Arrivals)> = HashMap::new();
        for (index, ends) in ends.iter().enumerate() {
            let Some(ends) = ends else { continue };
            if ends.course == Course::Down {
                continue;
            }
            // Ways through a lane come from below or, the first, from above.
            let via = match ends.course {
                Course::Lane(0) => Some(i32::MIN),
                Course::Lane(_) => Some(i32::MAX),
                _ => None,
            };
            let mut add = |rect: Rect, right: bool, other: i32, start: bool| {
                let side = sides
                    .entry((rect.x, rect.y, right))
                    .or_insert((rect, Vec::new()));
                side.1.push((other, index, start));
            };
            add(ends.from, true, via.unwrap_or(ends.to.middle()), true);
            add(
                ends.to,
                ends.backwards(),
                via.unwrap_or(ends.from.middle()),
                false,
            );
        }
        let mut heights = HashMap::new();
        for (rect, mut ways) in sides.into_values() {
            ways.sort_unstable();
            let parts = i32::try_from(ways.len())
                .unwrap_or(i32::MAX)
                .saturating_add(1);
            for (place, (_, index, start)) in (1..).zip(ways) {
                heights.insert((index, start), rect.y + rect.h * place / parts);
            }
        }
        Self { heights }
    }

    pub(super) fn of_way(&self, index: usize, ends: &Ends) -> (i32, i32) {
        let height = |start: bool, rect: Rect| {
            let height = self.heights.get(&(index, start));
            height.copied().unwrap_or(rect.middle())
        };
        (height(true, ends.from), height(false, ends.to))
    }
}
