//! Why there are no files.

use killick_text::shown;

use crate::every::Every;
use crate::job::Target;

/// What is wrong with a job, in a lower-case sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No time between two checks.
    #[error("`{}` is no time between two checks", shown(.0))]
    Every(String),
    /// A value that no file could hold, or that is none of its kind.
    #[error("`{}` is not {what}", shown(text))]
    Value {
        /// What it should be, with an article.
        what: &'static str,
        /// What was given.
        text: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// Something that has times of the clock cannot do something else.
    #[error("{target} cannot run something every {every}")]
    Uneven {
        /// Who.
        target: Target,
        /// The time that does not fit.
        every: Every,
    },
    /// GitHub has a shortest time.
    #[error("github runs nothing more often than every {least}, and {every} was asked for")]
    TooOften {
        /// The time that is too short.
        every: Every,
        /// The shortest.
        least: Every,
    },
    /// The target cannot do without it.
    #[error("{target} needs {what}")]
    Lacks {
        /// Who.
        target: Target,
        /// What is not given.
        what: &'static str,
        /// How to give it.
        hint: &'static str,
    },
    /// The target has no use for it.
    #[error("{target} has no use for {what}")]
    Useless {
        /// Who.
        target: Target,
        /// What is given.
        what: &'static str,
        /// What to do in its place.
        hint: &'static str,
    },
    /// A path that means something else, or nothing, where the check runs.
    #[error("{target} cannot use `{}` as {what}", shown(path))]
    Path {
        /// Who.
        target: Target,
        /// Which of the paths.
        what: &'static str,
        /// The path.
        path: String,
        /// Why, and what to do.
        hint: &'static str,
    },
    /// cron cuts off long lines.
    #[error("the line for cron has {length} bytes, at most {most} are read")]
    TooLong {
        /// Its length.
        length: usize,
        /// The longest.
        most: usize,
    },
}

impl Error {
    /// What to do about it: a lower-case sentence.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Every(_) => "write a number and m, h or d, from 1m to 31d",
            Self::Uneven { .. } => {
                "give a time that divides an hour or a day evenly, such as 5m, 15m, 1h or 1d; \
                 systemd takes any"
            }
            Self::TooOften { .. } => "give a longer time, or use another scheduler",
            Self::TooLong { .. } => "use shorter paths",
            Self::Value { hint, .. }
            | Self::Lacks { hint, .. }
            | Self::Useless { hint, .. }
            | Self::Path { hint, .. } => hint,
        }
    }
}
