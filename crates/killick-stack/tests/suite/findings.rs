//! What differs, and what it does.

use killick_core::{Change, Plan, Policy, diff};
use killick_stack::{Assessment, CATALOGUE, Finding, Identity, Severity, Snapshot, StackView};

use killick_finding::{FieldPath, Part};

use crate::support::{A, C, TWO_ZONES, deployed, desired, found, spec, text};

/// What a change of a deployed stack is reported as: key, field, severity.
fn after(change: impl FnOnce(&mut Snapshot)) -> Vec<(String, String, Severity)> {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    change(&mut snapshot);
    found(&spec, &snapshot)
        .into_iter()
        .map(|one| (one.key.to_string(), text(&one), one.severity))
        .collect()
}

fn one(key: &str, field: &str, severity: Severity) -> Vec<(String, String, Severity)> {
    vec![(key.to_owned(), field.to_owned(), severity)]
}

#[test]
fn what_is_deployed_is_in_sync() {
    for text in [
        TWO_ZONES,
        include_str!("../../../../specs/three-zones.toml"),
        include_str!("../../../../specs/single-nat.toml"),
    ] {
        let spec = spec(text);
        assert_eq!(found(&spec, &deployed(&spec)), []);
    }
}

#[test]
fn a_failed_gateway_is_broken_with_the_reason_of_aws() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    let reason = "Gateway.NotAttached: Network vpc-1 has no Internet gateway attached";
    snapshot.nat_gateways[0].state = "failed".to_owned();
    snapshot.nat_gateways[0].failure = Some(reason.to_owned());
    let found = found(&spec, &snapshot);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].what, found[0].severity),
        (Change::Broken, Severity::Critical)
    );
    assert_eq!(found[0].live.to_string(), reason);
}

#[test]
fn a_deleted_gateway_and_its_dead_route_are_one_finding() {
    let changed = after(|snapshot| {
        snapshot.nat_gateways[0].state = "deleted".to_owned();
        snapshot.addresses[0].association = None;
        let table = snapshot
            .route_tables
            .iter_mut()
            .find(|table| table.id.ends_with(A));
        table.unwrap().routes[1].state = "blackhole".to_owned();
    });
    assert_eq!(
        changed,
        one(&format!("nat_gateway/{A}"), "", Severity::Critical)
    );
}

#[test]
fn effects_of_a_default_route_follow_its_target() {
    let key = format!("route_table/private-{A}");
    let route = "routes.0.0.0.0/0";
    let retarget = |target: &str| {
        let target = target.to_owned();
        after(move |snapshot| {
            let table = snapshot
                .route_tables
                .iter_mut()
                .find(|table| table.id.ends_with(A));
            table.unwrap().routes[1].target = target;
        })
    };
    assert_eq!(
        retarget(&format!("nat-{C}")),
        one(&key, route, Severity::Warning)
    );
    assert_eq!(retarget("igw-1"), one(&key, route, Severity::Critical));
    assert_eq!(
        retarget("nat-foreign"),
        one(&key, route, Severity::Critical)
    );
}

#[test]
fn a_moved_association_is_one_finding_on_the_table_that_lost_it() {
    let changed = after(|snapshot| {
        let from = snapshot
            .route_tables
            .iter_mut()
            .find(|table| table.id.ends_with(A));
        let moved = from.unwrap().associations.remove(0);
        let to = snapshot
            .route_tables
            .iter_mut()
            .find(|table| table.id == "rtb-public");
        to.unwrap().associations.push(moved);
    });
    let field = format!("associations.subnet/private-{A}");
    assert_eq!(
        changed,
        one(
            &format!("route_table/private-{A}"),
            &field,
            Severity::Critical
        )
    );
}

#[test]
fn routes_that_aws_keeps_are_not_ours_to_judge() {
    let changed = after(|snapshot| {
        let table = snapshot
            .route_tables
            .iter_mut()
            .find(|table| table.id.ends_with(A))
            .unwrap();
        for (destination, target, origin) in [
            ("pl-1", "vpce-1", "CreateRoute"),
            ("10.9.0.0/16", "vgw-1", "EnableVgwRoutePropagation"),
        ] {
            let mut route = table.routes[1].clone();
            route.destination = destination.to_owned();
            route.target = target.to_owned();
            route.origin = origin.to_owned();
            table.routes.push(route);
        }
    });
    // Where they lead is told of the function, not held against the table.
    let tables = changed
        .iter()
        .filter(|(key, ..)| key.starts_with("route_table"));
    assert_eq!(tables.count(), 0, "{changed:?}");
}

