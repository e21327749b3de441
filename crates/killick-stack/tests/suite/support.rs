//! A snapshot in which everything of a spec is as it should be.

use std::collections::BTreeMap;

use killick_core::{Desired, Graph};
use killick_path::{Judgement, Proof};
use killick_spec::Spec;
use killick_stack::snapshot::{
    Address, Association, Function, InternetGateway, NatAddress, NatGateway, Record, Route,
    RouteTable, SecurityGroup, Subnet, Vpc,
};
use killick_stack::{
    Assessment, Finding, Findings, Identity, PreviousConfig, Resolved, Rule, Snapshot, StackView,
    Tags, Topology, findings,
};

/// The network of all specs here.
const CIDR: &str = "10.0.0.0/16";

pub(crate) const A: &str = "ap-northeast-1a";
pub(crate) const C: &str = "ap-northeast-1c";
pub(crate) const TWO_ZONES: &str = include_str!("../../../../specs/lambda-fixed-ip.toml");

pub(crate) fn spec(text: &str) -> Spec {
    killick_spec::parse(text).expect("a good spec")
}

pub(crate) fn tags(spec: &Spec, key: &str) -> Tags {
    let mut tags: Tags = BTreeMap::from([
        ("killick:stack".to_owned(), spec.stack.clone()),
        ("killick:key".to_owned(), key.to_owned()),
        ("Name".to_owned(), format!("{} {key}", spec.stack)),
    ]);
    tags.extend(spec.tags.clone());
    tags
}

pub(crate) fn route(destination: &str, target: &str, origin: &str) -> Route {
    Route {
        destination: destination.to_owned(),
        target: target.to_owned(),
        state: "active".to_owned(),
        origin: origin.to_owned(),
    }
}

fn table(spec: &Spec, name: &str, target: &str, subnets: Vec<String>) -> RouteTable {
    RouteTable {
        id: format!("rtb-{name}"),
        vpc: "vpc-1".to_owned(),
        main: false,
        routes: vec![
            route(CIDR, "local", "CreateRouteTable"),
            route("0.0.0.0/0", target, "CreateRoute"),
        ],
        associations: subnets
            .into_iter()
            .map(|member| Association {
                id: format!("rtbassoc-{member}"),
                member,
            })
            .collect(),
        propagating: Vec::new(),
        tags: tags(spec, &format!("route_table/{name}")),
    }
}

