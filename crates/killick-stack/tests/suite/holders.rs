//! What keeps AWS from deleting a stack.

use std::collections::BTreeMap;

use killick_spec::Spec;
use killick_stack::snapshot::{
    Association, Dependent, DependentKind, InternetGateway, NetworkInterface, Version,
};
use killick_stack::{Holder, Identity, Rule, Snapshot, StackView, Tags, holders};

use crate::support::{A, C, TWO_ZONES, deployed, spec};

/// All holders of a destroy that keeps the addresses, or gives them up.
fn found(spec: &Spec, snapshot: &Snapshot, release: bool) -> Vec<Holder> {
    let identity = Identity::of(spec, snapshot).unwrap();
    let seen = StackView {
        snapshot,
        identity: &identity,
    };
    holders(&seen, &|key| release || key.kind != "elastic_ip")
}

/// The holders that come of a change, and what each holds.
fn held(change: impl FnOnce(&mut Snapshot)) -> BTreeMap<String, Vec<String>> {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    change(&mut snapshot);
    let found = found(&spec, &snapshot, false).into_iter();
    found
        .map(|one| (format!("{} {}", one.kind, one.id), one.holds))
        .collect()
}

#[track_caller]
fn holds(change: impl FnOnce(&mut Snapshot), holder: &str, what: &[&str]) {
    let found = held(change);
    let what: Vec<String> = what.iter().map(ToString::to_string).collect();
    assert_eq!(found, BTreeMap::from([(holder.to_owned(), what)]));
}

fn interface(kind: &str, description: &str, requester: Option<&str>) -> NetworkInterface {
    NetworkInterface {
        id: "eni-1".to_owned(),
        vpc: "vpc-1".to_owned(),
        subnet: format!("subnet-private-{A}"),
        groups: vec!["sg-theirs".to_owned()],
        kind: kind.to_owned(),
        description: description.to_owned(),
        requester: requester.map(str::to_owned),
        owner: Some("123456789012".to_owned()),
        instance: None,
        public: false,
    }
}

const PRIVATE: [&str; 2] = ["subnet/private-ap-northeast-1a", "vpc/main"];

#[test]
fn a_stack_alone_in_its_network_has_no_holders() {
    assert_eq!(held(|_| {}), BTreeMap::new());
    // The interface of a gateway, by what the gateway says and by what it says
    // itself.
    for (id, text) in [
        (format!("eni-{A}"), String::new()),
        (
            "eni-1".to_owned(),
            format!("Interface for NAT Gateway nat-{A}"),
        ),
    ] {
        let put = |all: &mut Snapshot| {
            let mut one = interface("nat_gateway", &text, Some("amazon-aws"));
            one.id = id;
            one.public = true;
            one.subnet = format!("subnet-public-{A}");
            all.dependents.interfaces.push(one);
        };
        assert_eq!(held(put), BTreeMap::new());
    }
}

#[test]
fn whatever_others_put_into_the_network_holds_it() {
    let found = held(|all| {
        let mut subnet = all.subnets[0].clone();
        subnet.id = "subnet-foreign".to_owned();
        subnet.cidr = "10.0.9.0/24".to_owned();
        subnet.tags.clear();
        all.subnets.push(subnet);
        let mut nat = all.nat_gateways[0].clone();
        nat.id = "nat-foreign".to_owned();
        nat.tags.clear();
        nat.addresses[0].allocation = Some("eipalloc-foreign".to_owned());
        all.nat_gateways.push(nat.clone());
        nat.id = "nat-gone".to_owned();
        nat.state = "deleted".to_owned();
        all.nat_gateways.push(nat);
        let mut function = all.functions[0].clone();
        function.name = "other".to_owned();
        all.functions.push(function);
        let mut table = all.route_tables[0].clone();
        table.id = "rtb-foreign".to_owned();
        table.main = false;
        all.route_tables.push(table);
    });
    let keys: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "function other",
            "nat_gateway nat-foreign",
            "route_table rtb-foreign",
            "subnet subnet-foreign"
        ]
    );
    assert_eq!(
        found["nat_gateway nat-foreign"],
        [
            "internet_gateway/main",
            "subnet/public-ap-northeast-1a",
            "vpc/main"
        ]
    );
}

/// The group that every VPC is born with goes with it, unless it names ours.
#[test]
fn foreign_security_groups() {
    let group = |name: &str, peer: &str| {
        let (name, peer) = (name.to_owned(), peer.to_owned());
        move |all: &mut Snapshot| {
            let mut group = all.security_groups[0].clone();
            group.id = "sg-theirs".to_owned();
            group.name = name;
            group.tags.clear();
            group.ingress = vec![Rule::new("tcp", Some((5432, 5432)), &peer)];
            all.security_groups.push(group);
        }
    };
    let holder = "security_group sg-theirs";
    holds(group("database", "10.0.0.0/16"), holder, &["vpc/main"]);
    let both = ["security_group/functions", "vpc/main"];
    holds(group("database", "sg-1"), holder, &both);
    holds(group("default", "sg-1"), holder, &both[..1]);
    assert_eq!(held(group("default", "sg-theirs")), BTreeMap::new());
}

