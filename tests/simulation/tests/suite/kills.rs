//! Killed before and after every single call of an apply and of a destroy.

use killick_sim::{Kill, Moment, Settings};
use killick_simulation::{Draft, Move, Nat, Scenario, play};

/// Lives the moves with the process killed at every call in turn, until there
/// are no more calls to be killed at.
fn every_kill(moment: Moment, moves: impl Fn(Kill) -> Vec<Move>) {
    for call in 1.. {
        let scenario = Scenario {
            seed: call,
            // Half an hour of looking whether Lambda has let go is half a
            // thousand calls that are all alike.
            settings: Settings {
                linger: (60_000, 120_000),
                ..Settings::default()
            },
            draft: Draft::new("ac", Nat::PerZone, &[0], None),
            moves: moves(Kill { call, moment }),
        };
        let report = play(&scenario);
        let (story, broken) = (report.story.join("\n"), report.broken.join("\n"));
        assert!(
            report.broken.is_empty(),
            "{story}\n{broken}\n\n{}",
            scenario.source()
        );
        if report.faults == 0 {
            assert!(call > 40, "only {call} calls were killed");
            return;
        }
    }
}

fn apply(kill: Kill) -> Vec<Move> {
    vec![Move::ApplyKilled(kill)]
}

/// The next destroy ends what the killed one began.
fn destroy(kill: Kill) -> Vec<Move> {
    vec![
        Move::Apply(false),
        Move::DestroyKilled(kill),
        Move::Destroy(false),
    ]
}

#[test]
fn an_apply_before_every_call() {
    every_kill(Moment::Before, apply);
}

#[test]
fn an_apply_after_every_call() {
    every_kill(Moment::After, apply);
}

#[test]
fn a_destroy_before_every_call() {
    every_kill(Moment::Before, destroy);
}

#[test]
fn a_destroy_after_every_call() {
    every_kill(Moment::After, destroy);
}
