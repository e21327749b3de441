//! The walk: one piece of the destinations, from the function to the public
//! address and back.

use std::collections::BTreeMap;

use crate::filter::{Groups, Way};
use crate::journey::{Exit, Halt, Journey, Stage};
use crate::network::{Network, Target};
use crate::ports::Ports;
use crate::proof::{HopKind, Leg};
use crate::range::{Family, Range};
use crate::site::{Behind, Site, behind};
use crate::table::{Found, Table};

mod ipv6;
mod nat;

/// A subnet that a runner may run in.
pub(crate) struct Walk<'a> {
    pub(crate) network: &'a Network,
    pub(crate) site: Site<'a>,
    /// None: not looked at.
    pub(crate) groups: Option<Groups>,
    /// Whether the function has IPv6.
    pub(crate) ipv6: bool,
    /// The ports that were asked for.
    wanted: Ports,
    pub(crate) nats: BTreeMap<&'a str, Behind<'a>>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        network: &'a Network,
        site: Site<'a>,
        groups: Option<Groups>,
        ipv6: bool,
        port: Option<u16>,
    ) -> Self {
        let nats = match &site.table {
            Ok(table) => behind(network, &site.subnet.vpc, table),
            Err(_) => BTreeMap::new(),
        };
        Self {
            network,
            site,
            groups,
            ipv6,
            wanted: port.map_or_else(Ports::all, |port| Ports::range(port, port)),
            nats,
        }
    }

    /// Every prefix that may divide the destinations.
    pub(crate) fn nets(&self) -> Vec<&Range> {
        let mut sites = vec![&self.site];
        sites.extend(self.nats.values().filter_map(|behind| match behind {
            Behind::Zonal(_, site) => Some(site),
            _ => None,
        }));
        let mut nets: Vec<&Range> = self.groups.iter().flat_map(Groups::nets).collect();
        for site in sites {
            nets.extend(site.acl.iter().flat_map(|acl| acl.nets()));
            nets.extend(site.table.iter().flat_map(Table::nets));
        }
        nets
    }

    /// A piece that no prefix divides.
    pub(crate) fn follow(&self, to: &Range, traced: bool) -> (Result<Exit, Halt>, Journey) {
        let (sure, maybe, names) = match &self.groups {
            None => (self.wanted.clone(), Ports::default(), Default::default()),
            Some(groups) => {
                let (maybe, names) = groups.may_pass(&self.wanted);
                (groups.pass(to, &self.wanted), maybe, names)
            }
        };
        let mut journey = Journey::new(sure.clone(), Default::default(), traced);
        let mut end = self.step(to, &mut journey);
        if matches!(end, Err(Halt::Stopped { .. })) && !maybe.is_empty() {
            journey = Journey::new(sure.or(&maybe), names, traced);
            end = self.step(to, &mut journey);
        }
        match &end {
            Err(Halt::Stopped { hop, id, reason }) => {
                journey.hop(*hop, id, || reason.clone());
            }
            Err(Halt::Away { target, leg }) => journey.hop(HopKind::Other, target, || match leg {
                Leg::Request => "the way leads here".into(),
                Leg::Reply => "replies are diverted here".into(),
            }),
            _ => {}
        }
        (end, journey)
    }

    fn step(&self, to: &Range, at: &mut Journey) -> Result<Exit, Halt> {
        let subnet = self.site.subnet;
        at.hop(HopKind::Subnet, &subnet.id, || {
            format!("{} in {}", subnet.cidr, subnet.zone)
        });
        if to.family == Family::V6 {
            return self.over_ipv6(to, at);
        }
        self.group(at)?;
        let table = match &self.site.table {
            Ok(table) => table,
            Err(what) => return Err(at.lost(what)),
        };
        let inside = match table.find(to) {
            Found::Route(turn, _) => self.stays(turn.target),
            _ => false,
        };
        if !inside {
            at.filter(&self.site.acl, Way::Out, &[*to], Stage::Request)?;
        }
        match self.route(table, to, at)? {
            Target::Local => Err(Halt::away("local", Leg::Request)),
            Target::Id(id) if id.starts_with("igw-") => Err(Halt::stopped(
                HopKind::InternetGateway,
                id,
                format!(
                    "route table {} leads to {id}, but a function has no public address",
                    table.id
                ),
            )),
            Target::Id(id) => match self.nats.get(id.as_str()) {
                None | Some(Behind::Foreign) => Err(Halt::away(id, Leg::Request)),
                Some(Behind::Unread(what)) => Err(at.lost(what)),
                Some(Behind::Regional(nat)) => self.regional(nat, to, at),
                Some(Behind::Zonal(nat, site)) => self.zonal(nat, site, to, at),
            },
        }
    }

    fn group(&self, at: &mut Journey) -> Result<(), Halt> {
        let Some(groups) = &self.groups else {
            return Ok(());
        };
        let (ids, open) = (&groups.ids, at.ports.clone());
        if !open.is_empty() {
            at.hop(HopKind::SecurityGroup, ids, || {
                format!("lets requests out: {open}")
            });
            return Ok(());
        }
        let to = if self.wanted == Ports::all() {
            String::new()
        } else {
            format!(" to {}", self.wanted)
        };
        let reason = if ids.is_empty() {
            "the function has no security group".to_owned()
        } else {
            format!("no rule of {ids} lets requests{to} out")
        };
        Err(Halt::stopped(HopKind::SecurityGroup, ids, reason))
    }

    /// The target of the route that decides; drops and doubts end the way.
    fn route<'t>(
        &self,
        table: &Table<'t>,
        to: &Range,
        at: &mut Journey,
    ) -> Result<&'t Target, Halt> {
        let id = table.id;
        match table.find(to) {
            Found::Nothing => Err(Halt::stopped(
                HopKind::RouteTable,
                id,
                format!("route table {id} has no route out"),
            )),
            Found::Torn => Err(at.lost(format!("which of the equal routes of {id} wins"))),
            Found::Route(turn, net) if !turn.active => Err(Halt::stopped(
                HopKind::RouteTable,
                id,
                format!(
                    "the route of {id} for {net} to {} is a blackhole",
                    turn.target
                ),
            )),
            Found::Route(turn, net) => {
                at.hop(HopKind::RouteTable, id, || {
                    format!("{net} goes to {}", turn.target)
                });
                Ok(turn.target)
            }
        }
    }

    /// Whether the next hop lies in the function's own subnet: no network ACL
    /// stands between.
    fn stays(&self, target: &Target) -> bool {
        let Target::Id(id) = target else { return false };
        match self.nats.get(id.as_str()) {
            Some(Behind::Zonal(nat, _)) => nat.subnet.as_ref() == Some(&self.site.subnet.id),
            _ => false,
        }
    }
}
