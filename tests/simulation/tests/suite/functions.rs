//! Functions come from somewhere and go back there.

use std::collections::BTreeSet;

use killick_sim::{Kill, Moment, Place, VpcConfig};
use killick_simulation::draft::STACK;
use killick_simulation::invariant::{locked, records, unrecorded, wrong};
use killick_simulation::line::Base;
use killick_simulation::people::{Landlord, applied, brisk, estate, lost};
use killick_simulation::{Draft, Nat, Stage, every_kill, live};
use serde_json::{Value, json};

const MOVE: &str = "--move-functions --change-addresses --second-network";

/// Two functions: `f0` runs in a landlord's VPC, `f1` in none.
struct Move {
    base: Base,
    former: VpcConfig,
    estate: Value,
}

fn draft() -> Draft {
    Draft::new("ac", Nat::PerZone, &[0, 1], None)
}

fn told(place: &Place, name: &str) -> VpcConfig {
    let function = place.functions.get(name).expect("a function");
    function.latest.vpc_config.clone().unwrap_or_default()
}

impl Move {
    fn new() -> Self {
        live(async {
            let stage = Stage::new(brisk());
            let landlord = stage.hand(Landlord::builds);
            stage.hand(|hand| landlord.lets_out(hand));
            stage.deploy(&["f0", "f1"]);
            stage.wait(300).await;
            stage.hand(|hand| {
                hand.connect("f0", &[&landlord.private[0]], &[&landlord.group]);
            });
            stage.wait(300).await;
            Self {
                former: stage.look(|place| told(place, "f0")),
                estate: stage.look(|place| estate(place, true)),
                base: stage.line.base(),
            }
        })
    }

    /// The function is never away from what it had without its way back.
    fn judge(&self, stage: &Stage) {
        let former = self.former.clone();
        stage.line.judged(move |place, call| {
            call.filter(|call| call.writes())?;
            let stacks = [STACK.to_owned()];
            let first = unrecorded(place, &stacks, "f0", Some(&former));
            first.or_else(|| unrecorded(place, &stacks, "f1", None))
        });
    }

    fn stands(&self, stage: &Stage) {
        assert_eq!(stage.broken(), [""; 0]);
        stage.look(|place| {
            assert_eq!(wrong(place, &draft()), [""; 0]);
            assert_eq!(records(place, STACK).len(), 2);
            assert_eq!(locked(place, STACK), None);
        });
    }

    fn gone(&self, stage: &Stage) {
        assert_eq!(stage.broken(), [""; 0]);
        stage.look(|place| {
            assert_eq!(told(place, "f0"), self.former);
            assert_eq!(told(place, "f1").subnets, [""; 0]);
            assert!(records(place, STACK).is_empty());
            assert_eq!(lost(&self.estate, &estate(place, true)), [""; 0]);
            assert_eq!(locked(place, STACK), None);
        });
    }
}

#[test]
fn a_function_in_another_vpc_moves_only_when_told() {
    let moving = Move::new();
    live(async {
        let mut stage = Stage::from(&moving.base, 1);
        moving.judge(&stage);
        let spec = draft().toml();
        for (flags, missing) in [
            ("", "--move-functions"),
            ("", "--change-addresses"),
            (" --change-addresses", "--move-functions"),
            (" --move-functions", "--change-addresses"),
            // They leave by a NAT gateway there: that network may be the one.
            (" --move-functions --change-addresses", "--second-network"),
        ] {
            let ran = stage
                .run(&format!("apply --yes{flags}"), &spec)
                .await
                .ends(4);
            assert!(ran.stderr.contains(missing), "{flags}: {}", ran.stderr);
            assert_eq!(ran.wrote(), [""; 0]);
            stage.look(|place| assert!(records(place, STACK).is_empty()));
        }
        stage
            .run(&format!("apply --yes {MOVE}"), &spec)
            .await
            .ends(0);
        moving.stands(&stage);
        // What is attached needs no leave any more.
        stage.run("drift", &spec).await.ends(0);
        stage.run("apply --yes", &spec).await.ends(0);
        stage.run("destroy --yes", &spec).await.ends(0);
        moving.gone(&stage);
    });
}

/// The network stands already.
fn apply_killed(moment: Moment) {
    let mut moving = Move::new();
    moving.base = live(async {
        let mut stage = Stage::from(&moving.base, 1);
        let network = Draft::new("ac", Nat::PerZone, &[], None);
        stage.run("apply --yes", &network.toml()).await.ends(0);
        stage.line.base()
    });
    let calls = every_kill(
        &moving.base,
        moment,
        async |stage: &mut Stage, kill: Kill| {
            moving.judge(stage);
            let spec = draft().toml();
            let command = format!("apply --yes {MOVE}");
            let (_, died) = stage.killed(kill, &command, &spec).await;
            let command = format!("{command} --lock-timeout 10m");
            stage.run(&command, &spec).await.ends(0);
            moving.stands(stage);
            died
        },
    );
    assert!(calls > 25, "only {calls} calls were killed");
}

/// What lets go of the functions goes on where it was killed.
fn let_go_killed(moment: Moment, command: &str, spec: &str) {
    let mut moving = Move::new();
    moving.base = live(async {
        let mut stage = Stage::from(&moving.base, 1);
        let apply = format!("apply --yes {MOVE}");
        stage.run(&apply, &draft().toml()).await.ends(0);
        stage.line.base()
    });
    let calls = every_kill(
        &moving.base,
        moment,
        async |stage: &mut Stage, kill: Kill| {
            moving.judge(stage);
            let (_, died) = stage.killed(kill, command, spec).await;
            let command = format!("{command} --lock-timeout 10m");
            stage.run(&command, spec).await.ends(0);
            moving.gone(stage);
            died
        },
    );
    assert!(calls > 25, "only {calls} calls were killed");
}

