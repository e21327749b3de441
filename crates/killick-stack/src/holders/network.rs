//! Holders of the types that a stack itself is made of.

use std::collections::BTreeSet;

use killick_core::Key;

use super::Collector;
use crate::dependents::guests;
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet,
};
use crate::snapshot;

/// The name of the group that a VPC is born with and dies with.
const DEFAULT: &str = "default";

impl Collector<'_> {
    /// Foreign functions in managed subnets and groups.
    pub(super) fn functions(&mut self) {
        let resolve = |id: &str| self.deleted(id);
        for guest in guests(&self.seen, &resolve) {
            let function = self.seen.snapshot.functions.iter();
            let function = function.filter(|one| one.name == guest.key.name);
            let ids = function.flat_map(|one| one.subnets.iter().chain(&one.security_groups));
            let holds = self.held(ids.map(String::as_str));
            self.function(&guest.key.name, holds);
        }
    }

    pub(super) fn function(&mut self, name: &str, holds: BTreeSet<Key>) {
        let remedy = "give the function another VPC config, or name it in the spec".to_owned();
        self.add((Function::KIND, name), None, holds, remedy);
    }

    /// Subnets, route tables and security groups.
    pub(super) fn inside(&mut self) {
        let snapshot = self.seen.snapshot;
        for subnet in &snapshot.subnets {
            if self.foreign(&subnet.id) {
                let holds = self.held([subnet.vpc.as_str()]);
                let delete = format!("delete-subnet --subnet-id {}", subnet.id);
                let remedy = format!("delete the subnet: {}", self.command(&delete));
                let about = name_of(&subnet.tags);
                self.add((Subnet::KIND, &subnet.id), about, holds, remedy);
            }
        }
        for table in &snapshot.route_tables {
            self.table(table);
        }
        for group in &snapshot.security_groups {
            self.group(group);
        }
    }

    /// A main table goes with its VPC, and only so.
    fn table(&mut self, table: &snapshot::RouteTable) {
        let id = table.id.as_str();
        if table.main {
            let holds = self.held([id]);
            let about = Some("the main route table of its VPC".to_owned());
            let remedy = "make another route table of the VPC the main one".to_owned();
            self.add((RouteTable::KIND, id), about, holds, remedy);
        } else if self.foreign(id) {
            let holds = self.held([table.vpc.as_str()]);
            let delete = self.command(&format!("delete-route-table --route-table-id {id}"));
            let remedy = format!("delete the route table: {delete}");
            let about = name_of(&table.tags);
            self.add((RouteTable::KIND, id), about, holds, remedy);
        }
        for entry in &table.associations {
            if !self.foreign(&entry.member) {
                continue;
            }
            let holds = self.held([id]);
            let free = format!("disassociate-route-table --association-id {}", entry.id);
            let remedy = format!("let it follow another table: {}", self.command(&free));
            let kind = match entry.member.starts_with("subnet-") {
                true => Subnet::KIND,
                false => "gateway",
            };
            let about = Some(format!("follows {id}"));
            self.add((kind, &entry.member), about, holds, remedy);
        }
    }

    /// A foreign group keeps its VPC; any other group of the VPC that names
    /// ours in a rule keeps ours.
    fn group(&mut self, group: &snapshot::SecurityGroup) {
        if !self.foreign(&group.id) {
            return;
        }
        let about = Some(group.name.clone());
        let item = (SecurityGroup::KIND, group.id.as_str());
        let rules = group.ingress.iter().chain(&group.egress);
        let named: BTreeSet<&str> = rules.map(|rule| rule.peer()).collect();
        let holds = self.held(named.iter().copied());
        if group.name != DEFAULT {
            let delete = format!("delete-security-group --group-id {}", group.id);
            let remedy = format!("delete the security group: {}", self.command(&delete));
            let mut inside = self.held([group.vpc.as_str()]);
            if !inside.is_empty() {
                inside.extend(holds);
                self.add(item, about, inside, remedy);
                return;
            }
        }
        let peers = named.iter().filter(|peer| self.deleted(peer).is_some());
        let peers: Vec<&str> = peers.copied().collect();
        let remedy = format!("revoke its rules that name {}", peers.join(", "));
        self.add(item, about, holds, remedy);
    }

    /// Foreign internet and NAT gateways. AWS detaches no internet gateway from
    /// a VPC in which a public address is mapped.
    pub(super) fn gateways(&mut self) {
        let snapshot = self.seen.snapshot;
        for gateway in &snapshot.internet_gateways {
            let Some(vpc) = gateway.vpc.as_deref().filter(|_| self.foreign(&gateway.id)) else {
                continue;
            };
            let id = gateway.id.as_str();
            let holds = self.held([vpc]);
            let detach =
                format!("detach-internet-gateway --internet-gateway-id {id} --vpc-id {vpc}");
            let remedy = format!("detach it: {}", self.command(&detach));
            let about = name_of(&gateway.tags);
            self.add((InternetGateway::KIND, id), about, holds, remedy);
        }
        for nat in &snapshot.nat_gateways {
            if nat.live() && self.foreign(&nat.id) {
                let ids = nat.subnet.iter().chain([&nat.vpc]);
                let mut holds = self.held(ids.map(String::as_str));
                if nat.connectivity == "public" {
                    holds.extend(self.exits(&nat.vpc));
                }
                self.nat(nat, holds);
            }
        }
    }

    fn nat(&mut self, nat: &snapshot::NatGateway, holds: BTreeSet<Key>) {
        let delete = format!("delete-nat-gateway --nat-gateway-id {}", nat.id);
        let remedy = format!("delete the NAT gateway: {}", self.command(&delete));
        let about = name_of(&nat.tags);
        self.add((NatGateway::KIND, &nat.id), about, holds, remedy);
    }

    /// The managed internet gateway of a VPC.
    pub(super) fn exits(&self, vpc: &str) -> BTreeSet<Key> {
        let gateways = self.seen.snapshot.internet_gateways.iter();
        let here = gateways.filter(|gateway| gateway.vpc.as_deref() == Some(vpc));
        self.held(here.map(|gateway| gateway.id.as_str()))
    }

    /// Foreign resources that hold an Elastic IP that is to be released.
    pub(super) fn addresses(&mut self) {
        let snapshot = self.seen.snapshot;
        for address in &snapshot.addresses {
            let holds = self.held([address.id.as_str()]);
            if holds.is_empty() || address.association.is_none() {
                continue;
            }
            let gateways = snapshot.nat_gateways.iter();
            let mut gateways = gateways.filter(|nat| nat.carries(address)).peekable();
            if gateways.peek().is_some() {
                let foreign = gateways.filter(|nat| nat.live() && self.foreign(&nat.id));
                for nat in foreign.collect::<Vec<_>>() {
                    self.nat(nat, holds.clone());
                }
                continue;
            }
            let interface = address.network_interface.as_ref();
            let (kind, id) = match (&address.instance, interface) {
                (Some(instance), _) => ("instance", instance),
                (None, Some(interface)) => ("network_interface", interface),
                (None, None) => (ElasticIp::KIND, &address.id),
            };
            let association = address.association.as_deref().unwrap_or_default();
            let free = format!("disassociate-address --association-id {association}");
            let remedy = format!("take the address off it: {}", self.command(&free));
            let about = Some(format!("has {}", address.ip));
            self.add((kind, id), about, holds, remedy);
        }
    }
}

/// What the console calls it.
fn name_of(tags: &crate::tags::Tags) -> Option<String> {
    tags.get("Name").map(|name| format!("\"{name}\""))
}
