//! A stack, as its tags tell. What was brought has none: it is found by what
//! the stack has in it.

use std::collections::BTreeSet;

use crate::ec2::{
    Address, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Target, Vpc, table_of,
};
use crate::place::Place;
use crate::table::Table;
use crate::tags::Tags;

/// The tag that names the stack.
pub(super) const STACK: &str = "killick:stack";
/// The tag that names a thing within the stack.
pub(super) const KEY: &str = "killick:key";

/// Where a default route leads.
pub(super) const ANYWHERE: &str = "0.0.0.0/0";

/// What a stack has, before it is tampered with.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) name: String,
    pub(super) vpc: Vpc,
    gateway: Option<InternetGateway>,
    public_table: Option<RouteTable>,
    group: Option<SecurityGroup>,
    /// By name.
    pub(super) zones: Vec<Zone>,
}

/// What a stack has in a zone. Any of it may be missing.
#[derive(Debug)]
pub(super) struct Zone {
    pub(super) name: String,
    pub(super) public: Option<Subnet>,
    pub(super) private: Option<Subnet>,
    /// The table of the private subnet.
    pub(super) table: Option<RouteTable>,
    /// A NAT gateway that works, or will.
    pub(super) nat_gateway: Option<NatGateway>,
    pub(super) address: Option<Address>,
}

impl Stack {
    /// Finds a stack.
    ///
    /// # Errors
    /// It has no VPC, and nothing in one.
    pub(super) fn of(place: &Place, name: &str) -> Result<Self, String> {
        let find = Find { place, name };
        let vpc = find.vpc().ok_or_else(|| {
            let (region, account) = (&place.region, &place.account);
            format!("there is no stack {name} in {region} of {account}")
        })?;
        let zones = find.zones();
        Ok(Self {
            name: name.to_owned(),
            gateway: find.gateway(&vpc),
            vpc,
            public_table: find.public_table(&zones),
            group: find.one(
                &place.security_groups,
                |group| &group.tags,
                "security_group/functions",
            ),
            zones,
        })
    }

    pub(super) fn gateway(&self) -> Result<&InternetGateway, String> {
        found(self.gateway.as_ref(), "an internet gateway")
    }

    pub(super) fn public_table(&self) -> Result<&RouteTable, String> {
        found(self.public_table.as_ref(), "a public route table")
    }

    pub(super) fn group(&self) -> Result<&SecurityGroup, String> {
        found(self.group.as_ref(), "a security group for its functions")
    }

    /// The first zone that has what is needed.
    pub(super) fn zone<'a, T>(
        &'a self,
        needed: &str,
        pick: impl Fn(&'a Zone) -> Option<T>,
    ) -> Result<T, String> {
        let found = self.zones.iter().find_map(pick);
        found.ok_or_else(|| format!("no zone of the stack has {needed}"))
    }
}

fn found<'a, T>(thing: Option<&'a T>, what: &str) -> Result<&'a T, String> {
    thing.ok_or_else(|| format!("the stack does not have {what}"))
}

impl Zone {
    /// The private table with the id that its default route leads to.
    pub(super) fn way_out(&self) -> Option<(&RouteTable, &str)> {
        let table = self.table.as_ref()?;
        Some((table, way_out(table)?))
    }

    /// The association of the private subnet with the private table.
    pub(super) fn association(&self) -> Option<(&Subnet, &RouteTable, &str)> {
        let (subnet, table) = (self.private.as_ref()?, self.table.as_ref()?);
        let mut entries = table.associations.iter();
        let entry = entries.find(|entry| entry.member.as_ref() == Some(&subnet.id))?;
        Some((subnet, table, &entry.id))
    }
}

/// The id that a table's default route leads to.
pub(super) fn way_out(table: &RouteTable) -> Option<&str> {
    let mut routes = table.routes.iter();
    let route = routes.find(|route| route.destination == ANYWHERE)?;
    match &route.target {
        Target::Local => None,
        Target::To(_, id) => Some(id),
    }
}

/// An id, with the key of what it is.
pub(super) fn called(id: &str, tags: &Tags) -> String {
    match tags.get(KEY) {
        Some(key) => format!("{id} ({key})"),
        None => id.to_owned(),
    }
}

/// Finds things by their tags, or by what they are to things with tags.
struct Find<'a> {
    place: &'a Place,
    name: &'a str,
}

