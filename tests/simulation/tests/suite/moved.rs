//! A stack and its zones get other names: tags change, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use killick_sim::{Call, Kill, Moment, Place};
use killick_simulation::draft::STACK;
use killick_simulation::invariant::{identities, locked, records, wrong};
use killick_simulation::line::Base;
use killick_simulation::people::applied;
use killick_simulation::{Draft, Nat, Stage, every_kill, live};

/// Before and after.
fn drafts() -> (Draft, Draft) {
    let before = Draft::new("ac", Nat::PerZone, &[0, 1], None);
    let mut after = before.clone();
    after.renamed = 1;
    after.labels = BTreeMap::from([('a', 1), ('c', 2)]);
    (before, after)
}

/// All ids with what is behind them, but for the tags.
fn ids(place: &Place, stack: &str) -> BTreeSet<String> {
    identities(place, stack).into_values().flatten().collect()
}

fn harmless(call: &Call) -> bool {
    let free = [
        "CreateTags",
        "DeleteTags",
        "PutParameter",
        "DeleteParameter",
    ];
    !call.writes() || free.contains(&call.action.as_str())
}

fn judge(stage: &Stage) {
    stage.line.judged(|_, call| {
        let call = call.filter(|call| !harmless(call))?;
        Some(format!("a name changes, and {} is called", call.action))
    });
}

fn proven(stage: &Stage, base: &Base, after: &Draft) {
    assert_eq!(stage.broken(), [""; 0]);
    let was = live_ids(base);
    stage.look(|place| {
        assert_eq!(wrong(place, after), [""; 0]);
        assert_eq!(ids(place, &after.stack()), was);
        assert_eq!(ids(place, STACK), BTreeSet::new());
        let names: Vec<String> = records(place, &after.stack()).into_keys().collect();
        assert_eq!(names, ["f0", "f1"]);
        assert_eq!(records(place, STACK), BTreeMap::new());
        assert_eq!(locked(place, &after.stack()), None);
    });
}

fn live_ids(base: &Base) -> BTreeSet<String> {
    base.look(|place| ids(place, STACK))
}

#[test]
fn at_once() {
    let (before, after) = drafts();
    let base = applied(&before);
    live(async {
        let mut stage = Stage::from(&base, 1);
        judge(&stage);
        stage.run("apply --yes", &after.toml()).await.ends(0);
        proven(&stage, &base, &after);
        for command in ["drift", "plan --detailed-exitcode"] {
            stage.run(command, &after.toml()).await.ends(0);
        }
        // Nothing has its old name any more: the spec can forget it.
        let forgotten = after.toml();
        let forgotten: Vec<&str> = forgotten.split("\n[[moved]]").collect();
        let ran = stage.run("apply --yes", forgotten[0]).await.ends(0);
        assert_eq!(ran.wrote(), [""; 0]);
    });
}

fn killed(moment: Moment) {
    let (before, after) = drafts();
    let base = applied(&before);
    let calls = every_kill(&base, moment, async |stage: &mut Stage, kill: Kill| {
        judge(stage);
        let (_, died) = stage.killed(kill, "apply --yes", &after.toml()).await;
        let again = "apply --yes --lock-timeout 10m";
        stage.run(again, &after.toml()).await.ends(0);
        proven(stage, &base, &after);
        died
    });
    assert!(calls > 30, "only {calls} calls were killed");
}

#[test]
fn killed_before_every_call() {
    killed(Moment::Before);
}

#[test]
fn killed_after_every_call() {
    killed(Moment::After);
}
