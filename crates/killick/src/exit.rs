//! Exit codes.

use std::process::ExitCode;

/// How a run ended, for whoever called it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done. Nothing to report, in sync, or applied and proven.
    Done,
    /// 1: an error. Bad spec, no credentials, AWS refused; nothing or not
    /// everything could be determined.
    Error,
    /// 2: differences. `drift` found some; `plan --detailed-exitcode` has
    /// steps.
    Differences,
    /// 3: partial. Some steps failed or were skipped, the stack has not
    /// converged, or something could not be read.
    Partial,
    /// 4: refused by a guard, nothing written. Stale plan, ambiguous identity,
    /// wrong account, a function of somebody else in the way.
    Refused,
    /// 130: interrupted. What was in flight was finished and reported.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Differences => 2,
            Self::Partial => 3,
            Self::Refused => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
