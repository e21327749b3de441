//! From the spec to everything that should be.

use std::collections::BTreeMap;

use killick_core::{Desired, Graph, Key, Value};
use killick_spec::{Spec, Zone};

use crate::catalogue::Resource;
use crate::declare::Link;
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::rule::Rule;
use crate::tags::Owner;

pub(crate) use crate::resource::DEFAULT_ROUTE;

/// Everything that a spec asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    /// Who owns it.
    pub owner: Owner,
    /// Every resource by key.
    pub resources: BTreeMap<Key, Resource>,
}

impl Topology {
    /// The topology of a spec (design: two zones shown, one to six allowed).
    pub fn of(spec: &Spec) -> Self {
        let owner = Owner {
            stack: spec.stack.clone(),
            tags: spec.tags.clone(),
        };
        let mut builder = Builder {
            owner,
            resources: BTreeMap::new(),
        };
        builder.network(spec);
        for zone in &spec.zones {
            builder.zone(spec, zone);
        }
        for function in &spec.functions {
            builder.function(spec, &function.name);
        }
        Self {
            owner: builder.owner,
            resources: builder.resources,
        }
    }

    /// The resources as a graph.
    pub fn desired(&self) -> Graph<Desired> {
        self.resources
            .iter()
            .map(|(key, resource)| Desired {
                key: key.clone(),
                attrs: resource.attrs(),
            })
            .collect()
    }
}

/// `vpc/main`.
pub(crate) fn vpc_key() -> Key {
    Vpc::key("main")
}

/// `internet_gateway/main`.
pub(crate) fn internet_gateway_key() -> Key {
    InternetGateway::key("main")
}

/// `subnet/public-<zone>`.
pub(crate) fn public_subnet(zone: &str) -> Key {
    Subnet::key(format!("public-{zone}"))
}

/// `subnet/private-<zone>`.
pub(crate) fn private_subnet(zone: &str) -> Key {
    Subnet::key(format!("private-{zone}"))
}

/// `route_table/public`.
pub(crate) fn public_table() -> Key {
    RouteTable::key("public")
}

/// `route_table/private-<zone>`.
pub(crate) fn private_table(zone: &str) -> Key {
    RouteTable::key(format!("private-{zone}"))
}

/// `security_group/functions`.
pub(crate) fn group_key() -> Key {
    SecurityGroup::key("functions")
}

struct Builder {
    owner: Owner,
    resources: BTreeMap<Key, Resource>,
}

impl Builder {
    fn add(&mut self, key: Key, resource: impl Into<Resource>) {
        self.resources.insert(key, resource.into());
    }

    fn network(&mut self, spec: &Spec) {
        let vpc = vpc_key();
        let tags = self.owner.tags(&vpc);
        self.add(
            vpc.clone(),
            Vpc {
                cidr: spec.network.cidr.to_string(),
                dns_support: Some(true),
                dns_hostnames: Some(true),
                tags,
            },
        );
        let gateway = internet_gateway_key();
        let tags = self.owner.tags(&gateway);
        self.add(
            gateway.clone(),
            InternetGateway {
                vpc: Link::Ours(vpc.clone()),
                tags,
            },
        );
        let public = spec.zones.iter().map(|zone| public_subnet(&zone.name));
        self.table(public_table(), gateway, public.collect());
        let group = group_key();
        let tags = self.owner.tags(&group);
        self.add(
            group,
            SecurityGroup {
                vpc: Link::Ours(vpc),
                egress: vec![Rule::everything().to_string()],
                ingress: Vec::new(),
                tags,
            },
        );
    }

    fn zone(&mut self, spec: &Spec, zone: &Zone) {
        self.subnet(public_subnet(&zone.name), zone, zone.public.to_string());
        self.subnet(private_subnet(&zone.name), zone, zone.private.to_string());
        if spec.has_nat(&zone.name) {
            let address = ElasticIp::key(&zone.name);
            let tags = self.owner.tags(&address);
            self.add(address.clone(), ElasticIp { tags });
            let nat = NatGateway::key(&zone.name);
            let tags = self.owner.tags(&nat);
            self.add(
                nat,
                NatGateway {
                    subnet: Link::Ours(public_subnet(&zone.name)),
                    address: Link::Ours(address),
                    connectivity: "public".to_owned(),
                    availability: "zonal".to_owned(),
                    tags,
                },
            );
        }
        let nat = NatGateway::key(spec.nat_zone(&zone.name));
        let private = vec![private_subnet(&zone.name)];
        self.table(private_table(&zone.name), nat, private);
    }

    fn subnet(&mut self, key: Key, zone: &Zone, cidr: String) {
        let tags = self.owner.tags(&key);
        self.add(
            key,
            Subnet {
                vpc: Link::Ours(vpc_key()),
                zone: zone.name.clone(),
                cidr,
                map_public_ip: false,
                tags,
            },
        );
    }

    fn table(&mut self, key: Key, default: Key, subnets: Vec<Key>) {
        let tags = self.owner.tags(&key);
        let routes = [(DEFAULT_ROUTE.to_owned(), Value::Ref(default))];
        self.add(
            key,
            RouteTable {
                vpc: Link::Ours(vpc_key()),
                routes: routes.into_iter().collect(),
                associations: subnets.into_iter().map(Link::Ours).collect(),
                tags,
            },
        );
    }

    fn function(&mut self, spec: &Spec, name: &str) {
        let private = spec.zones.iter().map(|zone| private_subnet(&zone.name));
        self.add(
            Function::key(name),
            Function {
                subnets: private.map(Link::Ours).collect(),
                security_groups: vec![Link::Ours(group_key())],
                ipv6: false,
            },
        );
    }
}
