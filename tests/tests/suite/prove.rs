//! The proof: by which addresses each function leaves, and what stands in the way.

use std::collections::BTreeSet;

use killick_tests::{Output, Site, Spec};
use serde_json::{Value, json};

const TABLE: &str = "route_table/private-ap-northeast-1a";
const PARTNER: &str = "192.0.2.0/24";

#[track_caller]
fn ends(site: &Site, args: &[&str], code: i32) -> Output {
    site.server.reset_calls();
    let output = site.killick.run(&[&["prove"], args].concat()).code(code);
    assert_eq!(site.writes(), [""; 0], "{output}");
    output
}

fn lead(site: &Site, target: &str, id: &str) {
    let mut args = json!({
        "RouteTableId": site.stack().id(TABLE), "DestinationCidrBlock": "0.0.0.0/0",
    });
    args[target] = json!(id);
    site.aws.ec2("replace_route", args);
}

fn ways(proof: &Value) -> &[Value] {
    proof["ways"].as_array().unwrap()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_fresh_stack_is_proven() {
    let site = Site::deployed(Spec::two_zones());
    let output = ends(&site, &[], 0);
    let stack = site.stack();
    for ip in stack.addresses().values() {
        assert!(output.stdout.contains(ip), "{ip} is not named\n{output}");
    }
    for key in ["billing-sync", "ap-northeast-1a", "ap-northeast-1c"] {
        assert!(output.stdout.contains(key), "{key} is not named\n{output}");
    }
    ends(&site, &["--destination", PARTNER], 0);
    ends(&site, &["--destination", "192.0.2.7", "--port", "443"], 0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_json_of_a_proof() {
    let site = Site::deployed(Spec::two_zones());
    let proof = ends(&site, &["--json"], 0).json();
    let fields: BTreeSet<&str> = proof
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let wanted = [
        "format",
        "stack",
        "account",
        "region",
        "proven",
        "addresses",
        "ways",
        "unreadable",
    ];
    assert_eq!(fields, BTreeSet::from(wanted));
    assert_eq!(
        (&proof["format"], &proof["proven"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(proof["unreadable"], json!([]));
    let stack = site.stack();
    let known: BTreeSet<&str> = stack.addresses().values().map(String::as_str).collect();
    let told = proof["addresses"].as_array().unwrap().iter();
    assert_eq!(
        told.filter_map(Value::as_str).collect::<BTreeSet<_>>(),
        known
    );
    let zones = ways(&proof).iter().filter_map(|way| way["zone"].as_str());
    let wanted = site.spec.zone_names();
    let wanted = wanted.iter().map(String::as_str).collect();
    assert_eq!(zones.collect::<BTreeSet<_>>(), wanted);
    assert_eq!(
        ways(&proof).len(),
        2,
        "one for each subnet of the one function"
    );
    for way in ways(&proof) {
        assert_eq!(way["function"], "billing-sync", "{way:#}");
        assert_eq!(way["version"], Value::Null, "{way:#}");
        let zone = way["zone"].as_str().unwrap();
        assert_eq!(
            way["subnet"],
            stack.id(&format!("subnet/private-{zone}")),
            "{way:#}"
        );
        let verdict = way["verdict"].as_str().unwrap();
        assert!(verdict.contains(stack.ip(zone)), "{way:#}");
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_wrong_route_refutes_it() {
    let site = Site::deployed(Spec::two_zones());
    let igw = site.stack().id("internet_gateway/main").to_owned();
    lead(&site, "GatewayId", &igw);
    let proof = ends(&site, &["--json"], 2).json();
    assert_eq!(proof["proven"], false);
    let shown = ends(&site, &[], 2);
    assert!(shown.stdout.contains("refuted"), "{shown}");

    let stack = site.stack();
    let (nat, address) = site
        .aws
        .create_nat(stack.id("subnet/public-ap-northeast-1a"));
    lead(&site, "NatGatewayId", &nat);
    let shown = ends(&site, &[], 2);
    let ip = site.aws.ip(&address);
    assert!(shown.stdout.contains(&ip), "{ip} is not named\n{shown}");

    let own = stack.id("nat_gateway/ap-northeast-1a").to_owned();
    lead(&site, "NatGatewayId", &own);
    ends(&site, &[], 0);
}

/// In another zone's NAT gateway it is still an address that the partner knows.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_other_zones_address_is_in_the_set() {
    let site = Site::deployed(Spec::two_zones());
    let other = site.stack().id("nat_gateway/ap-northeast-1c").to_owned();
    lead(&site, "NatGatewayId", &other);
    let shown = ends(&site, &[], 0);
    let ip = site.stack().ip("ap-northeast-1a").to_owned();
    let ways = site.killick.run(&["prove", "--json"]).json()["ways"].to_string();
    assert!(!ways.contains(&ip), "nothing leaves by {ip}\n{shown}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_network_acl_in_the_way_refutes_it() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let vpc = stack.id("vpc/main");
    let subnet = stack.id("subnet/private-ap-northeast-1a");
    let acl = site.aws.deny_subnet(vpc, subnet);
    let shown = ends(&site, &[], 2);
    assert!(shown.stdout.contains(&acl), "{acl} is not named\n{shown}");
    ends(&site, &["--destination", PARTNER], 2);
    site.killick.run(&["apply", "--yes", "--prune"]).code(0);
    ends(&site, &[], 0);

    // The way out is free, and no reply comes back.
    site.aws.deny_replies(vpc);
    ends(&site, &[], 2);
}

/// One port closed: another partner, on another port, is not touched.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn only_the_port_that_is_asked_for_counts() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let filters = json!([{"Name": "vpc-id", "Values": [stack.id("vpc/main")]}]);
    let found = site
        .aws
        .ec2("describe_network_acls", json!({"Filters": filters}));
    let entry = json!({
        "NetworkAclId": found["NetworkAcls"][0]["NetworkAclId"], "RuleNumber": 40, "Egress": true,
        "Protocol": "6", "PortRange": {"From": 22, "To": 22}, "RuleAction": "deny",
        "CidrBlock": "0.0.0.0/0",
    });
    site.aws.ec2("create_network_acl_entry", entry);
    ends(&site, &["--port", "22"], 2);
    ends(&site, &["--port", "443"], 0);
    ends(&site, &["--destination", PARTNER, "--port", "443"], 0);
    ends(&site, &["--destination", PARTNER, "--port", "22"], 2);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn an_endpoint_takes_some_destinations_only() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let tables = [
        stack.id(TABLE),
        stack.id("route_table/private-ap-northeast-1c"),
    ];
    let endpoint = site.aws.create_s3_endpoint(stack.id("vpc/main"), &tables);
    let shown = ends(&site, &[], 2);
    assert!(
        shown.stdout.contains(&endpoint),
        "{endpoint} is not named\n{shown}"
    );
    ends(&site, &["--destination", PARTNER], 0);
    let lists = site.aws.ec2("describe_prefix_lists", json!({}));
    let mut lists = lists["PrefixLists"].as_array().unwrap().iter();
    let s3 = lists.find(|list| list["PrefixListName"].to_string().ends_with(".s3\""));
    let cidr = s3.unwrap()["Cidrs"][0].as_str().unwrap();
    ends(&site, &["--destination", cidr], 2);
}

/// A version behind an alias runs where it was frozen.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn an_alias_on_an_old_version_is_a_way_of_its_own() {
    let site = Site::new(Spec::two_zones());
    let name = json!({"FunctionName": "billing-sync"});
    let version = site.aws.lambda("publish_version", name);
    site.apply();
    ends(&site, &[], 0);
    let args = json!({
        "FunctionName": "billing-sync", "Name": "live", "FunctionVersion": version["Version"],
    });
    site.aws.lambda("create_alias", args);
    let proof = ends(&site, &["--json"], 2).json();
    let old: Vec<&Value> = ways(&proof)
        .iter()
        .filter(|way| way["alias"] == "live")
        .collect();
    assert_eq!(old.len(), 1, "{proof:#}");
    assert_eq!(old[0]["version"], version["Version"], "{proof:#}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_not_there_is_not_proven() {
    let mut site = Site::new(Spec::two_zones());
    // The function is in no VPC: it leaves by addresses that AWS picks.
    ends(&site, &[], 2);
    site.apply();
    site.respec(Spec {
        functions: vec!["billing-sync".into(), "not-deployed".into()],
        ..Spec::two_zones()
    });
    let shown = ends(&site, &[], 3);
    assert!(shown.stderr.contains("not-deployed"), "{shown}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_question_that_makes_no_sense_is_refused() {
    let site = Site::new(Spec::two_zones());
    for args in [
        &["--destination", "partner.example"][..],
        &["--destination", "192.0.2.0/99"],
        &["--port", "0"],
        &["--port", "65536"],
    ] {
        let output = site.killick.run(&[&["prove"], args].concat()).code(1);
        assert_eq!(output.stdout, "", "{output}");
    }
    assert_eq!(site.server.calls().len(), 0);
}
