//! Keeping a lock and letting it go: what ends it, and what does not.

use std::cell::Cell;
use std::rc::Rc;

use crate::support::cloud::{Act, Script, nodes};
use crate::support::desk::{BEGIN, Desk, Fate, Op, clock, taker};
use crate::support::plans::creates;
use crate::support::{error, paused, secs, settler};
use killick_engine::{CancellationToken, Class, Holder, Lock, Lost, Settler, apply};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, timeout};

fn run(test: impl Future<Output = ()>) {
    paused(LocalSet::new().run_until(test));
}

fn fresh() -> Desk {
    Desk::new(&Rc::default())
}

async fn take<'a>(desk: &'a Desk, clock: &'a dyn Fn() -> u64, who: &str) -> Lock<'a, Desk> {
    let (settler, taker) = (settler(), taker(who));
    let taken = Lock::take(desk, &settler, clock, taker, who, secs(0)).await;
    taken.unwrap()
}

/// Keeps it for so many seconds.
async fn keep(lock: &Lock<'_, Desk>, seconds: u64) {
    let lost = timeout(secs(seconds), lock.keep()).await;
    assert_eq!(lost.ok(), None);
}

/// What somebody else writes at that second of the test.
fn record(nonce: &str, at: u64) -> String {
    let holder = Holder {
        nonce: nonce.to_owned(),
        who: "bob".to_owned(),
        host: "laptop".to_owned(),
        process: 1,
        command: "destroy".to_owned(),
        taken: BEGIN + at,
        expires: BEGIN + at + 300,
    };
    holder.text()
}

#[test]
fn it_is_written_every_minute_and_free_after_the_release() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let lock = take(&desk, &clock, "alice").await;
        keep(&lock, 3630).await;
        let writes = desk.table.borrow().writes.clone();
        let gaps = writes.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(
            gaps.into_iter()
                .all(|gap| (secs(58)..secs(61)).contains(&gap))
        );
        let newest = desk.table.borrow().newest().unwrap();
        let newest = Holder::read(&newest.text).unwrap();
        assert_eq!(newest.taken, BEGIN);
        assert!((3870..3930).contains(&(newest.expires - BEGIN)));
        lock.release().await.unwrap();
        assert!(desk.table.borrow().is_free());
    });
}

#[test]
fn a_request_to_stop_does_not_end_it() {
    run(async {
        let (desk, clock, cancel) = (fresh(), clock(), CancellationToken::new());
        let settler = Settler::new(cancel.clone(), 7);
        let taken = Lock::take(&desk, &settler, &clock, taker("alice"), "alice", secs(0));
        let lock = taken.await.unwrap();
        cancel.cancel();
        keep(&lock, 1000).await;
        assert_eq!(desk.count(Op::Replace), 16);
        lock.release().await.unwrap();
        assert!(desk.table.borrow().is_free());
    });
}

#[test]
fn a_store_that_is_away_for_long_enough_ends_it_and_it_never_writes_again() {
    run(async {
        for class in [
            Class::Unknown,
            Class::Throttled,
            Class::Denied,
            Class::Fatal,
        ] {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            desk.down(secs(200), class);
            keep(&lock, 2000).await;

            desk.down(secs(400), class);
            let (began, writes) = (Instant::now(), desk.table.borrow().writes.len());
            assert_eq!(lock.keep().await, Lost::Late(Some(error(class))));
            assert!((secs(238)..secs(301)).contains(&began.elapsed()));
            let calls = desk.calls.borrow().len();
            sleep(secs(1000)).await;
            lock.release().await.unwrap();
            assert_eq!(desk.table.borrow().writes.len(), writes);
            assert_eq!(desk.calls.borrow().len(), calls, "not even asked");
        }
    });
}

