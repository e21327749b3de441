//! One writer at a time: runs that meet on one world.

use std::time::Duration;

use killick_sim::{Call, Kill, Moment, Verdict};
use killick_simulation::draft::STACK;
use killick_simulation::invariant::{locked, parameters, wrong};
use killick_simulation::people::brisk;
use killick_simulation::{Draft, Nat, Stage, live};
use serde_json::Value;

fn draft() -> Draft {
    Draft::new("ac", Nat::PerZone, &[0], None)
}

fn stage() -> Stage {
    let stage = Stage::new(brisk());
    stage.deploy(&["f0"]);
    stage
}

fn proven(stage: &Stage) {
    assert_eq!(stage.broken(), [""; 0]);
    stage.look(|place| {
        assert_eq!(wrong(place, &draft()), [""; 0]);
        assert_eq!(locked(place, STACK), None);
    });
}

async fn later<T>(seconds: u64, what: impl Future<Output = T>) -> T {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    what.await
}

/// When a run got the lock.
fn taken(calls: &[Call]) -> u64 {
    let mut puts = calls
        .iter()
        .filter(|call| call.action == "PutParameter" && call.verdict == Verdict::Answered(200));
    puts.next().expect("the lock is taken").at
}

#[test]
fn the_second_one_refuses() {
    for pause in [0, 1, 20, 90] {
        live(async {
            let mut stage = stage();
            let (line, other) = (stage.line.clone(), stage.line.beside());
            let one = stage.begin(&line, "apply --yes", &draft().toml());
            let two = stage.begin(&other, "apply --yes", &draft().toml());
            let (one, two) = tokio::join!(one, later(pause, two));
            // At the same moment either may be faster.
            let (first, second) = match one.code {
                Some(0) => (one, two),
                _ => (two, one),
            };
            first.ends(0);
            let second = second.ends(4);
            assert!(second.stderr.contains("is locked by"), "{}", second.stderr);
            assert_eq!(second.wrote(), [""; 0]);
            proven(&stage);
        });
    }
}

#[test]
fn a_destroy_beside_an_apply_refuses() {
    live(async {
        let mut stage = stage();
        let (line, other) = (stage.line.clone(), stage.line.beside());
        let one = stage.begin(&line, "apply --yes", &draft().toml());
        let two = stage.begin(&other, "destroy --yes", &draft().toml());
        let (one, two) = tokio::join!(one, later(30, two));
        one.ends(0);
        assert_eq!(two.ends(4).wrote(), [""; 0]);
        proven(&stage);
    });
}

#[test]
fn the_second_one_waits_and_has_nothing_to_do() {
    for pause in [0, 20] {
        live(async {
            let mut stage = stage();
            let (line, other) = (stage.line.clone(), stage.line.beside());
            let waits = "apply --yes --lock-timeout 1h";
            let one = stage.begin(&line, waits, &draft().toml());
            let two = stage.begin(&other, waits, &draft().toml());
            let (one, two) = tokio::join!(one, later(pause, two));
            let (one, two) = (one.ends(0), two.ends(0));
            let (first, second) = match one.wrote().is_empty() {
                true => (two, one),
                false => (one, two),
            };
            assert!(first.wrote().contains(&"CreateVpc"));
            assert_eq!(second.wrote(), [""; 0]);
            assert!(taken(&second.calls) > first.calls.last().expect("a call").at);
            proven(&stage);
        });
    }
}

#[test]
fn one_that_was_killed_blocks_for_a_while_and_no_longer() {
    for call in [1, 2, 25, 60, 90] {
        live(async {
            let mut stage = stage();
            let kill = Kill {
                call,
                moment: Moment::After,
            };
            let spec = draft().toml();
            let (_, died) = stage.killed(kill, "apply --yes", &spec).await;
            assert!(died, "killed at {call}");
            let died = stage.line.now();
            let text =
                stage.look(|place| parameters(place).remove(&format!("/killick/{STACK}/lock")));
            let held: Value = serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
            let expires = held["expires"].as_u64().map(|expires| expires * 1000);
            let ran = stage.run("apply --yes", &spec).await;
            if let Some(expires) = expires {
                assert_eq!(ran.ends(4).wrote(), [""; 0]);
                let ran = stage
                    .run("apply --yes --lock-timeout 1h", &spec)
                    .await
                    .ends(0);
                let taken = taken(&ran.calls);
                let free = expires + 60_000;
                assert!(taken >= free, "{} ms too early", free - taken);
                assert!(taken <= free + 10_000, "{} ms too late", taken - free);
                assert!(
                    taken <= died + 370_000,
                    "{} ms after the death",
                    taken - died
                );
            } else {
                ran.ends(0);
            }
            proven(&stage);
        });
    }
}

#[test]
fn one_whose_lock_is_broken_stops() {
    for pause in [30, 60, 100] {
        live(async {
            let mut stage = stage();
            let (line, other) = (stage.line.clone(), stage.line.beside());
            let spec = draft().toml();
            let one = stage.begin(&line, "apply --yes", &spec);
            let two = stage.begin(&other, "unlock --yes", &spec);
            let (one, two) = tokio::join!(one, later(pause, two));
            let two = two.ends(0);
            assert!(two.stdout.contains("is broken"), "{}", two.stdout);
            let one = one.ends(3);
            assert!(
                one.stderr.contains("the lock was broken by hand"),
                "{}",
                one.stderr
            );
            let broken = two.calls.last().expect("a call").at;
            let last = one
                .calls
                .iter()
                .filter(|call| call.writes())
                .map(|call| call.at);
            let late = last.max().unwrap_or_default().saturating_sub(broken);
            assert!(late < 70_000, "{late} ms later it still wrote");
            stage.run("apply --yes", &spec).await.ends(0);
            proven(&stage);
        });
    }
}

#[test]
fn without_a_lock_there_is_nothing_to_break() {
    live(async {
        let mut stage = stage();
        let spec = draft().toml();
        for _ in 0..2 {
            let ran = stage.run("unlock --yes", &spec).await.ends(0);
            assert!(ran.stdout.contains("is not locked"), "{}", ran.stdout);
            stage.run("apply --yes", &spec).await.ends(0);
        }
        proven(&stage);
    });
}
