//! What all cases have in common.

use std::collections::BTreeSet;

use killick_finding::Severity;
use killick_sim::Settings;
use killick_sim::tamper::{CASES, Case, tamper};

use super::stage::{ACCOUNT, REGION, STACK, Stage};

/// A stack that is ready for a case.
pub(crate) fn ready(case: &Case) -> Stage {
    let stage = match case.name {
        "repoint-alias" => Stage::with_old_version(),
        _ => Stage::standing(),
    };
    prepared(case, stage)
}

/// The same stack once nothing is in the way of a case.
pub(crate) fn prepared(case: &Case, mut stage: Stage) -> Stage {
    let first = match case.name {
        "release-address" | "release-address-for-good" | "take-address" => "delete-nat-gateway",
        "detach-internet-gateway" => "delete-nat-gateways",
        _ => return stage,
    };
    let before = stage.tamper(case.name).unwrap_err();
    assert!(before.contains("in the way"), "{before}");
    assert!(before.contains(first), "{before}");
    stage.done(first);
    stage.wait();
    stage
}

#[test]
fn all_are_there() {
    let numbers: BTreeSet<u8> = CASES.iter().map(|case| case.number).collect();
    assert_eq!(numbers, (1..=40).collect());
    let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), CASES.len());
    for case in CASES {
        let kebab = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        assert!(case.name.chars().all(kebab), "{}", case.name);
        assert!(
            case.name.len() < 30 && case.about.len() < 80,
            "{}",
            case.name
        );
        assert_eq!(Case::named(case.name), Some(case));
    }
    assert_eq!(Case::named("no-such-case"), None);
    let case = Case::named("remake-nat-gateway").unwrap();
    assert_eq!((case.number, case.severity), (16, Severity::Critical));
}

/// How bad each row may be, by number: `C`, `W` or `I`.
const ROWS: [&str; 40] = [
    "C", "C", "C", "W", "C", "C", "CW", "CW", "C", "W", // 1 to 10; 7 by what is propagated
    "I", "C", "C", "C", "I", "C", "C", "C", "C", "C", // 11 to 20
    "W", "I", "C", "C", "C", "C", "W", "C", "W", "W", // 21 to 30
    "C", "C", "C", "W", "C", "CW", "C", "C", "C", "W", // 31 to 40
];

#[test]
fn each_is_as_its_row_says() {
    for case in CASES {
        let row = ROWS[usize::from(case.number) - 1];
        let severity = match case.severity {
            Severity::Critical => 'C',
            Severity::Warning => 'W',
            Severity::Info => 'I',
        };
        assert!(row.contains(severity), "{}", case.name);
    }
}

#[test]
fn all_are_told_in_a_line() {
    for case in CASES {
        let mut stage = ready(case);
        let settings = stage.world.settings.clone();
        let done = stage.done(case.name);
        assert!(!done.contains('\n') && done.len() > 20, "{done}");
        assert!(done.starts_with(|first: char| first.is_ascii_lowercase()));
        assert_eq!(stage.world.settings, settings);
    }
}

#[test]
fn limits_and_late_visibility_do_not_hinder() {
    const ACTIONS: [&str; 25] = [
        "AllocateAddress",
        "AssociateAddress",
        "AssociateNatGatewayAddress",
        "AssociateRouteTable",
        "AssociateSubnetCidrBlock",
        "AttachNetworkInterface",
        "CreateEgressOnlyInternetGateway",
        "CreateNatGateway",
        "CreateNetworkAcl",
        "CreateNetworkAclEntry",
        "CreateNetworkInterface",
        "CreateRoute",
        "CreateRouteTable",
        "CreateSecurityGroup",
        "CreateSubnet",
        "CreateTags",
        "CreateVpc",
        "CreateVpcEndpoint",
        "DeleteNatGateway",
        "DeleteRoute",
        "DeleteTags",
        "ModifyVpcAttribute",
        "ReplaceRoute",
        "ReplaceRouteTableAssociation",
        "RevokeSecurityGroupEgress",
    ];
    for case in CASES {
        let mut stage = ready(case);
        stage.world.settings = Settings {
            lag: 60_000,
            ..Settings::default()
        };
        for action in ACTIONS {
            for _ in 0..100 {
                stage.ask(action, &[("DryRun", "true")]);
            }
            let (status, _) = stage.ask(action, &[("DryRun", "true")]);
            assert_eq!(status, 503, "{action}");
        }
        let settings = stage.world.settings.clone();
        stage.done(case.name);
        assert_eq!(stage.world.settings, settings);
    }
}

#[test]
fn the_same_world_gives_the_same() {
    for case in CASES {
        let once = ready(case);
        let mut again = once.clone();
        let (mut once, name) = (once, case.name);
        assert_eq!(once.done(name), again.done(name));
    }
}

#[test]
fn a_stack_must_be_there() {
    let mut stage = Stage::standing();
    for case in CASES {
        let mut on = |account, region, stack| {
            let (world, now) = (&mut stage.world, stage.now);
            tamper(world, now, account, region, stack, case).unwrap_err()
        };
        let why = on(ACCOUNT, REGION, "another");
        assert_eq!(
            why,
            "there is no stack another in ap-northeast-1 of 123456789012"
        );
        on(ACCOUNT, "us-east-1", STACK);
        on("999999999999", REGION, STACK);
    }
}

#[test]
fn another_account_is_tampered_with_on_its_own() {
    let mut stage = Stage::standing();
    let other = stage.world.place("210987654321", REGION).clone();
    assert!(other.vpcs.is_empty());
    stage.done("add-nat-gateway");
    assert!(
        stage
            .world
            .place("210987654321", REGION)
            .addresses
            .is_empty()
    );
    assert_eq!(stage.place().addresses.len(), 3);
}

#[test]
fn a_refusal_is_told() {
    let mut stage = Stage::standing();
    stage.world.settings.address_quota = 2;
    let why = stage.tamper("add-nat-gateway").unwrap_err();
    assert!(
        why.starts_with("refused with AddressLimitExceeded"),
        "{why}"
    );
    assert!(stage.world.settings.address_quota == 2);
}

#[test]
fn a_ruin_is_ruined_further_or_it_is_told_why_not() {
    let mut stage = Stage::with_old_version();
    stage.world.settings.address_quota = 100;
    let mut made = 0;
    for case in CASES.iter().chain(CASES) {
        match stage.tamper(case.name) {
            Ok(_) => made += 1,
            Err(why) => {
                assert!(
                    why.starts_with(|first: char| !first.is_ascii_uppercase()),
                    "{why}"
                );
                assert!(!why.contains('\n') && why.len() > 20, "{why}");
            }
        }
        stage.wait();
    }
    assert!(made > CASES.len(), "{made}");
}
