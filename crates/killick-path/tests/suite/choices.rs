//! Choices that shrink to the first of each.

use proptest::prelude::*;

/// Numbers that are used up in order; past the end every choice is the first.
#[derive(Debug, Clone)]
pub(crate) struct Choices(Vec<u16>, usize);

impl Choices {
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        proptest::collection::vec(any::<u16>(), 0..400).prop_map(|numbers| Self(numbers, 0))
    }

    /// As many as the samples of one case need.
    pub(crate) fn samples() -> impl Strategy<Value = Self> {
        proptest::collection::vec(any::<u16>(), 120).prop_map(|numbers| Self(numbers, 0))
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let number = self.0.get(self.1).copied().unwrap_or(0);
        self.1 += 1;
        usize::from(number) % sides
    }

    /// One in so many.
    pub(crate) fn rare(&mut self, sides: usize) -> bool {
        self.roll(sides) == sides - 1
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.roll(place + 1));
        }
    }
}
