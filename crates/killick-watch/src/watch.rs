//! The loop: look, remember, say so, tell.

mod check;
mod options;
mod post;
mod turn;

use std::collections::{BTreeMap, BTreeSet};

use killick_engine::CancellationToken;
use tokio::time::Instant;

use crate::line::{Facts, line};
use crate::{Board, Chance, Outcome, State, Store, Target, Verdict, Watched};
pub use check::Check;
pub use options::{Ending, Options, WatchError};
use post::{Post, waiting};
use turn::Turn;

/// Watches until `token` is triggered, or once. Each check leaves one line of
/// JSON with `sink`, after its result was written to the state file and before
/// anybody is told.
///
/// # Errors
/// It could not begin. Nothing that happens later ends it.
pub async fn run<'a>(
    checks: Vec<Box<dyn Check + 'a>>,
    mut options: Options,
    targets: Vec<Box<dyn Target + 'a>>,
    token: &CancellationToken,
    sink: &mut dyn FnMut(&str),
) -> Result<Ending, WatchError> {
    let mut names = BTreeSet::new();
    if let Some(twice) = checks.iter().find(|check| !names.insert(check.name())) {
        return Err(WatchError::Twice(twice.name().to_owned()));
    }
    let listener = options.metrics.take();
    let mut watch = Watch::new(checks, options, targets)?;
    let board = watch.board.clone();
    let answering = async {
        match &listener {
            Some(listener) => listener.answer(&board).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = watch.run(token, sink) => {}
        () = answering => {}
    }
    Ok(watch.ending(token))
}

struct Watch<'a> {
    checks: Vec<Turn<'a>>,
    posts: Vec<Post<'a>>,
    state: State,
    store: Store,
    board: Board,
    options: Options,
    /// For the next line.
    notes: Vec<String>,
    last: BTreeMap<String, Verdict>,
}

/// What there is to do.
enum Task {
    Check(usize),
    Send(usize),
    Sleep(Instant),
    Nothing,
}

impl<'a> Watch<'a> {
    fn new(
        checks: Vec<Box<dyn Check + 'a>>,
        options: Options,
        targets: Vec<Box<dyn Target + 'a>>,
    ) -> Result<Self, WatchError> {
        let salt = format!(
            "{} {} {}",
            options.clock.now(),
            options.seed,
            std::process::id()
        );
        let (store, state, note) = Store::open(options.state.clone(), &salt)?;
        let mut chance = Chance::new(options.seed);
        let posts = post::all(targets, &mut chance);
        let mut notes: Vec<String> = note.into_iter().collect();
        for name in state.outbox.targets() {
            if !posts.iter().any(|post| post.name == name) {
                let count = state.outbox.pending(name);
                notes.push(format!(
                    "{} for {name}, which is not among the targets",
                    waiting(count)
                ));
            }
        }
        let board = Board::new(
            options.clock.clone(),
            options.every.duration(),
            options.stale_after,
            options.grace,
        );
        for check in &checks {
            let unknown = Watched::default();
            let watched = state.specs.get(check.name()).unwrap_or(&unknown);
            board.expect(check.name(), watched);
        }
        for post in &posts {
            let pending = state.outbox.pending(&post.name);
            board.target(&post.name, |target| target.pending = pending);
        }
        let now = Instant::now();
        let turn = |check| Turn::new(check, options.every, chance.number(), now);
        Ok(Self {
            checks: checks.into_iter().map(turn).collect(),
            posts,
            state,
            store,
            board,
            options,
            notes,
            last: BTreeMap::new(),
        })
    }

    async fn run(&mut self, token: &CancellationToken, sink: &mut dyn FnMut(&str)) {
        loop {
            let task = self.task(Instant::now());
            let done = tokio::select! {
                biased;
                () = token.cancelled() => return,
                done = self.perform(task, token, sink) => done,
            };
            if done {
                return;
            }
        }
    }

    /// What is due, or when something will be. A check comes before a delivery:
    /// a slow receiver must not make us blind.
    fn task(&self, now: Instant) -> Task {
        let checks = self.checks.iter().map(|turn| turn.next);
        let check = first(checks);
        if let Some((number, _)) = check.filter(|(_, at)| *at <= now) {
            return Task::Check(number);
        }
        let due = |post: &Post| post.due(&self.state.outbox, self.options.once);
        let send = first(self.posts.iter().map(due));
        if let Some((number, _)) = send.filter(|(_, at)| *at <= now) {
            return Task::Send(number);
        }
        let next = [check, send].into_iter().flatten().map(|(_, at)| at).min();
        next.map_or(Task::Nothing, Task::Sleep)
    }

