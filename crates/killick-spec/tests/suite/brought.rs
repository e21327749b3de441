//! Rules for what others own: networks, subnets, addresses, security groups.

use crate::support::{GOOD, all_bad, bad, change, good, hint};
use killick_spec::{Network, Place, Spec, SpecError, parse};

const CIDR: &str = "cidr = \"10.0.0.0/16\"";
const NAMED: &str = "name = \"ap-northeast-1a\"";

/// The good spec in somebody else's VPC, after a change.
fn brought(from: &str, to: &str) -> Result<Spec, Vec<SpecError>> {
    let text = change(CIDR, "vpc = \"vpc-1\"");
    assert_eq!(text.matches(from).count(), 1, "{from:?} must occur once");
    parse(&text.replace(from, to)).map_err(|errors| errors.errors)
}

#[test]
fn one_network() {
    let spec = good(CIDR, "vpc = \"vpc-0123456789abcdef0\"");
    assert_eq!(spec.network.brought(), Some("vpc-0123456789abcdef0"));
    let vpc = "vpc-1".to_owned();
    assert_eq!(
        good(CIDR, "vpc = \"vpc-1\"").network,
        Network::Brought { vpc }
    );
    let both = bad(CIDR, &format!("{CIDR}\nvpc = \"vpc-1\""), "vpc");
    assert!(hint(both).contains("`cidr` or `vpc`"));
    let none = bad(CIDR, "", "[network]");
    assert_eq!(none.message, "`cidr` or `vpc` is missing in [network]");
    assert!(hint(bad(CIDR, "vcp = \"vpc-1\"", "vcp")).contains("`vpc`"));
    let swapped = bad(CIDR, "cidr = \"vpc-1\"", "\"vpc-1\"");
    assert!(hint(swapped).contains("vpc = \"vpc-1\""));
    let swapped = bad(CIDR, "vpc = \"10.0.0.0/16\"", "\"10.0.0.0/16\"");
    assert!(hint(swapped).contains("`cidr`"));
}

#[test]
fn ids() {
    let id = |id: &str| brought("vpc-1", id).map(|spec| spec.network);
    for good in ["vpc-0123abcd", "vpc-z", &format!("vpc-{}", "a".repeat(32))] {
        let vpc = good.to_owned();
        assert_eq!(id(good), Ok(Network::Brought { vpc }));
    }
    for bad in [
        "",
        "vpc",
        "vpc-",
        "vpc-A",
        "vpc-é",
        "vpc-a-b",
        " vpc-1",
        "igw-1",
        &format!("vpc-{}", "a".repeat(33)),
    ] {
        let errors = id(bad).expect_err(bad);
        assert_eq!(errors.len(), 1, "{errors:#?}");
    }
}

#[test]
fn subnets_need_their_vpc() {
    for (key, net) in [
        ("public", "\"10.0.0.0/24\""),
        ("private", "\"10.0.1.0/24\""),
    ] {
        let error = bad(net, "\"subnet-1\"", "\"subnet-1\"");
        assert!(error.message.contains(key), "{error:#?}");
        let (span, _) = error.related.first().unwrap();
        assert_eq!(GOOD.get(span.clone()), Some("\"10.0.0.0/16\""));
        let spec = brought(net, "\"subnet-1\"").unwrap();
        let id = Place::Brought("subnet-1".to_owned());
        let mut places = spec.zones.iter().flat_map(|z| [&z.public, &z.private]);
        assert!(places.any(|place| *place == id), "{spec:#?}");
    }
}

#[test]
fn made_subnets_in_a_brought_vpc() {
    let net = "\"10.0.1.0/24\"";
    assert!(brought(net, "\"172.16.0.0/24\"").is_ok());
    let overlap = brought(net, "\"10.0.0.128/25\"").unwrap_err();
    assert_eq!(overlap.len(), 1, "{overlap:#?}");
    assert!(overlap.iter().all(|e| e.message.contains("overlaps")));
}

#[test]
fn no_subnet_twice() {
    let two = "\"subnet-1\"\nprivate = \"subnet-1\"";
    let errors = brought("\"10.0.0.0/24\"\nprivate = \"10.0.1.0/24\"", two).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors.iter().all(|e| e.message.contains("named twice")));
}

#[test]
fn availability_zones() {
    let spec = good(
        NAMED,
        "name = \"0-a\"\navailability_zone = \"ap-northeast-1d\"",
    );
    let zone = spec.zones.first().unwrap();
    assert_eq!(zone.name, "0-a");
    assert_eq!(zone.availability_zone, "ap-northeast-1d");
    let spec = good(NAMED, NAMED);
    assert_eq!(
        spec.zones.first().unwrap().availability_zone,
        "ap-northeast-1a"
    );

    let long = "a".repeat(33);
    for label in ["", "-a", "A", "a_b", "a.b", "é", &long] {
        let value = format!("{label:?}");
        let line = format!("name = {value}\navailability_zone = \"ap-northeast-1d\"");
        bad(NAMED, &line, &value);
    }
    for place in ["\"ap-northeast-1\"", "\"us-east-1a\"", "\"apne1-az1\""] {
        let line = format!("name = \"x\"\navailability_zone = {place}");
        bad(NAMED, &line, place);
    }
    // Of the wrong type it still says that the name may be any.
    bad(NAMED, "name = \"x\"\navailability_zone = 1", "1");

    let twice = "name = \"x\"\navailability_zone = \"ap-northeast-1c\"";
    let error = bad(NAMED, twice, "\"ap-northeast-1c\"");
    assert!(error.message.starts_with("availability zone"), "{error:#?}");
    assert_eq!(error.related.len(), 1);
}

