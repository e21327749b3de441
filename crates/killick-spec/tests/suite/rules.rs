//! Each rule: one change to a good spec, and what is reported where.

use crate::support::{GOOD, all_bad, bad, change, good, hint};
use killick_spec::{Nat, Network, parse};

#[test]
fn the_good_spec() {
    let spec = parse(GOOD).unwrap();
    assert_eq!(spec.account.as_deref(), Some("123456789012"));
    let zone = "ap-northeast-1c".to_owned();
    assert_eq!(spec.nat, Nat::Single { zone });
}

#[test]
fn stack_names() {
    let from = r#""partner-egress""#;
    let long = "a".repeat(65);
    all_bad(from, &["", "-a", "A", "a_b", "a.b", "é", "sg-a", &long]);
    for name in ["a", "0", "a-", "sg", "sga-b", &"a".repeat(64)] {
        assert_eq!(good(from, &format!("{name:?}")).stack, name);
    }
    let error = bad(from, r#""Partner Egress""#, r#""Partner Egress""#);
    assert!(hint(error).contains(r#""partner-egress""#));
}

#[test]
fn regions() {
    let zones = GOOD.lines().filter(|l| l.starts_with("nat")).count();
    assert_eq!(zones, 2);
    for region in [
        "us-gov-west-1",
        "eu-isoe-west-1",
        "eusc-de-east-1",
        "mx-central-1",
    ] {
        let text = GOOD.replace("ap-northeast-1", region);
        assert_eq!(parse(&text).unwrap().region, region);
    }
    let from = r#""ap-northeast-1""#;
    all_bad(
        from,
        &[
            "",
            "tokyo",
            "ap-northeast",
            "ap-1",
            "AP-northeast-1",
            "ap--1",
            "ap-n-123",
        ],
    );
    let zone = bad(from, r#""us-east-1b""#, r#""us-east-1b""#);
    assert!(hint(zone).contains(r#""us-east-1""#));
}

#[test]
fn accounts() {
    let from = r#""123456789012""#;
    all_bad(
        from,
        &[
            "",
            "12345678901",
            "1234567890123",
            "12345678901a",
            "１２３４",
        ],
    );
    let number = bad(from, "123456789012", "123456789012");
    assert_eq!(number.message, "`account` must be a string, not an integer");
    assert!(hint(number).contains(from));
    assert_eq!(good("account = \"123456789012\"\n", "").account, None);
}

#[test]
fn zone_names() {
    let from = "name = \"ap-northeast-1a\"";
    for name in [
        "",
        "a",
        "ap-northeast-1",
        "ap-northeast-1A",
        "ap-northeast-1aa",
        "apne1-az1",
    ] {
        let value = format!("{name:?}");
        bad(from, &format!("name = {value}"), &value);
    }
    for (name, what) in [
        ("us-east-1a", "not in region"),
        ("us-west-2-lax-1a", "local or wavelength"),
        ("ap-northeast-1-wl1-nrt-wlz-1", "local or wavelength"),
    ] {
        let value = format!("{name:?}");
        let error = bad(from, &format!("name = {value}"), &value);
        assert!(error.message.contains(what), "{error:#?}");
    }
    let dashed = bad(from, "name = \"ap-northeast-1-a\"", "\"ap-northeast-1-a\"");
    assert!(dashed.message.contains("not the name"), "{dashed:#?}");
    let twice = bad(from, "name = \"ap-northeast-1c\"", "\"ap-northeast-1c\"");
    assert!(twice.message.contains("twice"));
    let (span, note) = twice.related.first().unwrap();
    assert!(span.end < twice.span.start);
    assert_eq!(note, "first defined here");
}

#[test]
fn networks() {
    let vpc = r#""10.0.0.0/16""#;
    all_bad(
        vpc,
        &[
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/16",
            "10.0.0.0/15",
            "::/0",
            "fd00::1",
        ],
    );
    assert!(hint(bad(vpc, r#""10.0.0.5/16""#, r#""10.0.0.5/16""#)).contains("10.0.0.0/16"));
    assert!(hint(bad(vpc, r#""10.0.0.0/016""#, r#""10.0.0.0/016""#)).contains("10.0.0.0/16"));
    let six = bad(vpc, r#""2001:db8::/56""#, r#""2001:db8::/56""#);
    assert!(six.message.contains("IPv6"));
    assert_eq!(
        good(vpc, r#""10.0.0.0/22""#).network,
        Network::Made {
            cidr: "10.0.0.0/22".parse().unwrap()
        }
    );
}

#[test]
fn subnets() {
    let from = r#""10.0.1.0/24""#;
    all_bad(
        from,
        &["10.0.1.0/29", "10.0.1.1/24", "10.0.0.0/15", "fd00::/64"],
    );
    assert_eq!(good(from, r#""10.0.1.240/28""#).zones.len(), 2);

    let outside = bad(from, r#""10.1.1.0/24""#, r#""10.1.1.0/24""#);
    assert!(outside.message.contains("not inside"));
    let (span, _) = outside.related.first().unwrap();
    assert_eq!(GOOD.get(span.clone()), Some(r#""10.0.0.0/16""#));

    for value in [r#""10.0.0.0/24""#, r#""10.0.0.0/23""#, r#""10.0.0.128/25""#] {
        let overlap = bad(from, value, value);
        assert!(overlap.message.contains("overlaps"), "{overlap:#?}");
        let (span, _) = overlap.related.first().unwrap();
        assert_eq!(GOOD.get(span.clone()), Some(r#""10.0.0.0/24""#));
    }
}

#[test]
fn a_network_of_wrong_size_is_one_error() {
    bad(r#""10.0.0.0/16""#, r#""10.0.0.0/29""#, r#""10.0.0.0/29""#);
}

fn with_zones(count: usize) -> String {
    let mut text =
        String::from("stack = \"a\"\nregion = \"us-east-1\"\nnetwork.cidr = \"10.0.0.0/16\"\n");
    for (number, letter) in ('a'..='z').take(count).enumerate() {
        text += &format!(
            "[[zone]]\nname = \"us-east-1{letter}\"\npublic = \"10.0.{number}.0/24\"\nprivate = \"10.0.1{number}.0/24\"\n"
        );
    }
    text
}

#[test]
fn one_to_six_zones() {
    for count in 1..=6 {
        assert_eq!(parse(&with_zones(count)).unwrap().zones.len(), count);
    }
    let text = with_zones(8);
    let errors = parse(&text).unwrap_err().errors;
    assert_eq!(errors.len(), 1, "{errors:#?}");
    for error in errors {
        assert!(error.message.starts_with("8 zones"));
        assert_eq!(
            text.get(..error.span.start)
                .unwrap()
                .matches("[[zone]]")
                .count(),
            6
        );
    }
    let none = parse(&with_zones(0)).unwrap_err().errors;
    assert!(
        none.iter().any(|e| e.message.contains("`zone` is missing")),
        "{none:#?}"
    );
    let empty = parse(&("zone = []\n".to_owned() + &with_zones(0))).unwrap_err();
    assert!(empty.errors.iter().any(|e| e.span == (7..9)), "{empty:#?}");
}

#[test]
fn nat_modes() {
    let both = "nat = \"single\"\nnat_zone = \"ap-northeast-1c\"\n";
    assert_eq!(good(both, "").nat, Nat::PerZone);
    assert_eq!(good(both, "nat = \"per-zone\"").nat, Nat::PerZone);
    let zone = "ap-northeast-1a".to_owned();
    assert_eq!(good(both, "nat = \"single\"").nat, Nat::Single { zone });

    let mode = bad("\"single\"", "\"Single\"", "\"Single\"");
    assert!(hint(mode).contains("\"single\""));
    let useless = bad("nat = \"single\"", "", "\"ap-northeast-1c\"");
    assert!(useless.message.contains("only for a single"));
    let useless = bad("\"single\"", "\"per-zone\"", "\"ap-northeast-1c\"");
    assert_eq!(useless.related.len(), 1);
    let from = "nat_zone = \"ap-northeast-1c\"";
    bad(
        from,
        "nat_zone = \"ap-northeast-1d\"",
        "\"ap-northeast-1d\"",
    );
    // Whether `nat_zone` goes with a mode of the wrong type is unknown.
    bad("\"single\"", "1", "1");
}

#[test]
fn functions() {
    let from = r#""billing-sync""#;
    all_bad(from, &["", "a b", "a.b", "é", &"a".repeat(65)]);
    for name in ["a", "A_b-9", &"a".repeat(64)] {
        let spec = good(from, &format!("{name:?}"));
        assert!(spec.functions.iter().any(|f| f.name() == Some(name)));
    }
    for arn in [
        "arn:aws:lambda:us-east-1:123456789012:function:pay",
        "arn:aws:lambda:us-east-1:123456789012:function:pay:live",
        "123456789012:function:pay",
        "pay:live",
    ] {
        let value = format!("{arn:?}");
        assert!(hint(bad(from, &value, &value)).contains("\"pay\""), "{arn}");
    }
    let all = "[[function]]\nname = \"billing-sync\"\n";
    assert!(good(all, "").functions.is_empty());
    let twice = bad(from, "\"a\"\n[[function]]\nname = \"a\"", "\"a\"");
    assert!(twice.message.contains("twice"));
    assert_eq!(
        good(from, "\"a\"\n[[function]]\nname = \"A\"")
            .functions
            .len(),
        2
    );

    let text = change(all, "").replace("[network]", "function = []\n[network]");
    let errors = parse(&text).unwrap_err().errors;
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(
        errors
            .iter()
            .all(|e| text.get(e.span.clone()) == Some("[]"))
    );
}

#[test]
fn tags() {
    let key = |key: &str| {
        let quoted = format!("{key:?}");
        bad("team =", &format!("{quoted} ="), &quoted);
    };
    key("");
    key("aws:team");
    key("AWS:team");
    key("killick:stack");
    key("Killick:stack");
    key("Name");
    key("te*m");
    key("te?m");
    key("te\tm");
    key(&"é".repeat(128));
    all_bad("\"payments\"", &["a\tb", &"é".repeat(257)]);
    for good_key in ["name", "cost:aws:killick:", "é", &"é".repeat(127)] {
        let spec = good("team =", &format!("{good_key:?} ="));
        assert_eq!(
            spec.tags.get(good_key).map(String::as_str),
            Some("payments")
        );
    }
    let value = "é".repeat(256);
    assert_eq!(good("payments", &value).tags.get("team"), Some(&value));
    assert_eq!(
        good("\"payments\"", "\"\"").tags.get("team"),
        Some(&String::new())
    );

    let more = |count: usize| -> String {
        let lines = (1..count).map(|i| format!("\nt{i} = \"\""));
        "\"payments\"".to_owned() + &lines.collect::<String>()
    };
    assert_eq!(good("\"payments\"", &more(40)).tags.len(), 40);
    bad("\"payments\"", &more(42), "t40");
}

#[test]
fn unknown_keys() {
    assert!(hint(bad("account", "acount", "acount")).contains("`account`"));
    assert!(hint(bad("cidr =", "cidrs =", "cidrs")).contains("`cidr`"));
    assert!(hint(bad("nat_zone", "nat-zone", "nat-zone")).contains("`nat_zone`"));
    assert!(hint(bad("[[function]]", "[[functions]]", "functions")).contains("`function`"));
    let moved = bad("[network]", "[network]\nnat_zone = \"\"", "nat_zone");
    assert!(hint(moved).contains("[egress]"));
    let alien = bad("[egress]", "[egress]\ncolour = 1", "colour");
    assert!(hint(alien).contains("nat, nat_zone, addresses"));
}

#[test]
fn missing_keys_point_at_the_header() {
    for (line, header) in [
        ("stack = \"partner-egress\"\n", ""),
        ("region = \"ap-northeast-1\"\n", ""),
        ("[network]\ncidr = \"10.0.0.0/16\"\n", ""),
        ("cidr = \"10.0.0.0/16\"\n", "[network]"),
        ("public = \"10.0.2.0/24\"\n", "[[zone]]"),
        // The zone of `nat_zone`, which is not a second error.
        ("name = \"ap-northeast-1c\"\n", "[[zone]]"),
        ("name = \"billing-sync\"\n", "[[function]]"),
    ] {
        let error = bad(line, "", header);
        assert!(error.message.contains("missing"), "{error:#?}");
    }
}