/// Load balancers, databases, clusters, mount targets, instances: whoever made
/// the interface, it stays until its owner is gone.
#[test]
fn network_interfaces_are_named_by_what_has_them() {
    for (kind, text, requester, holder) in [
        ("interface", "", None, "network_interface eni-1"),
        (
            "interface",
            "ELB app/web/50dc6c495c0c9188",
            Some("amazon-elb"),
            "network_interface eni-1",
        ),
        (
            "interface",
            "RDSNetworkInterface",
            Some("amazon-rds"),
            "network_interface eni-1",
        ),
        (
            "interface",
            "Amazon EKS prod",
            Some("210987654321"),
            "network_interface eni-1",
        ),
        (
            "interface",
            "EFS mount target for fs-1 (fsmt-1)",
            Some("amazon-efs"),
            "efs_mount_target fsmt-1",
        ),
        (
            "transit_gateway",
            "Network Interface for Transit Gateway Attachment tgw-attach-1",
            Some("amazon-aws"),
            "transit_gateway_attachment tgw-attach-1",
        ),
        (
            "vpc_endpoint",
            "VPC Endpoint Interface vpce-1",
            Some("amazon-aws"),
            "vpc_endpoint vpce-1",
        ),
    ] {
        let put = |all: &mut Snapshot| {
            all.dependents
                .interfaces
                .push(interface(kind, text, requester));
        };
        holds(put, holder, &PRIVATE);
    }
    let instance = |all: &mut Snapshot| {
        let mut one = interface("interface", "", None);
        one.instance = Some("i-1".to_owned());
        one.public = true;
        one.groups = vec!["sg-1".to_owned()];
        all.dependents.interfaces.push(one);
    };
    let all = [
        "internet_gateway/main",
        "security_group/functions",
        PRIVATE[0],
        PRIVATE[1],
    ];
    holds(instance, "instance i-1", &all);
}

#[test]
fn an_endpoint_is_named_once_with_its_service() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    let endpoint = Dependent {
        kind: DependentKind::VpcEndpoint,
        id: "vpce-1".to_owned(),
        vpcs: vec!["vpc-1".to_owned()],
        state: "available".to_owned(),
        about: Some(
            "interface endpoint for com.amazonaws.ap-northeast-1.guardduty-data".to_owned(),
        ),
        owner: Some("210987654321".to_owned()),
        requested: true,
    };
    let text = "VPC Endpoint Interface vpce-1";
    let on = interface("vpc_endpoint", text, Some("amazon-aws"));
    snapshot.dependents.interfaces.push(on);
    snapshot.dependents.attached.push(endpoint);
    let all = found(&spec, &snapshot, false);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].holds, PRIVATE);
    let about = all[0].about.as_deref().unwrap();
    assert!(about.contains("guardduty-data"), "{about}");
    assert!(about.contains("of account 210987654321"), "{about}");
    assert!(all[0].remedy.contains("GuardDuty"), "{}", all[0].remedy);
    // One that is on its way out goes by itself, and its interface with it.
    snapshot.dependents.attached[0].state = "deleting".to_owned();
    assert_eq!(found(&spec, &snapshot, false), []);
}

#[test]
fn gateways_peerings_and_acls_hold_the_vpc() {
    for (kind, state, counts) in [
        (DependentKind::VpcEndpoint, "available", true),
        (DependentKind::VpcEndpoint, "rejected", true),
        (DependentKind::VpcPeeringConnection, "active", true),
        (DependentKind::VpcPeeringConnection, "rejected", false),
        (DependentKind::VpnGateway, "attached", true),
        (DependentKind::VpnGateway, "detached", false),
        (DependentKind::EgressOnlyInternetGateway, "attached", true),
        (DependentKind::CarrierGateway, "available", true),
        (DependentKind::CarrierGateway, "deleted", false),
        (DependentKind::NetworkAcl, "", true),
    ] {
        let found = held(|all| {
            all.dependents.attached.push(Dependent {
                kind,
                id: "one".to_owned(),
                vpcs: vec!["vpc-other".to_owned(), "vpc-1".to_owned()],
                state: state.to_owned(),
                about: None,
                owner: None,
                requested: false,
            });
        });
        let holder = format!("{} one", kind.name());
        let wanted = [(holder, vec!["vpc/main".to_owned()])];
        let wanted = BTreeMap::from(wanted.map(|one| one));
        let wanted = if counts { wanted } else { BTreeMap::new() };
        assert_eq!(found, wanted, "{kind:?} {state}");
    }
    let shared = |all: &mut Snapshot| {
        all.dependents.attached.push(Dependent {
            kind: DependentKind::SecurityGroupVpcAssociation,
            id: "sg-1".to_owned(),
            vpcs: vec!["vpc-other".to_owned()],
            state: "associated".to_owned(),
            about: None,
            owner: None,
            requested: false,
        });
    };
    let holder = "security_group_vpc_association sg-1";
    holds(shared, holder, &["security_group/functions"]);
    let swapped = |all: &mut Snapshot| {
        all.internet_gateways[0].vpc = None;
        all.internet_gateways.push(InternetGateway {
            id: "igw-theirs".to_owned(),
            vpc: Some("vpc-1".to_owned()),
            tags: Tags::new(),
        });
    };
    holds(swapped, "internet_gateway igw-theirs", &["vpc/main"]);
}