#[test]
fn elastic_ips() {
    let from = "[egress]\nnat = \"single\"";
    let last = format!("address = \"eipalloc-1\"\n{from}");
    let spec = good(from, &last);
    let addresses: Vec<_> = spec.zones.iter().map(|z| z.address.as_deref()).collect();
    assert_eq!(addresses, [None, Some("eipalloc-1")]);

    // The NAT gateway is in the other zone.
    let first = format!("{NAMED}\naddress = \"eipalloc-1\"");
    let error = bad(NAMED, &first, "\"eipalloc-1\"");
    assert!(error.message.contains("no NAT gateway"), "{error:#?}");
    assert_eq!(error.related.len(), 1);
    let text = change(NAMED, &first).replace("nat_zone = \"ap-northeast-1c\"\n", "");
    assert!(parse(&text).is_ok(), "the first zone by default");
    let text = text.replace("nat = \"single\"", "nat = \"per-zone\"");
    assert!(parse(&text).is_ok());
    let twice = text.replace("[egress]", "address = \"eipalloc-1\"\n[egress]");
    let errors = parse(&twice).unwrap_err().errors;
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors.iter().all(|e| e.message.contains("named twice")));

    for (id, word) in [
        ("203.0.113.7", "`addresses`"),
        ("sg-1", "security group"),
        ("EIPALLOC-1", "\"eipalloc-1\""),
    ] {
        let error = bad(from, &last.replace("eipalloc-1", id), &format!("{id:?}"));
        assert!(hint(error).contains(word), "{id}");
    }
}

#[test]
fn promised_addresses() {
    let from = "[egress]";
    let with = |list: &str| format!("[egress]\naddresses = [{list}]");
    let spec = good(from, &with("\"203.0.113.7\", \"3.0.0.1\""));
    let addresses: Vec<_> = spec.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["203.0.113.7", "3.0.0.1"]);
    assert!(good(from, from).addresses.is_empty());
    for range in ["192.0.2.1", "198.51.100.1", "203.0.113.1"] {
        good(from, &with(&format!("{range:?}")));
    }
    for address in [
        "",
        "a",
        "1.2.3",
        "1.2.3.04",
        "::1",
        "::/0",
        "1.2.3.4/32",
        "1.2.3.0/24",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "127.0.0.1",
        "169.254.0.1",
        "224.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "eipalloc-1",
    ] {
        let value = format!("{address:?}");
        bad(from, &with(&value), &value);
    }
    let error = bad(from, &with("\"1.2.3.4/32\""), "\"1.2.3.4/32\"");
    assert!(hint(error).contains("\"1.2.3.4\""));
    let twice = bad(from, &with("\"3.0.0.1\", '3.0.0.1'"), "'3.0.0.1'");
    assert!(twice.message.contains("twice"));
    assert!(hint(bad(from, &with(""), "[]")).contains("leave `addresses` out"));
    bad(from, &with("1"), "1");
    bad(from, "[egress]\naddresses = \"3.0.0.1\"", "\"3.0.0.1\"");
    let many = |count: u8| {
        let list: Vec<_> = (1..=count).map(|n| format!("\"3.0.0.{n}\"")).collect();
        with(&list.join(", "))
    };
    assert_eq!(good(from, &many(50)).addresses.len(), 50);
    bad(from, &many(52), "\"3.0.0.51\"");
}

#[test]
fn security_groups() {
    for from in ["[egress]", "[[function]]"] {
        let with = |list: &str| format!("{from}\nsecurity_groups = [{list}]");
        let five = "\"sg-1\", \"sg-2\", \"sg-3\", \"sg-4\", \"sg-5\"";
        let spec = good(from, &with(five));
        let of_functions = spec.functions.iter().map(|f| f.security_groups.len());
        assert_eq!(spec.security_groups.len() + of_functions.sum::<usize>(), 5);
        bad(from, &with(&format!("{five}, \"sg-6\"")), "\"sg-6\"");
        bad(from, &with("\"sg-1\", 'sg-1'"), "'sg-1'");
        bad(from, &with("\"default\""), "\"default\"");
        assert!(hint(bad(from, &with(""), "[]")).contains("out"));
    }
    all_bad("\"10.0.1.0/24\"", &["sg-1", "subnet-", "eipalloc-1"]);
}
