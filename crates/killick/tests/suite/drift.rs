//! What `drift` and `ips` print for known worlds.

use crate::support::{Case, plain, pretty, shot, told};
use killick::assess::DriftReport;
use killick::report::{json, text};
use killick::{Error, Exit};
use killick_finding::Part;
use killick_stack::Unreadable;

#[test]
fn in_sync() {
    let case = Case::deployed();
    assert_eq!(DriftReport::of(&case.world(), 0).exit(), Exit::Done);
    assert_eq!(case.drift().lines().count(), 1);
    shot("drift_in_sync", &case.drift());
    shot("drift_in_sync_json", &case.drift_json());
}

#[test]
fn never_applied() {
    shot("drift_never_applied", &Case::fresh().drift());
}

#[test]
fn only_retained_addresses_are_left() {
    let case = Case::fresh().but(|world| {
        world.addresses = Case::deployed().snapshot.addresses;
        for address in &mut world.addresses {
            address.association = None;
            address.network_interface = None;
        }
    });
    shot("drift_only_retained", &case.drift());
}

#[test]
fn a_detached_function() {
    shot("drift_detached", &Case::deployed().detached().drift());
}

#[test]
fn an_external_network_that_leaves_by_the_promised_addresses() {
    let case = Case::deployed().external();
    shot("drift_external", &case.drift());
    shot("ips_external", &ips(&case));
}

#[test]
fn public_subnets_on_the_main_table() {
    let case = Case::deployed().but(|world| {
        let public = world.route_tables.remove(1);
        let mut main = world.route_tables.iter_mut();
        let main = main.find(|one| one.main && one.vpc == public.vpc).unwrap();
        main.routes.push(public.routes[1].clone());
    });
    shot("drift_public_on_main", &case.drift());
}

#[test]
fn a_promised_address_that_the_spec_stops_using() {
    let ips: Vec<String> = Case::deployed()
        .snapshot
        .addresses
        .into_iter()
        .map(|one| one.ip)
        .collect();
    let promise = format!(
        "[egress]\nnat = \"single\"\naddresses = [\"{}\"]\n\n[tags]",
        ips.join("\", \"")
    );
    let case = Case::deployed().spec("[tags]", &promise);
    shot("drift_unused_in_use", &case.drift());
    shot("drift_unused", &case.single_there().drift());
}

#[test]
fn a_deleted_nat_gateway() {
    let case = Case::nat_deleted();
    assert_eq!(DriftReport::of(&case.world(), 0).exit(), Exit::Differences);
    shot("drift_nat_deleted", &case.drift());
    shot("drift_nat_deleted_json", &case.drift_json());
}

#[test]
fn an_address_that_a_gateway_on_its_way_out_still_holds() {
    let leaving = Case::deployed().but(|world| {
        world.nat_gateways[0].state = "deleting".into();
        world.route_tables[2].routes[1].state = "blackhole".into();
    });
    shot("drift_nat_deleting", &leaving.drift());
    shot("ips_nat_deleting", &ips(&leaving));
    shot("plan_nat_deleting", &leaving.plan(false, false));
}

#[test]
fn an_address_that_somebody_took() {
    let taken = Case::deployed().but(|world| {
        world.nat_gateways[0].state = "deleted".into();
        world.route_tables[2].routes[1].state = "blackhole".into();
        world.addresses[0].instance = Some("i-0d0c0000000000099".into());
        world.addresses[0].network_interface = Some("eni-0d0c0000000000098".into());
    });
    shot("drift_address_taken", &taken.drift());
    shot("ips_address_taken", &ips(&taken));
    shot("plan_address_taken", &taken.plan(false, false));
}

#[test]
fn subnets_that_follow_another_table() {
    let case = Case::deployed().but(|world| {
        let moved = world.route_tables[2].associations.remove(0);
        world.route_tables[3].associations.push(moved);
        world.route_tables[1].associations.remove(1);
        let mut stranger = world.subnets[0].clone();
        stranger.id = "subnet-0d0c0000000000099".into();
        stranger.cidr = "10.0.9.0/24".into();
        stranger.tags.clear();
        let mut entry = world.route_tables[3].associations[0].clone();
        entry.member.clone_from(&stranger.id);
        world.subnets.push(stranger);
        world.route_tables[3].associations.push(entry);
    });
    shot("drift_associations", &case.drift());
}

#[test]
fn nothing_gets_past_a_diverted_public_table() {
    let case = Case::deployed().but(|world| {
        world.route_tables[1].routes[1].target = "tgw-0d0c0000000000099".into();
    });
    shot("drift_diverted", &case.drift());
    shot("plan_diverted", &case.plan(false, false));
}