#[test]
fn a_table_that_others_follow_or_that_became_the_main_one() {
    let followed = |all: &mut Snapshot| {
        let public = all.route_tables.iter_mut();
        let table = public.last().unwrap();
        table.associations.push(Association {
            id: "rtbassoc-1".to_owned(),
            member: "igw-edge".to_owned(),
        });
    };
    holds(followed, "gateway igw-edge", &["route_table/public"]);
    let main = |all: &mut Snapshot| {
        for table in &mut all.route_tables {
            table.main = table.id == "rtb-public";
        }
    };
    let found = held(main);
    assert_eq!(found["route_table rtb-public"], ["route_table/public"]);
    assert_eq!(found["route_table rtb-main"], ["vpc/main"]);
}

/// Lambda takes its interfaces back by itself, unless a function or a version
/// that stays is configured for the same subnet and groups.
#[test]
fn interfaces_of_lambda_hold_only_with_who_keeps_them() {
    let lambda = |groups: &[&str]| {
        let mut one = interface("lambda", "AWS Lambda VPC ENI-billing-sync-1", Some("x"));
        one.groups = groups.iter().map(ToString::to_string).collect();
        one
    };
    let version = |function: &str, groups: &[&str]| Version {
        function: function.to_owned(),
        version: "3".to_owned(),
        aliases: Vec::new(),
        vpc: Some("vpc-1".to_owned()),
        subnets: vec![format!("subnet-private-{A}"), format!("subnet-private-{C}")],
        security_groups: groups.iter().map(ToString::to_string).collect(),
        ipv6: false,
    };
    // That of our function, and one that lingers after a function left.
    let ours = held(|all| {
        all.dependents.interfaces = vec![lambda(&["sg-1"]), lambda(&["sg-theirs"])];
    });
    assert_eq!(ours, BTreeMap::new());
    let frozen = |all: &mut Snapshot| {
        all.dependents.interfaces = vec![lambda(&["sg-1"])];
        all.dependents.versions = vec![
            version("billing-sync", &["sg-1"]),
            version("other", &["sg-1", "sg-theirs"]),
        ];
        let mut known = version("billing-sync", &["sg-1"]);
        known.aliases = vec!["live".to_owned()];
        all.versions = vec![known];
    };
    let held_by_version = ["security_group/functions", PRIVATE[0], PRIVATE[1]];
    holds(frozen, "function_version billing-sync:3", &held_by_version);
    // A version whose interface Lambda has taken back holds nothing.
    let idle = held(|all| all.dependents.versions = vec![version("billing-sync", &["sg-1"])]);
    assert_eq!(idle, BTreeMap::new());
}

/// In an external network only what is managed is to go.
#[test]
fn what_is_external_is_held_by_nobody() {
    let text = TWO_ZONES.replace("cidr = \"10.0.0.0/16\"", "vpc = \"vpc-1\"");
    let spec = spec(&text);
    let mut snapshot = deployed(&crate::support::spec(TWO_ZONES));
    snapshot.vpcs[0].tags.clear();
    let mut subnet = snapshot.subnets[0].clone();
    subnet.id = "subnet-theirs".to_owned();
    subnet.tags.clear();
    snapshot.subnets.push(subnet);
    let mut one = interface("interface", "", None);
    one.subnet = "subnet-theirs".to_owned();
    snapshot.dependents.interfaces.push(one.clone());
    assert_eq!(found(&spec, &snapshot, false), []);
    one.groups = vec!["sg-1".to_owned()];
    snapshot.dependents.interfaces.push(one);
    let all = found(&spec, &snapshot, false);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].holds, ["security_group/functions"]);
}

#[test]
fn an_address_that_is_to_be_released_and_is_elsewhere() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    assert_eq!(found(&spec, &snapshot, true), []);
    snapshot.addresses[0].network_interface = Some("eni-theirs".to_owned());
    snapshot.addresses[0].instance = Some("i-1".to_owned());
    assert_eq!(found(&spec, &snapshot, false), []);
    let all = found(&spec, &snapshot, true);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].kind, all[0].id.as_str()), ("instance", "i-1"));
    assert_eq!(all[0].holds, ["elastic_ip/ap-northeast-1a"]);
}
