//! Looking at something until it is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use killick_engine::{CancellationToken, Class, CloudError, Patience, Poll, Settler};
use support::{Times, error, heard, rounded, secs, settler, stop_after};
use tokio::time::Instant;

/// First 30 s, then every 10 s, for 10 minutes.
const NAT_CREATE: Patience = Patience::steady(secs(30), secs(10), secs(600));
const NAT_DELETE: Patience = Patience::steady(secs(20), secs(10), secs(1800));
const ADDRESS_FREE: Patience = Patience::steady(secs(5), secs(5), secs(300));

fn late(seen: &str) -> CloudError {
    CloudError {
        code: "Late".to_owned(),
        message: seen.to_owned(),
        ..error(Class::Fatal)
    }
}

/// Looks at what is never there.
async fn never(settler: &Settler, patience: Patience) -> (CloudError, Times) {
    let times = Times::new();
    let look = async || {
        Ok(Poll::<()>::Pending(format!(
            "pending, look {}",
            times.mark()
        )))
    };
    let error = settler.until(patience, look, late).await.unwrap_err();
    (error, times)
}

#[tokio::test(start_paused = true)]
async fn the_first_look_comes_at_once() {
    let (settler, notes) = heard(&settler());
    let times = Times::new();
    let look = async || Ok(Poll::Ready(times.mark()));
    assert_eq!(settler.until(NAT_CREATE, look, late).await, Ok(1));
    assert_eq!(times.elapsed(), secs(0));
    assert!(notes.borrow().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_nat_gateway_is_looked_at_after_30_seconds_and_then_every_10() {
    let (settler, notes) = heard(&settler());
    let (failure, times) = never(&settler, NAT_CREATE).await;
    let expected: Vec<u64> = std::iter::once(0).chain((30..=600).step_by(10)).collect();
    assert_eq!(times.whole_seconds(), expected);
    assert_eq!(failure, late("pending, look 59"));
    let said = notes.borrow();
    assert_eq!(said.len(), 58, "nothing is waited for after the last look");
    assert_eq!(said[0], "pending, look 1");
    assert_eq!(said[57], "pending, look 58");
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_with_the_look_that_finds_it() {
    let times = Times::new();
    let look = async || {
        Ok(match times.mark() {
            4 => Poll::Ready("available"),
            _ => Poll::Pending("pending".to_owned()),
        })
    };
    let found = settler().until(NAT_CREATE, look, late).await;
    assert_eq!(found, Ok("available"));
    assert_eq!(times.whole_seconds(), [0, 30, 40, 50]);
    assert_eq!(times.elapsed(), secs(50));
}

#[tokio::test(start_paused = true)]
async fn a_look_that_fails_ends_the_waiting() {
    for class in support::CLASSES {
        let times = Times::new();
        let look = async || match times.mark() {
            3 => Err(error(class)),
            _ => Ok(Poll::<()>::Pending("pending".to_owned())),
        };
        let failure = settler().until(NAT_DELETE, look, late).await;
        assert_eq!(failure, Err(error(class)));
        assert_eq!(times.whole_seconds(), [0, 20, 30]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cloud_with_a_faster_clock_is_waited_for_at_its_pace() {
    let settler = settler().at_pace(10.0);
    let (failure, times) = never(&settler, NAT_CREATE).await;
    let expected: Vec<u64> = std::iter::once(0).chain(3..=60).collect();
    assert_eq!(times.whole_seconds(), expected);
    assert_eq!(failure, late("pending, look 59"));
    let there = settler.since(Instant::now() - times.elapsed());
    assert_eq!(rounded(&there), 600);
}

#[tokio::test(start_paused = true)]
async fn time_spent_looking_counts() {
    let times = Times::new();
    let look = async || {
        times.mark();
        tokio::time::sleep(secs(100)).await;
        Ok(Poll::<()>::Pending("slow".to_owned()))
    };
    let failure = settler().until(ADDRESS_FREE, look, late).await;
    assert_eq!(failure, Err(late("slow")));
    assert_eq!(times.whole_seconds(), [0, 105, 210]);
}

#[tokio::test(start_paused = true)]
async fn a_request_to_stop_cuts_the_wait() {
    let cancel = CancellationToken::new();
    let settler = Settler::new(cancel.clone(), 7);
    let (work, stop) = (never(&settler, NAT_CREATE), stop_after(&cancel, secs(33)));
    let ((failure, times), ()) = tokio::join!(work, stop);
    assert_eq!(failure, late("pending, look 2; stopped waiting on request"));
    assert_eq!(times.whole_seconds(), [0, 30]);
    assert_eq!(times.elapsed(), secs(33));

    // What is there already is still found.
    let look = async || Ok(Poll::Ready(5));
    assert_eq!(settler.until(NAT_CREATE, look, late).await, Ok(5));
    let (failure, times) = never(&settler, NAT_CREATE).await;
    assert_eq!(failure, late("pending, look 1; stopped waiting on request"));
    assert_eq!((times.count(), times.elapsed()), (1, secs(0)));
}

#[tokio::test(start_paused = true)]
async fn a_request_to_stop_lets_a_look_finish() {
    let cancel = CancellationToken::new();
    let settler = Settler::new(cancel.clone(), 7);
    let times = Times::new();
    let look = async || {
        times.mark();
        tokio::time::sleep(secs(10)).await;
        Ok(Poll::Ready("available"))
    };
    let work = settler.until(NAT_CREATE, look, late);
    let (found, ()) = tokio::join!(work, stop_after(&cancel, secs(5)));
    assert_eq!(found, Ok("available"));
    assert_eq!(times.elapsed(), secs(10));
}
