//! What is drawn as one box.

use std::collections::HashMap;

use crate::{Edge, Kind, Node, Picture, State};

/// One box of the picture.
#[derive(Clone, Debug)]
pub(super) enum Figure<'a> {
    /// A node.
    One(&'a Node),
    /// Functions with the same way out, one line each.
    List(Vec<&'a Node>),
    /// A subnet with what lies in it, and the ways from it into that which
    /// are not as they should be.
    Subnet {
        node: &'a Node,
        inside: Vec<&'a Node>,
        cut: Vec<(&'a Edge, Kind)>,
    },
}

impl<'a> Figure<'a> {
    /// All nodes drawn in it.
    pub(super) fn nodes(&self) -> Vec<&'a Node> {
        match self {
            Self::One(node) => vec![node],
            Self::List(nodes) => nodes.clone(),
            Self::Subnet { node, inside, .. } => {
                let mut all = vec![*node];
                all.extend(inside);
                all
            }
        }
    }
}

/// Where a node stands, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Functions,
    Private,
    Public,
    Gateway,
    Outside,
}

pub(super) const COLUMNS: usize = 5;

/// All boxes of a picture: those of each zone and column, and those of none.
#[derive(Debug)]
pub(super) struct Figures<'a> {
    /// The frame around the zones.
    pub(super) vpc: Option<&'a Node>,
    /// For each zone its private and its public column.
    pub(super) zones: Vec<[Vec<Figure<'a>>; 2]>,
    pub(super) functions: Vec<Figure<'a>>,
    pub(super) gateway: Vec<Figure<'a>>,
    pub(super) outside: Vec<Figure<'a>>,
}

impl<'a> Figures<'a> {
    pub(super) fn of(picture: &'a Picture) -> Self {
        let nodes = picture.nodes.iter();
        let rest: Vec<&Node> = nodes.filter(|node| !picture.is_frame(node)).collect();
        let at = |zone: Option<usize>, column: Column| -> Vec<&'a Node> {
            let here = |node: &&&Node| place(node, picture.zone_of(node)) == (zone, column);
            rest.iter().filter(here).copied().collect()
        };
        let zones = (0..picture.zones.len()).map(|zone| {
            [
                (Column::Private, Kind::PrivateSubnet),
                (Column::Public, Kind::PublicSubnet),
            ]
            .map(|(column, kind)| subnets(picture, at(Some(zone), column), kind))
        });
        let single = |column: Column| at(None, column).into_iter().map(Figure::One);
        Self {
            vpc: picture.frame(),
            zones: zones.collect(),
            functions: functions(picture, at(None, Column::Functions)),
            gateway: single(Column::Gateway).collect(),
            outside: single(Column::Outside).collect(),
        }
    }
}

/// The zone and column of a node. Functions run in all zones, so theirs is
/// passed over.
fn place(node: &Node, zone: Option<usize>) -> (Option<usize>, Column) {
    match (node.kind, zone) {
        (Kind::Function | Kind::SecurityGroup, _) => (None, Column::Functions),
        (Kind::PrivateSubnet | Kind::RouteTable | Kind::NetworkAcl, Some(_)) => {
            (zone, Column::Private)
        }
        (Kind::PublicSubnet | Kind::NatGateway | Kind::ElasticIp | Kind::Other, Some(_)) => {
            (zone, Column::Public)
        }
        (Kind::Internet | Kind::Other | Kind::Vpc, _) => (None, Column::Outside),
        _ => (None, Column::Gateway),
    }
}

/// Nodes of one zone and column: the first subnet holds what is no subnet.
fn subnets<'a>(picture: &'a Picture, nodes: Vec<&'a Node>, kind: Kind) -> Vec<Figure<'a>> {
    let (subnets, loose): (Vec<_>, Vec<_>) = nodes.into_iter().partition(|node| node.kind == kind);
    if subnets.is_empty() {
        return loose.into_iter().map(Figure::One).collect();
    }
    let mut loose = Some(loose);
    let hold = |node: &'a Node| {
        let inside = loose.take().unwrap_or_default();
        let cut = picture.edges.iter().filter_map(|edge| {
            let inner = inside.iter().find(|inner| inner.key == edge.to)?;
            let told = edge.state.cut() || !edge.findings.is_empty();
            (told && edge.from == node.key).then_some((edge, inner.kind))
        });
        Figure::Subnet {
            node,
            cut: cut.collect(),
            inside,
        }
    };
    subnets.into_iter().map(hold).collect()
}

/// More functions than this are never listed one by one.
pub(super) const LISTED: usize = 40;

/// Where ways lead, and how they fare.
type Ways<'a> = Vec<(&'a str, State)>;

/// Functions with the same way out share a box; one with another way, or with
/// a finding, stands apart and first.
fn functions<'a>(picture: &'a Picture, nodes: Vec<&'a Node>) -> Vec<Figure<'a>> {
    let (functions, groups): (Vec<_>, Vec<_>) = nodes
        .into_iter()
        .partition(|node| node.kind == Kind::Function);
    let mut out: HashMap<&str, Ways<'_>> = HashMap::new();
    for edge in &picture.edges {
        out.entry(&edge.from)
            .or_default()
            .push((&edge.to, edge.state));
    }
    let mut alike: Vec<(Ways<'_>, State, Vec<&Node>)> = Vec::new();
    for node in functions {
        let mut ways = out.get(node.key.as_str()).cloned().unwrap_or_default();
        ways.sort_unstable();
        let same = alike
            .iter_mut()
            .find(|(other, state, _)| *other == ways && *state == node.state);
        match same {
            Some((_, _, members)) => members.push(node),
            None => alike.push((ways, node.state, vec![node])),
        }
    }
    let fine = |ways: &[(&str, State)], state: State| {
        state == State::Fine && ways.iter().all(|(_, state)| *state == State::Fine)
    };
    alike.sort_by_key(|(ways, state, _)| fine(ways, *state));
    let lists = alike
        .into_iter()
        .map(|(_, _, members)| match members.as_slice() {
            [one] => Figure::One(one),
            _ => Figure::List(members),
        });
    lists.chain(groups.into_iter().map(Figure::One)).collect()
}
