//! Living a scenario, and checking it.

mod edit;
mod judge;
mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use killick_sim::{Call, Kill, Place, Settings, Sim, Tags, VpcConfig, World};
use serde_json::Value;
use tempfile::TempDir;

use crate::draft::{ACCOUNT, Draft, REGION};
use crate::invariant::{identities, wrong};
use crate::line::Line;
use crate::moves::Move;
use crate::neighbour::{belongings, missed, move_in};
use crate::run::{Ran, run};
use crate::scenario::Scenario;
use crate::stage::live;

/// No run makes more calls than this.
const MOST_CALLS: usize = 2500;
/// Longer than the lock of a killed run lasts.
const WAIT: &str = "--lock-timeout 10m";
/// What the edits of a scenario need.
const ALLOW: &str = "--change-addresses --move-functions --second-network";
/// How many calm applies a stack may need.
const APPLIES: usize = 3;

/// What a life was like.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many calls were made.
    pub calls: usize,
    /// How many faults struck.
    pub faults: u64,
    /// How many runs of killick there were.
    pub runs: usize,
    /// What did not hold; empty, when all is well.
    pub broken: Vec<String>,
    /// What happened, for who must find out why.
    pub story: Vec<String>,
}

/// Lives a scenario.
pub fn play(scenario: &Scenario) -> Report {
    live(async {
        let mut player = Player::new(scenario);
        player.live(&scenario.moves).await;
        player.report
    })
}

struct Player {
    line: Line,
    folder: TempDir,
    draft: Draft,
    seed: u64,
    report: Report,
    /// The addresses that were given out, by allocation id.
    promised: BTreeMap<String, String>,
    neighbour: Value,
    /// What every function had before killick came.
    former: BTreeMap<String, Option<VpcConfig>>,
    /// The functions that the spec no longer names and that are still there.
    left: BTreeSet<String>,
    /// Whether somebody changed the VPC config of a function.
    meddled: bool,
    /// What lost its tags, with those that it had.
    stripped: Vec<(String, Tags)>,
    /// What of the neighbour's carries copied tags, with those that it had.
    copied: Vec<(String, Tags)>,
}

impl Player {
    fn new(scenario: &Scenario) -> Self {
        let world = World::new(scenario.seed, Settings::default());
        let line = Line::new(Sim::new(world, scenario.seed));
        line.with(move_in);
        line.with(|sim, _| sim.world.settings = scenario.settings.clone());
        Self {
            line,
            folder: TempDir::new().expect("a folder"),
            draft: scenario.draft.clone(),
            seed: scenario.seed,
            report: Report::default(),
            promised: BTreeMap::new(),
            neighbour: Value::Null,
            former: BTreeMap::new(),
            left: BTreeSet::new(),
            meddled: false,
            stripped: Vec::new(),
            copied: Vec::new(),
        }
    }

    async fn live(&mut self, moves: &[Move]) {
        // Until the neighbour's gateway is up.
        tokio::time::sleep(Duration::from_secs(300)).await;
        self.neighbour = self.line.place(|place, _| belongings(place));
        self.deploy();
        tokio::time::sleep(Duration::from_secs(300)).await;
        for one in moves {
            self.report.story.push(format!("{one:?}"));
            self.make(one).await;
            if !self.report.broken.is_empty() {
                return;
            }
        }
        self.settle().await;
        self.report.faults = self.line.with(|sim, _| sim.faults.struck());
    }