    /// Does it; true when there is nothing left to do. May be dropped wherever
    /// it waits: what counts has been written by then.
    async fn perform(
        &mut self,
        task: Task,
        token: &CancellationToken,
        sink: &mut dyn FnMut(&str),
    ) -> bool {
        match task {
            Task::Check(number) => self.check(number, token, sink).await,
            Task::Send(number) => self.send(number).await,
            Task::Sleep(until) => tokio::time::sleep_until(until).await,
            Task::Nothing => return true,
        }
        false
    }

    async fn check(
        &mut self,
        number: usize,
        token: &CancellationToken,
        sink: &mut dyn FnMut(&str),
    ) {
        let limit = self.options.check_limit;
        let Some(turn) = self.checks.get_mut(number) else {
            return;
        };
        let began = Instant::now();
        let outcome = match tokio::time::timeout(limit, turn.check.check(token)).await {
            Ok(outcome) => outcome.honest(),
            Err(_) => Outcome::Failed {
                message: format!("the check did not end within {} s", limit.as_secs()),
                hint: None,
            },
        };
        let took = began.elapsed();
        let name = turn.check.name().to_owned();
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(turn.check.notes());
        turn.plan(began, &outcome, self.options.once);
        let next = turn.next;
        let now = self.options.clock.now();
        let targets: Vec<String> = self.posts.iter().map(|post| post.name.clone()).collect();
        let limit = self.options.unreachable_after;
        let absorbed = self.state.absorb(&name, &outcome, now, limit, &targets);
        notes.extend(absorbed.notes.iter().cloned());
        notes.extend(self.save());
        notes.extend(
            self.posts
                .iter()
                .filter_map(|post| post.note(&self.state.outbox)),
        );
        for post in &mut self.posts {
            let pending = self.state.outbox.pending(&post.name);
            self.board
                .target(&post.name, |target| target.pending = pending);
        }
        let unknown = Watched::default();
        let watched = self.state.specs.get(&name).unwrap_or(&unknown);
        self.board.checked(&name, &outcome, watched, took);
        self.last
            .insert(name.clone(), Verdict::of(&outcome, watched));
        let ahead = |next: Instant| next.saturating_duration_since(Instant::now()).as_secs();
        sink(&line(&Facts {
            name: &name,
            at: now,
            next: next.map(|next| now.saturating_add(ahead(next))),
            outcome: &outcome,
            watched,
            absorbed: &absorbed,
            notes: &notes,
            pending: self.pending(),
            duration_ms: match &outcome {
                Outcome::Seen(look) => look.duration_ms,
                _ => u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            },
        }));
    }

    async fn send(&mut self, number: usize) {
        let Some(post) = self.posts.get_mut(number) else {
            return;
        };
        post.send(&mut self.state.outbox, &self.board).await;
        let note = self.save();
        self.notes.extend(note);
        // One such note is enough until the next line.
        self.notes.dedup();
    }

    /// Writes the state. When that fails the watch goes on with what it has in
    /// memory: telling twice after a restart is better than not telling.
    fn save(&self) -> Option<String> {
        let error = self.store.save(&self.state).err()?;
        self.board.write_failed();
        Some(format!(
            "{error}; after a restart things may be told again under another id"
        ))
    }

    fn pending(&self) -> usize {
        let outbox = &self.state.outbox;
        outbox.targets().map(|name| outbox.pending(name)).sum()
    }

    fn ending(self, token: &CancellationToken) -> Ending {
        Ending {
            pending: self.pending(),
            troubles: self
                .posts
                .iter()
                .filter_map(|post| post.note(&self.state.outbox))
                .collect(),
            last: self.last,
            stopped: token.is_cancelled(),
        }
    }
}

/// The earliest of several moments, and which it is.
fn first(moments: impl Iterator<Item = Option<Instant>>) -> Option<(usize, Instant)> {
    let known = |(number, at): (usize, Option<Instant>)| at.map(|at| (number, at));
    moments
        .enumerate()
        .filter_map(known)
        .min_by_key(|(_, at)| *at)
}
