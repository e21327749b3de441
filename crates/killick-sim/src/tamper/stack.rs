//! A stack, as its tags tell.

use std::collections::BTreeSet;

use crate::ec2::{
    Address, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Target, Vpc,
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
    /// It has no VPC.
    pub(super) fn of(place: &Place, name: &str) -> Result<Self, String> {
        let find = Find { place, name };
        let vpc = find.vpc().ok_or_else(|| {
            let (region, account) = (&place.region, &place.account);
            format!("there is no stack {name} in {region} of {account}")
        })?;
        let tables = &place.route_tables;
        Ok(Self {
            name: name.to_owned(),
            vpc,
            gateway: find.one(
                &place.internet_gateways,
                |gateway| &gateway.tags,
                "internet_gateway/main",
            ),
            public_table: find.one(tables, |table| &table.tags, "route_table/public"),
            group: find.one(
                &place.security_groups,
                |group| &group.tags,
                "security_group/functions",
            ),
            zones: find.zones(),
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

/// Finds things by their tags.
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
        found.cloned()
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
        let mut gateways = place.nat_gateways.all().filter(|gateway| gateway.alive());
        let nat = gateways.find(|gateway| self.key(&gateway.tags) == Some(&nat));
        Zone {
            name: name.to_owned(),
            public: subnet("public"),
            private: subnet("private"),
            table: self.one(&place.route_tables, |table| &table.tags, &table),
            nat_gateway: nat.cloned(),
            address: self.one(&place.addresses, |address| &address.tags, &address),
        }
    }
}
