//! What was read, and what was not.

use serde::{Deserialize, Serialize};

/// What was read, or that it could not be. Absent and unread are not the same:
/// nothing is ever proven from what was not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// It was read in full.
    Read(T),
    /// It was not read, or not all of it.
    #[default]
    Unread,
}

impl<T> Known<T> {
    /// The value, where it was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Unread => None,
        }
    }
}
