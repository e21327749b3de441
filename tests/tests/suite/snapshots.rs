//! What people read: the text of every command, with ids and addresses taken out.

use killick_tests::{Output, Site, Spec, redact};
use serde_json::json;

fn shot(name: &str, output: &Output) {
    redact::with(|| {
        insta::assert_snapshot!(format!("{name}.stdout"), output.stdout);
        insta::assert_snapshot!(format!("{name}.stderr"), output.stderr);
    });
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_main_job() {
    let site = Site::new(Spec::two_zones());
    shot("plan_from_nothing", &site.killick.run(&["plan"]));
    shot(
        "plan_from_nothing_json",
        &site.killick.run(&["plan", "--json"]),
    );
    shot("drift_of_nothing", &site.killick.run(&["drift"]));
    shot("ips_of_nothing", &site.killick.run(&["ips"]));
    site.apply();
    shot("plan_in_sync", &site.killick.run(&["plan"]));
    shot("drift_in_sync", &site.killick.run(&["drift"]));
    shot(
        "drift_in_sync_json",
        &site.killick.run(&["drift", "--json"]),
    );
    shot("apply_in_sync", &site.killick.run(&["apply", "--yes"]));
    shot("ips", &site.killick.run(&["ips"]));
    shot("ips_json", &site.killick.run(&["ips", "--json"]));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn after_tampering() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let nat = stack.id("nat_gateway/ap-northeast-1a");
    site.aws
        .ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
    shot("drift_nat_deleted", &site.killick.run(&["drift"]));
    shot(
        "drift_nat_deleted_json",
        &site.killick.run(&["drift", "--json"]),
    );
    shot("plan_nat_deleted", &site.killick.run(&["plan"]));
    site.apply();
    site.aws.set_vpc_config("billing-sync", &[], &[]);
    let table = stack.id("route_table/private-ap-northeast-1c");
    let (nat, destination) = (stack.id("nat_gateway/ap-northeast-1c"), "198.51.100.0/24");
    let args =
        json!({"RouteTableId": table, "DestinationCidrBlock": destination, "NatGatewayId": nat});
    site.aws.ec2("create_route", args);
    shot("drift_several", &site.killick.run(&["drift"]));
    shot("plan_several", &site.killick.run(&["plan"]));
    shot(
        "plan_several_prune",
        &site.killick.run(&["plan", "--prune"]),
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_new_shape() {
    let mut site = Site::deployed(Spec::two_zones());
    site.respec(Spec::three_zones());
    shot("plan_third_zone", &site.killick.run(&["plan"]));
    site.respec(Spec::single_nat());
    shot("plan_single_nat", &site.killick.run(&["plan"]));
    shot("apply_needs_consent", &site.killick.run(&["apply"]));
    let consent = ["apply", "--change-addresses"];
    shot("plan_needs_yes", &site.killick.run(&consent));
    shot("destroy_needs_yes", &site.killick.run(&["destroy"]));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn help() {
    let site = Site::new(Spec::two_zones());
    for command in [
        "plan", "apply", "drift", "prove", "watch", "graph", "schedule", "policy", "destroy", "ips",
    ] {
        shot(
            &format!("help_{command}"),
            &site.killick.run(&[command, "--help"]),
        );
    }
    shot("help", &site.killick.run(&["--help"]));
}
