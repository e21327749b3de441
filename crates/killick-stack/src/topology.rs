//! From the spec to everything that should be.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::{Attrs, Desired, Graph, Key, Value};
use killick_spec::{Network, Place, Spec, Zone};

use crate::catalogue::Resource;
use crate::declare::Link;
use crate::keys::{
    group_key, internet_gateway_key, private_subnet, private_table, public_subnet, public_table,
    vpc_key,
};
use crate::resolved::{Attached, Back, Resolved};
use crate::resource::{
    DEFAULT_ROUTE, ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup,
    Subnet, Vpc,
};
use crate::rule::Rule;
use crate::tags::{FORMERLY, NAME, Owner, Tags};

/// Everything that a spec asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    /// Who owns it.
    pub owner: Owner,
    /// Every resource by key.
    pub resources: BTreeMap<Key, Resource>,
    /// What somebody else lends: it is there and stays as it is.
    pub lent: BTreeSet<Key>,
}

impl Topology {
    /// The topology of a spec (design: two zones shown, one to six allowed),
    /// with what it leaves to the account.
    pub fn of(spec: &Spec, found: &Resolved) -> Self {
        let mut builder = Builder::new(spec, found);
        builder.network();
        for zone in &spec.zones {
            builder.zone(zone);
        }
        for (name, wanted) in &found.functions {
            builder.function(name, wanted);
        }
        builder.restored(&found.leaving);
        builder.topology
    }

    /// What is left when a stack goes: nothing, and functions as they were
    /// before.
    pub fn nothing(spec: &Spec, found: &Resolved) -> Self {
        let mut builder = Builder::new(spec, found);
        // What is gone already needs nothing put back.
        builder.topology.lent = found.there.clone();
        let attached = found.functions.iter();
        let back = attached.filter_map(|(name, wanted)| Some((name.clone(), wanted.back.clone()?)));
        builder.restored(&back.collect());
        builder.restored(&found.leaving);
        builder.topology
    }

    /// The resources as a graph.
    pub fn desired(&self) -> Graph<Desired> {
        let made = self.resources.iter().map(|(key, resource)| Desired {
            key: key.clone(),
            attrs: resource.attrs(),
        });
        let lent = self.lent.iter().map(|key| Desired {
            key: key.clone(),
            attrs: Attrs::new(),
        });
        let mut graph: Graph<Desired> = made.chain(lent).collect();
        for key in &self.lent {
            graph.lend(key.clone());
        }
        graph
    }
}

struct Builder<'a> {
    spec: &'a Spec,
    found: &'a Resolved,
    topology: Topology,
}

impl<'a> Builder<'a> {
    fn new(spec: &'a Spec, found: &'a Resolved) -> Self {
        let owner = Owner {
            stack: spec.stack.clone(),
            tags: spec.tags.clone(),
        };
        Self {
            spec,
            found,
            topology: Topology {
                owner,
                resources: BTreeMap::new(),
                lent: found.lent.clone(),
            },
        }
    }

    /// What is lent is not made.
    fn add(&mut self, key: Key, resource: impl FnOnce(Tags) -> Resource) {
        if !self.topology.lent.contains(&key) {
            let mut tags = self.topology.owner.tags(&key);
            if self.found.named.contains(&key) {
                tags.remove(NAME);
            }
            self.topology.resources.insert(key, resource(tags));
        }
    }

    fn network(&mut self) {
        if let Network::Made { cidr } = &self.spec.network {
            self.add(vpc_key(), |tags| {
                Vpc {
                    cidr: cidr.to_string(),
                    dns_support: Some(true),
                    dns_hostnames: Some(true),
                    network_acl: BTreeMap::new(),
                    tags,
                }
                .into()
            });
        }
        self.add(internet_gateway_key(), |tags| {
            InternetGateway {
                vpc: Link::Ours(vpc_key()),
                tags,
            }
            .into()
        });
        // Somebody else's public subnet has a table that leads out.
        let made = self
            .spec
            .zones
            .iter()
            .filter(|zone| zone.public.made().is_some());
        let public: Vec<Key> = made.map(|zone| public_subnet(&zone.name)).collect();
        if !public.is_empty() {
            self.table(public_table(), internet_gateway_key(), public, None);
        }
        if self.spec.security_groups.is_empty() {
            self.add(group_key(), |tags| {
                SecurityGroup {
                    vpc: Link::Ours(vpc_key()),
                    egress: vec![Rule::everything().to_string()],
                    ingress: Vec::new(),
                    tags,
                }
                .into()
            });
        }
    }

    fn zone(&mut self, zone: &Zone) {
        self.subnet(public_subnet(&zone.name), zone, &zone.public);
        self.subnet(private_subnet(&zone.name), zone, &zone.private);
        if self.spec.has_nat(&zone.name) {
            let address = ElasticIp::key(&zone.name);
            let back = self.found.lost.get(&zone.name);
            let public = back.map(|ip| ("ip".to_owned(), ip.clone()));
            self.add(address.clone(), |tags| {
                ElasticIp {
                    public: public.into_iter().collect(),
                    transfer: BTreeMap::new(),
                    tags,
                }
                .into()
            });
            self.add(NatGateway::key(&zone.name), |tags| {
                NatGateway {
                    subnet: Link::Ours(public_subnet(&zone.name)),
                    address: Link::Ours(address),
                    secondary: Vec::new(),
                    connectivity: "public".to_owned(),
                    availability: "zonal".to_owned(),
                    tags,
                }
                .into()
            });
        }
        let nat = NatGateway::key(self.spec.nat_zone(&zone.name));
        let private = vec![private_subnet(&zone.name)];
        let formerly = self.found.tables.get(&zone.name);
        self.table(private_table(&zone.name), nat, private, formerly);
    }

    fn subnet(&mut self, key: Key, zone: &Zone, place: &Place) {
        let Some(cidr) = place.made() else { return };
        self.add(key, |tags| {
            Subnet {
                vpc: Link::Ours(vpc_key()),
                zone: zone.availability_zone.clone(),
                cidr: cidr.to_string(),
                map_public_ip: false,
                network_acl: Vec::new(),
                tags,
            }
            .into()
        });
    }

    fn table(&mut self, key: Key, default: Key, subnets: Vec<Key>, formerly: Option<&String>) {
        let routes = [(DEFAULT_ROUTE.to_owned(), Value::Ref(default))];
        self.add(key, |mut tags| {
            tags.extend(formerly.map(|table| (FORMERLY.to_owned(), table.clone())));
            RouteTable {
                vpc: Link::Ours(vpc_key()),
                routes: routes.into_iter().collect(),
                associations: subnets.into_iter().map(Link::Ours).collect(),
                tags,
            }
            .into()
        });
    }

    fn function(&mut self, name: &str, wanted: &Attached) {
        let private = self
            .spec
            .zones
            .iter()
            .map(|zone| private_subnet(&zone.name));
        let function = Function {
            subnets: private.map(Link::Ours).collect(),
            security_groups: wanted.security_groups.clone(),
            ipv6: false,
            role: BTreeMap::new(),
            formerly: wanted.formerly.as_ref().map(ToString::to_string),
        };
        let key = Function::key(name);
        self.topology.resources.insert(key, function.into());
    }

    fn restored(&mut self, functions: &BTreeMap<String, Back>) {
        for (name, back) in functions {
            let function = Function {
                subnets: back.subnets.clone(),
                security_groups: back.security_groups.clone(),
                ipv6: back.ipv6,
                role: BTreeMap::new(),
                formerly: None,
            };
            let key = Function::key(name);
            self.topology.resources.insert(key, function.into());
        }
    }
}
