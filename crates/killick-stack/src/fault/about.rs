//! Whether a finding is about the very cause of a fault. What is accepted, or
//! only happens at the same time, explains nothing.

use std::collections::BTreeSet;

use ipnet::IpNet;
use killick_core::{Change, Key, Value};
use killick_finding::{Aspect, FieldPath, Finding};
use killick_path::Destinations;

use super::{Cause, Context, Fault};
use crate::egress::gone;
use crate::keys::{public_table, vpc_key};
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::routing::table_of;
use crate::snapshot;

/// A fault, with the tables on the way.
pub(super) struct About<'a> {
    context: Context<'a>,
    fault: &'a Fault,
    /// The table that the function's subnet follows.
    private: Option<&'a snapshot::RouteTable>,
    /// The tables that the subnets of the NAT gateways follow.
    publics: Vec<&'a snapshot::RouteTable>,
}

impl<'a> About<'a> {
    pub(super) fn of(context: Context<'a>, fault: &'a Fault) -> Self {
        let snapshot = context.seen.snapshot;
        let follows = |id: &str| {
            let subnet = snapshot.subnets.iter().find(|one| one.id == id)?;
            table_of(snapshot, subnet)
        };
        let gateways = snapshot.nat_gateways.iter();
        let reached = gateways.filter(|one| fault.nats.contains(&one.id));
        Self {
            context,
            fault,
            private: fault.subnet.as_deref().and_then(follows),
            publics: reached
                .filter_map(|one| follows(one.subnet.as_deref()?))
                .collect(),
        }
    }

    pub(super) fn reported_by(&self, finding: &Finding) -> bool {
        let key = &finding.key;
        match &finding.field {
            None | Some(FieldPath::State) => self.whole(key, finding.what),
            Some(FieldPath::Declared { name, entry }) => {
                self.declared(key, name, entry.as_ref(), finding)
            }
            Some(FieldPath::Beyond(aspect)) => self.beyond(key, aspect, finding),
        }
    }

    /// Whether it is what the routes lead to, and no filter on the way.
    fn routed(&self) -> bool {
        match self.fault.cause {
            Cause::Table(_)
            | Cause::Target(_)
            | Cause::Reply(_)
            | Cause::Nat(_)
            | Cause::Gateway(_)
            | Cause::Address(_) => true,
            Cause::NoVpc
            | Cause::Groups(_)
            | Cause::Acl(_)
            | Cause::PublicAccess
            | Cause::Names(_)
            | Cause::Function => false,
        }
    }

    /// A resource that is not there or does not work.
    fn whole(&self, key: &Key, what: Change) -> bool {
        if self.context.assessment.never_applied() && what == Change::Missing {
            return self.routed() || self.fault.cause == Cause::NoVpc;
        }
        let identity = self.context.seen.identity;
        let at = |id: &str| identity.key(id) == Some(key);
        match &self.fault.cause {
            Cause::Table(id) => {
                self.needs(key, identity.key(id).cloned()) || self.private_table(key)
            }
            Cause::Target(_) => self.own_table() == Some(key.clone()) || *key == public_table(),
            Cause::Reply(_) => *key == public_table() || key.kind == InternetGateway::KIND,
            Cause::Nat(id) => at(id) || self.private_table(key),
            Cause::Gateway(id) => {
                at(id) || key.kind == InternetGateway::KIND || self.own_table() == Some(key.clone())
            }
            Cause::Address(_) => self.private_table(key) || self.fault.nats.iter().any(|id| at(id)),
            Cause::Groups(ids) => {
                key.kind == SecurityGroup::KIND && (ids.is_empty() || ids.split(", ").any(at))
            }
            Cause::NoVpc
            | Cause::Acl(_)
            | Cause::PublicAccess
            | Cause::Names(_)
            | Cause::Function => false,
        }
    }

    /// The private table of the zone that the function's subnet is in.
    fn own_table(&self) -> Option<Key> {
        let subnet = self.fault.subnet.as_deref()?;
        let key = self.context.seen.identity.key(subnet)?;
        key.name
            .starts_with("private-")
            .then(|| RouteTable::key(key.name.as_str()))
    }

    /// Whether the zone's private table cannot do without a resource.
    fn private_table(&self, key: &Key) -> bool {
        self.needs(key, self.own_table())
    }