    async fn make(&mut self, one: &Move) {
        match one {
            Move::Apply(prune) => self.apply(*prune, None).await,
            Move::ApplyKilled(kill) => self.apply(false, Some(*kill)).await,
            Move::Destroy(release) => self.destroy(*release, None).await,
            Move::DestroyKilled(kill) => self.destroy(false, Some(*kill)).await,
            Move::Plan => self.read("plan").await,
            Move::Drift => self.read("drift").await,
            Move::Ips => self.read("ips").await,
            Move::Tamper(case) => self.tamper(case).await,
            Move::Strip(which, name) => self.strip(*which, *name).await,
            Move::Copy(which) => self.copy(*which).await,
            Move::Edit(edit) => self.edit(*edit),
            Move::Wait(seconds) => tokio::time::sleep(Duration::from_secs(*seconds)).await,
            Move::Faulty(rule) => self.line.with(|sim, _| sim.faults.add(rule.clone())),
            Move::Calm => self.line.with(|sim, _| sim.faults.clear()),
        }
    }

    async fn apply(&mut self, prune: bool, kill: Option<Kill>) {
        let command = if prune {
            "apply --yes --prune"
        } else {
            "apply --yes"
        };
        let before = self.written();
        let ran = self.run(&format!("{command} {WAIT}"), kill).await;
        if ran.code == Some(4) {
            // Refused: it wrote nothing, and somebody who knows of it says so.
            let wrote = ran.calls.iter().find(|call| call.writes() && !locks(call));
            if let Some(call) = wrote {
                self.fail(format!("a refused apply called {}", call.action));
            }
            if self.written() != before {
                self.fail("a refused apply wrote parameters beside the lock");
            }
            self.consent(&ran).await;
            self.run(&format!("{command} {ALLOW} {WAIT}"), kill).await;
        }
    }

    /// Every name that the stack ever had.
    fn stacks(&self) -> Vec<String> {
        self.draft
            .old_stacks()
            .chain([self.draft.stack()])
            .collect()
    }

    async fn destroy(&mut self, release: bool, kill: Option<Kill>) {
        let command = match release {
            true => "destroy --yes --lock-timeout 10m --release-addresses",
            false => "destroy --yes --lock-timeout 10m",
        };
        if release {
            // The user asked for it in so many words.
            self.promised.clear();
            self.draft.pinned.clear();
        }
        // What a run left that was killed in this moment a destroy cannot see.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let ran = self.run(command, kill).await;
        if ran.code == Some(0) {
            let stacks = self.stacks();
            let left: BTreeSet<String> = self.line.place(|place, _| {
                let keys = stacks.iter().flat_map(|stack| keys(place, stack));
                keys.collect()
            });
            for key in left
                .iter()
                .filter(|key| release || !key.starts_with("elastic_ip/"))
            {
                self.fail(format!("{command} is done and left {key}"));
            }
            let functions = self.draft.function_names().collect();
            self.restored(&functions, &BTreeSet::new());
        }
    }

    async fn read(&mut self, command: &str) {
        let ran = self.run(command, None).await;
        let wrote = ran.calls.iter().find(|call| call.writes());
        if let Some(call) = wrote {
            self.fail(format!("{command} called {}", call.action));
        }
    }

    /// One process, from its start to its end, however that comes.
    async fn run(&mut self, command: &str, kill: Option<Kill>) -> Ran {
        self.deploy();
        let spec = self.spec();
        let struck = self.line.with(|sim, _| {
            sim.faults.kill(kill);
            sim.faults.struck()
        });
        self.report.runs += 1;
        let seed = self
            .seed
            .wrapping_mul(1000)
            .wrapping_add(self.report.runs as u64);
        let ran = run(&self.line, seed, command, &spec).await;
        self.line.with(|sim, _| sim.faults.kill(None));
        self.report.calls += ran.calls.len();
        self.report.story.push(format!(
            "  {command} -> {:?} after {} calls",
            ran.code,
            ran.calls.len()
        ));
        if ran.code != Some(0) {
            let lines = ran.stderr.lines().filter(|line| !line.trim().is_empty());
            let story = &mut self.report.story;
            story.extend(lines.map(|line| format!("    {line}")));
        }
        for text in self.line.broken() {
            self.fail(text);
        }
        if ran.hung {
            self.fail(format!("{command} hangs"));
        }
        if ran.calls.len() > MOST_CALLS {
            self.fail(format!("{command} made {} calls", ran.calls.len()));
        }
        self.addresses();
        self.lock(&ran, struck);
        // Whoever changed the set on purpose pins the new one, as `apply` says.
        let another = ran.stderr.contains("not those that partners were told");
        let applied = ran.code == Some(0) || (ran.code == Some(3) && another);
        if applied && command.starts_with("apply") && self.draft.pins {
            self.pin();
        }
        // Nobody starts the next process in the same moment. What this one made
        // must not be made again even then; what it changed shows first.
        let makes = |call: &Call| {
            ["Create", "Allocate"]
                .iter()
                .any(|verb| call.action.starts_with(verb))
        };
        let changed = ran.calls.iter().any(|call| call.writes() && !makes(call));
        tokio::time::sleep(Duration::from_secs(if changed { 6 } else { 1 })).await;
        ran
    }

