//! Routes for prefix lists whose entries were not read.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::unknown;
use crate::network::{Asked, Target};
use crate::ports::Ports;
use crate::proof::{Class, Destinations, HopKind, Leg, Replies, Verdict};
use crate::range::Range;
use crate::site::Behind;
use crate::table::{Found, Table};
use crate::walk::Walk;

/// Routes for prefix lists that were not read: some destinations follow them,
/// nobody knows which.
pub(super) fn lists(
    walk: &Walk<'_>,
    nats: &BTreeMap<String, u128>,
    ranges: &[Range],
    asked: &Asked,
) -> Vec<Class> {
    let public = nats
        .keys()
        .filter_map(|id| match walk.nats.get(id.as_str()) {
            Some(Behind::Zonal(_, site)) => site.table.as_ref().ok(),
            _ => None,
        });
    let tables: BTreeMap<&str, &Table<'_>> = walk
        .site
        .table
        .iter()
        .chain(public)
        .map(|table| (table.id, table))
        .collect();
    let mut classes = Vec::new();
    for table in tables.values() {
        for (list, turn) in &table.unread {
            let mut pieces = ranges.iter().flat_map(|range| table.pieces(*range));
            let same = |piece: Range| matches!(table.find(&piece), Found::Route(found, _) if found == *turn);
            if pieces.all(same) {
                continue;
            }
            let told = match turn.target {
                Target::Id(id) if id.starts_with("nat-") || id.starts_with("igw-") => false,
                _ => asked.destination.is_none(),
            };
            let target = turn.target.to_string();
            let verdict = match (told, turn.active) {
                (false, _) => unknown(format!("prefix list {list}")),
                (true, true) => Verdict::Elsewhere {
                    target,
                    leg: Leg::Request,
                },
                (true, false) => Verdict::NoWayOut {
                    hop: HopKind::RouteTable,
                    id: table.id.to_owned(),
                    reason: format!(
                        "the route of {} for {list} to {target} is a blackhole",
                        table.id
                    ),
                },
            };
            classes.push(Class {
                destinations: Destinations::List {
                    id: (*list).to_owned(),
                },
                verdict,
                ports: Ports::default(),
                replies: Replies::default(),
                nats: nats.keys().cloned().collect(),
                narrowed: BTreeSet::new(),
            });
        }
    }
    classes
}
