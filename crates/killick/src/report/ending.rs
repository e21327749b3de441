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
    /// What stands against a proof though no step is left: ids of findings.
    pub against: Vec<String>,
    /// What is not known, in words.
    pub unknown: Vec<String>,
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
            against: Vec::new(),
            unknown: Vec::new(),
        }
    }
}