#[test]
fn routes_that_lead_elsewhere() {
    let case = Case::deployed().but(|world| {
        let other = world.nat_gateways[1].id.clone();
        world.route_tables[2].routes[1].target = other;
        let mut route = world.route_tables[3].routes[1].clone();
        route.destination = "198.51.100.0/24".into();
        route.target = world.internet_gateways[0].id.clone();
        world.route_tables[3].routes.push(route);
    });
    shot("drift_routes", &case.drift());
    shot("drift_routes_json", &case.drift_json());
}

#[test]
fn stripped_tags() {
    let case = Case::deployed().but(|world| {
        world.subnets[1].tags.clear();
        world.nat_gateways[0].tags.remove("team");
    });
    shot("drift_stripped_tags", &case.drift());
}

#[test]
fn a_nat_gateway_on_its_way() {
    let case = Case::deployed().but(|world| world.nat_gateways[1].state = "pending".into());
    shot("drift_nat_pending", &case.drift());
}

#[test]
fn functions_elsewhere_and_strangers() {
    let case = Case::deployed().but(|world| {
        let mut stranger = world.functions[0].clone();
        stranger.name = "stranger".into();
        world.functions.push(stranger);
        world.functions[0].subnets.clear();
        world.functions[0].security_groups.clear();
        world.functions[0].vpc = None;
    });
    shot("drift_functions", &case.drift());
}

#[test]
fn one_nat_gateway_is_not_two() {
    let single = Case::deployed().single_there().single();
    assert_eq!(single.drift().lines().count(), 1);
    shot("drift_kept_address", &single.drift());
    let notes = text::idle_addresses(&single.world());
    shot("drift_kept_address_notes", &notes.join("\n"));
    shot("drift_zone_removed", &Case::deployed().one_zone().drift());
}

#[test]
fn what_only_a_rebuild_would_change() {
    let case = Case::deployed().spec("\"10.0.1.0/24\"", "\"10.0.9.0/24\"");
    shot("drift_rebuild", &case.drift());
}

#[test]
fn what_could_not_be_read() {
    let case = Case::deployed().but(|world| {
        world.nat_gateways.clear();
        world.unreadable.push(Unreadable {
            part: Part::NatGateways,
            permission: "ec2:DescribeNatGateways".into(),
            code: "UnauthorizedOperation".into(),
            message: "You are not authorized to perform this operation.".into(),
            request_id: Some("3f9a1c00-0000-4000-8000-000000000001".into()),
        });
    });
    let report = DriftReport::of(&case.world(), 0);
    assert_eq!(report.exit(), Exit::Partial);
    shot("drift_unreadable", &case.drift());
    shot("drift_unreadable_json", &case.drift_json());
    shot(
        "drift_unreadable_error",
        &told(&Error::unchecked(&report.unreadable)),
    );
    shot("plan_unreadable", &case.refusal());
}

fn ips(case: &Case) -> String {
    let world = case.world();
    let addresses = world.assessment.held();
    let notes = text::about_ips(
        &world,
        addresses,
        world.caller("killick", "lambda-fixed-ip.toml"),
    )
    .join("\n");
    let listed = plain(&text::ips(addresses));
    let marked = text::marked(&world).join("\n");
    format!("{listed}--- stderr\n{notes}\n--- marked\n{marked}")
}

#[test]
fn addresses() {
    let cases = [
        ("ips", Case::deployed()),
        ("ips_none", Case::fresh()),
        ("ips_kept", Case::deployed().single_there().single()),
        ("ips_idle", Case::deployed().single_there()),
        (
            "ips_taken_and_missing",
            Case::deployed().but(|world| {
                world.nat_gateways.clear();
                world.addresses.pop();
            }),
        ),
    ];
    for (name, case) in cases {
        shot(name, &ips(&case));
    }
    let pinned = "[egress]\naddresses = [\"203.0.113.7\", \"203.0.113.99\"]\n\n[tags]";
    let pinned = Case::deployed().spec("[tags]", pinned);
    shot("ips_pinned_elsewhere", &ips(&pinned));
    let world = pinned.world();
    shot(
        "ips_pinned_elsewhere_json",
        &pretty(&json::ips(&world, world.assessment.held())),
    );
    shot("plan_pinned_elsewhere", &pinned.plan(false, false));
    let world = Case::deployed().single_there().world();
    let addresses = world.assessment.held();
    shot("ips_json", &pretty(&json::ips(&world, addresses)));
}
