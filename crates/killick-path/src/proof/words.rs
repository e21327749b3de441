//! Verdicts in words.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;

use ipnet::IpNet;

use super::{Class, Destinations, Leg, Replies, Unnamed, Verdict};
use crate::ports::Ports;

/// `a`, `a or b`, `a, b or c`.
fn list<T: fmt::Display>(items: impl IntoIterator<Item = T>, last: &str) -> String {
    let mut words: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match words.pop() {
        Some(end) if words.is_empty() => end,
        Some(end) => format!("{} {last} {end}", words.join(", ")),
        None => String::new(),
    }
}

/// Five networks, or three and how many more there are.
fn nets(nets: &[IpNet]) -> String {
    if nets.len() <= 5 {
        return list(nets, "and");
    }
    let first = nets.iter().take(3).map(ToString::to_string);
    let more = format!("{} more", nets.len().saturating_sub(3));
    list(first.chain([more]), "and")
}

impl Verdict {
    /// By effect: `leaves by 203.0.113.7`.
    pub fn sentence(&self) -> String {
        match self {
            Self::Leaves { addresses } => format!("leaves by {}", list(addresses, "or")),
            Self::Outside {
                addresses,
                unlisted,
                unnamed,
            } => outside(addresses, unlisted, unnamed.as_ref()),
            Self::NoWayOut { reason, .. } => format!("no way out: {reason}"),
            Self::Elsewhere {
                leg: Leg::Reply,
                target,
            } => format!("gets no reply: replies are diverted to {target}"),
            Self::Elsewhere { target, .. } if target == "local" => "stays inside the VPC".into(),
            Self::Elsewhere { target, .. } => {
                format!("goes to {target}, past the fixed addresses")
            }
            Self::Unknown { what } => {
                format!("cannot be told, not known: {}", list(what, "and"))
            }
        }
    }
}

fn outside(
    addresses: &BTreeSet<Ipv4Addr>,
    unlisted: &BTreeSet<Ipv4Addr>,
    unnamed: Option<&Unnamed>,
) -> String {
    let unnamed = unnamed.map(|whose| match whose {
        Unnamed::Aws => "an address that AWS picks".to_owned(),
        Unnamed::NatGateway(id) => format!("an address of {id} that is not known"),
    });
    let mut ways: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    ways.extend(unnamed);
    let ways = list(ways, "or");
    if unlisted.is_empty() {
        return format!("leaves by {ways}");
    }
    let verb = if unlisted.len() == 1 { "is" } else { "are" };
    if addresses == unlisted {
        format!("leaves by {ways}, which {verb} not in the set")
    } else {
        let strangers = list(unlisted, "and");
        format!("leaves by {ways}; {strangers} {verb} not in the set")
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence())
    }
}

impl fmt::Display for Destinations {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => out.write_str("everything"),
            Self::EverythingBut { nets: rest } => write!(out, "everything but {}", nets(rest)),
            Self::Nets { nets: these } => out.write_str(&nets(these)),
            Self::List { id } => write!(out, "prefix list {id}"),
            Self::EverythingOverIpv6 => out.write_str("everything over IPv6"),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = match self.verdict {
            Verdict::NoWayOut { .. } | Verdict::Unknown { .. } => ": ",
            _ => " ",
        };
        write!(out, "{}{gap}{}", self.destinations, self.verdict)?;
        if matches!(
            self.verdict,
            Verdict::Leaves { .. } | Verdict::Outside { .. }
        ) {
            if self.ports != Ports::all() {
                write!(out, ", {} only", self.ports)?;
            }
            if self.replies != Replies::all() {
                out.write_str(", but some replies are lost")?;
            }
        }
        Ok(())
    }
}
