//! A day of the calendar.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Serialize, Serializer};

/// Those that have four digits and no moment before the Unix epoch.
pub(crate) const YEARS: RangeInclusive<u16> = 1970..=9999;

/// A day that exists, in UTC, from 1970-01-01 to 9999-12-31; earlier days come
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // In this order, for the comparison.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, where it exists and is in range; month and day count from 1.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let last = Self::last_of(year, month)?;
        (1..=last.day)
            .contains(&day)
            .then_some(Self { year, month, day })
    }

    /// The last day of a month.
    pub(crate) fn last_of(year: u16, month: u8) -> Option<Self> {
        let day = match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        YEARS.contains(&year).then_some(Self { year, month, day })
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// The last second of the day in UTC, in seconds since the Unix epoch.
    #[must_use]
    pub fn last_second(self) -> u64 {
        // Leap years before a year, counted from the year 1.
        let leaps = |year: u16| {
            let full = u64::from(year - 1);
            full / 4 - full / 100 + full / 400
        };
        let years = u64::from(self.year - YEARS.start());
        let months = (1..self.month).filter_map(|month| Self::last_of(self.year, month));
        let months: u64 = months.map(|last| u64::from(last.day)).sum();
        let leap_days = leaps(self.year) - leaps(*YEARS.start());
        let days = years * 365 + leap_days + months + u64::from(self.day);
        days * 24 * 60 * 60 - 1
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
