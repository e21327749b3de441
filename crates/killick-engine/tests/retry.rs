//! Which failures of a call are repeated, when, and for how long.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use killick_engine::{CancellationToken, Class, CloudError, Patience, Rules, Settler};
use support::{CLASSES, TICK, Times, error, heard, secs, settler, stop_after};

const IN_USE: Patience = Patience::steady(secs(5), secs(15), secs(300));
const LAMBDA_INTERFACE: Patience = Patience::steady(secs(15), secs(15), secs(2700));

/// Makes a call that fails for ever.
async fn fails(settler: &Settler, rules: Rules, class: Class) -> (CloudError, Times) {
    let times = Times::new();
    let call = async || {
        times.mark();
        Err::<(), _>(error(class))
    };
    let error = settler.retry(rules, call).await.unwrap_err();
    (error, times)
}

fn patience_of(rules: &str, class: Class) -> Option<Patience> {
    match (class, rules) {
        (Class::Throttled, _) => Some(Patience::THROTTLED),
        (Class::Unreached, _) => Some(Patience::UNREACHED),
        (Class::Busy, _) => Some(Patience::BUSY),
        (Class::Unknown, "read") => Some(Patience::UNANSWERED),
        (Class::Unknown, "repeatable") => Some(Patience::VISIBLE),
        (Class::NotYetVisible, "repeatable" | "once" | "once, in use") => Some(Patience::VISIBLE),
        (Class::StillInUse, "once, in use") => Some(IN_USE),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn every_class_is_repeated_as_long_as_its_rule_says_and_no_longer() {
    for (name, rules) in [
        ("read", Rules::READ),
        ("repeatable", Rules::REPEATABLE),
        ("once", Rules::ONCE),
        ("once, in use", Rules::ONCE.while_in_use(IN_USE)),
    ] {
        for class in CLASSES {
            let (failure, times) = fails(&settler(), rules, class).await;
            assert_eq!(failure, error(class), "{name}");
            let Some(patience) = patience_of(name, class) else {
                assert_eq!(times.at(), [secs(0)], "{name}: {class:?} is not repeated");
                assert_eq!(times.elapsed(), secs(0), "{name}: {class:?}");
                continue;
            };
            for (tries, gap) in (1..).zip(times.gaps()) {
                let wait = patience.wait(tries);
                let shortest = wait.mul_f64(1.0 - patience.jitter);
                let fits = gap >= shortest && gap <= wait + TICK;
                assert!(fits, "{name}, {class:?}: wait {tries} is {gap:?}");
            }
            let at = times.at();
            assert!(
                at[at.len() - 1] >= patience.total,
                "{name}, {class:?} ends early"
            );
            assert!(
                at[at.len() - 2] < patience.total,
                "{name}, {class:?} ends late"
            );
            assert_eq!(times.elapsed(), at[at.len() - 1], "{name}, {class:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_is_repeated_until_it_is_let_through() {
    for throttled in [0, 1, 2, 5, 15] {
        let times = Times::new();
        let call = async || match times.mark() {
            number if number <= throttled => Err(error(Class::Throttled)),
            number => Ok(number),
        };
        let answer = settler().retry(Rules::ONCE, call).await;
        assert_eq!(answer, Ok(throttled + 1));
        assert_eq!(times.count(), throttled + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_without_an_answer_gives_up_in_a_few_seconds() {
    for seed in 0..50 {
        let settler = Settler::new(CancellationToken::new(), seed);
        for class in [Class::Unknown, Class::Unreached] {
            let (_, times) = fails(&settler, Rules::READ, class).await;
            assert!(times.count() >= 3, "{class:?}: {} tries", times.count());
            assert!(
                times.elapsed() < secs(8),
                "{class:?}: {:?}",
                times.elapsed()
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn chance_is_spread_over_its_share_and_comes_from_the_seed() {
    let gaps_of = async |settler: &Settler| {
        let (_, times) = fails(settler, Rules::READ, Class::Throttled).await;
        times.gaps()
    };
    let seeded = |seed| Settler::new(CancellationToken::new(), seed);
    let again = gaps_of(&seeded(1)).await;
    assert_eq!(gaps_of(&seeded(1)).await, again, "the same seed");
    assert_ne!(gaps_of(&seeded(2)).await, again, "another seed");
    let (one, other) = (
        seeded(1).for_step("one", |_| ()),
        seeded(1).for_step("other", |_| ()),
    );
    assert_ne!(gaps_of(&one).await, gaps_of(&other).await, "another step");

    let share = |(tries, gap): (u32, &std::time::Duration)| {
        gap.as_secs_f64() / Patience::THROTTLED.wait(tries).as_secs_f64()
    };
    let within: Vec<f64> = (1..).zip(&again).map(share).collect();
    assert!(
        within
            .windows(2)
            .all(|pair| (pair[0] - pair[1]).abs() > 1e-4),
        "another wait"
    );

    let mut shares = Vec::new();
    for seed in 0..200 {
        let gaps = gaps_of(&seeded(seed)).await;
        shares.push(gaps[9].as_secs_f64() / Patience::THROTTLED.wait(10).as_secs_f64());
    }
    shares.sort_by(f64::total_cmp);
    assert!(shares[0] > 0.599 && shares[0] < 0.63, "{}", shares[0]);
    assert!(shares[100] > 0.75 && shares[100] < 0.85, "{}", shares[100]);
    assert!(shares[199] > 0.97 && shares[199] < 1.001, "{}", shares[199]);
}

#[tokio::test(start_paused = true)]
async fn calls_that_were_throttled_together_do_not_come_back_together() {
    let settler = settler();
    let ((_, one), (_, other)) = tokio::join!(
        fails(&settler, Rules::READ, Class::Throttled),
        fails(&settler, Rules::READ, Class::Throttled),
    );
    assert_ne!(one.at()[1..5], other.at()[1..5]);
}

#[tokio::test(start_paused = true)]
async fn classes_in_turn_each_have_waits_of_their_own() {
    let times = Times::new();
    let call = async || match times.mark() {
        number if number > 8 => Ok(()),
        number if number % 2 == 1 => Err(error(Class::StillInUse)),
        _ => Err(error(Class::Busy)),
    };
    let rules = Rules::ONCE.while_in_use(IN_USE);
    settler().retry(rules, call).await.unwrap();
    let gaps = times.gaps();
    let in_use: Vec<_> = gaps.iter().step_by(2).copied().collect();
    assert_eq!(in_use, [5, 15, 15, 15].map(secs));
    for (tries, gap) in (1..).zip(gaps.iter().skip(1).step_by(2)) {
        let wait = Patience::BUSY.wait(tries);
        assert!(
            *gap <= wait + TICK && *gap >= wait.mul_f64(0.6),
            "{tries}: {gap:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_class_starts_when_it_is_first_seen() {
    let times = Times::new();
    let call = async || {
        times.mark();
        match times.elapsed() < secs(200) {
            true => Err::<(), _>(error(Class::Busy)),
            false => Err(error(Class::StillInUse)),
        }
    };
    let rules = Rules::ONCE.while_in_use(IN_USE);
    let failure = settler().retry(rules, call).await.unwrap_err();
    assert_eq!(failure.class, Class::StillInUse);
    let first = times.at().into_iter().find(|at| *at >= secs(200)).unwrap();
    // 5 s, then 15 s at a time, as long as less than 300 s have passed.
    assert_eq!((times.elapsed() - first).as_secs(), 305);
}

#[tokio::test(start_paused = true)]
async fn another_class_in_between_gives_no_new_time() {
    let times = Times::new();
    let call = async || match times.mark() % 2 {
        1 => Err::<(), _>(error(Class::StillInUse)),
        _ => Err(error(Class::Busy)),
    };
    let rules = Rules::ONCE.while_in_use(IN_USE);
    let failure = settler().retry(rules, call).await.unwrap_err();
    assert_eq!(failure.class, Class::StillInUse);
    assert!(times.elapsed() >= secs(300) && times.elapsed() < secs(330));
}

#[tokio::test(start_paused = true)]
async fn a_request_to_stop_cuts_the_wait_but_not_the_call() {
    let cancel = CancellationToken::new();
    let settler = Settler::new(cancel.clone(), 7);
    let rules = Rules::ONCE.while_in_use(LAMBDA_INTERFACE);
    let (stop, work) = (
        stop_after(&cancel, secs(17)),
        fails(&settler, rules, Class::StillInUse),
    );
    let ((failure, times), ()) = tokio::join!(work, stop);
    assert_eq!(failure, error(Class::StillInUse));
    assert_eq!(times.whole_seconds(), [0, 15]);
    assert_eq!(times.elapsed(), secs(17));
    assert!(settler.cancelled());

    let (failure, times) = fails(&settler, rules, Class::StillInUse).await;
    assert_eq!(failure, error(Class::StillInUse));
    assert_eq!((times.count(), times.elapsed()), (1, secs(0)));
    assert_eq!(settler.retry(rules, async || Ok(1)).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn every_wait_says_what_it_is_for() {
    for (class, says) in [
        (Class::Throttled, "CreateThing was throttled"),
        (Class::Unreached, "CreateThing could not be sent"),
        (Class::Unknown, "CreateThing had no answer"),
        (
            Class::NotYetVisible,
            "waiting for AWS to show what was just made",
        ),
        (Class::StillInUse, "still in use: as scripted"),
        (Class::Busy, "waiting for another change to end"),
    ] {
        let (settler, notes) = heard(&settler());
        let rules = Rules::REPEATABLE.while_in_use(IN_USE);
        let (_, times) = fails(&settler, rules, class).await;
        assert_eq!(notes.borrow().len(), times.count() - 1, "one for each wait");
        assert!(notes.borrow().iter().all(|note| note == says), "{class:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_sits_out_an_outage_that_ends_a_first_read_at_once() {
    let step = settler().for_step("create vpc/main", |_| ());
    for class in [Class::Unreached, Class::Unknown] {
        let (_, times) = fails(&step, Rules::READ, class).await;
        assert!(times.elapsed() >= Patience::OUTAGE.total, "{class:?}");
        let (_, times) = fails(&settler(), Rules::READ, class).await;
        assert!(times.elapsed() < secs(10), "{class:?}");
    }
    // Without an answer, what must not be repeated is not repeated here either.
    let (_, times) = fails(&step, Rules::ONCE, Class::Unknown).await;
    assert_eq!(times.elapsed(), secs(0));
}
