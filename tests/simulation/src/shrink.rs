//! Making a failing scenario small.

use crate::play::play;
use crate::scenario::Scenario;

/// Takes away moves, one after the other, as long as the rest still fails.
pub fn shrink(scenario: &Scenario) -> Scenario {
    let mut small = scenario.clone();
    let mut place = small.moves.len();
    while place > 0 {
        place -= 1;
        let mut fewer = small.clone();
        fewer.moves.remove(place);
        if !play(&fewer).broken.is_empty() {
            small = fewer;
            place = place.min(small.moves.len());
        }
    }
    small
}
