//! Ready-made lives, one for each part of the grammar that chance brings up
//! seldom.

use killick_sim::{Kill, Moment, Settings};
use killick_simulation::{Draft, Edit, Move, Nat, Scenario, play};

fn lives(draft: Draft, moves: Vec<Move>) {
    let scenario = Scenario {
        seed: 1,
        settings: Settings {
            lag: 1000,
            flicker: 30,
            address_quota: 12,
            linger: (60_000, 120_000),
            ..Settings::default()
        },
        draft,
        moves,
    };
    let report = play(&scenario);
    let (story, broken) = (report.story.join("\n"), report.broken.join("\n"));
    assert!(report.broken.is_empty(), "{story}\n{broken}");
}

fn draft() -> Draft {
    Draft::new("ac", Nat::PerZone, &[0, 1, 2], None)
}

const KILL: Kill = Kill {
    call: 30,
    moment: Moment::After,
};

#[test]
fn functions_leave_the_spec_and_go_back() {
    let draft = Draft {
        abroad: vec![0, 1],
        ..draft()
    };
    let moves = vec![
        Move::Apply(false),
        Move::Edit(Edit::LeaveFunction(0)),
        Move::ApplyKilled(KILL),
        Move::Apply(false),
        Move::Edit(Edit::LeaveFunction(2)),
        Move::Edit(Edit::AddFunction(0)),
        Move::Apply(false),
        Move::Edit(Edit::DropFunction(1)),
    ];
    lives(draft, moves);
}

#[test]
fn functions_go_back_when_the_stack_goes() {
    let draft = Draft {
        abroad: vec![1],
        prefix: true,
        ..draft()
    };
    let moves = vec![
        Move::Apply(false),
        Move::DestroyKilled(KILL),
        Move::Destroy(false),
        Move::Apply(false),
        Move::Destroy(true),
    ];
    lives(draft, moves);
}

#[test]
fn everything_is_renamed_more_than_once() {
    let moves = vec![
        Move::Apply(false),
        Move::Edit(Edit::RenameStack),
        Move::Edit(Edit::RenameZone('a')),
        Move::ApplyKilled(KILL),
        Move::Edit(Edit::RenameStack),
        Move::Edit(Edit::RenameZone('a')),
        Move::Edit(Edit::DropZone('c')),
        Move::Apply(false),
        Move::Edit(Edit::RenameZone('c')),
        Move::Edit(Edit::AddZone('c')),
        Move::Apply(false),
        Move::Edit(Edit::RenameStack),
        Move::Destroy(false),
    ];
    lives(draft(), moves);
}

#[test]
fn promised_addresses_follow_the_spec() {
    let draft = Draft {
        pins: true,
        ..draft()
    };
    let moves = vec![
        Move::Apply(false),
        Move::Tamper("delete-nat-gateway"),
        Move::Apply(false),
        Move::Edit(Edit::Nat(Nat::Single('c'))),
        Move::Apply(false),
        Move::Edit(Edit::RenameStack),
        Move::Edit(Edit::Nat(Nat::PerZone)),
        Move::ApplyKilled(KILL),
        Move::Destroy(false),
        Move::Apply(false),
    ];
    lives(draft, moves);
}