#[test]
fn calls_that_never_end_do_not_keep_it_alive() {
    run(async {
        for op in [Op::Read, Op::Replace, Op::ReadVersion] {
            let (table, hangs, clock) = (Rc::default(), Rc::new(Cell::new(false)), clock());
            let hung = Rc::clone(&hangs);
            let desk = Desk::with(&table, move |it| match hung.get() && it == op {
                true => Fate::GOOD.there(secs(1_000_000)),
                false => Fate::GOOD,
            });
            let lock = take(&desk, &clock, "alice").await;
            let began = Instant::now();
            hangs.set(true);
            assert_eq!(lock.keep().await, Lost::Late(None));
            assert!((secs(295)..secs(301)).contains(&began.elapsed()));
        }
    });
}

/// The machine slept, or somebody set its clock.
#[test]
fn a_clock_that_jumps_ahead_ends_it_without_a_write() {
    run(async {
        let (desk, time, jump) = (fresh(), clock(), Cell::new(0));
        let clock = || time() + jump.get();
        let lock = take(&desk, &clock, "alice").await;
        keep(&lock, 30).await;
        jump.set(400);
        let began = Instant::now();
        assert_eq!(lock.keep().await, Lost::Late(None));
        assert!(began.elapsed() < secs(6));
        assert_eq!(desk.table.borrow().writes.len(), 1);

        // One that stands still does not keep it alive.
        desk.table.borrow_mut().delete();
        let clock = || BEGIN;
        let lock = take(&desk, &clock, "alice").await;
        desk.down(secs(9999), Class::Unreached);
        let began = Instant::now();
        lock.keep().await;
        assert!(began.elapsed() < secs(301));
    });
}

/// The same in the middle of a renewal.
#[test]
fn a_renewal_that_ends_too_late_by_the_clock_does_not_count() {
    run(async {
        for (op, writes) in [(Op::Read, 1), (Op::Replace, 2), (Op::ReadVersion, 2)] {
            let (desk, time, jump) = (fresh(), clock(), Rc::new(Cell::new(0)));
            let clock = || time() + jump.get();
            let lock = take(&desk, &clock, "alice").await;
            let ahead = Rc::clone(&jump);
            desk.before(op, move |_| ahead.set(250));
            assert_eq!(lock.keep().await, Lost::Late(None));
            assert_eq!(desk.table.borrow().writes.len(), writes);
        }
    });
}

#[test]
fn a_lock_that_is_lost_stops_the_walk_beside_it() {
    run(async {
        let (desk, clock, user) = (fresh(), clock(), CancellationToken::new());
        let lock = take(&desk, &clock, "alice").await;
        desk.down(secs(9999), Class::Unreached);
        let plan = creates(&[("a", &[]), ("b", &["a"])]);
        let cloud = Script::of([("a", Act::Takes(600))]);
        let stop = user.child_token();
        let settler = Settler::new(stop.clone(), 7);
        let keeps = async {
            lock.keep().await;
            stop.cancel();
        };
        let walks = apply(&plan, &cloud, 4, &settler, Rc::new(|_| ()));
        let (outcome, ()) = tokio::join!(walks, keeps);
        assert!(outcome.interrupted && !user.is_cancelled());
        assert_eq!(nodes(&plan, outcome.done), "a");
        assert_eq!(nodes(&plan, outcome.not_started), "b");
    });
}

#[test]
fn deleted_by_hand_it_is_lost_and_leaves_nothing_behind() {
    run(async {
        for kept in [10, 700] {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            keep(&lock, kept).await;
            desk.table.borrow_mut().delete();
            let (began, writes) = (Instant::now(), desk.table.borrow().writes.len());
            assert_eq!(lock.keep().await, Lost::Broken);
            assert!(began.elapsed() < secs(65));
            lock.release().await.unwrap();
            assert_eq!(desk.table.borrow().writes.len(), writes);
        }
    });
}

