//! Moments as text.

const DAY: u64 = 86_400;
/// Days in 400 years: after them the calendar repeats itself.
const ERA: u64 = 146_097;
/// Days in a century whose last year is no leap year.
const CENTURY: u64 = 36_524;
/// Days in four years of which one is a leap year.
const FOUR_YEARS: u64 = 1461;
/// Days from 1 March of the year 0 to 1 January 1970.
const EPOCH: u64 = 719_468;

/// A moment in seconds since 1970 as RFC 3339 in UTC: `2026-11-22T12:03:10Z`.
/// Leap seconds do not count, as in Unix time.
pub fn utc(seconds: u64) -> String {
    let (year, month, day) = date(seconds / DAY);
    let time = time(seconds);
    format!("{year:04}-{month:02}-{day:02}T{time}Z")
}

/// The time of day of a moment in seconds since 1970: `12:03:10`.
pub(crate) fn time(seconds: u64) -> String {
    let second = seconds % DAY;
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{hour:02}:{minute:02}:{:02}", second % 60)
}

/// Whether two moments in seconds since 1970 are on one day.
pub(crate) fn same_day(one: u64, other: u64) -> bool {
    one / DAY == other / DAY
}

/// Year, month and day of a day since 1970. Years begin in March here: a leap
/// day is then the last day of its year, of its four years and of its era, and
/// from March on the months come in fives of 153 days.
fn date(day: u64) -> (u64, u64, u64) {
    let day = day + EPOCH;
    let (era, day) = (day / ERA, day % ERA);
    // What comes last is a day longer than the others, not the first of more.
    let century = (day / CENTURY).min(3);
    let day = day - century * CENTURY;
    let (four, day) = (day / FOUR_YEARS, day % FOUR_YEARS);
    let year = (day / 365).min(3);
    let day = day - year * 365;
    let year = 400 * era + 100 * century + 4 * four + year;
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    match month < 10 {
        true => (year, month + 3, day),
        false => (year + 1, month - 9, day),
    }
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
        for number in 0..2 * ERA {
            assert_eq!(date(number), (year, month, day), "day {number}");
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
}
