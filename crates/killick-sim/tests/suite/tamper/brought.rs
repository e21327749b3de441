//! A stack in a network that somebody else made: only its private route
//! tables, its NAT gateways and its security group are tagged.

use killick_sim::tamper::{CASES, Case};

use super::cases::prepared;
use super::stage::{A, C, Stage};

/// Takes the tags off all that can be brought.
fn brought(case: &Case) -> Stage {
    let mut stage = match case.name {
        "repoint-alias" => Stage::with_old_version(),
        _ => Stage::standing(),
    };
    let zones = [A, C].into_iter();
    let in_zones = zones.flat_map(|zone| {
        ["subnet/public", "subnet/private"]
            .map(|kind| format!("{kind}-{zone}"))
            .into_iter()
            .chain([format!("elastic_ip/{zone}")])
    });
    let whole = ["vpc/main", "internet_gateway/main", "route_table/public"];
    let all: Vec<String> = in_zones.chain(whole.map(str::to_owned)).collect();
    for key in all {
        let id = stage.id_of(&key);
        stage.ec2("DeleteTags", &[("ResourceId.1", &id)]);
    }
    stage
}

#[test]
fn every_case_can_be_made() {
    for case in CASES {
        let (mut plain, mut stage) = (super::cases::ready(case), prepared(case, brought(case)));
        let vpcs = stage.place().vpcs.len();
        let done = stage.done(case.name);
        // The same things are hit, but without their names.
        let told = plain.done(case.name);
        if case.name == "copy-identity" {
            assert!(done.contains("(nat_gateway/ap-northeast-1a)"), "{done}");
            assert_eq!(stage.place().vpcs.len(), vpcs);
            continue;
        }
        let words = |text: &str| {
            let text: Vec<String> = text
                .split_whitespace()
                .filter(|word| !word.starts_with('('))
                .map(|word| word.trim_end_matches([',', ';', ':']).to_owned())
                .filter(|word| !word.chars().any(|char| char.is_ascii_digit()))
                .collect();
            text.join(" ")
        };
        assert_eq!(words(&done), words(&told), "{}", case.name);
    }
}

#[test]
fn what_is_hit_is_the_brought_network() {
    let case = Case::named("route-to-internet-gateway").unwrap();
    let mut stage = brought(case);
    let gateway = stage.place().internet_gateways.iter().next().unwrap();
    let gateway = gateway.0.to_owned();
    stage.done(case.name);
    let hop = stage.hop(&format!("private-{A}"), "0.0.0.0/0");
    assert_eq!(hop, Some(gateway));
}
