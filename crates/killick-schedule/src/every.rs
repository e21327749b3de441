//! How often something is to happen.

use std::fmt;
use std::num::NonZeroU32;

/// A month: what is looked at less often is not watched.
const MOST: u32 = 31 * DAY;
pub(crate) const HOUR: u32 = 60;
pub(crate) const DAY: u32 = 24 * HOUR;

/// Whole minutes, one to those of 31 days. Written as a number and `m`, `h` or
/// `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Every(NonZeroU32);

impl Every {
    /// So many minutes, where that is in range.
    #[must_use]
    pub fn minutes(minutes: u32) -> Option<Self> {
        let minutes = NonZeroU32::new(minutes)?;
        (minutes.get() <= MOST).then_some(Self(minutes))
    }

    /// The minutes.
    #[must_use]
    pub fn as_minutes(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_minutes() {
            days if days % DAY == 0 => write!(f, "{}d", days / DAY),
            hours if hours % HOUR == 0 => write!(f, "{}h", hours / HOUR),
            minutes => write!(f, "{minutes}m"),
        }
    }
}