#[test]
fn deleted_just_before_a_renewal_what_that_made_is_removed() {
    run(async {
        for (kept, fate) in [10, 700].into_iter().zip([Fate::GOOD, Fate::UNTOLD]) {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            keep(&lock, kept).await;
            let desk_next = desk.other();
            desk.plan(Op::Replace, fate);
            desk.before(Op::Replace, |table| table.delete());
            assert_eq!(lock.keep().await, Lost::Broken);
            assert_eq!(desk_next.table.borrow().newest(), None);
        }
    });
}

#[test]
fn deleted_and_taken_by_another_it_is_lost_and_the_other_keeps_it() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let lock = take(&desk, &clock, "alice").await;
        keep(&lock, 30).await;
        desk.table.borrow_mut().delete();
        let other = desk.other();
        let theirs = take(&other, &clock, "bob").await;
        let (lost, ()) = tokio::join!(lock.keep(), keep(&theirs, 1000));
        assert_eq!(lost, Lost::Broken);
        assert_eq!(desk.count(Op::Replace), 0);
        lock.release().await.unwrap();
        keep(&theirs, 1000).await;
        theirs.release().await.unwrap();
        assert!(desk.table.borrow().is_free());
    });
}

/// What our renewal then writes is the version that it expects, but hides an
/// entry of another one, who needs it.
#[test]
fn deleted_and_made_anew_just_before_a_renewal_it_is_lost_and_the_other_keeps_it() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let lock = take(&desk, &clock, "alice").await;
        let theirs = record("bob", 60);
        desk.before(Op::Replace, move |table| {
            table.delete();
            table.write(&theirs);
        });
        assert_eq!(lock.keep().await, Lost::Broken);
        lock.release().await.unwrap();
        assert_eq!(desk.table.borrow().texts.len(), 2);
        assert_eq!(desk.table.borrow().texts[0], record("bob", 60));
    });
}

#[test]
fn one_who_lost_a_race_does_not_end_it() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let lock = take(&desk, &clock, "alice").await;
        for number in 0..5 {
            desk.table.borrow_mut().write(&record("early", number));
            desk.before(Op::Replace, |table| {
                table.write("not even readable");
            });
            keep(&lock, 70).await;
        }
        desk.table.borrow_mut().write(&record("last", 350));
        lock.release().await.unwrap();
        assert!(desk.table.borrow().is_free());
    });
}

#[test]
fn one_without_an_answer_to_a_renewal_still_has_it() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        for fate in [Fate::UNTOLD, Fate::NOTHING, Fate::UNTOLD] {
            desk.plan(Op::Replace, fate);
        }
        desk.plan(Op::ReadVersion, Fate::NOTHING);
        let lock = take(&desk, &clock, "alice").await;
        keep(&lock, 400).await;
        lock.release().await.unwrap();
        assert!(desk.table.borrow().is_free());
    });
}

#[test]
fn a_renewal_that_was_cut_off_is_not_left_behind() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        desk.plan(Op::Replace, Fate::GOOD.there(secs(2)));
        let lock = take(&desk, &clock, "alice").await;
        // In the middle of the write.
        keep(&lock, 61).await;
        assert_eq!(desk.count(Op::Replace), 1);
        lock.release().await.unwrap();
        sleep(secs(10)).await;
        assert!(desk.table.borrow().is_free());
    });
}

#[test]
fn a_release_that_fails_says_so_and_one_that_is_too_late_does_nothing() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        desk.plan(Op::Free, Fate::refused(Class::Denied));
        let lock = take(&desk, &clock, "alice").await;
        assert_eq!(lock.release().await, Err(error(Class::Denied)));
        assert!(desk.table.borrow().newest().is_some());

        desk.table.borrow_mut().delete();
        let lock = take(&desk, &clock, "alice").await;
        sleep(secs(239)).await;
        lock.release().await.unwrap();
        assert!(desk.table.borrow().newest().is_some());

        desk.table.borrow_mut().delete();
        desk.plan(Op::Free, Fate::NOTHING.there(secs(1000)));
        let lock = take(&desk, &clock, "alice").await;
        assert_eq!(lock.release().await.unwrap_err().code, "Late");
    });
}