#[test]
fn moved_and_killed_before_every_call() {
    apply_killed(Moment::Before);
}

#[test]
fn moved_and_killed_after_every_call() {
    apply_killed(Moment::After);
}

#[test]
fn put_back_by_destroy_and_killed() {
    let spec = draft().toml();
    let_go_killed(Moment::Before, "destroy --yes", &spec);
    let_go_killed(Moment::After, "destroy --yes", &spec);
}

#[test]
fn put_back_by_the_spec_and_killed() {
    let spec = Draft::new("ac", Nat::PerZone, &[], None).toml();
    let_go_killed(Moment::Before, "apply --yes", &spec);
    let_go_killed(Moment::After, "apply --yes", &spec);
}

#[test]
fn other_words_for_the_same_functions_change_nothing() {
    let moving = Move::new();
    let network = Draft::new("ac", Nat::PerZone, &[], None).toml();
    live(async {
        let mut stage = Stage::from(&moving.base, 1);
        moving.judge(&stage);
        stage.hand(|hand| {
            hand.tag_function("f0", "egress", "fixed");
            hand.tag_function("f1", "egress", "fixed");
        });
        let apply = format!("apply --yes {MOVE}");
        stage.run(&apply, &draft().toml()).await.ends(0);
        moving.stands(&stage);
        let arn = |name| format!("arn:aws:lambda:us-east-1:123456789012:function:{name}");
        let words = [
            "[[function]]\nprefix = \"f\"\n".to_owned(),
            "[[function]]\ntag = { egress = \"fixed\" }\n".to_owned(),
            format!(
                "[[function]]\narn = \"{}\"\n\n[[function]]\narn = \"{}\"\n",
                arn("f0"),
                arn("f1")
            ),
        ];
        for selectors in words {
            let spec = format!("{network}\n{selectors}");
            let ran = stage.run("apply --yes", &spec).await.ends(0);
            assert_eq!(ran.wrote(), [""; 0], "{selectors}");
            stage.run("drift", &spec).await.ends(0);
            moving.stands(&stage);
        }
        // Only one of them is meant any more.
        let spec = format!("{network}\n[[function]]\nname = \"f1\"\n");
        let ran = stage.run("plan", &spec).await.ends(0);
        assert!(
            ran.stdout.contains("f0 is no longer in the spec"),
            "{}",
            ran.stdout
        );
        stage.run("apply --yes", &spec).await.ends(0);
        stage.look(|place| {
            assert_eq!(told(place, "f0"), moving.former);
            let names: Vec<String> = records(place, STACK).into_keys().collect();
            assert_eq!(names, ["f1"]);
        });
        stage.run("apply --yes", &network).await.ends(0);
        moving.gone(&stage);
    });
}

#[test]
fn a_tool_that_keeps_changing_a_function_is_told_of() {
    let base = applied(&draft());
    live(async {
        let mut stage = Stage::from(&base, 1);
        let spec = draft().toml();
        for time in 1..=3 {
            stage.hand(|hand| hand.connect("f0", &[], &[]));
            stage.wait(120).await;
            let drift = stage.run("drift", &spec).await.ends(2).stdout;
            let plan = stage.run("plan", &spec).await.ends(0).stdout;
            let told = plan.contains("another tool keeps changing its VPC config");
            assert_eq!(told, time > 1, "{time}: {plan}");
            let times = ["", "", "2nd", "3rd"][time];
            assert!(plan.contains(times), "{time}: {plan}");
            let told = drift.contains("another tool");
            assert_eq!(told, time > 1, "{time}: {drift}");
            stage.run("apply --yes", &spec).await.ends(0);
        }
    });
}

#[test]
fn aliases_on_old_versions_are_critical() {
    live(async {
        let mut stage = Stage::new(brisk());
        let spec = draft().toml();
        stage.deploy(&["f0", "f1"]);
        stage.hand(|hand| {
            hand.lambda("POST", "f0", "versions", &json!({}));
            let body = json!({"Name": "live", "FunctionVersion": "1"});
            hand.lambda("POST", "f0", "aliases", &body);
        });
        // The alias leads to a version that runs outside, which apply does not change.
        stage.run("apply --yes", &spec).await.ends(3);
        let ran = stage.run("drift --json", &spec).await.ends(2);
        let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let text = found.to_string();
        assert!(
            text.contains("\"critical\"") && text.contains("f0:live"),
            "{text}"
        );
        // Published anew, and led there.
        stage.hand(|hand| {
            hand.lambda("POST", "f0", "versions", &json!({}));
            let body = json!({"FunctionVersion": "2"});
            hand.lambda("PUT", "f0", "aliases/live", &body);
        });
        stage.wait(6).await;
        stage.run("drift", &spec).await.ends(0);
        let aliases = stage.look(|place| {
            let function = place.functions.get("f0").expect("f0");
            let led = function.aliases.values().map(|alias| alias.version.clone());
            led.collect::<BTreeSet<_>>()
        });
        assert_eq!(aliases, BTreeSet::from(["2".to_owned()]));
    });
}