#[test]
fn an_extra_route_is_shown_and_left_alone() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    let table = snapshot
        .route_tables
        .iter_mut()
        .find(|table| table.id.ends_with(A))
        .unwrap();
    let mut extra = table.routes[1].clone();
    extra.destination = "203.0.113.0/24".to_owned();
    extra.target = "tgw-1".to_owned();
    table.routes.push(extra);
    let identity = Identity::of(&spec, &snapshot).unwrap();
    let seen = StackView {
        snapshot: &snapshot,
        identity: &identity,
    };
    let desired = desired(&spec, &seen);
    let assessment = Assessment::of(&spec, &seen, &desired);
    let observed = seen.observed(&desired, &assessment);
    let plan = |prune| {
        let policy = Policy {
            prune,
            ..Policy::default()
        };
        Plan::new(CATALOGUE, &desired, &observed, policy).unwrap()
    };
    assert_eq!((plan(false).len(), plan(false).left_alone.len()), (0, 1));
    assert_eq!((plan(true).len(), plan(true).left_alone.len()), (1, 0));
}

#[test]
fn a_function_without_config_leaves_by_addresses_of_aws() {
    let changed = after(|snapshot| {
        let function = &mut snapshot.functions[0];
        function.vpc = None;
        function.subnets.clear();
        function.security_groups.clear();
    });
    // The missing group says nothing more.
    assert_eq!(
        changed,
        one("function/billing-sync", "subnets", Severity::Critical)
    );
}

#[test]
fn a_function_of_somebody_else_in_our_subnets_is_reported() {
    let changed = after(|snapshot| {
        let mut other = snapshot.functions[0].clone();
        other.name = "other".to_owned();
        snapshot.functions.push(other);
    });
    assert_eq!(changed, one("function/other", "subnets", Severity::Warning));
}

#[test]
fn another_stack_in_the_same_account_is_not_seen() {
    let ours = spec(TWO_ZONES);
    let other = spec(include_str!("../../../../specs/three-zones.toml"));
    let mut snapshot = deployed(&ours);
    let foreign = deployed(&other);
    // Its own VPC: the ids of the two fixtures differ by name only.
    for mut nat in foreign.nat_gateways {
        nat.id = format!("{}-other", nat.id);
        nat.vpc = "vpc-2".to_owned();
        nat.subnet = nat.subnet.map(|id| format!("{id}-other"));
        snapshot.nat_gateways.push(nat);
    }
    for mut address in foreign.addresses {
        address.id = format!("{}-other", address.id);
        snapshot.addresses.push(address);
    }
    assert_eq!(found(&ours, &snapshot), []);
}

#[test]
fn what_could_not_be_read_is_no_finding() {
    let spec = spec(TWO_ZONES);
    for part in [
        Part::NatGateways,
        Part::Subnets,
        Part::SecurityGroups,
        Part::Addresses,
        Part::InternetGateways,
    ] {
        let mut snapshot = deployed(&spec);
        match part {
            Part::NatGateways => snapshot.nat_gateways.clear(),
            Part::Subnets => snapshot.subnets.clear(),
            Part::SecurityGroups => snapshot.security_groups.clear(),
            Part::Addresses => snapshot.addresses.clear(),
            _ => snapshot.internet_gateways.clear(),
        }
        snapshot.unreadable.push(killick_stack::Unreadable {
            part,
            permission: "ec2:Describe".to_owned(),
            code: "UnauthorizedOperation".to_owned(),
            message: String::new(),
            request_id: None,
        });
        assert_eq!(found(&spec, &snapshot), [], "{part}");
    }
}

#[test]
fn a_snapshot_survives_being_saved() {
    let snapshot = deployed(&spec(TWO_ZONES));
    let text = serde_json::to_string(&snapshot).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), snapshot);
}

#[test]
fn a_fresh_plan_makes_everything_and_attaches_last() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = Snapshot::default();
    snapshot.functions.push(killick_stack::snapshot::Function {
        name: "billing-sync".to_owned(),
        state: "Active".to_owned(),
        ..Default::default()
    });
    let identity = Identity::of(&spec, &snapshot).unwrap();
    let seen = StackView {
        snapshot: &snapshot,
        identity: &identity,
    };
    let desired = desired(&spec, &seen);
    let assessment = Assessment::of(&spec, &seen, &desired);
    let observed = seen.observed(&desired, &assessment);
    assert_eq!(diff(CATALOGUE, &desired, &observed).len(), 15);
    let plan = Plan::new(CATALOGUE, &desired, &observed, Policy::default()).unwrap();
    let ids: Vec<String> = plan.steps().map(|(_, step)| step.id()).collect();
    assert_eq!(ids.len(), 15);
    assert_eq!(ids[0], "create vpc/main");
    assert_eq!(ids[14], "update function/billing-sync");
}

