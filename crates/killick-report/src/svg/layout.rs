//! Where everything goes. Whole pixels only, so that equal pictures give equal
//! text.

use super::group::{COLUMNS, Figures};
use super::place::{Block, Rect, Span, joined, stack};
use super::route::{self, LANE, Lanes, Path};
use crate::{Node, Picture, State};

const MARGIN: i32 = 16;
/// Between the frame of the VPC and what is in it.
const FRAME: i32 = 14;
/// Between the box of a zone and what is in it.
const ZONE: i32 = 12;
const ZONE_TITLE: i32 = 26;
/// Between two things one above the other.
const ROW: i32 = 14;
const WIDTHS: [i32; COLUMNS] = [210, 200, 200, 170, 170];
/// The room to the right of each column, frames included.
const GAPS: [i32; COLUMNS - 1] = [94, 104, 88, 86];

/// A picture with the place of all that is in it.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    pub(super) size: (i32, i32),
    /// The frame of the VPC, with its node if there is one.
    pub(super) frame: Option<(Rect, Option<&'a Node>)>,
    pub(super) zones: Vec<Rect>,
    pub(super) placed: Vec<Block<'a>>,
    pub(super) paths: Vec<Path>,
}

impl<'a> Layout<'a> {
    pub(super) fn of(picture: &'a Picture) -> Self {
        let figures = Figures::of(picture);
        let wanted = route::lanes_wanted(picture, &figures);
        let spans = spans();
        let [functions, private, public, gateway, outside] = spans;
        let mut placed = Vec::new();
        let mut zones = Vec::new();
        let mut lanes: Lanes = Vec::new();

        let lane_room = |index: usize| wanted.get(index).copied().unwrap_or(0) * LANE;
        lanes.push(MARGIN + 4);
        let frame_top = MARGIN + lane_room(0);
        let mut y = frame_top + FRAME + 18;
        let zones_top = y;
        for (number, columns) in figures.zones.iter().enumerate() {
            let top = y + ZONE_TITLE;
            let mut bottom = top;
            for (figures, span) in columns.iter().zip([private, public]) {
                let (blocks, end) = stack(figures, span, top);
                bottom = bottom.max(end);
                placed.extend(blocks);
            }
            zones.push(Rect {
                x: private.x - ZONE,
                y,
                w: public.x + public.w - private.x + 2 * ZONE,
                h: bottom + ZONE - y,
            });
            y = bottom + ZONE;
            lanes.push(y + 2);
            y += lane_room(number + 1).max(ROW);
        }
        let zones_bottom = y;

        let mut bottom = zones_bottom;
        for (figures, span) in [
            (&figures.functions, functions),
            (&figures.gateway, gateway),
            (&figures.outside, outside),
        ] {
            let (_, end) = stack(figures, span, 0);
            let free = zones_bottom - zones_top - end;
            let (blocks, end) = stack(figures, span, zones_top + free.max(0) / 2);
            bottom = bottom.max(end);
            placed.extend(blocks);
        }
        let inside = !figures.zones.is_empty() || !figures.gateway.is_empty();
        let frame = (inside || figures.vpc.is_some()).then(|| {
            let x = private.x - ZONE - FRAME;
            let rect = Rect {
                x,
                y: frame_top,
                w: gateway.x + gateway.w + FRAME - x,
                h: bottom + FRAME - frame_top,
            };
            (rect, figures.vpc)
        });
        let paths = route::paths(picture, &figures, &placed, &spans, &lanes);
        Self {
            size: (outside.x + outside.w + MARGIN, bottom + FRAME + MARGIN),
            frame,
            zones,
            placed,
            paths,
        }
    }
}

fn spans() -> [Span; COLUMNS] {
    let mut x = MARGIN;
    let mut gaps = GAPS.iter();
    WIDTHS.map(|w| {
        let span = Span { x, w };
        x += w + gaps.next().copied().unwrap_or(0);
        span
    })
}

/// The lines under the name of the VPC that say how it fares.
pub(super) fn frame_title(node: Option<&Node>) -> String {
    node.map_or_else(
        || "VPC".to_owned(),
        |node| {
            let state = match node.state {
                State::Fine => String::new(),
                state => format!("{} {}", state.mark(), state.word()),
            };
            joined(&[&node.label, &node.detail, &state, &node.findings.join(" ")])
        },
    )
}
