//! `watch` for a week, with somebody at the console and fifty kills: every
//! transition is told exactly once, whatever died between seeing and telling.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use killick_sim::{Fault, Rule};
use killick_simulation::people::applied;
use killick_simulation::{Draft, Nat, Stage, live};
use serde_json::Value;

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:alarms";
const WEEK: u64 = 7 * 24 * 3600;
const KILLS: u64 = 50;

/// What somebody does.
const DEEDS: [&str; 14] = [
    "route-prefix-elsewhere",
    "route-to-internet-gateway",
    "delete-default-route",
    "swap-table-to-other-zone",
    "disassociate-table",
    "deny-subnet",
    "deny-replies",
    "map-public-addresses",
    "disable-dns",
    "revoke-egress",
    "add-ingress-rule",
    "detach-function",
    "transfer-address",
    "add-nat-address",
];

/// Chance, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// What the topic heard of each finding, in order: each transition once, by its
/// id.
fn heard(stage: &Stage) -> BTreeMap<String, Vec<String>> {
    let messages = stage.line.with(|sim, _| sim.world.published(TOPIC));
    let (mut ids, mut all) = (BTreeSet::new(), BTreeMap::<String, Vec<String>>::new());
    for message in messages {
        let parts: Value = serde_json::from_str(&message.body).expect("JSON");
        assert!(parts["email"].is_string());
        let document = parts["default"].as_str().expect("a document");
        let document: Value = serde_json::from_str(document).expect("JSON");
        for told in document["transitions"].as_array().expect("transitions") {
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            assert!(told["folded"].is_null(), "nothing waited that long");
            // An answer that was lost: told again under the same id.
            if ids.insert(text(&told["id"])) {
                let finding = text(&told["finding"]["id"]);
                all.entry(finding).or_default().push(text(&told["change"]));
            }
        }
    }
    all
}

/// The findings that are open according to a state file.
fn known(state: &std::path::Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(state).expect("a state file");
    let state: Value = serde_json::from_str(&text).expect("JSON");
    let mut open = BTreeSet::new();
    let mut gather = vec![&state["specs"]];
    while let Some(value) = gather.pop() {
        match value {
            Value::String(text) if text.starts_with("d-") && text.len() == 8 => {
                open.insert(text.clone());
            }
            Value::Array(all) => gather.extend(all),
            Value::Object(all) => gather.extend(all.values()),
            _ => {}
        }
    }
    open
}

#[test]
fn a_week_of_changes_and_kills_is_told_without_a_gap() {
    let draft = Draft::new("ac", Nat::PerZone, &[0, 1], None);
    let base = applied(&draft);
    live(async {
        let mut stage = Stage::from(&base, 1);
        assert!(stage.line.with(|sim, _| sim.world.make_topic(TOPIC)));
        for (percent, fault) in [(15, Fault::CutAfter), (15, Fault::Status(500))] {
            let rule = Rule {
                percent,
                ..Rule::always("Publish", fault)
            };
            stage.line.with(|sim, _| sim.faults.add(rule));
        }
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("watch.json");
        let file = state.display();
        let watch = format!("watch --every 5m --state {file} --sns {TOPIC}");
        let repair = "apply --yes --prune --grant --change-addresses";
        // The state knows a stack by the path of its spec.
        let spec = folder.path().join("killick.toml");
        std::fs::write(&spec, draft.toml()).expect("a file");
        let mut dice = Dice(7);
        let (mut gone, mut kills, mut deeds, mut largest) = (0, 0, 0, 0);
        while gone < WEEK || kills < KILLS {
            let line = stage.line.clone();
            let up = 60 + dice.below(4 * 3600);
            let watching = killick_simulation::run::run(&line, dice.below(1 << 30), &watch, &spec);
            // Killed wherever it is: between a look and a word, or in a word.
            let died = tokio::time::timeout(Duration::from_secs(up), watching).await;
            assert!(died.is_err(), "it ended by itself: {died:?}");
            (kills, gone) = (kills + 1, gone + up);
            largest = std::fs::metadata(&state)
                .map_or(0, |file| file.len())
                .max(largest);
            for _ in 0..dice.below(3) {
                let deed = DEEDS[dice.below(DEEDS.len() as u64) as usize];
                deeds += u64::from(stage.try_tamper(deed).is_ok());
            }
            if dice.below(3) == 0 {
                stage.run(repair, &draft.toml()).await.ends(0);
            }
        }
        // In the end everything is put right, and seen to be.
        stage.run(repair, &draft.toml()).await.ends(0);
        stage.line.with(|sim, _| sim.faults.clear());
        let line = stage.line.clone();
        let last = killick_simulation::run::run(&line, 1, &watch, &spec);
        tokio::time::timeout(Duration::from_secs(7200), last)
            .await
            .ok();
        let calm = stage.drift(&draft.toml()).await;
        let still: BTreeSet<String> = calm.findings.iter().map(|one| one.id.clone()).collect();
        assert_eq!(known(&state), still, "what is known at the end");
        let heard = heard(&stage);
        assert!(deeds > 30 && heard.len() > 10, "{deeds} deeds, {heard:#?}");
        for (finding, changes) in &heard {
            // Opened and resolved in turn, beginning with opened: none is lost
            // and none is told twice.
            let turns = changes.iter().filter(|change| *change != "changed");
            for (number, change) in turns.clone().enumerate() {
                let expected = ["opened", "resolved"][number % 2];
                assert_eq!(change, expected, "{finding}: {changes:?}");
            }
            let open = turns.count() % 2 == 1;
            assert_eq!(open, still.contains(finding), "{finding}: {changes:?}");
        }
        assert!(largest < 200_000, "the state file grew to {largest} bytes");
    });
}
