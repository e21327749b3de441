//! Which destinations are asked for, and pieces merged into classes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::network::{Asked, Vpc};
use crate::ports::Ports;
use crate::proof::{Class, Destinations, Replies, Verdict};
use crate::range::{Family, Range, cover, without};
use crate::table::blocks;

/// What is never on the public internet, by octets and length: this network,
/// private, shared, loopback, link-local, protocol assignments, benchmarks,
/// multicast and reserved. The documentation networks count as public.
const NEVER_PUBLIC: [([u8; 4], u8); 9] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([224, 0, 0, 0], 3),
];

fn v4(octets: [u8; 4], length: u8) -> Option<Range> {
    Ipv4Net::new(octets.into(), length).ok().map(Range::from)
}

/// Whether a network has destinations on the public internet, as far as one
/// block tells.
pub fn is_public(net: &IpNet) -> bool {
    match net {
        IpNet::V4(net) => {
            let mut never = NEVER_PUBLIC
                .iter()
                .filter_map(|(octets, length)| Ipv4Net::new((*octets).into(), *length).ok());
            !never.any(|block| block.contains(net))
        }
        IpNet::V6(net) => {
            let global = Ipv6Net::new([0x2000, 0, 0, 0, 0, 0, 0, 0].into(), 3);
            global.is_ok_and(|global| global.contains(net) || net.contains(&global))
        }
    }
}

/// The asked destinations: one network, or the public internet without the
/// VPC's own blocks. Over IPv6 that is 2000::/3, all that is handed out.
pub(crate) fn asked(asked: &Asked, vpc: Option<&Vpc>, ipv6: bool) -> Vec<Range> {
    if let Some(net) = asked.destination {
        return vec![net.trunc().into()];
    }
    let mut holes: Vec<Range> = NEVER_PUBLIC
        .iter()
        .filter_map(|(octets, length)| v4(*octets, *length))
        .collect();
    holes.extend(vpc.into_iter().flat_map(blocks));
    let global = Ipv6Net::new([0x2000, 0, 0, 0, 0, 0, 0, 0].into(), 3).map(IpNet::V6);
    let wholes = [v4([0; 4], 0), global.ok().map(Range::from).filter(|_| ipv6)];
    wholes
        .into_iter()
        .flatten()
        .flat_map(|whole| without(whole, &holes))
        .collect()
}

type Fare = (Verdict, Ports, Replies);

/// Destinations that fare alike, and what they met.
#[derive(Debug, Default)]
struct Alike {
    pieces: Vec<Range>,
    nats: BTreeSet<String>,
    narrowed: BTreeSet<String>,
}

/// Pieces by how they fare.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    fares: BTreeMap<(Family, Fare), Alike>,
    /// Asked, but not worth a word: no way out over IPv6 leaves IPv4.
    silent: Vec<Range>,
}

impl Pieces {
    pub(crate) fn add(
        &mut self,
        piece: Range,
        fare: Fare,
        nat: Option<String>,
        narrowed: BTreeSet<String>,
    ) {
        let alike = self.fares.entry((piece.family, fare)).or_default();
        alike.pieces.push(piece);
        alike.nats.extend(nat);
        alike.narrowed.extend(narrowed);
    }

    pub(crate) fn silent(&mut self, piece: Range) {
        self.silent.push(piece);
    }

    /// IPv4 before IPv6, then the largest first.
    fn ordered(&self) -> Vec<(&(Family, Fare), &Alike)> {
        let mut ordered: Vec<_> = self.fares.iter().collect();
        ordered.sort_by_key(|((family, _), alike)| {
            let size = alike
                .pieces
                .iter()
                .fold(0_u128, |sum, piece| sum.saturating_add(piece.size()));
            (*family, Reverse(size))
        });
        ordered
    }

    /// A piece of the largest class.
    pub(crate) fn largest(&self) -> Option<Range> {
        let ordered = self.ordered();
        let (_, alike) = ordered.first()?;
        alike.pieces.first().copied()
    }

    pub(crate) fn classes(&self, asked: &Asked) -> Vec<Class> {
        let ordered = self.ordered();
        ordered
            .iter()
            .map(|(key, alike)| {
                let (family, (verdict, ports, replies)) = key;
                let others: Vec<Range> = ordered
                    .iter()
                    .filter(|(other, _)| other != key)
                    .flat_map(|(_, alike)| alike.pieces.iter())
                    .chain(&self.silent)
                    .copied()
                    .filter(|range| range.family == *family)
                    .collect();
                Class {
                    destinations: said(*family, &alike.pieces, &others, asked.destination),
                    verdict: verdict.clone(),
                    ports: ports.clone(),
                    replies: replies.clone(),
                    nats: alike.nats.clone(),
                    narrowed: alike.narrowed.clone(),
                }
            })
            .collect()
    }
}

fn said(
    family: Family,
    pieces: &[Range],
    others: &[Range],
    partner: Option<IpNet>,
) -> Destinations {
    let root = match (partner, family) {
        (Some(net), _) => net.trunc(),
        (None, Family::V4) => IpNet::V4(Ipv4Net::default()),
        (None, Family::V6) => IpNet::V6(Ipv6Net::default()),
    };
    if others.is_empty() {
        return match (partner, family) {
            (Some(_), _) => Destinations::Nets { nets: vec![root] },
            (None, Family::V4) => Destinations::Everything,
            (None, Family::V6) => Destinations::EverythingOverIpv6,
        };
    }
    let nets = cover(root, pieces, others);
    if partner.is_none() && family == Family::V4 {
        let rest = cover(root, others, pieces);
        if rest.len() < nets.len() {
            return Destinations::EverythingBut { nets: rest };
        }
    }
    Destinations::Nets { nets }
}
