//! Durations as people write them: numbers with units, `1h30m`.

use std::time::Duration;

/// A unit of time. The larger one is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
}

impl Unit {
    /// Its length in seconds.
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3600,
            Self::Day => 86_400,
        }
    }

    /// The letter behind the number.
    pub const fn letter(self) -> char {
        match self {
            Self::Second => 's',
            Self::Minute => 'm',
            Self::Hour => 'h',
            Self::Day => 'd',
        }
    }
}

/// What a flag takes as a duration.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    /// The units that it knows.
    pub units: &'static [Unit],
    /// Whether several numbers may follow each other, each unit once and the
    /// largest first: `1h30m`.
    pub several: bool,
    /// Whether a bare number means seconds.
    pub bare: bool,
}

/// Why a text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotADuration {
    /// It has another form.
    Form,
    /// It is longer than can be counted.
    Long,
}

impl Grammar {
    /// The duration that `text` stands for.
    ///
    /// # Errors
    /// The grammar does not know it.
    pub fn read(&self, text: &str) -> Result<Duration, NotADuration> {
        let (mut seconds, mut rest, mut larger) = (0_u64, text, None);
        loop {
            let end = rest.find(|c: char| !c.is_ascii_digit());
            let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
            let number: u64 = number.parse().map_err(|_| NotADuration::Form)?;
            let mut letters = after.chars();
            let unit = match letters.next() {
                None if self.bare && larger.is_none() => Unit::Second,
                None => return Err(NotADuration::Form),
                Some(letter) => self.unit(letter).ok_or(NotADuration::Form)?,
            };
            if larger.is_some_and(|larger| unit >= larger) {
                return Err(NotADuration::Form);
            }
            larger = Some(unit);
            rest = letters.as_str();
            if !(rest.is_empty() || self.several) {
                return Err(NotADuration::Form);
            }
            seconds = number
                .checked_mul(unit.seconds())
                .and_then(|part| seconds.checked_add(part))
                .ok_or(NotADuration::Long)?;
            if rest.is_empty() {
                return Ok(Duration::from_secs(seconds));
            }
        }
    }

    fn unit(&self, letter: char) -> Option<Unit> {
        let mut known = self.units.iter().copied();
        known.find(|unit| unit.letter() == letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Grammar = Grammar {
        units: &[Unit::Second, Unit::Minute, Unit::Hour, Unit::Day],
        several: true,
        bare: true,
    };
    const ONE: Grammar = Grammar {
        units: &[Unit::Minute, Unit::Hour],
        several: false,
        bare: false,
    };

    #[test]
    fn numbers_have_units() {
        for (text, seconds) in [
            ("0", 0),
            ("45", 45),
            ("0s", 0),
            ("010m", 600),
            ("24h", 86_400),
            ("1d2h3m4s", 93_784),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(ALL.read(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(ONE.read("5m"), Ok(Duration::from_secs(300)));
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            " ",
            "m",
            "5x",
            "-5m",
            "+5m",
            " 5m",
            "5m ",
            "5 m",
            "1.5h",
            "30m1h",
            "5m5m",
            "5m5",
            "5M",
            "５m",
            "18446744073709551616s",
        ] {
            assert_eq!(ALL.read(text), Err(NotADuration::Form), "{text}");
        }
        for text in ["5", "5s", "1h30m", "1d"] {
            assert_eq!(ONE.read(text), Err(NotADuration::Form), "{text}");
        }
        for text in [
            "9999999999999999h",
            "18446744073709551615m",
            "1m18446744073709551615s",
        ] {
            assert_eq!(ALL.read(text), Err(NotADuration::Long), "{text}");
        }
    }
}
