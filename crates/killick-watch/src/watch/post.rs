//! Delivering to one target.

use std::collections::BTreeSet;
use std::time::Duration;

use killick_engine::Patience;
use tokio::time::Instant;

use crate::{Board, Chance, Outbox, SendError, Target};

/// For a target that is away for a moment, or for a night.
const AWAY: Patience = Patience {
    first: Duration::from_secs(2),
    step: Duration::from_secs(2),
    factor: 2.0,
    cap: Duration::from_secs(300),
    jitter: 0.4,
    total: Duration::MAX,
};
/// For a target that refuses: most likely somebody must put its URL right.
/// What it refused stays the first of its queue, because what comes after is
/// not to be heard before it.
const REFUSED: Duration = Duration::from_secs(3600);
/// No target is obeyed that wants to be left alone for longer.
const LONGEST: Duration = Duration::from_secs(3600);
/// No delivery takes longer, whatever the target does.
const LIMIT: Duration = Duration::from_secs(60);
/// How often a watch that ends tries before it leaves the rest to the next.
const TRIES_ONCE: u32 = 3;

/// A target and when it is told.
pub(super) struct Post<'a> {
    pub(super) name: String,
    target: Box<dyn Target + 'a>,
    not_before: Instant,
    /// What the last delivery failed with.
    trouble: Option<SendError>,
    /// How often in a row.
    in_vain: u32,
    chance: Chance,
}

/// `1 notification waits`, `2 notifications wait`.
pub(super) fn waiting(number: usize) -> String {
    match number {
        1 => "1 notification waits".to_owned(),
        number => format!("{number} notifications wait"),
    }
}

/// All targets, each with a name of its own: two webhooks of one host differ
/// only in what must not be shown.
pub(super) fn all<'a>(targets: Vec<Box<dyn Target + 'a>>, chance: &mut Chance) -> Vec<Post<'a>> {
    let mut names = BTreeSet::new();
    let mut posts = Vec::with_capacity(targets.len());
    for target in targets {
        let plain = target.name().to_owned();
        let numbered = (2..).map(|number: u32| format!("{plain} #{number}"));
        let mut candidates = std::iter::once(plain.clone()).chain(numbered);
        let name = candidates.find(|name| !names.contains(name));
        let name = name.unwrap_or(plain);
        names.insert(name.clone());
        posts.push(Post {
            name,
            target,
            not_before: Instant::now(),
            trouble: None,
            in_vain: 0,
            chance: Chance::new(chance.number()),
        });
    }
    posts
}

impl Post<'_> {
    /// When the next delivery may begin, if there is one.
    pub(super) fn due(&self, outbox: &Outbox, once: bool) -> Option<Instant> {
        let refused = self.trouble.as_ref().is_some_and(|error| !error.retry);
        if once && (refused || self.in_vain >= TRIES_ONCE) {
            return None;
        }
        outbox.first(&self.name).map(|_| self.not_before)
    }

    /// Delivers the first of the queue once.
    pub(super) async fn send(&mut self, outbox: &mut Outbox, board: &Board) {
        let Some(first) = outbox.first(&self.name) else {
            return;
        };
        let sending = self.target.send(&first.notification);
        let sent = match tokio::time::timeout(LIMIT, sending).await {
            Ok(sent) => sent,
            Err(_) => Err(SendError::passing(format!(
                "it took longer than {} s",
                LIMIT.as_secs()
            ))),
        };
        match sent {
            Ok(()) => {
                outbox.delivered(&self.name);
                self.trouble = None;
                self.in_vain = 0;
                self.not_before = Instant::now();
                board.target(&self.name, |target| target.sent += 1);
            }
            Err(error) => {
                outbox.failed(&self.name);
                self.in_vain = self.in_vain.saturating_add(1);
                self.not_before = Instant::now() + self.wait(&error);
                self.trouble = Some(error);
                board.target(&self.name, |target| target.failed += 1);
            }
        }
        let pending = outbox.pending(&self.name);
        let refused = self.trouble.as_ref().is_some_and(|error| !error.retry);
        board.target(&self.name, |target| {
            target.pending = pending;
            target.refused = refused;
        });
    }

    fn wait(&mut self, error: &SendError) -> Duration {
        if !error.retry {
            return REFUSED;
        }
        let share = 1.0 - AWAY.jitter * self.chance.share();
        let wait = AWAY.wait(self.in_vain).mul_f64(share);
        wait.max(error.after.unwrap_or_default().min(LONGEST))
    }

    /// What is wrong with it, for the log.
    pub(super) fn note(&self, outbox: &Outbox) -> Option<String> {
        let error = self.trouble.as_ref()?;
        let pending = outbox.pending(&self.name);
        let attempts = outbox.first(&self.name)?.attempts;
        let next = match error.retry {
            true => "it is tried again soon",
            false => "it refuses, and is tried again every hour and after a restart",
        };
        Some(format!(
            "{}: {error}; {}, the first was tried {}, {next}",
            self.name,
            waiting(pending),
            match attempts {
                1 => "once".to_owned(),
                times => format!("{times} times"),
            }
        ))
    }
}
