//! The specs that come with killick, and the JSON Schema that describes them.

use std::fs;
use std::path::{Path, PathBuf};

use killick_spec::{Nat, Network, Place, Select, Spec, json_schema, parse};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn spec(name: &str) -> Spec {
    let path = root().join("specs").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_spec_parses() {
    let mut stacks = Vec::new();
    for folder in ["", "examples/"] {
        for entry in fs::read_dir(root().join("specs").join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".toml") {
                stacks.push(spec(&(folder.to_owned() + &name)).stack);
            }
        }
    }
    stacks.sort();
    let count = stacks.len();
    stacks.dedup();
    assert_eq!(
        count,
        stacks.len(),
        "two specs share a stack name: {stacks:?}"
    );
    assert!(count >= 6, "specs are missing: {stacks:?}");
}

fn made(place: &Place) -> String {
    place.made().unwrap().to_string()
}

#[test]
fn two_zones_have_two_gateways() {
    let spec = spec("lambda-fixed-ip.toml");
    assert_eq!(spec.stack, "partner-egress");
    assert_eq!(spec.region, "ap-northeast-1");
    assert_eq!(spec.account, None);
    assert_eq!(
        spec.network,
        Network::Made {
            cidr: "10.0.0.0/16".parse().unwrap()
        }
    );
    assert_eq!(spec.nat, Nat::PerZone);
    assert_eq!(spec.tags["team"], "payments");
    assert_eq!(spec.functions[0].name(), Some("billing-sync"));
    let zones: Vec<_> = spec.zones.iter().map(|zone| zone.name.as_str()).collect();
    assert_eq!(zones, ["ap-northeast-1a", "ap-northeast-1c"]);
    assert_eq!(made(&spec.zones[1].public), "10.0.2.0/24");
    assert_eq!(made(&spec.zones[1].private), "10.0.3.0/24");
    for zone in zones {
        assert_eq!(spec.nat_zone(zone), zone);
        assert!(spec.has_nat(zone));
    }
    assert!(!spec.has_nat("ap-northeast-1d"));
}

#[test]
fn a_single_gateway_serves_both_zones() {
    let spec = spec("single-nat.toml");
    assert_eq!(spec.nat_zone("ap-northeast-1a"), "ap-northeast-1a");
    assert_eq!(spec.nat_zone("ap-northeast-1c"), "ap-northeast-1a");
    assert!(spec.has_nat("ap-northeast-1a"));
    assert!(!spec.has_nat("ap-northeast-1c"));
}

#[test]
fn three_zones_in_file_order() {
    let spec = spec("three-zones.toml");
    let letters: String = spec
        .zones
        .iter()
        .filter_map(|z| z.name.chars().last())
        .collect();
    assert_eq!(letters, "acd");
}

#[test]
fn what_is_brought_is_not_made() {
    let spec = spec("examples/bring-your-own.toml");
    assert_eq!(spec.network.brought(), Some("vpc-0123456789abcdef0"));
    assert_eq!(spec.security_groups, ["sg-0123456789abcdef0"]);
    let [first, second] = spec.zones.as_slice() else {
        panic!("{spec:#?}")
    };
    assert_eq!(first.public.brought(), Some("subnet-0123456789abcdef0"));
    assert_eq!(first.address.as_deref(), Some("eipalloc-0123456789abcdef0"));
    assert_eq!(second.name, "east");
    assert_eq!(second.availability_zone, "ap-northeast-1c");
    assert_eq!(made(&second.private), "10.20.3.0/24");
    assert_eq!(spec.moved.zones["b"], "east");
}

#[test]
fn functions_by_prefix_and_by_tag() {
    let spec = spec("examples/selectors.toml");
    let promised: Vec<_> = spec.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(promised, ["203.0.113.7", "203.0.113.8"]);
    let selects: Vec<_> = spec.functions.iter().map(|f| &f.select).collect();
    let tag = Select::Tag {
        key: "egress".to_owned(),
        value: "fixed".to_owned(),
    };
    assert_eq!(selects, [&Select::Prefix("billing-".to_owned()), &tag]);
    assert_eq!(spec.functions[0].name(), None);
}

#[test]
fn known_drift_is_accepted() {
    let spec = spec("examples/accepted.toml");
    let [quoted, bare] = spec.accepts.as_slice() else {
        panic!("{spec:#?}")
    };
    assert_eq!(quoted.finding, "d-3f9a1c");
    assert_eq!(quoted.until.to_string(), "2026-12-31");
    assert!(quoted.until < bare.until && quoted.line < bare.line);
}

/// Run with `UPDATE_SCHEMA=1` to write the file anew.
#[test]
fn the_schema_file_is_current() {
    let path = root().join("docs/spec.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let text = serde_json::to_string_pretty(&json_schema()).unwrap();
        fs::write(&path, text + "\n").unwrap();
    }
    let text = fs::read_to_string(&path).expect("docs/spec.schema.json");
    let written: Value = serde_json::from_str(&text).expect("docs/spec.schema.json is JSON");
    assert_eq!(written, json_schema(), "run the tests with UPDATE_SCHEMA=1");
}

/// Header of a table, and its schema.
fn tables(schema: &Value) -> Vec<(&'static str, &Value)> {
    let mut tables = vec![("", schema)];
    for (header, name) in [
        ("[network]", "network"),
        ("[[zone]]", "zone"),
        ("[egress]", "egress"),
        ("[[function]]", "function"),
        ("[[moved]]", "moved"),
        ("[[accept]]", "accept"),
    ] {
        tables.push((header, &schema["$defs"][name]));
    }
    tables
}

#[test]
fn the_parser_knows_the_keys_of_the_schema() {
    let schema = json_schema();
    for (header, table) in tables(&schema) {
        assert_eq!(table["additionalProperties"], false, "{header}");
        let keys = table["properties"].as_object().unwrap();
        assert!(!keys.is_empty(), "{header}");
        for key in keys.keys() {
            let errors = parse(&format!("{header}\n{key} = 0")).unwrap_err();
            let unknown = |e: &&killick_spec::SpecError| e.message.starts_with("unknown key");
            assert_eq!(errors.errors.iter().find(unknown), None, "{header} {key}");
        }
    }
}

#[test]
fn the_parser_requires_what_the_schema_requires() {
    let schema = json_schema();
    for (header, table) in tables(&schema) {
        let place = if header.is_empty() {
            "at the top level".to_owned()
        } else {
            format!("in {header}")
        };
        let errors = parse(header).unwrap_err();
        let mut lacking: Vec<_> = errors
            .errors
            .iter()
            .filter(|e| e.message.ends_with(&format!(" is missing {place}")))
            // `a`, `b` or `c`: one of which is required.
            .flat_map(|e| e.message.split('`').skip(1).step_by(2))
            .collect();
        lacking.sort_unstable();
        let none = Vec::new();
        let keys = |of: &'_ Value| of["required"].as_array().unwrap_or(&none).clone();
        let one_of = table["oneOf"].as_array().unwrap_or(&none);
        let required = one_of
            .iter()
            .fold(keys(table), |all, of| [all, keys(of)].concat());
        let mut required: Vec<_> = required.iter().map(|key| key.as_str().unwrap()).collect();
        required.sort_unstable();
        assert_eq!(lacking, required, "{header}");
    }
}