#[test]
fn traffic_that_is_diverted_to_an_endpoint_is_seen() {
    let changed = after(|snapshot| {
        let tables = &mut snapshot.route_tables;
        let table = tables
            .iter_mut()
            .find(|table| table.id.ends_with(A))
            .unwrap();
        let mut route = table.routes[1].clone();
        route.destination = "0.0.0.0/1".to_owned();
        route.target = "vpce-1".to_owned();
        table.routes.push(route);
    });
    let key = format!("route_table/private-{A}");
    assert_eq!(changed, one(&key, "routes.0.0.0.0/1", Severity::Critical));
}

#[test]
fn a_missing_gateway_is_told_by_what_its_functions_do_now() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    snapshot.nat_gateways[0].state = "deleted".to_owned();
    let effect = |snapshot: &Snapshot| {
        let found = found(&spec, snapshot);
        let missing = found
            .into_iter()
            .find(|one| one.key.to_string() == format!("nat_gateway/{A}"));
        missing.unwrap().effect
    };
    assert!(effect(&snapshot).contains("have no way out"));
    assert!(effect(&snapshot).contains("the deleted NAT gateway lets go of it"));
    snapshot.addresses[0].association = None;
    assert!(effect(&snapshot).contains("203.0.113.1 is kept and will be used again"));
    let tables = &mut snapshot.route_tables;
    let table = tables
        .iter_mut()
        .find(|table| table.id.ends_with(A))
        .unwrap();
    table.routes[1].target = format!("nat-{C}");
    assert!(effect(&snapshot).contains("leave by 203.0.113.2, of another zone"));
}

#[test]
fn an_extra_route_is_judged_by_where_it_goes() {
    let extra = |target: &str| {
        let target = target.to_owned();
        after(move |snapshot| {
            let tables = &mut snapshot.route_tables;
            let table = tables
                .iter_mut()
                .find(|table| table.id.ends_with(A))
                .unwrap();
            let mut route = table.routes[1].clone();
            route.destination = "198.51.100.0/24".to_owned();
            route.target = target;
            table.routes.push(route);
        })
    };
    let key = format!("route_table/private-{A}");
    let field = "routes.198.51.100.0/24";
    assert_eq!(
        extra(&format!("nat-{C}")),
        one(&key, field, Severity::Warning)
    );
    assert_eq!(extra("tgw-1"), one(&key, field, Severity::Critical));
}

#[test]
fn the_outbound_addresses_are_those_that_the_routes_lead_to() {
    let spec = spec(TWO_ZONES);
    let outbound_after = |change: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = deployed(&spec);
        change(&mut snapshot);
        let identity = Identity::of(&spec, &snapshot).unwrap();
        let seen = StackView {
            snapshot: &snapshot,
            identity: &identity,
        };
        let desired = desired(&spec, &seen);
        let assessment = Assessment::of(&spec, &seen, &desired);
        let outbound = assessment.outbound().clone();
        (outbound.now, outbound.then, outbound.changes)
    };
    let default_route = |snapshot: &mut Snapshot, target: &str| {
        let tables = &mut snapshot.route_tables;
        let table = tables
            .iter_mut()
            .find(|table| table.id.ends_with(A))
            .unwrap();
        table.routes[1].target = target.to_owned();
    };
    let (a, c) = ("203.0.113.1".to_owned(), "203.0.113.2".to_owned());
    let both = vec![Some(a.clone()), Some(c.clone())];
    let expected = |now: &[&String], changes| {
        let now: Vec<String> = now.iter().map(|ip| (*ip).clone()).collect();
        (now, both.clone(), changes)
    };
    assert_eq!(outbound_after(&|_| ()), expected(&[&a, &c], false));
    // A zone that is led nowhere, or through the other zone.
    let nowhere = outbound_after(&|snapshot| default_route(snapshot, "igw-1"));
    assert_eq!(nowhere, expected(&[&c], false));
    let crossed = outbound_after(&|snapshot| default_route(snapshot, &format!("nat-{C}")));
    assert_eq!(crossed, expected(&[&c], false));
    // One that leaves by a gateway of somebody else.
    let foreign = outbound_after(&|snapshot| {
        let mut nat = snapshot.nat_gateways[0].clone();
        nat.id = "nat-foreign".to_owned();
        nat.tags.clear();
        nat.addresses[0].allocation = None;
        nat.addresses[0].ip = Some("198.51.100.7".to_owned());
        snapshot.nat_gateways.push(nat);
        default_route(snapshot, "nat-foreign");
    });
    // Its own gateway stands ready: turning back is nobody's loss.
    assert_eq!(foreign, expected(&[&"198.51.100.7".to_owned(), &c], false));
    // What its NAT gateways send gets no further.
    let diverted = outbound_after(&|snapshot| {
        let public = snapshot.route_tables.last_mut().unwrap();
        public.routes[1].target = "tgw-1".to_owned();
    });
    assert_eq!(diverted, expected(&[], false));
    let detached = outbound_after(&|snapshot| snapshot.internet_gateways[0].vpc = None);
    assert_eq!(detached, expected(&[], false));
    // A subnet without an explicit table follows the main one, which leads nowhere.
    let implicit = outbound_after(&|snapshot| {
        let tables = &mut snapshot.route_tables;
        let table = tables
            .iter_mut()
            .find(|table| table.id.ends_with(A))
            .unwrap();
        table.associations.clear();
    });
    assert_eq!(implicit, expected(&[&c], false));
}

