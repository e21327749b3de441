//! Regular times of the clock, and which of them are a stack's own.

use crate::every::{DAY, Every, HOUR};

/// Times of every day that are the same distance apart, midnight included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Some minutes of every hour.
    Minutes { first: u32, step: u32 },
    /// The same minute of some hours of every day.
    Hours { first: u32, step: u32, minute: u32 },
}

impl Slot {
    /// The times of a stack; none where hours or days do not divide evenly.
    pub(crate) fn of(every: Every, stack: &str) -> Option<Self> {
        let minutes = every.as_minutes();
        let place = hash(stack) % u64::from(minutes);
        let place = u32::try_from(place).unwrap_or_default();
        if HOUR.is_multiple_of(minutes) && minutes < HOUR {
            let (first, step) = (place, minutes);
            return Some(Self::Minutes { first, step });
        }
        let fits = minutes.is_multiple_of(HOUR) && DAY.is_multiple_of(minutes);
        fits.then_some(Self::Hours {
            first: place / HOUR,
            step: minutes / HOUR,
            minute: place % HOUR,
        })
    }

    /// The five fields of cron, which takes a step of a range only: `3-59/5`.
    pub(crate) fn cron(self) -> String {
        let range = |first, step, last| format!("{first}-{last}/{step}");
        let (minute, hour) = self.fields(range);
        format!("{minute} {hour} * * *")
    }

    /// A calendar event of systemd, which takes a step of a value: `3/5`.
    pub(crate) fn calendar(self) -> String {
        let (minute, hour) = self.fields(|first, step, _| format!("{first}/{step}"));
        format!("*-*-* {hour}:{minute}:00")
    }

    /// Minute and hour.
    fn fields(self, steps: impl Fn(u32, u32, u32) -> String) -> (String, String) {
        let field = |first, step, whole| match step {
            1 => "*".to_owned(),
            step if step == whole => u32::to_string(&first),
            step => steps(first, step, whole - 1),
        };
        match self {
            Self::Minutes { first, step } => (field(first, step, HOUR), "*".to_owned()),
            Self::Hours {
                first,
                step,
                minute,
            } => (minute.to_string(), field(first, step, DAY / HOUR)),
        }
    }
}

/// FNV-1a, which is the same on every machine and in every version.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
