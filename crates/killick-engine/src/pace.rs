//! A cloud whose clock does not run at our speed.

use std::time::Duration;

/// Seconds of the cloud for every second here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace(f64);

impl Pace {
    /// The clock on the wall.
    pub(crate) const REAL: Self = Self(1.0);

    /// Faster above 1, slower below; as close to `pace` as makes sense.
    pub(crate) fn new(pace: f64) -> Self {
        match pace.is_nan() {
            true => Self::REAL,
            false => Self(pace.clamp(1e-3, 1e6)),
        }
    }

    /// How long to sleep here for that much time there.
    pub(crate) fn here(self, there: Duration) -> Duration {
        scaled(there, 1.0 / self.0)
    }

    /// How much time went by there in that much time here.
    pub(crate) fn there(self, here: Duration) -> Duration {
        scaled(here, self.0)
    }
}

fn scaled(time: Duration, by: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * by).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_there_and_back() {
        let (minute, pace) = (Duration::from_secs(60), Pace::new(120.0));
        assert_eq!(pace.here(minute), Duration::from_millis(500));
        assert_eq!(pace.there(Duration::from_millis(500)), minute);
        let odd = Duration::from_nanos(1_234_567_891);
        assert_eq!(Pace::REAL.here(odd), odd);
        assert_eq!(Pace::REAL.there(odd), odd);
    }

    #[test]
    fn no_pace_stops_the_clock() {
        for silly in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let here = Pace::new(silly).here(Duration::from_secs(1));
            assert!(
                (Duration::from_micros(1)..=Duration::from_secs(1000)).contains(&here),
                "{silly} makes it {here:?}"
            );
        }
        assert_eq!(Pace::new(1e-9).here(Duration::MAX), Duration::MAX);
    }
}