/// The only finding after a change.
fn only(change: impl FnOnce(&mut Snapshot)) -> Finding {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    change(&mut snapshot);
    let mut found = found(&spec, &snapshot);
    // What the main table leads to is a fact of its own.
    found.retain(|one| one.key.to_string() != "vpc/main");
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[test]
fn a_subnet_of_another_table_is_told_by_where_that_leads() {
    use Severity::{Critical, Warning};
    let main = |snapshot: &mut Snapshot, target: &str| {
        let mut route = snapshot.route_tables[1].routes[1].clone();
        route.target = target.to_owned();
        snapshot.route_tables[0].routes.push(route);
    };
    let at = |snapshot: &Snapshot, id: &str| {
        let mut tables = snapshot.route_tables.iter();
        tables.position(|table| table.id == id).unwrap()
    };
    let own = format!("rtb-private-{A}");
    let moved = |to: &str| {
        only(|snapshot| {
            let (from, to) = (at(snapshot, &own), at(snapshot, to));
            let entry = snapshot.route_tables[from].associations.remove(0);
            snapshot.route_tables[to].associations.push(entry);
        })
    };
    let implicit = |target: Option<&str>| {
        only(|snapshot| {
            let from = at(snapshot, &own);
            snapshot.route_tables[from].associations.clear();
            if let Some(target) = target {
                main(snapshot, target);
            }
        })
    };
    let (c, nat_a) = (format!("rtb-private-{C}"), format!("nat-{A}"));
    for (finding, severity, told) in [
        (moved("rtb-public"), Critical, "have no way out"),
        (moved(&c), Warning, "leave by 203.0.113.2 of"),
        (implicit(None), Critical, "the main route table rtb-main"),
        (implicit(None), Critical, "have no way out"),
        (implicit(Some("igw-1")), Critical, "have no way out"),
        (implicit(Some("tgw-1")), Critical, "leave by tgw-1"),
        (implicit(Some(&nat_a)), Warning, "the same NAT gateway"),
    ] {
        assert_eq!(finding.severity, severity, "{}", finding.effect);
        assert!(finding.effect.contains(told), "{}", finding.effect);
    }
    let public = |target: &str| {
        only(|snapshot| {
            let table = at(snapshot, "rtb-public");
            snapshot.route_tables[table].associations.remove(0);
            main(snapshot, target);
        })
    };
    assert_eq!(public("igw-1").severity, Warning);
    assert_eq!(public("tgw-1").severity, Critical);
}

#[test]
fn a_detached_internet_gateway_and_its_dead_route_are_one_finding() {
    let finding = only(|snapshot| {
        snapshot.internet_gateways[0].vpc = None;
        let public = snapshot.route_tables.last_mut().unwrap();
        public.routes[1].state = "blackhole".to_owned();
    });
    assert_eq!(finding.key.to_string(), "internet_gateway/main");
    assert_eq!(finding.field.as_ref().map(FieldPath::head), Some("vpc"));
}

#[test]
fn a_public_subnet_that_no_zone_leaves_by_is_no_outage() {
    let spec = spec(include_str!("../../../../specs/single-nat.toml"));
    let mut snapshot = deployed(&spec);
    let idle = spec
        .zones
        .iter()
        .find(|zone| !spec.has_nat(&zone.name))
        .unwrap();
    let subnet = format!("subnet-public-{}", idle.name);
    for table in &mut snapshot.route_tables {
        table.associations.retain(|one| one.member != subnet);
    }
    let found = found(&spec, &snapshot);
    let severities: Vec<Severity> = found.iter().map(|one| one.severity).collect();
    assert_eq!(severities, [Severity::Warning], "{found:?}");
}