impl Find<'_> {
    fn one<T: Clone>(&self, table: &Table<T>, tags: impl Fn(&T) -> &Tags, key: &str) -> Option<T> {
        let mut things = table.all();
        let found = things.find(|thing| self.key(tags(thing)) == Some(key));
        found.cloned()
    }

    /// The VPC; of several that say they are it, the one with the subnets.
    fn vpc(&self) -> Option<Vpc> {
        let vpcs = self.place.vpcs.all();
        let known = vpcs.filter(|vpc| self.key(&vpc.tags) == Some("vpc/main"));
        let found = known.max_by_key(|vpc| {
            let subnets = self.place.subnets.all();
            let inside = subnets.filter(|subnet| subnet.vpc == vpc.id);
            inside
                .filter(|subnet| self.key(&subnet.tags).is_some())
                .count()
        });
        found.cloned().or_else(|| self.brought())
    }

    /// The VPC that the things of the stack are in.
    fn brought(&self) -> Option<Vpc> {
        let place = self.place;
        let tables = place.route_tables.all();
        let tables = tables.map(|table| (&table.tags, &table.vpc));
        let subnets = place.subnets.all();
        let subnets = subnets.map(|subnet| (&subnet.tags, &subnet.vpc));
        let gateways = place.nat_gateways.all();
        let gateways = gateways.map(|gateway| (&gateway.tags, &gateway.vpc));
        let mut all = tables.chain(subnets).chain(gateways);
        let (_, vpc) = all.find(|(tags, _)| self.key(tags).is_some())?;
        place.vpcs.get(vpc).cloned()
    }

    /// The internet gateway, or the one that a brought VPC has.
    fn gateway(&self, vpc: &Vpc) -> Option<InternetGateway> {
        let all = &self.place.internet_gateways;
        let own = self.one(all, |gateway| &gateway.tags, "internet_gateway/main");
        own.or_else(|| {
            let mut all = all.all();
            let attached = all.find(|gateway| gateway.vpc.as_ref() == Some(&vpc.id));
            attached.cloned()
        })
    }

    /// The public table, or the one that a brought public subnet follows.
    fn public_table(&self, zones: &[Zone]) -> Option<RouteTable> {
        let tables = &self.place.route_tables;
        let own = self.one(tables, |table| &table.tags, "route_table/public");
        own.or_else(|| {
            let mut public = zones.iter().filter_map(|zone| zone.public.as_ref());
            let followed = public.find_map(|subnet| table_of(self.place, &subnet.id));
            followed.cloned()
        })
    }

    /// The key of what is of the stack.
    fn key<'t>(&self, tags: &'t Tags) -> Option<&'t str> {
        tags.get(STACK).filter(|stack| *stack == self.name)?;
        tags.get(KEY).map(String::as_str)
    }

    fn zones(&self) -> Vec<Zone> {
        let place = self.place;
        let tags = place.subnets.all().map(|subnet| &subnet.tags);
        let tags = tags.chain(place.route_tables.all().map(|table| &table.tags));
        let tags = tags.chain(place.nat_gateways.all().map(|gateway| &gateway.tags));
        let tags = tags.chain(place.addresses.all().map(|address| &address.tags));
        let kinds = [
            "subnet/public-",
            "subnet/private-",
            "route_table/private-",
            "nat_gateway/",
            "elastic_ip/",
        ];
        let names: BTreeSet<&str> = tags
            .filter_map(|tags| self.key(tags))
            .filter_map(|key| kinds.iter().find_map(|kind| key.strip_prefix(kind)))
            .collect();
        names.into_iter().map(|name| self.zone(name)).collect()
    }

    fn zone(&self, name: &str) -> Zone {
        let place = self.place;
        let subnet = |kind: &str| {
            let key = format!("subnet/{kind}-{name}");
            self.one(&place.subnets, |subnet| &subnet.tags, &key)
        };
        let (table, nat, address) = (
            format!("route_table/private-{name}"),
            format!("nat_gateway/{name}"),
            format!("elastic_ip/{name}"),
        );
        let gateways = place.nat_gateways.all();
        let gateways = gateways.filter(|gateway| self.key(&gateway.tags) == Some(&nat));
        let gateways: Vec<&NatGateway> = gateways.collect();
        let alive = gateways.iter().find(|gateway| gateway.alive()).copied();
        // One that is gone still tells where it was.
        let last = alive.or_else(|| gateways.into_iter().max_by_key(|gateway| gateway.created));
        let table = self.one(&place.route_tables, |table| &table.tags, &table);
        let address = self.one(&place.addresses, |address| &address.tags, &address);
        let public = subnet("public").or_else(|| place.subnets.get(&last?.subnet).cloned());
        let private = subnet("private").or_else(|| follower(place, table.as_ref()?, name));
        Zone {
            name: name.to_owned(),
            public,
            private,
            table,
            nat_gateway: alive.cloned(),
            address: address.or_else(|| held(place, last?)),
        }
    }
}

/// The subnet of a zone that follows a table.
fn follower(place: &Place, table: &RouteTable, zone: &str) -> Option<Subnet> {
    let members = table.associations.iter();
    let members = members.filter_map(|entry| entry.member.as_ref());
    let mut subnets = members.filter_map(|id| place.subnets.get(id));
    subnets.find(|subnet| subnet.zone == zone).cloned()
}

/// The Elastic IP that a NAT gateway has, or had.
fn held(place: &Place, gateway: &NatGateway) -> Option<Address> {
    let first = gateway.addresses.first()?;
    let allocation = first.allocation.as_ref()?;
    place.addresses.get(allocation).cloned()
}
