//! A stage for what is not left to chance: one world, runs of killick on it,
//! and somebody at the console.

use std::path::{Path, PathBuf};
use std::time::Duration;

use killick_sim::{Kill, Moment, Place, Settings, Sim, World, exist};
use tempfile::TempDir;

use crate::draft::{ACCOUNT, REGION};
use crate::hand::Hand;
use crate::line::{Base, Line};
use crate::run::{Ran, run};

/// Lives something on a paused clock.
pub fn live<F: Future>(act: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(act)
}

/// A world with somebody who runs killick in it.
#[derive(Debug)]
pub struct Stage {
    /// The line to the world.
    pub line: Line,
    folder: TempDir,
    seed: u64,
}

impl Stage {
    /// An empty world.
    pub fn new(settings: Settings) -> Self {
        Self::on(Line::new(Sim::new(World::new(7, settings), 7)), 7)
    }

    /// A world as it was at a moment.
    pub fn from(base: &Base, seed: u64) -> Self {
        // No run may be mistaken for one that made the base.
        Self::on(Line::at(base), seed.saturating_mul(1_000))
    }

    fn on(line: Line, seed: u64) -> Self {
        Self {
            line,
            folder: TempDir::new().expect("a folder"),
            seed,
        }
    }

    /// Sees to it that there are functions, deployed by somebody else.
    pub fn deploy(&self, names: &[&str]) {
        self.line.place(|place, now| {
            names.iter().for_each(|name| exist(place, name, now));
        });
    }

    /// Does something at the console.
    pub fn hand<T>(&self, act: impl FnOnce(&mut Hand<'_>) -> T) -> T {
        self.line.with(|sim, now| act(&mut Hand { sim, now }))
    }

    /// Looks at the world.
    pub fn look<T>(&self, act: impl FnOnce(&Place) -> T) -> T {
        self.line.place(|place, _| act(place))
    }

    /// Lets time go by.
    pub async fn wait(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }

    /// One run, from its start to its end, and some seconds until everybody
    /// sees what it did.
    pub async fn run(&mut self, command: &str, spec: &str) -> Ran {
        let line = self.line.clone();
        let ran = self.begin(&line, command, spec).await;
        self.wait(6).await;
        ran
    }

    /// The same, killed at a call; whether it was.
    pub async fn killed(&mut self, kill: Kill, command: &str, spec: &str) -> (Ran, bool) {
        self.line.with(|sim, _| sim.faults.kill(Some(kill)));
        let ran = self.run(command, spec).await;
        self.line.with(|sim, _| sim.faults.kill(None));
        let died = ran.code.is_none() && !ran.hung;
        (ran, died)
    }

    /// A run that may go on beside others, each on a line of its own.
    pub fn begin(
        &mut self,
        line: &Line,
        command: &str,
        spec: &str,
    ) -> impl Future<Output = Ran> + use<> {
        self.seed += 1;
        let (line, command, seed) = (line.clone(), command.to_owned(), self.seed);
        let path: PathBuf = self.folder.path().join(format!("{seed}.toml"));
        std::fs::write(&path, spec).expect("a file");
        async move { run(&line, seed, &command, Path::new(&path)).await }
    }

    /// What did not hold so far.
    pub fn broken(&self) -> Vec<String> {
        self.line.broken()
    }

    /// Changes something that only the simulation can.
    pub fn place<T>(&self, act: impl FnOnce(&mut Place) -> T) -> T {
        self.line
            .with(|sim, _| act(sim.world.place(ACCOUNT, REGION)))
    }
}

impl Ran {
    /// Insists on an exit code.
    #[track_caller]
    pub fn ends(self, code: u8) -> Self {
        let (command, stdout, stderr) = (&self.command, &self.stdout, &self.stderr);
        assert_eq!(
            self.code,
            Some(code),
            "{command} after {} calls:\n{stdout}{stderr}",
            self.calls.len()
        );
        self
    }

    /// The writes that took place, beside those of the lock.
    pub fn wrote(&self) -> Vec<&str> {
        let calls = self.calls.iter().filter(|call| call.writes());
        calls
            .map(|call| call.action.as_str())
            .filter(|action| !matches!(*action, "PutParameter" | "DeleteParameter"))
            .collect()
    }
}

/// Plays the same from the same beginning with the process killed at every
/// call in turn, until there are no more calls to be killed at. `act` tells
/// whether the kill came. Returns how many did.
pub fn every_kill(base: &Base, moment: Moment, act: impl AsyncFn(&mut Stage, Kill) -> bool) -> u64 {
    for call in 1.. {
        let kill = Kill { call, moment };
        let died = live(async {
            let mut stage = Stage::from(base, call * 1000);
            act(&mut stage, kill).await
        });
        if !died {
            return call - 1;
        }
    }
    unreachable!("there are not that many calls")
}
