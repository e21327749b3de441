//! The addresses are a contract: what would break it is refused, and allowed only in so many words.

use std::collections::BTreeSet;

use killick_tests::{Killick, Site, Spec, finding};
use serde_json::json;

const CHANGE: &str = "--change-addresses";
const A: &str = "ap-northeast-1a";
const C: &str = "ap-northeast-1c";

/// The spec file with this changed.
#[track_caller]
fn edited(spec: &Spec, from: &str, to: &str) -> String {
    let text = spec.to_toml();
    assert!(text.contains(from), "no {from:?} in\n{text}");
    text.replacen(from, to, 1)
}

/// The zone with somebody else's Elastic IP.
fn with_address(spec: &Spec, zone: &str, allocation: &str) -> String {
    let private = format!("private = \"{}\"\n", spec.cidr(zone, "private"));
    let address = format!("{private}address = \"{allocation}\"\n");
    edited(spec, &private, &address)
}

/// The spec file with these promised.
fn promising(spec: &Spec, addresses: &[&str]) -> String {
    format!("{}\n[egress]\naddresses = {addresses:?}\n", spec.to_toml())
}

/// The addresses that `ips` lists.
#[track_caller]
fn listed(site: &Site) -> BTreeSet<String> {
    let ips = site.killick.run(&["ips"]).code(0);
    ips.stdout.lines().map(str::to_owned).collect()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn whatever_would_change_the_set_is_refused_and_says_whom_it_hits() {
    let site = Site::deployed(Spec::two_zones());
    let (stack, spec) = (site.stack(), site.spec.clone());
    let (a, c) = (stack.ip(A), stack.ip(C));
    let theirs = site.aws.create_address();
    let their_ip = site.aws.ip(&theirs);
    let fewer = Spec {
        zones: vec!['a'],
        ..spec.clone()
    };
    let more = Spec::three_zones();
    let renamed = Spec {
        stack: "renamed".into(),
        ..spec.clone()
    };
    let nowhere = "192.0.2.250";
    let cases = [
        ("a zone less", fewer.to_toml(), vec![c]),
        ("a zone more", more.to_toml(), vec!["AWS will choose"]),
        (
            "another address",
            with_address(&spec, C, &theirs),
            vec![c, &their_ip],
        ),
        ("one gateway", Spec::single_nat().to_toml(), vec![c]),
        (
            "a promise that somebody else holds",
            promising(&spec, &[a, c, &their_ip]),
            vec![&their_ip, &theirs],
        ),
        (
            "a promise that nobody holds",
            promising(&spec, &[a, c, nowhere]),
            vec![nowhere],
        ),
        ("a part promised", promising(&spec, &[a]), vec![c]),
        (
            "another name of the stack",
            renamed.to_toml(),
            vec![a, c, "[[moved]]", "--move-functions"],
        ),
    ];
    for (name, text, words) in cases {
        site.killick.write("killick.toml", text);
        let output = site.needs(CHANGE);
        for word in words.into_iter().chain(["billing-sync"]) {
            let told = output.stderr.contains(word);
            assert!(told, "{name}: {word} is not named\n{output}");
        }
        // The plan of the same says so too, and is no error; but what is pinned is
        // broken by now.
        let broken = name.contains("promise");
        let plan = site.killick.run(&["plan"]).code(if broken { 3 } else { 0 });
        assert!(plan.stdout.contains(CHANGE), "{name}: {plan}");
        let plan = site.killick.run(&["plan", "--json"]).json();
        let code = match name.starts_with("a promise") {
            true => "pinned-address-lost",
            false => "addresses-change",
        };
        assert_eq!(plan["refusals"][0]["code"], code, "{name}");
    }
    // A plan that was saved needs the same words.
    site.killick.respec(&fewer);
    site.killick.run(&["plan", "--out", "saved.plan"]).code(0);
    let output = site.killick.run(&["apply", "--plan", "saved.plan"]).code(4);
    assert!(output.stderr.contains(CHANGE), "{output}");
    assert_eq!(site.writes(), [""; 0]);
    site.killick.respec(&spec);
    site.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn another_address_comes_in_when_told_to() {
    let site = Site::deployed(Spec::two_zones());
    let before = site.stack();
    let theirs = site.aws.create_address();
    let their_ip = site.aws.ip(&theirs);
    let text = with_address(&site.spec, C, &theirs);
    site.killick.write("killick.toml", &text);
    site.killick.run(&["apply", "--yes", CHANGE]).code(0);
    let wanted = [before.ip(A).to_owned(), their_ip].into();
    assert_eq!(listed(&site), wanted);
    let after = site.stack();
    assert_eq!(after.addresses(), before.addresses(), "an address is lost");
    let nat = |zone: &str| format!("nat_gateway/{zone}");
    assert_eq!(after.id(&nat(A)), before.id(&nat(A)));
    assert_ne!(after.id(&nat(C)), before.id(&nat(C)));
    let world = site.aws.world();
    let tags = &world.of("elastic_ip")[&theirs]["Tags"];
    assert!(
        tags.is_null() || *tags == json!([]),
        "it was tagged: {tags}"
    );
    assert_eq!(site.plan()["steps"], json!([]));
    site.killick.run(&["destroy", "--yes"]).code(0);
    assert!(site.aws.world().of("elastic_ip").contains_key(&theirs));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_function_follows_another_stack_only_when_told_to() {
    let site = Site::deployed(Spec::two_zones());
    let (before, config) = (site.stack(), site.aws.vpc_config("billing-sync"));
    let renamed = Spec {
        stack: "renamed".into(),
        net: 9,
        ..Spec::two_zones()
    };
    let other = Killick::new(&site.server, &renamed);
    for flags in [&[CHANGE][..], &["--move-functions"]] {
        let args = [&["apply", "--yes"], flags].concat();
        other.run(&args).code(4);
    }
    assert_eq!(site.writes(), [""; 0]);
    let args = ["apply", "--yes", CHANGE, "--move-functions"];
    other.run(&args).code(0);
    site.aws.topology(&renamed).unwrap();
    assert_eq!(site.stack(), before);
    other.run(&["destroy", "--yes"]).code(0);
    assert_eq!(site.aws.vpc_config("billing-sync"), config);
    site.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn pinning_keeps_the_file_as_it_was() {
    let site = Site::deployed(Spec::two_zones());
    let path = site.killick.dir().join("killick.toml");
    let read = || std::fs::read_to_string(&path).unwrap();
    let text = format!(
        "# the way to the partner\n{}\n[egress]   # by zone\n# cheaper: single\nnat = 'per-zone'\n",
        site.spec.to_toml()
    );
    site.killick.write("killick.toml", &text);
    let output = site.killick.run(&["ips", "--pin"]).code(0);
    assert!(output.stderr.contains("pinned"), "{output}");
    let pinned = read();
    let (old, new): (Vec<_>, Vec<_>) = (text.lines().collect(), pinned.lines().collect());
    let kept: Vec<_> = new.iter().filter(|line| old.contains(line)).collect();
    assert_eq!(kept, old.iter().collect::<Vec<_>>(), "{pinned}");
    let stack = site.stack();
    for ip in stack.addresses().values() {
        assert!(pinned.contains(&format!("\"{ip}\"")), "{pinned}");
    }
    assert_eq!(site.plan()["steps"], json!([]));
    site.in_sync().unwrap();

    let output = site.killick.run(&["ips", "--pin"]).code(0);
    assert!(output.stderr.contains("already"), "{output}");
    assert_eq!(read(), pinned);

    let single = pinned.replace("'per-zone'", "'single'");
    site.killick.write("killick.toml", &single);
    site.needs(CHANGE);
    // The flag allows the change. What is pinned stays what partners know.
    let output = site.killick.run(&["apply", "--yes", CHANGE]).code(3);
    for word in [stack.ip(C), "`addresses`"] {
        assert!(
            output.stderr.contains(word),
            "{word} is not named\n{output}"
        );
    }
    assert!(!output.stdout.contains("as declared"), "{output}");
    site.killick.run(&["ips"]).code(3);
    let output = site.killick.run(&["ips", "--pin"]).code(4);
    for word in [stack.ip(C), CHANGE] {
        assert!(
            output.stderr.contains(word),
            "{word} is not named\n{output}"
        );
    }
    assert_eq!(read(), single);
    site.killick.run(&["ips", "--pin", CHANGE]).code(0);
    assert!(read().contains(stack.ip(A)) && !read().contains(stack.ip(C)));
    assert_eq!(site.plan()["steps"], json!([]));
    // The address is kept, but no longer among those that are promised.
    site.killick
        .write("killick.toml", read().replace("'single'", "'per-zone'"));
    let refused = site.needs(CHANGE);
    assert!(refused.stderr.contains(stack.ip(C)), "{refused}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn nothing_is_pinned_before_there_is_something() {
    let site = Site::new(Spec::two_zones());
    let path = site.killick.dir().join("killick.toml");
    let output = site.killick.run(&["ips", "--pin"]).code(1);
    assert!(output.stderr.contains("apply"), "{output}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), site.spec.to_toml());
}

/// Only these are written when something has another name and is the same.
fn only_renames(site: &Site) {
    for call in site.writes() {
        let harmless = ["CreateTags", "PutParameter", "DeleteParameter"];
        assert!(
            harmless.contains(&&*call),
            "{call} changes more than a name"
        );
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_stack_with_another_name_is_the_same_stack() {
    let site = Site::deployed(Spec::two_zones());
    let (before, config) = (site.stack(), site.aws.vpc_config("billing-sync"));
    let renamed = Spec {
        stack: "partner-way-out".into(),
        ..site.spec.clone()
    };
    let text = format!(
        "{}\n[[moved]]\nfrom = \"partner-egress\"\nto   = \"partner-way-out\"\n",
        renamed.to_toml()
    );
    let other = Killick::with_text(&site.server, &text);
    other.run(&["apply", "--yes"]).code(0);
    only_renames(&site);
    let after = site.aws.stack("partner-way-out");
    assert_eq!(after, before);
    assert_eq!(site.stack().keys(), [""; 0]);
    assert_eq!(site.aws.vpc_config("billing-sync"), config);
    other.run(&["plan", "--detailed-exitcode"]).code(0);
    other.run(&["drift"]).code(0);
    let world = site.aws.world();
    let records: Vec<_> = world.of("parameter").keys().collect();
    let folder = "/killick/partner-way-out/function";
    let expected = [".resources", "billing-sync"].map(|name| format!("{folder}/{name}"));
    assert_eq!(records, expected.each_ref());

    // By the old name nothing is found, nothing is listed, and nothing is built beside it.
    assert!(listed(&site).is_empty());
    site.needs(CHANGE);
    other.run(&["destroy", "--yes"]).code(0);
    assert_eq!(site.aws.vpc_config("billing-sync"), (vec![], vec![]));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_zone_with_another_name_is_the_same_zone() {
    let site = Site::deployed(Spec::two_zones());
    let before = site.stack();
    let name = format!("name    = \"{C}\"\n");
    let east = format!("name    = \"east\"\navailability_zone = \"{C}\"\n");
    let text = edited(&site.spec, &name, &east);
    let text = format!("{text}\n[[moved]]\nfrom = \"{C}\"\nto   = \"east\"\n");
    site.killick.write("killick.toml", text);
    site.killick.run(&["apply", "--yes"]).code(0);
    only_renames(&site);
    let after = site.stack();
    assert_eq!(after.addresses(), before.addresses());
    for (key, ids) in before.ids() {
        assert_eq!(after.ids()[&key.replace(C, "east")], *ids, "{key}");
    }
    assert_eq!(site.plan()["steps"], json!([]));
    site.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_released_address_is_asked_back() {
    let site = Site::deployed(Spec::two_zones());
    site.killick.run(&["ips", "--pin"]).code(0);
    let stack = site.stack();
    let (ip, listed_before) = (stack.ip(C), listed(&site));
    let nat = json!({"NatGatewayId": stack.id(&format!("nat_gateway/{C}"))});
    site.aws.ec2("delete_nat_gateway", nat);
    let eip = json!({"AllocationId": stack.id(&format!("elastic_ip/{C}"))});
    site.aws.ec2("release_address", eip);

    let drift = site.drift(2).unwrap();
    let key = format!("elastic_ip/{C}");
    let found = finding(&drift, &key, "promised").unwrap_or_else(|| panic!("{drift:#}"));
    assert_eq!(found["severity"], "critical", "{found:#}");
    assert!(found.to_string().contains(ip), "{found:#}");
    let output = site.needs(CHANGE);
    assert!(output.stderr.contains(ip), "{ip} is not named\n{output}");

    site.server.reset_calls();
    site.killick.run(&["apply", "--yes", CHANGE]).code(0);
    let calls = site.server.calls();
    let mut allocated = calls.iter().filter(|call| call.action == "AllocateAddress");
    assert_eq!(allocated.next().unwrap().params["Address"], ip);
    assert_eq!(listed(&site), listed_before);
    site.in_sync().unwrap();
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn going_back_to_what_is_pinned_takes_no_flag() {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let before = listed(&site);
    let (nat, _) = site.aws.create_nat(stack.id(&format!("subnet/public-{A}")));
    let args = json!({
        "RouteTableId": stack.id(&format!("route_table/private-{A}")),
        "DestinationCidrBlock": "0.0.0.0/0",
        "NatGatewayId": nat,
    });
    site.aws.ec2("replace_route", args);
    let own = json!({"NatGatewayId": stack.id(&format!("nat_gateway/{A}"))});
    site.aws.ec2("delete_nat_gateway", own);
    // As long as nothing is pinned, the present set may be known to partners.
    site.needs(CHANGE);
    let pins: Vec<&str> = before.iter().map(String::as_str).collect();
    site.killick
        .write("killick.toml", promising(&site.spec, &pins));
    let plan = site.killick.run(&["plan", "--json"]).code(0).json();
    assert_eq!(plan["addresses"]["changes"], false, "{plan:#}");
    assert!(plan.get("refusals").is_none(), "{plan:#}");
    let plan = site.killick.run(&["plan"]).code(0);
    for word in ["BACK TO THE PINNED ADDRESSES", "are cut"] {
        assert!(plan.stdout.contains(word), "{word} is not said\n{plan}");
    }
    site.killick.run(&["apply", "--yes"]).code(0);
    assert_eq!(listed(&site), before);
    let drift = site.drift(2).unwrap();
    let findings = drift["findings"].as_array().unwrap();
    let critical = findings.iter().find(|one| one["severity"] == "critical");
    assert_eq!(critical, None);
    site.killick.run(&["prove"]).code(0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn an_address_on_its_way_to_another_account_is_told() {
    let site = Site::deployed(Spec::two_zones());
    site.killick.run(&["ips", "--pin"]).code(0);
    let stack = site.stack();
    let (ip, allocation) = (stack.ip(C), stack.id("elastic_ip/ap-northeast-1c"));
    let body = format!(
        "<DescribeAddressTransfersResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <addressTransferSet><item><publicIp>{ip}</publicIp><allocationId>{allocation}</allocationId>\
         <transferAccountId>210987654321</transferAccountId>\
         <addressTransferStatus>pending</addressTransferStatus></item></addressTransferSet>\
         </DescribeAddressTransfersResponse>"
    );
    let leaving = json!([{"kind": "nonsense", "action": "DescribeAddressTransfers", "body": body}]);
    site.server.faults(&leaving);
    let drift = site.drift(2).unwrap();
    let findings = drift["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{drift:#}");
    assert_eq!(findings[0]["severity"], "critical", "{drift:#}");
    for word in [ip, "210987654321"] {
        assert!(findings[0].to_string().contains(word), "{word}: {drift:#}");
    }
    site.server.clear_faults();
    site.in_sync().unwrap();
}
