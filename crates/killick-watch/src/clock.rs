//! When to look next.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use killick_text::{Grammar, NotADuration, Unit};

/// No watch looks more often: a check is some fourteen calls.
const SHORTEST: Duration = Duration::from_secs(30);
/// No watch looks less often.
const LONGEST: Duration = Duration::from_secs(24 * 3600);
const GRAMMAR: Grammar = Grammar {
    units: &[Unit::Second, Unit::Minute, Unit::Hour],
    several: true,
    bare: false,
};
/// The share of an interval by which a tick may come early or late.
const JITTER: f64 = 0.1;
/// How far throttling stretches an interval that is shorter than this.
const CALMEST: Duration = Duration::from_secs(3600);

/// The time from check to check, 30 seconds to 24 hours: `5m`, `90s`, `1h30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Every(Duration);

/// Why a text is no interval.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EveryError {
    /// It has another form.
    #[error("\"{0}\" is no interval: write a number and a unit, as in 90s, 5m or 1h")]
    Form(String),
    /// It is below 30 seconds.
    #[error("an interval of {0} is too short: at least 30s")]
    Short(String),
    /// It is above 24 hours.
    #[error("an interval of {0} is too long: at most 24h")]
    Long(String),
}

impl Every {
    /// The interval.
    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl Default for Every {
    fn default() -> Self {
        Self(Duration::from_secs(300))
    }
}

impl FromStr for Every {
    type Err = EveryError;

    fn from_str(text: &str) -> Result<Self, EveryError> {
        let time = GRAMMAR.read(text.trim()).map_err(|why| match why {
            NotADuration::Form => EveryError::Form(text.to_owned()),
            NotADuration::Long => EveryError::Long(text.to_owned()),
        })?;
        match time {
            time if time < SHORTEST => Err(EveryError::Short(text.to_owned())),
            time if time > LONGEST => Err(EveryError::Long(text.to_owned())),
            time => Ok(Self(time)),
        }
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        for (unit, count) in [
            ("h", seconds / 3600),
            ("m", seconds / 60 % 60),
            ("s", seconds % 60),
        ] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        Ok(())
    }
}

/// Numbers that look random and are the same for the same seed.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// A series that `seed` decides.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of the series.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next one between 0 and 1.
    pub fn share(&mut self) -> f64 {
        (self.number() % 10_000) as f64 / 10_000.0
    }
}

/// The ticks of one stack.
#[derive(Clone, Debug)]
pub struct Rhythm {
    every: Every,
    chance: Chance,
    /// How often the interval was doubled.
    doubled: u32,
}

impl Rhythm {
    /// Ticks `every` so often, with the jitter of `seed`.
    pub const fn new(every: Every, seed: u64) -> Self {
        Self {
            every,
            chance: Chance::new(seed),
            doubled: 0,
        }
    }

    /// A check saw the stack: back to the interval that was asked for.
    pub fn saw(&mut self) {
        self.doubled = 0;
    }

    /// A check was throttled: twice as long from now on, until one sees again.
    pub fn throttled(&mut self) {
        if self.stretched() < self.calmest() {
            self.doubled += 1;
        }
    }

    /// From the beginning of one check to the beginning of the next, at least
    /// `at_least`, which is not obeyed beyond the longest wait there is.
    pub fn wait(&mut self, at_least: Option<Duration>) -> Duration {
        let by = 1.0 - JITTER + 2.0 * JITTER * self.chance.share();
        let wait = self.stretched().mul_f64(by);
        wait.max(at_least.unwrap_or_default().min(self.calmest()))
    }

    /// The least pause after a check that took longer than its interval.
    pub fn pause(&self) -> Duration {
        self.every.0.mul_f64(JITTER)
    }

    fn stretched(&self) -> Duration {
        let factor = 2_u32.saturating_pow(self.doubled);
        self.every.0.saturating_mul(factor).min(self.calmest())
    }

    fn calmest(&self) -> Duration {
        CALMEST.max(self.every.0)
    }
}

/// What tells the time of day, in seconds since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Clock {
    /// One that asks `now`.
    pub fn new(now: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The clock of this machine.
    pub fn system() -> Self {
        Self::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            since.unwrap_or_default().as_secs()
        })
    }

    /// Seconds since 1970.
    pub fn now(&self) -> u64 {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn secs(text: &str) -> Result<u64, EveryError> {
        text.parse::<Every>()
            .map(|every| every.duration().as_secs())
    }

    #[test]
    fn intervals() {
        for (text, seconds) in [
            ("30s", 30),
            ("90s", 90),
            ("5m", 300),
            (" 1h ", 3600),
            ("1h30m", 5400),
            ("24h", 86_400),
        ] {
            assert_eq!(secs(text), Ok(seconds), "{text}");
            let every: Every = text.parse().unwrap();
            assert_eq!(every.to_string().parse(), Ok(every));
        }
        for text in [
            "", "5", "m", "5x", "-5m", "5 m", "1.5h", "30m1h", "5m5m", "5m ago", "５m",
        ] {
            assert!(matches!(secs(text), Err(EveryError::Form(_))), "{text}");
        }
        for text in ["0s", "29s", "0m"] {
            assert!(matches!(secs(text), Err(EveryError::Short(_))), "{text}");
        }
        for text in ["25h", "24h1s", "9999999999999999h", "18446744073709551615s"] {
            assert!(matches!(secs(text), Err(EveryError::Long(_))), "{text}");
        }
    }

    #[test]
    fn ticks_stay_within_a_tenth_and_differ() {
        let mut rhythm = Rhythm::new(Every::default(), 7);
        let waits: Vec<f64> = (0..1000).map(|_| rhythm.wait(None).as_secs_f64()).collect();
        assert!(waits.iter().all(|wait| (270.0..=330.0).contains(wait)));
        assert!(waits.iter().any(|wait| *wait < 280.0));
        assert!(waits.iter().any(|wait| *wait > 320.0));
        let mean = waits.iter().sum::<f64>() / 1000.0;
        assert!((297.0..303.0).contains(&mean), "{mean}");
    }

    #[test]
    fn throttling_doubles_up_to_an_hour_and_sight_ends_it() {
        let mut rhythm = Rhythm::new(Every::default(), 7);
        for minutes in [10.0, 20.0, 40.0, 60.0, 60.0] {
            rhythm.throttled();
            let wait = rhythm.wait(None).as_secs_f64() / 60.0;
            assert!(
                (wait / minutes - 1.0).abs() <= 0.1001,
                "{wait} for {minutes}"
            );
        }
        let asked = Some(Duration::from_secs(3_000_000));
        assert!(rhythm.wait(asked) <= Duration::from_secs(3960));
        rhythm.saw();
        assert!(rhythm.wait(None) <= Duration::from_secs(330));
        assert_eq!(rhythm.wait(Some(Duration::from_secs(900))).as_secs(), 900);
        let mut daily = Rhythm::new("24h".parse().unwrap(), 1);
        daily.throttled();
        assert!(daily.wait(None) >= Duration::from_secs(70_000));
    }
}
