//! The proof decides: what it refutes is reported by a finding about that very
//! cause, and nothing else explains it.

use killick_path::Judgement;
use killick_stack::snapshot::{AclAssociation, AclEntry, Endpoint, NetworkAcl, PrefixList};
use killick_stack::{Fault, Finding, Findings, Severity, Snapshot};

use crate::support::{A, C, TWO_ZONES, deployed, judged, route, spec, text};

/// The function that the spec names.
const FUNCTION: &str = "billing-sync";

/// The deployed stack with all that decides about egress read.
fn whole() -> Snapshot {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    let followers = snapshot.subnets.iter().map(|subnet| AclAssociation {
        id: format!("aclassoc-{}", subnet.id),
        subnet: subnet.id.clone(),
    });
    let entry = |egress| AclEntry {
        egress,
        number: 100,
        allow: true,
        protocol: "-1".to_owned(),
        ports: None,
        cidr: "0.0.0.0/0".to_owned(),
    };
    snapshot.traffic.network_acls = Some(vec![NetworkAcl {
        id: "acl-1".to_owned(),
        vpc: "vpc-1".to_owned(),
        default: true,
        associations: followers.collect(),
        entries: vec![entry(true), entry(false)],
    }]);
    snapshot.traffic.endpoints = Some(Vec::new());
    snapshot.traffic.dhcp_options = Some(Vec::new());
    snapshot.traffic.prefix_lists = Some(Vec::new());
    snapshot
}

fn after(change: impl FnOnce(&mut Snapshot)) -> (Findings, Judgement) {
    let mut snapshot = whole();
    change(&mut snapshot);
    judged(&spec(TWO_ZONES), &snapshot)
}

fn at<'a>(all: &'a Findings, key: &str, field: &str) -> &'a Finding {
    let mut found = all.all.iter();
    let hit = |one: &&Finding| one.key.to_string() == key && text(one).starts_with(field);
    found
        .find(hit)
        .unwrap_or_else(|| panic!("no {key} {field} in {all:#?}"))
}

fn reported_by(fault: &Fault, finding: &Finding) -> bool {
    fault.findings.contains(&finding.id)
}

/// An endpoint for S3 that the private table of a zone leads to.
fn s3(snapshot: &mut Snapshot) {
    endpoint(snapshot, "gateway", "com.amazonaws.ap-northeast-1.s3");
    let lists = snapshot.traffic.prefix_lists.as_mut().unwrap();
    lists.push(PrefixList {
        id: "pl-1".to_owned(),
        name: "com.amazonaws.ap-northeast-1.s3".to_owned(),
        cidrs: vec!["52.219.0.0/16".to_owned()],
    });
    private(snapshot)
        .routes
        .push(route("pl-1", "vpce-1", "CreateRoute"));
}

fn endpoint(snapshot: &mut Snapshot, kind: &str, service: &str) {
    let table = private(snapshot).id.clone();
    let endpoints = snapshot.traffic.endpoints.as_mut().unwrap();
    endpoints.push(Endpoint {
        id: "vpce-1".to_owned(),
        vpc: "vpc-1".to_owned(),
        service: service.to_owned(),
        kind: kind.to_owned(),
        state: "available".to_owned(),
        tables: vec![table],
    });
}

fn private(snapshot: &mut Snapshot) -> &mut killick_stack::snapshot::RouteTable {
    let mut tables = snapshot.route_tables.iter_mut();
    tables.find(|table| table.id.ends_with(A)).unwrap()
}

#[test]
fn what_is_deployed_has_no_fault() {
    let (all, judgement) = after(|_| ());
    assert_eq!((all, judgement), (Findings::default(), Judgement::Proven));
}

