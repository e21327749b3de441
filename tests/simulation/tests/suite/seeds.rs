//! Random lives. `just simulate N` lives more of them.

use killick_simulation::{Scenario, play, shrink::shrink};

/// Lives the seeds of one share of the whole.
fn seeds(share: u64) {
    for seed in (0..240).filter(|seed| seed % 4 == share) {
        let scenario = Scenario::random(seed);
        let report = play(&scenario);
        if !report.broken.is_empty() {
            let small = shrink(&scenario);
            let report = play(&small);
            let (story, broken) = (report.story.join("\n"), report.broken.join("\n"));
            panic!("seed {seed}\n{story}\n{broken}\n\n{}", small.source());
        }
    }
}

#[test]
fn the_first_share() {
    seeds(0);
}

#[test]
fn the_second_share() {
    seeds(1);
}

#[test]
fn the_third_share() {
    seeds(2);
}

#[test]
fn the_fourth_share() {
    seeds(3);
}
