//! From the NAT gateway to the internet and back.

use crate::filter::Way;
use crate::journey::{Exit, Halt, Journey, Stage};
use crate::network::{BlockPublicAccess, Known, NatGateway, Target};
use crate::proof::{HopKind, Leg};
use crate::range::Range;
use crate::site::Site;
use crate::table::{Found, Table};

use super::Walk;

impl Walk<'_> {
    pub(super) fn zonal(
        &self,
        nat: &NatGateway,
        public: &Site<'_>,
        to: &Range,
        at: &mut Journey,
    ) -> Result<Exit, Halt> {
        works(nat, at)?;
        let crossed = public.subnet.id != self.site.subnet.id;
        let table = match &public.table {
            Ok(table) => table,
            Err(what) => return Err(at.lost(what)),
        };
        let sources = self.sources(public, table);
        if crossed {
            at.filter(&public.acl, Way::In, &sources, Stage::Request)?;
        }
        at.hop(HopKind::NatGateway, &nat.id, || "available".into());
        let subnet = public.subnet;
        at.hop(HopKind::Subnet, &subnet.id, || {
            format!("{} in {}", subnet.cidr, subnet.zone)
        });
        let gateway = match self.route(table, to, at)? {
            Target::Id(id) if id.starts_with("igw-") => id.as_str(),
            other => return Err(Halt::away(&other.to_string(), Leg::Request)),
        };
        at.filter(&public.acl, Way::Out, &[*to], Stage::Request)?;
        self.gateway(Some(gateway), at)?;
        self.open(Some(public), at)?;
        let exit = leave(nat, at);

        self.edge(gateway, nat, public, at)?;
        at.filter(&public.acl, Way::In, &[*to], Stage::ReplyToNat)?;
        if crossed {
            for source in &sources {
                self.home(table, source, at)?;
            }
            at.filter(&public.acl, Way::Out, &sources, Stage::ReplyToFunction)?;
            at.filter(&self.site.acl, Way::In, &[*to], Stage::ReplyToFunction)?;
        }
        Ok(exit)
    }

    /// A regional NAT gateway has a path of its own to the internet gateway.
    pub(super) fn regional(
        &self,
        nat: &NatGateway,
        to: &Range,
        at: &mut Journey,
    ) -> Result<Exit, Halt> {
        works(nat, at)?;
        at.hop(HopKind::NatGateway, &nat.id, || {
            "available, regional".into()
        });
        self.gateway(None, at)?;
        self.open(None, at)?;
        let exit = leave(nat, at);
        at.filter(&self.site.acl, Way::In, &[*to], Stage::ReplyToFunction)?;
        Ok(exit)
    }

    /// The function's subnet in pieces that neither the public subnet's ACL
    /// nor its table divides: any of its addresses may be the function's.
    fn sources(&self, public: &Site<'_>, table: &Table<'_>) -> Vec<Range> {
        let acl = public.acl.iter().flat_map(|acl| acl.nets());
        self.site.range().cut(acl.chain(table.nets()))
    }

    /// An internet gateway, this one or any, is attached to the VPC.
    pub(super) fn gateway(&self, id: Option<&str>, at: &mut Journey) -> Result<(), Halt> {
        let vpc = &self.site.subnet.vpc;
        let Some(gateways) = self.network.internet_gateways.read() else {
            at.doubt("internet gateways");
            return Ok(());
        };
        let mut attached = gateways
            .iter()
            .filter(|gateway| gateway.vpc.as_ref() == Some(vpc));
        let found = attached.any(|gateway| id.is_none_or(|id| gateway.id == id));
        let name = id.unwrap_or_default();
        if !found {
            let reason = match id {
                Some(id) => format!("{id} is not attached to {vpc}"),
                None => format!("no internet gateway is attached to {vpc}"),
            };
            return Err(Halt::stopped(HopKind::InternetGateway, name, reason));
        }
        at.hop(HopKind::InternetGateway, name, || {
            format!("attached to {vpc}")
        });
        Ok(())
    }

    /// Block Public Access: the NAT gateway's subnet decides. An exclusion of
    /// that subnet alone, with the function's own still closed, is not documented.
    fn open(&self, public: Option<&Site<'_>>, at: &mut Journey) -> Result<(), Halt> {
        let vpc = &self.site.subnet.vpc;
        let mode = match (public, self.site.vpc) {
            (Some(public), _) => public.mode(),
            (None, Some(vpc)) => vpc.block_public_access,
            (None, None) => Known::Unread,
        };
        match mode {
            Known::Unread => at.doubt(format!("Block Public Access of {vpc}")),
            Known::Read(BlockPublicAccess::Bidirectional) => {
                let reason = format!("Block Public Access closes {vpc} both ways");
                return Err(Halt::stopped(HopKind::BlockPublicAccess, vpc, reason));
            }
            Known::Read(_) => {
                at.hop(HopKind::BlockPublicAccess, vpc, || {
                    "lets requests out".into()
                });
            }
        }
        match self.site.mode() {
            Known::Unread => at.doubt(format!("Block Public Access of {vpc}")),
            Known::Read(BlockPublicAccess::Bidirectional) => at.doubt(format!(
                "whether Block Public Access stops {}",
                self.site.subnet.id
            )),
            Known::Read(_) => {}
        }
        Ok(())
    }

    /// Edge tables of the internet gateway may divert what comes back.
    fn edge(
        &self,
        gateway: &str,
        nat: &NatGateway,
        public: &Site<'_>,
        at: &mut Journey,
    ) -> Result<(), Halt> {
        let edges = self.network.route_tables.read();
        let mut edges: Vec<_> = edges
            .into_iter()
            .flatten()
            .filter(|table| table.gateways.iter().any(|id| id == gateway))
            .collect();
        edges.sort_by_key(|table| &table.id);
        for edge in edges {
            let table = Table::new(edge, self.site.vpc);
            let mut landings: Vec<Range> = Vec::new();
            for address in &nat.addresses {
                match address.private {
                    Some(private) => landings.push(private.into()),
                    None => landings.extend(table.pieces(public.range())),
                }
            }
            if landings.is_empty() {
                landings = table.pieces(public.range());
            }
            landings.sort();
            landings.dedup();
            for landing in &landings {
                self.home(&table, landing, at)?;
            }
            for (list, _) in &table.unread {
                at.doubt(format!("prefix list {list}"));
            }
        }
        Ok(())
    }

    /// A reply for this address has to stay on a `local` route.
    fn home(&self, table: &Table<'_>, to: &Range, at: &mut Journey) -> Result<(), Halt> {
        let id = table.id;
        match table.find(to) {
            Found::Nothing => Err(Halt::stopped(
                HopKind::RouteTable,
                id,
                format!("route table {id} has no route out for replies"),
            )),
            Found::Torn => Err(at.lost(format!("which of the equal routes of {id} wins"))),
            Found::Route(turn, net) if !turn.active => Err(Halt::stopped(
                HopKind::RouteTable,
                id,
                format!(
                    "the route of {id} for replies to {net} to {} is a blackhole",
                    turn.target
                ),
            )),
            Found::Route(turn, _) => match turn.target {
                Target::Local => Ok(()),
                Target::Id(target) => Err(Halt::away(target, Leg::Reply)),
            },
        }
    }
}

/// The gateway is there, up and public.
fn works(nat: &NatGateway, at: &mut Journey) -> Result<(), Halt> {
    let id = &nat.id;
    let reason = if nat.state != "available" {
        format!("NAT gateway {id} is {}", nat.state)
    } else if !nat.public {
        format!("{id} is a private NAT gateway, which does not reach the internet")
    } else {
        at.nat = Some(id.clone());
        return Ok(());
    };
    Err(Halt::stopped(HopKind::NatGateway, id, reason))
}

/// Any of its addresses may be the one.
fn leave(nat: &NatGateway, at: &mut Journey) -> Exit {
    for address in &nat.addresses {
        if let Some(public) = address.public {
            let name = address.allocation.as_deref().unwrap_or_default();
            at.hop(HopKind::Address, name, || public.to_string());
        }
    }
    Exit {
        addresses: nat.addresses.iter().filter_map(|one| one.public).collect(),
        unnamed: nat.addresses.is_empty() || nat.addresses.iter().any(|one| one.public.is_none()),
        nat: nat.id.clone(),
    }
}
