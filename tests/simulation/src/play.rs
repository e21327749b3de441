//! Living a scenario, and checking it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use killick_sim::tamper::{Case, tamper};
use killick_sim::{Call, Kill, Place, Settings, Sim, World, exist};
use serde_json::Value;
use tempfile::TempDir;

use crate::draft::{ACCOUNT, Draft, Nat, REGION, STACK};
use crate::invariant::{identities, wrong};
use crate::line::Line;
use crate::moves::{Edit, Move};
use crate::neighbour::{Hand, belongings, missed, move_in};
use crate::run::{Ran, run};
use crate::scenario::Scenario;

/// No run makes more calls than this.
const MOST_CALLS: usize = 2500;
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
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(async {
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
        }
    }

    async fn live(&mut self, moves: &[Move]) {
        // Until the neighbour's gateway is up.
        tokio::time::sleep(Duration::from_secs(300)).await;
        self.neighbour = self.line.place(|place, _| belongings(place));
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
        self.run(command, kill).await;
    }

    async fn destroy(&mut self, release: bool, kill: Option<Kill>) {
        let command = match release {
            true => "destroy --yes --release-addresses",
            false => "destroy --yes",
        };
        if release {
            // The user asked for it in so many words.
            self.promised.clear();
        }
        // What a run left that was killed in this moment a destroy cannot see.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let ran = self.run(command, kill).await;
        if ran.code == Some(0) {
            let left = self.line.place(|place, _| keys(place));
            for key in left
                .iter()
                .filter(|key| release || !key.starts_with("elastic_ip/"))
            {
                self.fail(format!("{command} is done and left {key}"));
            }
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
        let spec = self.spec();
        self.line.with(|sim, now| {
            let place = sim.world.place(ACCOUNT, REGION);
            self.draft
                .function_names()
                .for_each(|name| exist(place, &name, now));
            sim.faults.kill(kill);
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

    fn spec(&self) -> PathBuf {
        let path = self.folder.path().join("spec.toml");
        std::fs::write(&path, self.draft.toml()).expect("a file");
        path
    }

    /// Every address that was ever ours is still ours, and the same.
    fn addresses(&mut self) {
        let promised = &mut self.promised;
        let lost: Vec<String> = self.line.place(|place, _| {
            let lost = promised.iter().filter(|(id, ip)| {
                place
                    .addresses
                    .get(id)
                    .is_none_or(|address| address.ip != **ip)
            });
            let lost = lost
                .map(|(id, ip)| format!("the address {ip} ({id}) was lost"))
                .collect();
            for (id, address) in place.addresses.iter() {
                if address.tags.get("killick:stack").map(String::as_str) == Some(STACK) {
                    promised.insert(id.to_owned(), address.ip.clone());
                }
            }
            lost
        });
        lost.into_iter().for_each(|text| self.fail(text));
    }

    /// A case that does not fit the stack as it is does not happen.
    async fn tamper(&mut self, name: &str) {
        let case = Case::named(name).unwrap_or_else(|| panic!("there is no case {name}"));
        let done = self
            .line
            .with(|sim, now| tamper(&mut sim.world, now, ACCOUNT, REGION, STACK, case));
        // What changed in the same moment nobody could have seen.
        tokio::time::sleep(Duration::from_secs(5)).await;
        self.report.story.push(format!(
            "  {}",
            done.unwrap_or_else(|why| format!("not done: {why}"))
        ));
    }

    fn edit(&mut self, edit: Edit) {
        let draft = &mut self.draft;
        match edit {
            Edit::AddZone(zone) if !draft.zones.contains(zone) => draft.zones.push(zone),
            Edit::DropZone(zone) if draft.zones.len() > 1 && draft.nat != Nat::Single(zone) => {
                draft.zones.retain(|one| one != zone);
            }
            Edit::Nat(Nat::Single(zone)) if !draft.zones.contains(zone) => {}
            Edit::Nat(nat) => draft.nat = nat,
            Edit::AddFunction(number) if !draft.functions.contains(&number) => {
                draft.functions.push(number)
            }
            Edit::DropFunction(number) => {
                draft.functions.retain(|one| *one != number);
                let name = format!("f{number}");
                self.line
                    .with(|sim, now| Hand { sim, now }.delete_function(&name));
            }
            Edit::Team(team) => draft.team = team,
            Edit::AddZone(_) | Edit::DropZone(_) | Edit::AddFunction(_) => {}
        }
    }

    /// All faults end: the stack must come to rest, and be right.
    async fn settle(&mut self) {
        self.line.with(|sim, _| {
            sim.faults.clear();
            sim.world.place(ACCOUNT, REGION).nat_failures.clear();
        });
        let mut last = None;
        for _ in 0..APPLIES {
            let mut runs = Vec::new();
            for command in ["apply --yes --prune", "drift", "plan --detailed-exitcode"] {
                runs.push(self.run(command, None).await);
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
    }

    fn fail(&mut self, text: impl Into<String>) {
        self.report.broken.push(text.into());
    }
}

/// All that is wrong with a world at rest.
fn judged(place: &Place, draft: &Draft, neighbour: &Value) -> Vec<String> {
    let mut broken = wrong(place, draft);
    broken.extend(missed(neighbour, place));
    broken
}

/// The keys of everything that carries the stack's tags.
fn keys(place: &Place) -> Vec<String> {
    identities(place).into_keys().collect()
}
