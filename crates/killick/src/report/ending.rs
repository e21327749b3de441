//! How the walk of a plan ended, before it is put into words.

use killick_engine::Outcome;

use crate::exit::Exit;

/// How the walk of a plan ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// How the run ends.
    pub exit: Exit,
    /// How many steps took effect.
    pub done: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were skipped because another one failed.
    pub skipped: usize,
    /// How many did not start because the user asked to stop.
    pub not_started: usize,
    /// The steps that a last read still shows.
    pub remaining: Vec<String>,
}

impl Ending {
    /// How the walk ended.
    pub fn new(exit: Exit, outcome: &Outcome) -> Self {
        Self {
            exit,
            done: outcome.done.len(),
            failed: outcome.failed.len(),
            skipped: outcome.skipped.len(),
            not_started: outcome.not_started.len(),
            remaining: Vec::new(),
        }
    }
}
