//! Which route of a table decides.

use ipnet::IpNet;

use crate::network::{Destination, Known, Origin, Route, RouteTable, Target, Vpc};
use crate::range::Range;

/// What a route does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn<'a> {
    pub(crate) target: &'a Target,
    pub(crate) active: bool,
}

/// Ascending: among equal prefixes the last one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Propagated,
    List,
    Created,
    Local,
}

#[derive(Debug)]
struct Entry<'a> {
    net: Range,
    rank: Rank,
    turn: Turn<'a>,
}

/// The answer of a table for a piece that no route divides.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    Nothing,
    Route(Turn<'a>, Range),
    /// Several routes of equal right and different effect.
    Torn,
}

/// A VPC's own blocks.
pub(crate) fn blocks(vpc: &Vpc) -> impl Iterator<Item = Range> {
    let v4 = vpc.cidrs.iter().map(|net| IpNet::V4(*net));
    let v6 = vpc.ipv6_cidrs.iter().map(|net| IpNet::V6(*net));
    v4.chain(v6).map(Range::from)
}

/// A route table with its prefix lists written out.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    pub(crate) id: &'a str,
    /// The longest prefixes first, and of these the highest rank.
    entries: Vec<Entry<'a>>,
    /// Routes for lists whose entries were not read.
    pub(crate) unread: Vec<(&'a str, Turn<'a>)>,
}

static LOCAL: Target = Target::Local;

impl<'a> Table<'a> {
    /// The `local` routes of the VPC's blocks are added where they were left out.
    pub(crate) fn new(table: &'a RouteTable, vpc: Option<&Vpc>) -> Self {
        let mut built = Self {
            id: &table.id,
            entries: Vec::new(),
            unread: Vec::new(),
        };
        for route in &table.routes {
            built.add(route);
        }
        for net in vpc.into_iter().flat_map(blocks) {
            let there = |entry: &Entry<'_>| entry.net == net && entry.rank == Rank::Local;
            if !built.entries.iter().any(there) {
                let turn = Turn {
                    target: &LOCAL,
                    active: true,
                };
                built.push(net, Rank::Local, turn);
            }
        }
        built
            .entries
            .sort_by(|a, b| (a.net.size(), b.rank, &a.turn).cmp(&(b.net.size(), a.rank, &b.turn)));
        built.unread.sort();
        built
    }

    fn add(&mut self, route: &'a Route) {
        let turn = Turn {
            target: &route.target,
            active: route.active,
        };
        let rank = match route.origin {
            Origin::Local => Rank::Local,
            Origin::Created => Rank::Created,
            Origin::Propagated => Rank::Propagated,
        };
        match &route.to {
            Destination::V4(net) => self.push((*net).into(), rank, turn),
            Destination::V6(net) => self.push(IpNet::V6(*net).into(), rank, turn),
            Destination::List(list) => match &list.entries {
                Known::Read(nets) => {
                    let rank = rank.min(Rank::List);
                    for net in nets {
                        self.push((*net).into(), rank, turn.clone());
                    }
                }
                Known::Unread => self.unread.push((&list.id, turn)),
            },
        }
    }

    fn push(&mut self, net: Range, rank: Rank, turn: Turn<'a>) {
        self.entries.push(Entry { net, rank, turn });
    }

    pub(crate) fn nets(&self) -> impl Iterator<Item = &Range> {
        self.entries.iter().map(|entry| &entry.net)
    }

    /// Every target of an active route.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &'a Target> {
        self.entries.iter().map(|entry| entry.turn.target)
    }

    /// The route for a piece that no route divides: the longest prefix, then
    /// the rank of its origin.
    pub(crate) fn find(&self, to: &Range) -> Found<'a> {
        let mut holding = self.entries.iter().filter(|entry| entry.net.holds(to));
        let Some(best) = holding.next() else {
            return Found::Nothing;
        };
        let torn = holding
            .take_while(|entry| entry.net == best.net && entry.rank == best.rank)
            .any(|entry| entry.turn != best.turn);
        if torn {
            Found::Torn
        } else {
            Found::Route(best.turn.clone(), best.net)
        }
    }

    /// The range in pieces that no route divides.
    pub(crate) fn pieces(&self, whole: Range) -> Vec<Range> {
        whole.cut(self.nets())
    }
}