    /// Whether a resource should refer to this one, directly or by others, or
    /// is it.
    fn needs(&self, key: &Key, of: Option<Key>) -> bool {
        let mut open: Vec<Key> = of.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if next == *key {
                return true;
            }
            let node = self.context.desired.get(&next);
            if seen.insert(next) {
                let attrs = node.into_iter().flat_map(|node| node.attrs.iter());
                // Whom a table serves is not what it leads to.
                let led = attrs.filter(|(name, _)| **name != "associations");
                open.extend(led.flat_map(|(_, value)| value.refs()).cloned());
            }
        }
        false
    }

    fn declared(&self, key: &Key, name: &str, entry: Option<&Value>, finding: &Finding) -> bool {
        let live = &finding.live;
        match (key.kind, name) {
            (Vpc::KIND, "dns_support") => {
                matches!(&self.fault.cause, Cause::Names(vpc) if self.context.seen.identity.id(key) == Some(vpc))
            }
            (Vpc::KIND, "network_acl") => self.acl(|acl| acl.default),
            (Subnet::KIND, "network_acl") => self.acl(|acl| self.names(live, &acl.id)),
            (InternetGateway::KIND, "vpc") => match &self.fault.cause {
                Cause::Gateway(_) => true,
                Cause::Table(id) => self.publics.iter().any(|table| table.id == *id),
                _ => false,
            },
            (RouteTable::KIND, "routes") => self.route(key, entry, live),
            (RouteTable::KIND, "associations") => self.association(entry),
            (NatGateway::KIND, "address" | "secondary") => {
                let Cause::Address(unlisted) = &self.fault.cause else {
                    return false;
                };
                self.reached(key) && (unlisted.is_empty() || self.has_any(key, unlisted))
            }
            (NatGateway::KIND, "subnet") => self.reached(key) && self.routed(),
            (NatGateway::KIND, _) => {
                matches!(&self.fault.cause, Cause::Nat(id) if self.context.seen.identity.key(id) == Some(key))
            }
            (SecurityGroup::KIND, "egress") => {
                let id = self.context.seen.identity.id(key);
                matches!(&self.fault.cause, Cause::Groups(ids) if ids.split(", ").any(|one| Some(one) == id))
            }
            (Function::KIND, "subnets") => {
                self.runs(key) && self.fault.version.is_none() && !self.in_wanted_subnet(key)
            }
            (Function::KIND, "security_groups") => {
                self.runs(key) && matches!(self.fault.cause, Cause::Groups(_))
            }
            (Function::KIND, "ipv6") => {
                self.runs(key) && self.fault.destinations == Destinations::EverythingOverIpv6
            }
            (ElasticIp::KIND, _) => {
                matches!(self.fault.cause, Cause::Address(_)) && self.private_table(key)
            }
            _ => false,
        }
    }

    fn runs(&self, key: &Key) -> bool {
        key.name == self.fault.function
    }

    fn in_wanted_subnet(&self, function: &Key) -> bool {
        let wanted = self.context.desired.get(function);
        let wanted = wanted.and_then(|node| node.attrs.get("subnets"));
        let subnet = self.fault.subnet.as_deref();
        let key = subnet.and_then(|id| self.context.seen.identity.key(id));
        key.is_some_and(|key| wanted.is_some_and(|set| set.refs().contains(&key)))
    }

    fn reached(&self, gateway: &Key) -> bool {
        let id = self.context.seen.identity.id(gateway);
        id.is_some_and(|id| self.fault.nats.contains(id))
    }

    /// Whether a NAT gateway has one of these addresses.
    fn has_any(&self, gateway: &Key, ips: &BTreeSet<std::net::Ipv4Addr>) -> bool {
        let id = self.context.seen.identity.id(gateway);
        let mut gateways = self.context.seen.snapshot.nat_gateways.iter();
        let gateway = gateways.find(|one| Some(one.id.as_str()) == id);
        let addresses = gateway.into_iter().flat_map(|one| &one.addresses);
        let mut known = addresses.filter_map(|one| one.ip.as_deref()?.parse().ok());
        known.any(|ip| ips.contains(&ip))
    }

    /// Whether the network ACL that decides is such a one.
    fn acl(&self, such: impl Fn(&snapshot::NetworkAcl) -> bool) -> bool {
        let Cause::Acl(id) = &self.fault.cause else {
            return false;
        };
        let mut acls = self
            .context
            .seen
            .snapshot
            .traffic
            .network_acls
            .iter()
            .flatten();
        acls.any(|acl| acl.id == *id && such(acl))
    }

    /// A route that leads these packets where they end.
    fn route(&self, key: &Key, entry: Option<&Value>, live: &Value) -> bool {
        let id = self.context.seen.identity.id(key);
        let on = |table: &snapshot::RouteTable| Some(table.id.as_str()) == id;
        let private = self.private.is_some_and(on);
        if !self.routed() || !(private || self.publics.iter().any(|table| on(table))) {
            return false;
        }
        let destination = entry.and_then(Value::as_text).unwrap_or_default();
        if !overlaps(destination, &self.fault.destinations) {
            return false;
        }
        match &self.fault.cause {
            Cause::Table(table) => Some(table.as_str()) == id && !self.leads(live),
            Cause::Target(target) | Cause::Reply(target) => self.names(live, target),
            Cause::Gateway(gateway) if self.fault.nats.is_empty() => self.names(live, gateway),
            Cause::Gateway(gateway) if !private => self.names(live, gateway),
            // What comes after the gateway that the route should not lead to.
            Cause::Nat(nat) => private && self.names(live, nat),
            Cause::Gateway(_) | Cause::Address(_) => {
                private && self.fault.nats.iter().any(|nat| self.names(live, nat))
            }
            _ => false,
        }
    }

    /// Whether a value leads somewhere: not to nothing, nor into a black hole.
    fn leads(&self, live: &Value) -> bool {
        match live {
            Value::Foreign(id) => !gone(self.context.seen.snapshot, id.as_str()),
            Value::Ref(_) => true,
            Value::Text(text) => !text.starts_with("blackhole"),
            _ => false,
        }
    }

    /// Whether a value is, or holds, this id.
    fn names(&self, live: &Value, id: &str) -> bool {
        match live {
            Value::Foreign(foreign) => foreign.as_str() == id,
            Value::Ref(key) => self.context.seen.identity.id(key) == Some(id),
            Value::Text(text) => text.contains(id),
            Value::Set(items) => items.iter().any(|item| self.names(item, id)),
            _ => false,
        }
    }

    /// A subnet that follows another table than it should.
    fn association(&self, entry: Option<&Value>) -> bool {
        let member = match entry {
            Some(Value::Ref(key)) => self.context.seen.identity.id(key),
            _ => None,
        };
        let Some(member) = member.filter(|_| self.routed()) else {
            return false;
        };
        let mut gateways = self.context.seen.snapshot.nat_gateways.iter();
        self.fault.subnet.as_deref() == Some(member)
            || gateways.any(|nat| {
                nat.subnet.as_deref() == Some(member) && self.fault.nats.contains(&nat.id)
            })
    }

    /// What no declared field shows.
    fn beyond(&self, key: &Key, aspect: &Aspect, finding: &Finding) -> bool {
        let cause = &self.fault.cause;
        match aspect {
            Aspect::Pinned(_) => {
                let lacks = matches!(cause, Cause::Address(_) | Cause::Table(_) | Cause::Nat(_));
                lacks && self.private_table(key)
            }
            Aspect::NotPinned => {
                let ip = finding.live.as_text().and_then(|ip| ip.parse().ok());
                matches!((cause, ip), (Cause::Address(unlisted), Some(ip)) if unlisted.contains(&ip))
            }
            Aspect::Alias(alias) => {
                let version = self.fault.version.as_ref();
                self.runs(key) && version.is_some_and(|(name, _)| name == alias)
            }
            Aspect::MainTable => self.routed() && self.main(),
            Aspect::MainRoute(destination) => {
                self.routed() && self.main() && overlaps(destination, &self.fault.destinations)
            }
            Aspect::EdgeTable => match cause {
                Cause::Reply(_) => true,
                Cause::Table(id) => {
                    let mut tables = self.context.seen.snapshot.route_tables.iter();
                    tables.any(|table| table.id == *id && edge(table))
                }
                _ => false,
            },
            Aspect::Propagated(gateway) => {
                matches!(cause, Cause::Target(target) | Cause::Reply(target) if target == gateway)
            }
            Aspect::PublicAccess => *cause == Cause::PublicAccess && *key == vpc_key(),
            Aspect::NetworkAcl(acl) => matches!(cause, Cause::Acl(id) if id == acl),
            Aspect::Endpoint(endpoint) => {
                matches!(cause, Cause::Target(target) if target == endpoint)
            }
            Aspect::EgressPath(word) => self.runs(key) && cause.word(&self.fault.nats) == *word,
            Aspect::Unused(_)
            | Aspect::DhcpOptions
            | Aspect::Transfer
            | Aspect::ForeignFunction
            | Aspect::ForeignSubnet(_)
            | Aspect::ForeignGateway(_) => false,
        }
    }

    /// Whether the main table decides.
    fn main(&self) -> bool {
        let mut tables = self.private.iter().chain(&self.publics);
        tables.any(|table| table.main)
    }
}

/// Whether what comes in by an internet gateway follows a table.
fn edge(table: &snapshot::RouteTable) -> bool {
    let mut entries = table.associations.iter();
    entries.any(|entry| entry.member.starts_with("igw-"))
}

/// Whether a route for this destination can decide for some of these.
fn overlaps(route: &str, destinations: &Destinations) -> bool {
    let Ok(route) = route.parse::<IpNet>() else {
        // A prefix list: its target tells.
        return !matches!(destinations, Destinations::EverythingOverIpv6);
    };
    let meets = |net: &IpNet| net.contains(&route) || route.contains(net);
    match destinations {
        Destinations::Everything => matches!(route, IpNet::V4(_)),
        Destinations::EverythingBut { nets } => {
            matches!(route, IpNet::V4(_)) && !nets.iter().any(|net| net.contains(&route))
        }
        Destinations::Nets { nets } => nets.iter().any(meets),
        Destinations::List { .. } => false,
        Destinations::EverythingOverIpv6 => matches!(route, IpNet::V6(_)),
    }
}
