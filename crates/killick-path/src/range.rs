//! Ranges of addresses: the partition of destinations, and its way back to
//! networks that people read.

use std::fmt;
use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    V4,
    V6,
}

/// Addresses of one family, the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) family: Family,
    pub(crate) first: u128,
    pub(crate) last: u128,
}

impl From<IpNet> for Range {
    fn from(net: IpNet) -> Self {
        match net {
            IpNet::V4(net) => Self {
                family: Family::V4,
                first: u128::from(u32::from(net.network())),
                last: u128::from(u32::from(net.broadcast())),
            },
            IpNet::V6(net) => Self {
                family: Family::V6,
                first: u128::from(net.network()),
                last: u128::from(net.broadcast()),
            },
        }
    }
}

impl From<Ipv4Net> for Range {
    fn from(net: Ipv4Net) -> Self {
        IpNet::V4(net).into()
    }
}

impl From<Ipv4Addr> for Range {
    fn from(address: Ipv4Addr) -> Self {
        Ipv4Net::from(address).into()
    }
}

impl Range {
    pub(crate) fn holds(&self, inner: &Self) -> bool {
        self.family == inner.family && self.first <= inner.first && inner.last <= self.last
    }

    fn meets(&self, other: &Self) -> bool {
        self.family == other.family && self.first <= other.last && other.first <= self.last
    }

    /// Cut wherever one of the networks begins or ends: each piece lies wholly
    /// inside or wholly outside of every one of them.
    pub(crate) fn cut<'a>(&self, nets: impl IntoIterator<Item = &'a Self>) -> Vec<Self> {
        let mut starts: Vec<u128> = nets
            .into_iter()
            .filter(|net| net.meets(self))
            .flat_map(|net| [Some(net.first), net.last.checked_add(1)])
            .flatten()
            .filter(|start| self.first < *start && *start <= self.last)
            .collect();
        starts.push(self.first);
        starts.sort_unstable();
        starts.dedup();
        let ends = starts
            .iter()
            .skip(1)
            .map(|next| next - 1)
            .chain([self.last]);
        starts
            .iter()
            .zip(ends)
            .map(|(first, last)| Self {
                family: self.family,
                first: *first,
                last,
            })
            .collect()
    }

    /// How many addresses: only to see which of two is larger.
    pub(crate) fn size(&self) -> u128 {
        (self.last - self.first).saturating_add(1)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match smallest(self.family, self.first, self.last) {
            Some(net) => write!(out, "{net}"),
            None => Ok(()),
        }
    }
}

/// What is left of a range without others.
pub(crate) fn without(whole: Range, holes: &[Range]) -> Vec<Range> {
    whole
        .cut(holes)
        .into_iter()
        .filter(|piece| !holes.iter().any(|hole| hole.holds(piece)))
        .collect()
}

/// The shortest list of networks inside of `root` that holds every one of
/// `wanted` and none of `others`; what is in neither does not matter.
pub(crate) fn cover(root: IpNet, wanted: &[Range], others: &[Range]) -> Vec<IpNet> {
    let root_range = Range::from(root);
    let inside: Vec<Range> = wanted
        .iter()
        .filter(|range| range.meets(&root_range))
        .copied()
        .collect();
    let (Some(first), Some(last)) = (
        inside.iter().map(|range| range.first).min(),
        inside.iter().map(|range| range.last).max(),
    ) else {
        return Vec::new();
    };
    let against: Vec<Range> = others
        .iter()
        .filter(|range| range.meets(&root_range))
        .copied()
        .collect();
    if against.is_empty() {
        let first = first.max(root_range.first);
        let last = last.min(root_range.last);
        return vec![smallest(root_range.family, first, last).unwrap_or(root)];
    }
    let (low, high) = halves(root);
    [low, high]
        .into_iter()
        .flatten()
        .flat_map(|half| cover(half, &inside, &against))
        .collect()
}

fn halves(net: IpNet) -> (Option<IpNet>, Option<IpNet>) {
    let mut both = net
        .subnets(net.prefix_len().saturating_add(1))
        .into_iter()
        .flatten();
    (both.next(), both.next())
}

/// The smallest network that holds both addresses.
fn smallest(family: Family, first: u128, last: u128) -> Option<IpNet> {
    let same = (first ^ last).leading_zeros();
    match family {
        Family::V4 => {
            let bits = u8::try_from(same.checked_sub(96)?).ok()?;
            let bottom = Ipv4Addr::from(u32::try_from(first).ok()?);
            Some(IpNet::V4(Ipv4Net::new(bottom, bits).ok()?.trunc()))
        }
        Family::V6 => {
            let bits = u8::try_from(same).ok()?;
            Some(IpNet::V6(Ipv6Net::new(first.into(), bits).ok()?.trunc()))
        }
    }
}
