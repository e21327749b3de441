//! Lives that once went wrong, as the simulation printed them.

use killick_sim::{Fault, Kill, Moment, Rule, Settings};
use killick_simulation::{Draft, Edit, Move, Nat, Scenario, play};

fn lives(scenario: Scenario) {
    let report = play(&scenario);
    let (story, broken) = (report.story.join("\n"), report.broken.join("\n"));
    assert!(report.broken.is_empty(), "{story}\n{broken}");
}

/// A read that was behind showed a function at rest before its update had
/// begun, and the subnets that it still ran in were taken down.
#[test]
fn seed_70() {
    lives(Scenario {
        seed: 70,
        settings: Settings {
            lag: 1000,
            flicker: 0,
            page: 2,
            address_quota: 12,
            ..Settings::default()
        },
        draft: Draft::new("abcd", Nat::Single('a'), &[0, 1, 2, 3], Some(4)),
        moves: vec![Move::Apply(true), Move::Destroy(false)],
    });
}

/// The public table let go of a zone's public subnet first thing, while the
/// zone's functions still left by the NAT gateway in it.
#[test]
fn seed_101() {
    lives(Scenario {
        seed: 101,
        settings: Settings {
            lag: 4000,
            flicker: 70,
            page: 1,
            address_quota: 12,
            ..Settings::default()
        },
        draft: Draft::new("abcd", Nat::PerZone, &[0, 1, 2, 3, 4], Some(9)),
        moves: vec![Move::Apply(false), Move::Edit(Edit::DropZone('d'))],
    });
}

/// A run was killed after it had asked for a detach. The next one saw a
/// function without a VPC and took its way out down, while the function still
/// used it.
#[test]
fn seed_179() {
    lives(Scenario {
        seed: 179,
        settings: Settings {
            lag: 0,
            flicker: 30,
            page: 2,
            address_quota: 12,
            ..Settings::default()
        },
        draft: Draft::new("ca", Nat::PerZone, &[0], None),
        moves: vec![
            Move::Apply(false),
            Move::DestroyKilled(Kill {
                call: 19,
                moment: Moment::Before,
            }),
            Move::DestroyKilled(Kill {
                call: 26,
                moment: Moment::After,
            }),
        ],
    });
}

/// A NAT gateway that never came up and is no longer wanted was to be deleted
/// until AWS forgot it.
#[test]
fn seed_2676() {
    let fault = Fault::NatFails("Gateway.NotAttached".to_owned());
    lives(Scenario {
        seed: 2676,
        settings: Settings {
            lag: 0,
            flicker: 70,
            page: 5,
            address_quota: 12,
            ..Settings::default()
        },
        draft: Draft::new("abcd", Nat::PerZone, &[0, 1, 2, 3], Some(6)),
        moves: vec![
            Move::Edit(Edit::Nat(Nat::Single('d'))),
            Move::Faulty(Rule::once("CreateNatGateway", fault)),
            Move::Apply(false),
            Move::Edit(Edit::Nat(Nat::Single('a'))),
        ],
    });
}

/// Somebody stripped the tags off a NAT gateway while one that had failed
/// before it still carried the same ones: the living one was taken for a
/// stranger's.
#[test]
fn seed_1101() {
    let fault = Fault::NatFails("InternalError".to_owned());
    lives(Scenario {
        seed: 1101,
        settings: Settings {
            lag: 3000,
            flicker: 0,
            page: 1,
            address_quota: 12,
            ..Settings::default()
        },
        draft: Draft::new("abc", Nat::PerZone, &[0, 1, 2], Some(3)),
        moves: vec![
            Move::Faulty(Rule::once("CreateNatGateway", fault)),
            Move::Apply(false),
            Move::Tamper("strip-tags"),
        ],
    });
}

/// The only NAT gateway moved to another zone, and somebody stripped the tags
/// off the old one before it was deleted: it was taken for a stranger's, and
/// left running.
#[test]
fn seed_500763() {
    lives(Scenario {
        seed: 500_763,
        settings: Settings {
            address_quota: 12,
            ..Settings::default()
        },
        draft: Draft::new("ac", Nat::Single('a'), &[0], None),
        moves: vec![
            Move::Apply(false),
            Move::Edit(Edit::Nat(Nat::Single('c'))),
            Move::Tamper("strip-tags"),
        ],
    });
}