#[test]
fn a_warning_beside_it_explains_nothing() {
    // An extra ingress rule, and a public route that is diverted.
    let (all, judgement) = after(|snapshot| {
        snapshot.security_groups[0].ingress = snapshot.security_groups[0].egress.clone();
        let mut tables = snapshot.route_tables.iter_mut();
        let public = tables.find(|table| table.id == "rtb-public").unwrap();
        public
            .routes
            .push(route("0.0.0.0/1", "eni-9", "CreateRoute"));
    });
    assert_eq!(judgement, Judgement::Refuted);
    let ingress = at(&all, "security_group/functions", "ingress");
    assert_eq!(ingress.severity, Severity::Warning);
    let diverted = at(&all, "route_table/public", "routes.0.0.0.0/1");
    assert_eq!(diverted.severity, Severity::Critical);
    assert!(!all.faults.is_empty());
    for fault in &all.faults {
        assert!(reported_by(fault, diverted) && !reported_by(fault, ingress));
    }
}

#[test]
fn an_endpoint_explains_only_what_it_serves() {
    let (all, _) = after(|snapshot| {
        s3(snapshot);
        snapshot.security_groups[0].egress.clear();
    });
    let endpoint = at(&all, "vpc/main", "endpoints.vpce-1");
    let egress = at(&all, "security_group/functions", "egress");
    assert_eq!(egress.severity, Severity::Critical);
    for fault in &all.faults {
        assert!(
            reported_by(fault, egress) && !reported_by(fault, endpoint),
            "{fault:?}"
        );
    }
    let (alone, judgement) = after(s3);
    assert_eq!(judgement, Judgement::Refuted);
    let endpoint = at(&alone, "vpc/main", "endpoints.vpce-1");
    assert_eq!(alone.all.len(), 1, "{alone:#?}");
    for fault in &alone.faults {
        assert_eq!(fault.severity, Severity::Warning);
        assert!(reported_by(fault, endpoint));
    }
}

#[test]
fn a_firewall_endpoint_for_everything_is_not_a_service() {
    let (all, _) = after(|snapshot| {
        endpoint(
            snapshot,
            "gatewayloadbalancer",
            "com.amazonaws.vpce.firewall",
        );
        private(snapshot).routes[1].target = "vpce-1".to_owned();
    });
    let route = at(
        &all,
        &format!("route_table/private-{A}"),
        "routes.0.0.0.0/0",
    );
    assert_eq!(route.severity, Severity::Critical);
    for fault in &all.faults {
        assert_eq!(fault.severity, Severity::Critical);
        assert!(reported_by(fault, route));
        assert!(!reported_by(
            fault,
            at(&all, "vpc/main", "endpoints.vpce-1")
        ));
    }
}

/// What a brought VPC is in the way with is reported although no field of it
/// is declared.
#[test]
fn an_external_network_hides_nothing() {
    let brought = |change: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = whole();
        for one in &mut snapshot.vpcs {
            one.tags.clear();
        }
        for one in &mut snapshot.subnets {
            one.tags.clear();
        }
        change(&mut snapshot);
        // Ids as AWS makes them.
        let made = |text: &str| {
            let zones = [(A, "a"), (C, "c")].into_iter();
            let sides = ["public", "private"].into_iter().zip(["00", "01"]);
            let names = zones.flat_map(|zone| sides.clone().map(move |side| (zone, side)));
            names.fold(text.to_owned(), |text, ((zone, short), (side, number))| {
                text.replace(
                    &format!("subnet-{side}-{zone}"),
                    &format!("subnet-{number}{short}"),
                )
            })
        };
        let snapshot: Snapshot =
            serde_json::from_str(&made(&serde_json::to_string(&snapshot).unwrap())).unwrap();
        let zones: String = [A, C]
            .iter()
            .map(|name| {
                made(&format!(
                    "[[zone]]\nname = \"{name}\"\npublic = \"subnet-public-{name}\"\nprivate = \
                     \"subnet-private-{name}\"\n\n"
                ))
            })
            .collect();
        let text = format!(
            "stack = \"partner-egress\"\nregion = \"ap-northeast-1\"\n\n[network]\nvpc = \
             \"vpc-1\"\n\n{zones}[[function]]\nname = \"{FUNCTION}\"\n"
        );
        judged(&spec(&text), &snapshot)
    };
    let (all, judgement) = brought(&|snapshot| snapshot.vpcs[0].dns_support = Some(false));
    assert_eq!(judgement, Judgement::Refuted);
    let names = at(&all, &format!("function/{FUNCTION}"), "way.names-in-vpc-1");
    assert_eq!(names.severity, Severity::Critical);

    let (all, judgement) = brought(&|snapshot| {
        let acl = &mut snapshot.traffic.network_acls.as_mut().unwrap()[0];
        acl.entries.insert(
            0,
            AclEntry {
                egress: false,
                number: 50,
                allow: false,
                protocol: "6".to_owned(),
                ports: Some((1024, 60_000)),
                cidr: "0.0.0.0/0".to_owned(),
            },
        );
    });
    assert_eq!(judgement, Judgement::Refuted);
    let worst = all.all.iter().map(|one| one.severity).min();
    assert_eq!(worst, Some(Severity::Critical), "{all:#?}");
}

