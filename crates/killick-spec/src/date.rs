//! A day of the calendar.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Serialize, Serializer};
use time::Month;

/// Those that have four digits and no moment before the Unix epoch.
pub(crate) const YEARS: RangeInclusive<u16> = 1970..=9999;

/// The last second of a day, from its midnight.
const LAST: u64 = 24 * 60 * 60 - 1;

/// A day that exists, in UTC, from 1970-01-01 to 9999-12-31; earlier days come
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day, where it exists and is in range; month and day count from 1.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year.into(), month, day).ok()?;
        YEARS.contains(&year).then_some(Self(date))
    }

    /// The last day of a month.
    pub(crate) fn last_of(year: u16, month: u8) -> Option<Self> {
        let last = Month::try_from(month).ok()?.length(year.into());
        Self::new(year, month, last)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        u16::try_from(self.0.year()).unwrap_or_default()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// The last second of the day in UTC, in seconds since the Unix epoch.
    #[must_use]
    pub fn last_second(self) -> u64 {
        let midnight = self.0.midnight().assume_utc().unix_timestamp();
        u64::try_from(midnight).unwrap_or_default() + LAST
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year(), self.month(), self.day());
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
