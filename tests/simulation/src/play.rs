//! Living a scenario, and checking it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use killick_sim::tamper::{Case, tamper};
use killick_sim::{Call, Kill, Place, Settings, Sim, VpcConfig, World, exist};
use serde_json::Value;
use tempfile::TempDir;

use crate::draft::{ACCOUNT, Draft, Nat, REGION, function_name};
use crate::hand::Hand;
use crate::invariant::{identities, locked, parameters, recorded, records, wrong};
use crate::line::Line;
use crate::moves::{Edit, Move};
use crate::neighbour::{belongings, home, missed, move_in};
use crate::run::{Ran, run};
use crate::scenario::Scenario;
use crate::stage::live;

/// No run makes more calls than this.
const MOST_CALLS: usize = 2500;
/// Longer than the lock of a killed run lasts.
const WAIT: &str = "--lock-timeout 10m";
/// What the edits of a scenario need.
const ALLOW: &str = "--change-addresses --move-functions";
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
            self.run(&format!("{command} {ALLOW} {WAIT}"), kill).await;
        }
    }

    /// All parameters but the locks.
    fn written(&self) -> BTreeMap<String, String> {
        let mut all = self.line.place(|place, _| parameters(place));
        all.retain(|name, _| !name.ends_with("/lock"));
        all
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

    /// Functions that killick let go of are as they were before it came, and
    /// nothing is written down but of those that it holds.
    fn restored(&mut self, gone: &BTreeSet<String>, held: &BTreeSet<String>) {
        let (stacks, meddled) = (self.stacks(), self.meddled);
        let former = self.former.clone();
        let bare = |config: Option<&VpcConfig>| {
            let ids = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
            config.map_or_else(Default::default, |config| {
                (ids(&config.subnets), ids(&config.security_groups))
            })
        };
        let broken = self.line.place(|place, _| {
            let mut broken = Vec::new();
            for name in gone.iter().filter(|_| !meddled) {
                let Some(function) = place.functions.get(name) else {
                    continue;
                };
                let was = bare(former.get(name).and_then(Option::as_ref));
                let is = bare(function.latest.vpc_config.as_ref());
                if is != was {
                    broken.push(format!("{name} is back in {is:?}, and was in {was:?}"));
                }
            }
            for stack in &stacks {
                let records = records(place, stack);
                let now = stacks.last() == Some(stack);
                for (name, text) in &records {
                    let was = bare(former.get(name).and_then(Option::as_ref));
                    if !now || !held.contains(name) {
                        broken.push(format!("a record of {name} is left under {stack}"));
                    } else if !meddled && recorded(text).as_ref() != Some(&was) {
                        broken.push(format!("{text} is written down of {name}, not {was:?}"));
                    }
                }
                let missing = held
                    .iter()
                    .filter(|name| now && !records.contains_key(*name));
                broken.extend(missing.map(|name| format!("there is no record of {name}")));
            }
            broken
        });
        broken.into_iter().for_each(|text| self.fail(text));
    }

    /// Whoever deploys the functions of the spec has done so.
    fn deploy(&mut self) {
        for number in self.draft.functions.clone() {
            let (name, abroad) = (function_name(number), self.draft.abroad.contains(&number));
            let known = self.line.with(|sim, now| {
                let place = sim.world.place(ACCOUNT, REGION);
                let known = place.functions.has(&name);
                exist(place, &name, now);
                if !known && abroad {
                    let (subnet, group) = home(place);
                    Hand { sim, now }.connect(&name, &[&subnet], &[&group]);
                }
                known
            });
            if !known {
                let config = self.line.place(|place, _| {
                    let function = place.functions.get(&name)?;
                    function.latest.vpc_config.clone()
                });
                self.former.insert(name, config);
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
        if ran.code == Some(0) && command.starts_with("apply") && self.draft.pins {
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

    fn spec(&self) -> PathBuf {
        let path = self.folder.path().join("spec.toml");
        std::fs::write(&path, self.draft.toml()).expect("a file");
        path
    }

    /// A run that came to its end by itself, and that no fault hindered, gave
    /// its lock back.
    fn lock(&mut self, ran: &Ran, struck: u64) {
        let stack = self.draft.stack();
        let calm = self.line.with(|sim, _| sim.faults.struck() == struck);
        let held = ran.stderr.contains("is locked by");
        let locks = ["apply", "destroy"];
        let locks = locks.iter().any(|verb| ran.command.starts_with(verb));
        if ran.code.is_some() && calm && locks && !held {
            let left = self.line.place(|place, _| locked(place, &stack));
            if let Some(text) = left {
                self.fail(format!("{} left its lock: {text}", ran.command));
            }
        }
    }

    /// The addresses in use are promised from now on, as `ips --pin` would do.
    fn pin(&mut self) {
        let draft = &self.draft;
        let pinned = self.line.place(|place, _| {
            let ids = identities(place, &draft.stack());
            let ip = |zone| {
                let ids = ids.get(&format!("elastic_ip/{}", draft.zone(zone)))?;
                Some(place.addresses.get(ids.first()?)?.ip.clone())
            };
            draft.gateways().filter_map(ip).collect()
        });
        self.draft.pinned = pinned;
    }

    /// Every address that was ever ours is still ours, and the same.
    fn addresses(&mut self) {
        let stacks = self.stacks();
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
                let stack = address.tags.get("killick:stack");
                if stack.is_some_and(|stack| stacks.contains(stack)) {
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
        // What was renamed in the spec alone still has its old name.
        let stacks = self.stacks();
        let done = self.line.with(|sim, now| {
            let mut done = stacks
                .iter()
                .rev()
                .map(|stack| tamper(&mut sim.world, now, ACCOUNT, REGION, stack, case));
            let first = done.next().expect("a name");
            first.or_else(|why| done.find_map(Result::ok).ok_or(why))
        });
        let functions = ["detach-function", "move-function", "drop-function-subnet"];
        self.meddled |= done.is_ok() && functions.contains(&name);
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
                draft.functions.push(number);
                self.left.remove(&function_name(number));
            }
            // By its prefix it is still meant.
            Edit::LeaveFunction(number) if !draft.prefix => {
                if draft.functions.contains(&number) {
                    draft.functions.retain(|one| *one != number);
                    self.left.insert(function_name(number));
                }
            }
            Edit::DropFunction(number) | Edit::LeaveFunction(number) => {
                draft.functions.retain(|one| *one != number);
                let name = function_name(number);
                self.left.remove(&name);
                self.line
                    .with(|sim, now| Hand { sim, now }.delete_function(&name));
            }
            Edit::Team(team) => draft.team = team,
            Edit::RenameStack => draft.renamed += 1,
            Edit::RenameZone(zone) => *draft.labels.entry(zone).or_default() += 1,
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
            let apply = format!("apply --yes --prune {ALLOW} {WAIT}");
            for command in [apply.as_str(), "drift", "plan --detailed-exitcode"] {
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