    /// All faults end: the stack must come to rest, and be right.
    async fn settle(&mut self) {
        self.line.with(|sim, _| {
            sim.faults.clear();
            sim.world.place(ACCOUNT, REGION).nat_failures.clear();
        });
        self.notice().await;
        let mut last = None;
        for _ in 0..APPLIES {
            let mut runs = Vec::new();
            let apply = format!("apply --yes --prune {ALLOW} {WAIT}");
            // A spec without functions has nothing to prove.
            let prove = self.draft.function_names().next().map(|_| "prove");
            let reads = [apply.as_str(), "drift", "plan --detailed-exitcode"];
            for command in reads.into_iter().chain(prove) {
                let ran = self.run(command, None).await;
                self.consent(&ran).await;
                runs.push(ran);
                // What a reader that is behind missed shows to the next one.
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
            let reads = runs.iter().filter(|ran| !ran.command.starts_with("apply"));
            let wrote = reads.flat_map(|ran| &ran.calls).find(|call| call.writes());
            if let Some(call) = wrote {
                self.fail(format!("a reading command called {}", call.action));
            }
            last = runs.into_iter().find(|ran| ran.code != Some(0));
            if last.is_none() {
                break;
            }
        }
        if let Some(ran) = last {
            let (command, stdout, stderr) = (ran.command, ran.stdout, ran.stderr);
            self.fail(format!(
                "{command} does not come to rest:\n{stdout}{stderr}"
            ));
            return;
        }
        let draft = self.draft.clone();
        let neighbour = self.neighbour.clone();
        let broken = self
            .line
            .place(|place, _| judged(place, &draft, &neighbour));
        broken.into_iter().for_each(|text| self.fail(text));
        let held = self.draft.function_names().collect();
        let left = self.left.clone();
        self.restored(&left, &held);
        let old: Vec<String> = self.draft.old_stacks().collect();
        let old = self.line.place(|place, _| {
            let keys = old.iter().flat_map(|stack| keys(place, stack));
            // An address that the spec no longer wants keeps its old name.
            let keys = keys.filter(|key| !key.starts_with("elastic_ip/"));
            keys.collect::<Vec<_>>()
        });
        for key in old {
            self.fail(format!("{key} still has the old name of the stack"));
        }
    }

    fn fail(&mut self, text: impl Into<String>) {
        self.report.broken.push(text.into());
    }
}

/// Whether a call is about the lock, which every apply takes.
fn locks(call: &Call) -> bool {
    matches!(call.action.as_str(), "PutParameter" | "DeleteParameter")
}

/// All that is wrong with a world at rest.
fn judged(place: &Place, draft: &Draft, neighbour: &Value) -> Vec<String> {
    let mut broken = wrong(place, draft);
    broken.extend(missed(neighbour, place));
    broken
}

/// The keys of everything that carries a stack's tags.
fn keys(place: &Place, stack: &str) -> Vec<String> {
    identities(place, stack).into_keys().collect()
}
