//! Moments as text. A moment is in seconds since 1970; leap seconds do not
//! count, as in Unix time.

use time::{Date, OffsetDateTime};

const DAY: u64 = 86_400;

/// A moment as RFC 3339 in UTC: `2026-11-22T12:03:10Z`. One that is later than
/// the year 9999 has its time of day and the last date that there is.
pub fn utc(seconds: u64) -> String {
    let date = date(seconds);
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    format!("{year:04}-{month:02}-{day:02}T{}Z", time_of_day(seconds))
}

/// The time of day of a moment: `12:03:10`.
pub fn time_of_day(seconds: u64) -> String {
    let second = seconds % DAY;
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{hour:02}:{minute:02}:{:02}", second % 60)
}

/// Whether two moments are on one day.
pub fn same_day(one: u64, other: u64) -> bool {
    one / DAY == other / DAY
}

fn date(seconds: u64) -> Date {
    let known = i64::try_from(seconds).ok();
    let moment = known.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.map_or(Date::MAX, OffsetDateTime::date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_that_are_known() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_000_000_000, "2001-09-09T01:46:40Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_795_348_990, "2026-11-22T12:03:10Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(utc(seconds), text);
        }
        assert!(utc(u64::MAX).ends_with("T07:00:15Z"));
    }

    #[test]
    fn day_follows_day_for_800_years() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        // The calendar repeats itself after 400 years, which have 146,097 days.
        for number in 0..2 * 146_097 {
            let shown = format!("{year:04}-{month:02}-{day:02}T00:00:00Z");
            assert_eq!(utc(number * DAY), shown, "day {number}");
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            (year, month, day) = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                (_, day) if day == last => (year, month + 1, 1),
                (_, day) => (year, month, day + 1),
            };
        }
    }

    #[test]
    fn days_end_at_midnight() {
        assert!(same_day(86_400, 172_799) && !same_day(172_799, 172_800));
        assert_eq!(time_of_day(172_799), "23:59:59");
    }
}
