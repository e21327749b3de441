//! What killick refuses, leaves alone, or does only when told to.

use killick_tests::{Killick, Site, Spec, finding, step_ids};
use serde_json::{Value, json};

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn apply_and_destroy_ask_first() {
    let site = Site::new(Spec::two_zones());
    let output = site.killick.run(&["apply"]).code(1);
    assert!(output.stderr.contains("--yes"), "{output}");
    assert_eq!(site.writes(), [""; 0]);
    site.apply();
    site.server.reset_calls();
    let output = site.killick.run(&["destroy"]).code(1);
    assert!(output.stderr.contains("--yes"), "{output}");
    assert_eq!(site.writes(), [""; 0]);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_saved_plan_is_applied_as_it_is() {
    let site = Site::new(Spec::two_zones());
    site.killick.run(&["plan", "--out", "saved.plan"]).code(0);
    assert!(site.killick.dir().join("saved.plan").exists());
    assert_eq!(site.writes(), [""; 0]);
    site.killick.run(&["apply", "--plan", "saved.plan"]).code(0);
    site.aws.topology(&site.spec).unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_stale_plan_is_refused() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let nat = |zone: &str| json!({"NatGatewayId": stack.id(&format!("nat_gateway/{zone}"))});
    site.aws.ec2("delete_nat_gateway", nat("ap-northeast-1a"));
    site.killick.run(&["plan", "--out", "saved.plan"]).code(0);
    site.aws.ec2("delete_nat_gateway", nat("ap-northeast-1c"));
    let before = site.aws.world();
    let output = site.killick.run(&["apply", "--plan", "saved.plan"]).code(4);
    assert!(output.stderr.contains("hint:"), "{output}");
    assert_eq!(site.writes(), [""; 0]);
    assert_eq!(before, site.aws.world());
    // What was applied once is stale as well.
    site.killick.run(&["plan", "--out", "saved.plan"]).code(0);
    site.killick.run(&["apply", "--plan", "saved.plan"]).code(0);
    site.killick.run(&["apply", "--plan", "saved.plan"]).code(4);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_damaged_plan_is_refused() {
    let site = Site::new(Spec::two_zones());
    site.killick.run(&["plan", "--out", "saved.plan"]).code(0);
    let whole = std::fs::read(site.killick.dir().join("saved.plan")).unwrap();
    for text in [&b""[..], b"{}", b"not a plan", &whole[..whole.len() / 2]] {
        site.killick.write("saved.plan", text);
        let output = site.killick.run(&["apply", "--plan", "saved.plan"]);
        assert!(matches!(output.status, Some(1 | 4)), "{output}");
        assert!(!output.stderr.contains("panicked"), "{output}");
    }
    let output = site
        .killick
        .run(&["apply", "--plan", "no-such.plan"])
        .code(1);
    assert!(output.stderr.contains("no-such.plan"), "{output}");
    assert_eq!(site.writes(), [""; 0]);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_extra_goes_only_when_told_to() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let (table, public) = ("route_table/private-ap-northeast-1a", "route_table/public");
    let group = stack.id("security_group/functions");
    let igw = stack.id("internet_gateway/main");
    let args = json!({
        "RouteTableId": stack.id(table), "DestinationCidrBlock": "198.51.100.0/24", "GatewayId": igw,
    });
    site.aws.ec2("create_route", args);
    let rule = json!({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.0.0.0/16"}]});
    let args = json!({"GroupId": group, "IpPermissions": [rule]});
    site.aws.ec2("authorize_security_group_ingress", args);
    let args = json!({"VpcId": stack.id("vpc/main"), "CidrBlock": "10.0.200.0/24"});
    let theirs = site.aws.ec2_id("create_subnet", args, "/Subnet/SubnetId");
    let args = json!({"RouteTableId": stack.id(public), "SubnetId": theirs});
    site.aws.ec2("associate_route_table", args);

    let drift = site.drift(2).unwrap();
    let extra = |key: &str| {
        let findings = drift["findings"].as_array().unwrap();
        findings
            .iter()
            .filter(|finding| finding["key"] == key && finding["what"] == "extra")
            .count()
    };
    for key in [table, public, "security_group/functions"] {
        assert_eq!(extra(key), 1, "{key} in {drift:#}");
    }
    for one in drift["findings"].as_array().unwrap() {
        assert_ne!(one["repair"], "automatic", "{one}");
    }
    let before = site.aws.world();
    let shown = site.killick.run(&["plan"]).code(0);
    for word in ["198.51.100.0/24", "--prune"] {
        assert!(shown.stdout.contains(word), "{word} is not shown\n{shown}");
    }
    let output = site.killick.run(&["apply", "--yes"]);
    assert!(matches!(output.status, Some(0 | 3)), "{output}");
    assert_eq!(before, site.aws.world(), "something extra was removed");

    let plan = site
        .killick
        .run(&["plan", "--prune", "--json"])
        .code(0)
        .json();
    assert!(!step_ids(&plan).is_empty());
    site.killick.run(&["apply", "--yes", "--prune"]).code(0);
    // That a subnet of theirs follows our table is theirs, whatever flag is given.
    let drift = site.drift(2).unwrap();
    let findings = drift["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{drift:#}");
    let field = format!("associations.{theirs}");
    assert!(finding(&drift, public, &field).is_some(), "{drift:#}");
    site.aws.ec2("delete_subnet", json!({"SubnetId": theirs}));
    site.aws.topology(&site.spec).unwrap();
    site.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn one_identity_held_twice_stops_every_write() {
    for (key, operation, args, at, kind) in [
        (
            "vpc/main",
            "create_vpc",
            json!({"CidrBlock": "10.0.0.0/16"}),
            "/Vpc/VpcId",
            "vpc",
        ),
        (
            "elastic_ip/ap-northeast-1a",
            "allocate_address",
            json!({"Domain": "vpc"}),
            "/AllocationId",
            "elastic-ip",
        ),
    ] {
        let site = Site::deployed(Spec::two_zones());
        let ours = site.stack().id(key).to_owned();
        let tags = json!([
            {"Key": "killick:stack", "Value": "partner-egress"},
            {"Key": "killick:key", "Value": key},
        ]);
        let mut args: Value = args;
        args["TagSpecifications"] = json!([{"ResourceType": kind, "Tags": tags}]);
        let second = site.aws.ec2_id(operation, args, at);
        let before = site.aws.world();
        for command in [&["apply", "--yes"][..], &["destroy", "--yes"]] {
            let output = site.killick.run(command).code(4);
            for id in [&ours, &second] {
                assert!(
                    output.stderr.contains(id.as_str()),
                    "{id} is not named\n{output}"
                );
            }
        }
        assert_eq!(site.writes(), [""; 0]);
        assert_eq!(before, site.aws.world());
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn another_account_is_refused() {
    let spec = Spec {
        account: Some("210987654321".into()),
        ..Spec::two_zones()
    };
    let site = Site::new(spec);
    for args in [
        &["plan"][..],
        &["apply", "--yes"],
        &["drift"],
        &["destroy", "--yes"],
        &["ips"],
    ] {
        let output = site.killick.run(args).code(4);
        for account in ["210987654321", "123456789012"] {
            assert!(output.stderr.contains(account), "{output}");
        }
    }
    assert_eq!(site.writes(), [""; 0]);
    let right = Spec {
        account: Some("123456789012".into()),
        ..Spec::two_zones()
    };
    Killick::new(&site.server, &right).run(&["plan"]).code(0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_rebuild_of_the_network_is_refused() {
    let site = Site::deployed(Spec::two_zones());
    let text = site.spec.to_toml();
    let before = site.aws.world();
    for (from, to, key) in [
        (
            "cidr = \"10.0.0.0/16\"",
            "cidr = \"10.0.0.0/17\"",
            "vpc/main",
        ),
        (
            "\"10.0.1.0/24\"",
            "\"10.0.9.0/24\"",
            "subnet/private-ap-northeast-1a",
        ),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        site.killick.write("killick.toml", changed);
        for args in [&["plan"][..], &["apply", "--yes"]] {
            let output = site.killick.run(args);
            assert!(matches!(output.status, Some(1 | 4)), "{output}");
            assert!(output.stderr.contains(key), "{key} is not named\n{output}");
        }
    }
    assert_eq!(site.writes(), [""; 0]);
    assert_eq!(before, site.aws.world());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn renaming_the_stack_leaves_the_old_one_alone() {
    let site = Site::deployed(Spec::two_zones());
    let before = site.stack();
    let renamed = Spec {
        stack: "renamed".into(),
        net: 9,
        functions: vec![],
        ..Spec::two_zones()
    };
    Killick::new(&site.server, &renamed)
        .run(&["apply", "--yes"])
        .code(0);
    assert_eq!(site.stack(), before);
    site.aws.topology(&renamed).unwrap();
    site.in_sync().unwrap();
}
