//! Sets of ports.

use std::fmt;

use serde::Serialize;

/// TCP ports, as ranges that neither overlap nor touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Ports(Vec<(u16, u16)>);

impl Ports {
    /// Every port but 0, which no connection uses.
    pub fn all() -> Self {
        Self::range(1, u16::MAX)
    }

    /// The ports 1024 to 65535: NAT gateways and functions take the port of a
    /// connection from these, so replies go there.
    pub fn ephemeral() -> Self {
        Self::range(1024, u16::MAX)
    }

    /// From first to last; nothing if they are the wrong way round.
    pub fn range(first: u16, last: u16) -> Self {
        Self(if first <= last {
            vec![(first, last)]
        } else {
            Vec::new()
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the port is one of them.
    pub fn contains(&self, port: u16) -> bool {
        self.0
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&port))
    }

    /// The ranges, lowest first.
    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        for (first, last) in &self.0 {
            for (from, to) in &other.0 {
                let (low, high) = ((*first).max(*from), (*last).min(*to));
                if low <= high {
                    both.push((low, high));
                }
            }
        }
        Self::joined(both)
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        Self::joined(self.0.iter().chain(&other.0).copied().collect())
    }

    pub(crate) fn without(&self, other: &Self) -> Self {
        let mut left = self.0.clone();
        for (from, to) in &other.0 {
            left = left
                .into_iter()
                .flat_map(|(first, last)| {
                    let below = (first < *from).then(|| (first, last.min(from - 1)));
                    let above = (last > *to).then(|| (first.max(to + 1), last));
                    [below, above]
                })
                .flatten()
                .collect();
        }
        Self::joined(left)
    }

    fn joined(mut ranges: Vec<(u16, u16)>) -> Self {
        ranges.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(before) if u32::from(first) <= u32::from(before.1) + 1 => {
                    before.1 = before.1.max(last);
                }
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::all() {
            return out.write_str("all ports");
        }
        if self.is_empty() {
            return out.write_str("no port");
        }
        let alone = matches!(self.0.as_slice(), [(first, last)] if first == last);
        out.write_str(if alone { "port " } else { "ports " })?;
        for (place, (first, last)) in self.0.iter().enumerate() {
            let gap = if place == 0 { "" } else { ", " };
            if first == last {
                write!(out, "{gap}{first}")?;
            } else {
                write!(out, "{gap}{first}-{last}")?;
            }
        }
        Ok(())
    }
}
