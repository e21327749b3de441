//! What network ACLs and security groups let through.

use std::collections::BTreeSet;
use std::fmt;

use crate::network::{Acl, AclEntry, Known, Network, Peer, Protocol, Rule};
use crate::ports::Ports;
use crate::range::Range;

/// The TCP ports of a rule.
fn tcp(protocol: &Protocol, ports: Option<(u16, u16)>) -> Ports {
    match (protocol, ports) {
        (Protocol::All, _) | (Protocol::Tcp, None) => Ports::all(),
        (Protocol::Tcp, Some((first, last))) => Ports::range(first, last),
        _ => Ports::default(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    In,
    Out,
}

/// The entry that denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    Entry(u16),
    Final,
}

impl fmt::Display for Denial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(number) => write!(out, "rule {number}"),
            Self::Final => out.write_str("its final rule (*)"),
        }
    }
}

/// An ACL's entries in the order in which they count.
#[derive(Debug)]
pub(crate) struct Filter<'a> {
    pub(crate) id: &'a str,
    entries: Vec<(&'a AclEntry, Range, Ports)>,
}

impl<'a> Filter<'a> {
    pub(crate) fn new(acl: &'a Acl) -> Self {
        let mut entries: Vec<&AclEntry> = acl.entries.iter().collect();
        entries.sort();
        Self {
            id: &acl.id,
            entries: entries
                .into_iter()
                .map(|entry| (entry, entry.net.into(), tcp(&entry.protocol, entry.ports)))
                .collect(),
        }
    }

    pub(crate) fn nets(&self) -> impl Iterator<Item = &Range> {
        self.entries.iter().map(|(_, net, _)| net)
    }

    /// Which of these ports pass to or from a piece that no entry divides, and
    /// what denied the first of the others.
    pub(crate) fn pass(&self, way: Way, remote: &Range, ports: &Ports) -> (Ports, Option<Denial>) {
        let mut open = ports.clone();
        let mut passed = Ports::default();
        let mut denial = None;
        for (entry, net, covered) in &self.entries {
            if open.is_empty() {
                break;
            }
            if entry.egress != (way == Way::Out) || !net.holds(remote) {
                continue;
            }
            let hit = open.and(covered);
            if hit.is_empty() {
                continue;
            }
            if entry.allow {
                passed = passed.or(&hit);
            } else {
                denial = denial.or(Some(Denial::Entry(entry.number)));
            }
            open = open.without(covered);
        }
        if !open.is_empty() {
            denial = denial.or(Some(Denial::Final));
        }
        (passed, denial)
    }
}

/// The union of a runner's groups.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// Their ids, for people.
    pub(crate) ids: String,
    rules: Vec<(Range, Ports)>,
    /// What may allow more, but was not read.
    unread: Vec<(String, Ports)>,
}

impl Groups {
    pub(crate) fn new(network: &Network, ids: &[String]) -> Self {
        let unique: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let mut union = Self {
            ids: unique.iter().copied().collect::<Vec<_>>().join(", "),
            ..Self::default()
        };
        let Some(groups) = network.security_groups.read() else {
            if !ids.is_empty() {
                union.unread.push(("security groups".into(), Ports::all()));
            }
            return union;
        };
        for id in unique {
            match groups.iter().find(|group| group.id == id) {
                Some(group) => group.egress.iter().for_each(|rule| union.add(rule)),
                None => union
                    .unread
                    .push((format!("security group {id}"), Ports::all())),
            }
        }
        union
    }

    fn add(&mut self, rule: &Rule) {
        let ports = tcp(&rule.protocol, rule.ports);
        match &rule.peer {
            Peer::Net(net) => self.rules.push(((*net).into(), ports)),
            Peer::List(list) => match &list.entries {
                Known::Read(nets) => self
                    .rules
                    .extend(nets.iter().map(|net| ((*net).into(), ports.clone()))),
                Known::Unread => self
                    .unread
                    .push((format!("prefix list {}", list.id), ports)),
            },
            Peer::Group(_) => {}
        }
    }

    pub(crate) fn nets(&self) -> impl Iterator<Item = &Range> {
        self.rules.iter().map(|(net, _)| net)
    }

    /// The ports that surely pass.
    pub(crate) fn pass(&self, remote: &Range, ports: &Ports) -> Ports {
        self.rules
            .iter()
            .filter(|(net, _)| net.holds(remote))
            .fold(Ports::default(), |union, (_, open)| {
                union.or(&open.and(ports))
            })
    }

    /// The ports that pass if what was not read allows them, and what that is.
    pub(crate) fn may_pass(&self, ports: &Ports) -> (Ports, BTreeSet<String>) {
        let mut union = Ports::default();
        let mut names = BTreeSet::new();
        for (name, open) in &self.unread {
            let hit = open.and(ports);
            if !hit.is_empty() {
                union = union.or(&hit);
                names.insert(name.clone());
            }
        }
        (union, names)
    }
}
