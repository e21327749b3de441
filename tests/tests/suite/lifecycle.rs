//! The main job, from an empty account to an empty account.

use std::collections::BTreeSet;
use std::path::Path;

use killick_tests::{Killick, Server, Site, Spec, step_ids};
use serde_json::json;

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn from_nothing_to_kept_addresses_and_back() {
    let site = Site::new(Spec::two_zones());
    site.aws.create_foreign();
    let functions = site.spec.functions.clone();
    let foreign = || site.aws.world().foreign_to("partner-egress", &functions);
    let before = site.aws.world();

    let plan = site.plan();
    let created: BTreeSet<&str> = steps(&plan, "create");
    let wanted = site.spec.tagged_keys();
    assert_eq!(
        created,
        wanted.iter().map(String::as_str).collect(),
        "all that is tagged is made"
    );
    assert_eq!(
        steps(&plan, "update"),
        BTreeSet::from(["function/billing-sync"])
    );
    assert_eq!(before, site.aws.world(), "plan changed the account");

    site.apply();
    assert_eq!(step_ids(&site.plan()), [""; 0], "a second plan has steps");
    site.in_sync().unwrap();
    let deployed = site.stack();
    let ips = site.killick.run(&["ips"]).code(0);
    let listed: BTreeSet<&str> = ips.stdout.lines().collect();
    assert_eq!(
        listed,
        deployed.addresses().values().map(String::as_str).collect()
    );

    site.killick.run(&["destroy", "--yes"]).code(0);
    let kept = site.stack();
    assert_eq!(
        kept.keys(),
        ["elastic_ip/ap-northeast-1a", "elastic_ip/ap-northeast-1c"]
    );
    assert_eq!(kept.addresses(), deployed.addresses());
    assert_eq!(site.aws.vpc_config("billing-sync"), (vec![], vec![]));
    assert_eq!(foreign(), before.foreign_to("partner-egress", &functions));

    site.apply();
    assert_eq!(
        site.stack().addresses(),
        deployed.addresses(),
        "the same addresses are taken again"
    );
    site.killick
        .run(&["destroy", "--yes", "--release-addresses"])
        .code(0);
    assert_eq!(site.stack().keys(), [""; 0]);
    assert_eq!(foreign(), before.foreign_to("partner-egress", &functions));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn destroy_of_what_is_not_there_is_done_at_once() {
    let site = Site::new(Spec::two_zones());
    let before = site.aws.world();
    site.killick.run(&["destroy", "--yes"]).code(0);
    assert_eq!(before, site.aws.world());
    site.apply();
    site.killick.run(&["destroy", "--yes"]).code(0);
    site.killick.run(&["destroy", "--yes"]).code(0);
    assert_eq!(site.stack().addresses().len(), 2);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_shipped_specs_run_as_they_are() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut seen = 0;
    for entry in std::fs::read_dir(specs).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            // The examples name things that only their account has.
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let server = Server::start();
        let aws = server.aws();
        for function in functions_of(&text) {
            aws.create_function(&function);
        }
        let killick = Killick::with_text(&server, &text);
        let before = aws.world();
        for args in [
            &["apply", "--yes"][..],
            &["plan", "--detailed-exitcode"],
            &["drift"],
            &["ips"],
        ] {
            let output = killick.run(args);
            assert_eq!(output.status, Some(0), "{}: {output}", path.display());
        }
        killick
            .run(&["destroy", "--yes", "--release-addresses"])
            .code(0);
        let after = aws.world();
        assert_eq!(
            before.foreign_to("", &functions_of(&text)),
            after.foreign_to("", &functions_of(&text))
        );
        seen += 1;
    }
    assert!(
        seen >= 3,
        "the two-zone set-up, three zones and a single NAT gateway"
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn two_stacks_share_an_account() {
    let one = Site::deployed(Spec::two_zones());
    let other = Spec {
        stack: "second".into(),
        functions: vec!["mailer".into()],
        net: 7,
        ..Spec::two_zones()
    };
    one.aws.create_function("mailer");
    let second = Killick::new(&one.server, &other);
    let before = one.stack();
    second.run(&["apply", "--yes"]).code(0);
    one.aws.topology(&other).unwrap();
    one.aws.topology(&one.spec).unwrap();
    one.in_sync().unwrap();
    second
        .run(&["destroy", "--yes", "--release-addresses"])
        .code(0);
    assert_eq!(one.stack(), before);
    one.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_strange_function_in_our_subnets_stops_a_destroy() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let subnet = stack.id("subnet/private-ap-northeast-1a").to_owned();
    let group = json!({
        "GroupName": "theirs", "Description": "theirs", "VpcId": stack.id("vpc/main"),
    });
    let group = site.aws.ec2_id("create_security_group", group, "/GroupId");
    site.aws.create_function("stranger");
    site.aws.set_vpc_config("stranger", &[subnet], &[group]);
    let before = site.aws.world();
    let output = site.killick.run(&["destroy", "--yes"]).code(4);
    assert!(output.stderr.contains("stranger"), "{output}");
    assert_eq!(site.writes(), [""; 0]);
    assert_eq!(before, site.aws.world());
    let drift = site.killick.run(&["drift", "--json"]);
    assert!(
        drift.stdout.contains("stranger"),
        "the guest is not reported\n{drift}"
    );
}

/// Whatever of somebody else's is in the network: each is named, with what it holds and what to do.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn everything_that_holds_the_network_is_named_before_a_destroy() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let (vpc, ours) = (stack.id("vpc/main"), stack.id("security_group/functions"));
    let subnet = stack.id("subnet/private-ap-northeast-1a");
    let aws =
        |operation: &str, args: serde_json::Value, at: &str| site.aws.ec2_id(operation, args, at);
    let group = json!({"GroupName": "theirs", "Description": "theirs", "VpcId": vpc});
    let group = aws("create_security_group", group, "/GroupId");
    let rule = json!([{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": ours}]}]);
    let rule = json!({"GroupId": group, "IpPermissions": rule});
    site.aws.ec2("authorize_security_group_ingress", rule);
    let endpoint = json!({
        "VpcId": vpc, "VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.ap-northeast-1.kms",
        "SubnetIds": [subnet], "SecurityGroupIds": [group],
    });
    let endpoint = aws(
        "create_vpc_endpoint",
        endpoint,
        "/VpcEndpoint/VpcEndpointId",
    );
    let interface = json!({"SubnetId": subnet, "Groups": [ours], "Description": "appliance"});
    let at = "/NetworkInterface/NetworkInterfaceId";
    let interface = aws("create_network_interface", interface, at);
    let acl = aws(
        "create_network_acl",
        json!({"VpcId": vpc}),
        "/NetworkAcl/NetworkAclId",
    );
    let table = json!({"VpcId": vpc});
    let table = aws("create_route_table", table, "/RouteTable/RouteTableId");
    let other = json!({"CidrBlock": "10.9.0.0/16"});
    let other = aws("create_vpc", other, "/Vpc/VpcId");
    let peering = json!({"VpcId": other, "PeerVpcId": vpc});
    let at = "/VpcPeeringConnection/VpcPeeringConnectionId";
    let peering = aws("create_vpc_peering_connection", peering, at);
    let named = json!({"VpcPeeringConnectionId": peering});
    site.aws.ec2("accept_vpc_peering_connection", named);
    let vpn = json!({"Type": "ipsec.1"});
    let vpn = aws("create_vpn_gateway", vpn, "/VpnGateway/VpnGatewayId");
    let attach = json!({"VpnGatewayId": vpn, "VpcId": vpc});
    site.aws.ec2("attach_vpn_gateway", attach);
    let at = "/EgressOnlyInternetGateway/EgressOnlyInternetGatewayId";
    let gateway = aws(
        "create_egress_only_internet_gateway",
        json!({"VpcId": vpc}),
        at,
    );
    let at = "/CarrierGateway/CarrierGatewayId";
    let carrier = aws("create_carrier_gateway", json!({"VpcId": vpc}), at);

    let before = site.aws.world();
    let output = site.killick.run(&["destroy", "--yes"]).code(4);
    for id in [
        &group, &endpoint, &interface, &acl, &table, &peering, &vpn, &gateway, &carrier,
    ] {
        assert!(output.stderr.contains(id.as_str()), "{id}\n{output}");
    }
    for text in [
        "vpc/main",
        "security_group/functions",
        "nothing was written",
    ] {
        assert!(output.stderr.contains(text), "{text}\n{output}");
    }
    assert_eq!(site.writes(), [""; 0]);
    assert_eq!(before, site.aws.world());
}

fn steps<'p>(plan: &'p serde_json::Value, action: &str) -> BTreeSet<&'p str> {
    let steps = plan["steps"].as_array().unwrap().iter();
    steps
        .filter(|step| step["action"] == action)
        .map(|step| step["key"].as_str().unwrap())
        .collect()
}

/// The functions that a spec names.
fn functions_of(spec: &str) -> Vec<String> {
    let tables = spec.split("[[function]]").skip(1);
    tables
        .filter_map(|table| table.split('"').nth(1))
        .map(str::to_owned)
        .collect()
}
