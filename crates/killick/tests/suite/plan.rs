//! What `plan` and `destroy` print for known worlds.

use crate::support::{Case, shot};

#[test]
fn from_nothing() {
    shot("plan_fresh", &Case::fresh().plan(false, false));
    shot("plan_fresh_verbose", &Case::fresh().plan(false, true));
    shot("plan_fresh_json", &Case::fresh().plan_json());
}

#[test]
fn in_sync() {
    shot("plan_in_sync", &Case::deployed().plan(false, false));
    shot("plan_in_sync_json", &Case::deployed().plan_json());
}

#[test]
fn a_detached_function() {
    let case = Case::deployed().detached();
    shot("plan_detached", &case.plan(false, false));
    shot("plan_detached_json", &case.plan_json());
}

#[test]
fn an_external_network_that_leaves_by_the_promised_addresses() {
    shot(
        "plan_external",
        &Case::deployed().external().plan(false, false),
    );
}

#[test]
fn a_deleted_nat_gateway() {
    let case = Case::nat_deleted();
    shot("plan_nat_deleted", &case.plan(false, false));
    shot("plan_nat_deleted_json", &case.plan_json());
}

#[test]
fn a_nat_gateway_that_failed() {
    let case = Case::deployed().but(|world| {
        world.nat_gateways[0].state = "failed".into();
        let why = "InsufficientFreeAddressesInSubnet: no free address in the subnet";
        world.nat_gateways[0].failure = Some(why.into());
    });
    shot("plan_nat_failed", &case.plan(false, false));
}

#[test]
fn an_outage_while_it_runs() {
    let failed = Case::deployed().but(|world| {
        for gateway in &mut world.nat_gateways {
            gateway.state = "failed".into();
            gateway.failure = Some("InternalError: try again".into());
        }
    });
    shot("plan_outage", &failed.plan(false, false));
    let renamed = Case::deployed()
        .spec("\"ap-northeast-1a\"", "\"ap-northeast-1b\"")
        .spec("\"ap-northeast-1c\"", "\"ap-northeast-1d\"");
    shot("plan_zones_renamed", &renamed.plan(false, false));
}

#[test]
fn a_nat_gateway_on_its_way() {
    let case = Case::deployed().but(|world| world.nat_gateways[1].state = "pending".into());
    shot("plan_nat_pending", &case.plan(false, false));
}

#[test]
fn an_extra_route() {
    let case = extra_route();
    shot("plan_extra_route", &case.plan(false, false));
    shot("plan_extra_route_prune", &case.plan(true, false));
    shot("plan_extra_route_json", &case.plan_json());
}

fn extra_route() -> Case {
    Case::deployed().but(|world| {
        let mut route = world.route_tables[2].routes[1].clone();
        route.destination = "198.51.100.0/24".into();
        route.target = world.internet_gateways[0].id.clone();
        world.route_tables[2].routes.push(route);
    })
}

#[test]
fn stripped_tags() {
    let case = Case::deployed().but(|world| {
        world.subnets[1].tags.clear();
        world.nat_gateways[0].tags.remove("team");
        let name = "\u{1b}[2Jfake".to_owned();
        world.vpcs[1].tags.insert("team".into(), name);
    });
    shot("plan_stripped_tags", &case.plan(false, false));
}

#[test]
fn fewer_and_more_nat_gateways() {
    shot(
        "plan_to_single",
        &Case::deployed().single().plan(false, false),
    );
    let single = Case::deployed().single_there();
    shot("plan_to_per_zone", &single.plan(false, false));
    shot(
        "plan_single_in_sync",
        &single.clone().single().plan(false, false),
    );
    let lost = single.but(|world| {
        world.addresses.pop();
    });
    shot("plan_to_per_zone_new_address", &lost.plan(false, false));
}

#[test]
fn a_zone_less() {
    let case = Case::deployed().one_zone();
    shot("plan_zone_removed", &case.plan(false, false));
    shot("plan_zone_removed_json", &case.plan_json());
}

#[test]
fn a_zone_more() {
    let zone = "[[zone]]\nname = \"ap-northeast-1d\"\npublic = \"10.0.4.0/24\"\n\
                private = \"10.0.5.0/24\"\n\n[[function]]";
    let case = Case::deployed().spec("[[function]]", zone);
    shot("plan_zone_added", &case.plan(false, false));
}

#[test]
fn a_function_that_was_moved_away() {
    let case = Case::deployed().but(|world| {
        world.functions[0].subnets = vec!["subnet-0fe0000000000001".into()];
        world.functions[0]
            .security_groups
            .push("sg-0fe0000000000001".into());
    });
    shot("plan_function_moved", &case.plan(false, false));
}

#[test]
fn the_end_of_a_stack() {
    shot("destroy", &Case::deployed().destroy(false));
    shot("destroy_release", &Case::deployed().destroy(true));
    shot("destroy_nothing", &Case::fresh().destroy(false));
    let kept = Case::fresh().but(|world| {
        let mut addresses = Case::deployed().snapshot.addresses;
        addresses
            .iter_mut()
            .for_each(|address| address.association = None);
        world.addresses = addresses;
    });
    shot("destroy_only_kept", &kept.destroy(false));
    shot("destroy_only_kept_release", &kept.destroy(true));
}