#[test]
fn a_function_that_may_run_elsewhere_proves_nothing() {
    let moved = |last_update: &str, reason: Option<&str>| {
        after(|snapshot| {
            snapshot.functions[0].last_update = last_update.to_owned();
            snapshot.functions[0].reason = reason.map(str::to_owned);
        })
        .1
    };
    assert_eq!(moved("InProgress", None), Judgement::Unknown);
    let network = Some("SubnetOutOfIPAddresses: no free addresses");
    assert_eq!(moved("Failed", network), Judgement::Unknown);
    assert_eq!(moved("Failed", None), Judgement::Unknown);
    // Its own trouble says nothing of the network.
    let own = Some("ImageDeleted: the image is gone");
    assert_eq!(moved("Failed", own), Judgement::Proven);
    assert_eq!(moved("Successful", None), Judgement::Proven);
}

#[test]
fn an_id_holds_the_cause() {
    let diverted = |target: &str| {
        let (all, _) = after(|snapshot| {
            private(snapshot).routes[1].target = target.to_owned();
        });
        at(
            &all,
            &format!("route_table/private-{A}"),
            "routes.0.0.0.0/0",
        )
        .clone()
    };
    let (one, other) = (diverted("eni-1"), diverted("eni-2"));
    assert_ne!(one.id, other.id);
    assert_eq!(one.id, diverted("eni-1").id);
    assert_eq!(one.former_id, other.former_id);
    // An id without its cause does not stand for what is critical.
    let former = one.former_id.clone().unwrap();
    assert!(one.answers_to(&one.id) && !one.answers_to(&other.id) && !one.answers_to(&former));
    let (all, _) = after(s3);
    let endpoint = at(&all, "vpc/main", "endpoints.vpce-1");
    assert!(endpoint.answers_to(endpoint.former_id.as_deref().unwrap()));
}

#[test]
fn a_gateway_that_was_made_again_by_hand_is_another_cause() {
    let missing = |by_hand: bool| {
        let (all, _) = after(|snapshot| {
            let mut other = snapshot.nat_gateways[0].clone();
            snapshot.nat_gateways[0].state = "deleted".to_owned();
            snapshot.addresses[0].association = None;
            snapshot.addresses[0].network_interface = None;
            if by_hand {
                other.id = "nat-hand".to_owned();
                other.tags.clear();
                other.addresses[0].allocation = Some("eipalloc-hand".to_owned());
                other.addresses[0].ip = Some("203.0.113.99".to_owned());
                snapshot.nat_gateways.push(other);
                private(snapshot).routes[1].target = "nat-hand".to_owned();
            } else {
                private(snapshot).routes[1].state = "blackhole".to_owned();
            }
        });
        at(&all, &format!("nat_gateway/{A}"), "").clone()
    };
    let (gone, replaced) = (missing(false), missing(true));
    assert_ne!(gone.id, replaced.id);
    assert_eq!(replaced.live.to_string(), "nat-hand");
}