/// Ids are `vpc-1`, `igw-1`, `subnet-public-<zone>`, `eipalloc-<zone>`,
/// `nat-<zone>`, `rtb-public`, `sg-1`; addresses count up from 203.0.113.1.
pub(crate) fn deployed(spec: &Spec) -> Snapshot {
    let mut snapshot = Snapshot {
        account: "123456789012".to_owned(),
        region: spec.region.clone(),
        ..Snapshot::default()
    };
    snapshot.vpcs.push(Vpc {
        id: "vpc-1".to_owned(),
        cidr: CIDR.to_owned(),
        secondary: Vec::new(),
        ipv6: Vec::new(),
        block_public_access: None,
        dhcp_options: None,
        state: "available".to_owned(),
        dns_support: Some(true),
        dns_hostnames: Some(true),
        tags: tags(spec, "vpc/main"),
    });
    snapshot.internet_gateways.push(InternetGateway {
        id: "igw-1".to_owned(),
        vpc: Some("vpc-1".to_owned()),
        tags: tags(spec, "internet_gateway/main"),
    });
    snapshot.route_tables.push(RouteTable {
        id: "rtb-main".to_owned(),
        vpc: "vpc-1".to_owned(),
        main: true,
        routes: vec![route(CIDR, "local", "CreateRouteTable")],
        associations: Vec::new(),
        propagating: Vec::new(),
        tags: Tags::new(),
    });
    let mut public = Vec::new();
    for (count, zone) in (1..).zip(&spec.zones) {
        let name = &zone.name;
        for (side, cidr) in [("public", &zone.public), ("private", &zone.private)] {
            snapshot.subnets.push(Subnet {
                id: format!("subnet-{side}-{name}"),
                vpc: "vpc-1".to_owned(),
                zone: name.clone(),
                cidr: cidr.made().expect("a subnet of our own").to_string(),
                ipv6: Vec::new(),
                block_public_access: None,
                state: "available".to_owned(),
                map_public_ip: false,
                free: Some(251),
                tags: tags(spec, &format!("subnet/{side}-{name}")),
            });
        }
        public.push(format!("subnet-public-{name}"));
        if spec.has_nat(name) {
            let ip = format!("203.0.113.{count}");
            snapshot.addresses.push(Address {
                id: format!("eipalloc-{name}"),
                ip: ip.clone(),
                association: Some(format!("eipassoc-{name}")),
                instance: None,
                network_interface: Some(format!("eni-{name}")),
                service_managed: None,
                border_group: None,
                tags: tags(spec, &format!("elastic_ip/{name}")),
            });
            snapshot.nat_gateways.push(NatGateway {
                id: format!("nat-{name}"),
                vpc: "vpc-1".to_owned(),
                subnet: Some(format!("subnet-public-{name}")),
                state: "available".to_owned(),
                connectivity: "public".to_owned(),
                availability: "zonal".to_owned(),
                addresses: vec![NatAddress {
                    allocation: Some(format!("eipalloc-{name}")),
                    ip: Some(ip),
                    interface: Some(format!("eni-{name}")),
                    private: None,
                    association: None,
                    status: String::new(),
                }],
                failure: None,
                created: Some(1_764_500_400),
                tags: tags(spec, &format!("nat_gateway/{name}")),
            });
        }
        let target = format!("nat-{}", spec.nat_zone(name));
        let private = vec![format!("subnet-private-{name}")];
        snapshot
            .route_tables
            .push(table(spec, &format!("private-{name}"), &target, private));
    }
    snapshot
        .route_tables
        .push(table(spec, "public", "igw-1", public));
    snapshot.security_groups.push(SecurityGroup {
        id: "sg-1".to_owned(),
        vpc: "vpc-1".to_owned(),
        name: format!("{}-functions", spec.stack),
        ingress: Vec::new(),
        egress: vec![Rule::everything()],
        tags: tags(spec, "security_group/functions"),
    });
    for name in spec.functions.iter().filter_map(|function| function.name()) {
        snapshot.functions.push(Function {
            name: name.to_owned(),
            vpc: Some("vpc-1".to_owned()),
            subnets: spec
                .zones
                .iter()
                .map(|zone| format!("subnet-private-{}", zone.name))
                .collect(),
            security_groups: vec!["sg-1".to_owned()],
            ipv6: false,
            state: "Active".to_owned(),
            last_update: "Successful".to_owned(),
            reason: None,
            role: None,
        });
        snapshot.records.push(Record {
            stack: spec.stack.clone(),
            function: name.to_owned(),
            former: PreviousConfig::default(),
            resets: 0,
        });
    }
    snapshot
}

/// What a spec asks for in an account.
pub(crate) fn desired(spec: &Spec, seen: &StackView<'_>) -> Graph<Desired> {
    Topology::of(spec, &Resolved::of(spec, seen)).desired()
}

/// What a report says of it.
pub(crate) fn found(spec: &Spec, snapshot: &Snapshot) -> Vec<Finding> {
    judged(spec, snapshot).0.all
}

/// The same with its faults, and whether all is proven.
pub(crate) fn judged(spec: &Spec, snapshot: &Snapshot) -> (Findings, Judgement) {
    let identity = Identity::of(spec, snapshot).expect("no ambiguity");
    let seen = StackView {
        snapshot,
        identity: &identity,
    };
    let desired = desired(spec, &seen);
    let assessment = Assessment::of(spec, &seen, &desired);
    let observed = seen.observed(&desired, &assessment);
    let proofs = assessment.proofs().iter().map(Proof::judgement);
    let worst = proofs.max().unwrap_or(Judgement::Unknown);
    (
        findings(spec, &seen, &desired, &observed, &assessment),
        worst,
    )
}

/// Takes all tags off the resource of that id.
pub(crate) fn strip(snapshot: &mut Snapshot, id: &str) {
    let text = serde_json::to_string(snapshot).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    for list in value.as_object_mut().unwrap().values_mut() {
        for item in list.as_array_mut().into_iter().flatten() {
            if item["id"] == id {
                item["tags"] = serde_json::json!({});
            }
        }
    }
    *snapshot = serde_json::from_value(value).unwrap();
}

/// The field of a finding, as reports name it.
pub(crate) fn text(finding: &Finding) -> String {
    let field = finding.field.as_ref();
    field.map(ToString::to_string).unwrap_or_default()
}
