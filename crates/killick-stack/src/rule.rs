//! Security group rules, one source or destination each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One rule: `all 0.0.0.0/0`, `tcp 443 203.0.113.0/24`, `udp 1024-65535 sg-0abc`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Rule {
    /// `tcp`, `udp`, `icmp`, a protocol number; `-1` is all.
    protocol: String,
    /// First and last port, or ICMP type and code.
    ports: Option<(i32, i32)>,
    /// A CIDR, a prefix list or a security group.
    peer: String,
}

impl Rule {
    /// One of these three; an answer of EC2 has them in places of their own.
    pub fn new(protocol: &str, ports: Option<(i32, i32)>, peer: &str) -> Self {
        Self {
            protocol: protocol.to_owned(),
            ports,
            peer: peer.to_owned(),
        }
    }

    /// Everything to anywhere.
    pub fn everything() -> Self {
        Self {
            protocol: "-1".to_owned(),
            ports: None,
            peer: "0.0.0.0/0".to_owned(),
        }
    }

    /// `tcp`, `udp`, `icmp`, a protocol number; `-1` is all.
    pub fn protocol(&self) -> &str {
        &self.protocol
    }

    /// First and last port, if it is about some only.
    pub fn ports(&self) -> Option<(i32, i32)> {
        self.ports
    }

    /// A CIDR, a prefix list or a security group.
    pub fn peer(&self) -> &str {
        &self.peer
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.protocol.as_str() {
            "-1" => f.write_str("all")?,
            protocol => f.write_str(protocol)?,
        }
        match self.ports {
            None => {}
            Some((first, last)) if first == last => write!(f, " {first}")?,
            Some((first, last)) => write!(f, " {first}-{last}")?,
        }
        write!(f, " {}", self.peer)
    }
}

/// A text that is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a security group rule")]
pub struct NoRule;

impl FromStr for Rule {
    type Err = NoRule;

    fn from_str(text: &str) -> Result<Self, NoRule> {
        let mut words = text.split(' ');
        let protocol = words.next().ok_or(NoRule)?;
        let (ports, peer) = match (words.next(), words.next(), words.next()) {
            (Some(peer), None, None) => (None, peer),
            (Some(ports), Some(peer), None) => (Some(ports), peer),
            _ => return Err(NoRule),
        };
        let number = |text: &str| text.parse::<i32>().map_err(|_| NoRule);
        let ports = match ports {
            None => None,
            // ICMP types may be -1, so only a dash after a digit divides.
            Some(ports) => match ports.get(1..).and_then(|rest| rest.find('-')) {
                None => Some((number(ports)?, number(ports)?)),
                Some(at) => {
                    let (first, last) = ports.split_at_checked(at + 1).ok_or(NoRule)?;
                    Some((number(first)?, number(last.get(1..).ok_or(NoRule)?)?))
                }
            },
        };
        let protocol = if protocol == "all" { "-1" } else { protocol };
        Ok(Self {
            protocol: protocol.to_owned(),
            ports,
            peer: peer.to_owned(),
        })
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}

impl TryFrom<String> for Rule {
    type Error = NoRule;

    fn try_from(text: String) -> Result<Self, NoRule> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_rule_survives_being_written_down() {
        for text in [
            "all 0.0.0.0/0",
            "all ::/0",
            "tcp 443 203.0.113.0/24",
            "udp 1024-65535 sg-0abc",
            "icmp -1 0.0.0.0/0",
            "icmp 3--1 0.0.0.0/0",
            "tcp 443 pl-0abc",
            "50 198.51.100.0/24",
        ] {
            let rule: Rule = text.parse().unwrap();
            assert_eq!(rule.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "",
            "all",
            "tcp x 0.0.0.0/0",
            "tcp 1 2 3",
            "tcp 1-x 0.0.0.0/0",
        ] {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }
}
