//! Chance that can be saved: every number comes from a seed and a count.

use serde::{Deserialize, Serialize};

/// A source of numbers that gives the same ones for the same seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dice {
    seed: u64,
    drawn: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }

    /// The next number, evenly spread.
    pub(crate) fn next(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        mix(self.seed ^ mix(self.drawn))
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low).saturating_add(1);
        low + self.next() % span
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        chance > 0 && self.next() % 100 < chance
    }

    /// So many hexadecimal digits, 16 at most.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let text = format!("{:016x}", self.next());
        text.chars().take(digits).collect()
    }

    /// An id as EC2 makes them: `vpc-0` and 16 more digits.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        format!("{prefix}-0{}", self.hex(16))
    }

    /// An id as requests have them.
    pub(crate) fn uuid(&mut self) -> String {
        let (a, b) = (self.hex(16), self.hex(16));
        let cut = |text: &str, from: usize, to: usize| -> String {
            text.chars().skip(from).take(to - from).collect()
        };
        format!(
            "{}-{}-4{}-a{}-{}",
            cut(&a, 0, 8),
            cut(&a, 8, 12),
            cut(&a, 13, 16),
            cut(&b, 0, 3),
            cut(&b, 4, 16)
        )
    }
}

/// Spreads the bits of a number (the finisher of SplitMix64).
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for a text.
pub(crate) fn digest(text: &str) -> u64 {
    text.bytes().fold(
        0xcbf2_9ce4_8422_2325,
        |sum, byte| mix(sum ^ u64::from(byte)),
    )
}
