//! A lock that was let go, or broken by hand: who gets it next, and who learns
//! that it is gone.

use std::rc::Rc;
use std::time::Duration;

use crate::support::desk::{BEGIN, Desk, Fate, Op, Table, clock, taker};
use crate::support::{error, paused, secs, settler};
use killick_engine::{
    Class, Holder, LOCK_LIFE, LOCK_POLL, LOCK_RENEW, LOCK_SKEW, Lock, LockError, Lost, Occupant,
    unlock,
};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, timeout};

const AT_ONCE: Duration = Duration::from_secs(2);

fn run(test: impl Future<Output = ()>) {
    paused(LocalSet::new().run_until(test));
}

fn fresh() -> Desk {
    Desk::new(&Rc::default())
}

type Taken<'a> = Result<Lock<'a, Desk>, LockError>;

async fn tries<'a>(desk: &'a Desk, clock: &'a dyn Fn() -> u64, who: &str, wait: u64) -> Taken<'a> {
    Lock::take(desk, &settler(), clock, taker(who), who, secs(wait)).await
}

async fn take<'a>(desk: &'a Desk, clock: &'a dyn Fn() -> u64, who: &str) -> Lock<'a, Desk> {
    tries(desk, clock, who, 0).await.unwrap()
}

/// Keeps it for so many seconds.
async fn keep(lock: &Lock<'_, Desk>, seconds: u64) {
    let lost = timeout(secs(seconds), lock.keep()).await;
    assert_eq!(lost.ok(), None);
}

/// How it is lost, soon.
async fn loses(lock: &Lock<'_, Desk>) -> Lost {
    timeout(secs(1000), lock.keep()).await.expect("still held")
}

/// What somebody else writes at that second of the test.
fn record(nonce: &str, at: u64) -> Holder {
    Holder {
        nonce: nonce.to_owned(),
        who: nonce.to_owned(),
        host: "laptop".to_owned(),
        process: 1,
        command: "destroy".to_owned(),
        taken: BEGIN + at,
        expires: BEGIN + at + 300,
    }
}

fn free(nonce: &str) -> String {
    let expires = 0;
    let free = Holder {
        expires,
        ..record(nonce, 0)
    };
    free.text()
}

/// Who wrote the versions, oldest first, in lower case if it is free.
fn story(table: &Table) -> String {
    let told = table.texts.iter().map(|text| {
        let holder = Holder::read(text).unwrap();
        let first = holder.who.chars().next().unwrap_or('-');
        match holder.is_free() {
            true => first,
            false => first.to_ascii_uppercase(),
        }
    });
    told.collect()
}

#[test]
fn released_it_is_taken_at_once_and_its_versions_go_on() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let other = desk.other();
        for round in 0..20 {
            for (desk, who) in [(&desk, "alice"), (&other, "bob")] {
                let began = Instant::now();
                let lock = take(desk, &clock, &format!("{who} {round}")).await;
                lock.release().await.unwrap();
                assert!(began.elapsed() < AT_ONCE);
            }
        }
        assert_eq!(story(&desk.table.borrow()), "AaBb".repeat(20));
        assert_eq!(desk.count(Op::Delete) + other.count(Op::Delete), 0);
        let last = desk.table.borrow().newest().unwrap();
        let last = Holder::read(&last.text).unwrap();
        assert!(last.is_free() && last.nonce == "bob 19" && last.process == 4711);
    });
}

#[test]
fn of_two_who_want_what_is_free_one_gets_it_and_the_other_one_next() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        desk.table.borrow_mut().write(&free("eve"));
        let other = desk.other();
        let (ours, theirs) = tokio::join!(
            tries(&desk, &clock, "alice", 0),
            tries(&other, &clock, "bob", 0)
        );
        assert_eq!(
            theirs.unwrap_err(),
            LockError::Held(Occupant::Rival),
            "not one who let it go"
        );
        // The loser's text is the newest one now.
        keep(&ours.unwrap(), 30).await;
        desk.table.borrow_mut().write(&free("alice"));
        assert_eq!(take(&other, &clock, "bob 2").await.holder().who, "bob 2");
        assert_eq!(story(&desk.table.borrow()), "eABaB");
    });
}

#[test]
fn what_is_below_a_free_record_is_over() {
    run(async {
        for hidden in [false, true] {
            let (desk, clock) = (fresh(), clock());
            let mut texts = vec![record("dave", 0).text(), free("dave")];
            sleep(secs(10)).await;
            if hidden {
                // A loser's, and old: but not too old for others to be in force.
                texts.push(record("eve", 0).text());
                texts[0] = record("dave", 200).text();
                sleep(secs(390)).await;
            }
            desk.table.borrow_mut().texts = texts;
            assert_eq!(take(&desk, &clock, "alice").await.holder().who, "alice");
        }
    });
}

#[test]
fn unlocked_while_held_it_is_lost_within_a_minute_and_free_at_once() {
    run(async {
        for kept in [10, 700] {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            keep(&lock, kept).await;
            let holder = desk.table.borrow().newest().unwrap().text;
            let holder = Occupant::Holder(Holder::read(&holder).unwrap());
            assert_eq!(unlock(&desk).await, Ok(Some(holder)));
            assert!(desk.table.borrow().is_free());
            let (began, version) = (Instant::now(), desk.table.borrow().version());
            assert_eq!(loses(&lock).await, Lost::Broken);
            assert!(began.elapsed() < LOCK_RENEW + LOCK_POLL);
            lock.release().await.unwrap();
            assert_eq!(desk.table.borrow().version(), version, "it is not touched");
            let began = Instant::now();
            take(&desk, &clock, "bob").await;
            assert!(began.elapsed() < AT_ONCE);
        }
    });
}

#[test]
fn unlocked_and_taken_by_another_it_is_lost_and_the_other_keeps_it_for_hours() {
    run(async {
        for look in [true, false] {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            keep(&lock, 30).await;
            unlock(&desk).await.unwrap();
            let other = desk.other();
            let theirs = take(&other, &clock, "bob").await;
            if look {
                let (lost, ()) = tokio::join!(loses(&lock), keep(&theirs, 1000));
                assert_eq!(lost, Lost::Broken);
            }
            lock.release().await.unwrap();
            assert_eq!(desk.count(Op::Replace), 0);
            keep(&theirs, 4 * 3600).await;
            assert!(tries(&desk, &clock, "carol", 0).await.is_err());
            theirs.release().await.unwrap();
            assert!(story(&desk.table.borrow()).starts_with("AaBB"));
            assert!(desk.table.borrow().is_free());
        }
    });
}

#[test]
fn unlocked_just_before_a_renewal_it_is_freed_again() {
    run(async {
        for (kept, fate) in [10, 50].into_iter().zip([Fate::GOOD, Fate::UNTOLD]) {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            keep(&lock, kept).await;
            desk.plan(Op::Replace, fate);
            desk.before(Op::Replace, |table| {
                table.write(&free("unlocked"));
            });
            assert_eq!(loses(&lock).await, Lost::Broken);
            assert_eq!(story(&desk.table.borrow()), "AuAa");
            take(&desk, &clock, "bob").await;
        }
    });
}

/// What our renewal wrote is in force as far as others can tell, and hides one
/// that is.
#[test]
fn unlocked_and_taken_just_before_a_renewal_the_other_keeps_it() {
    run(async {
        for dies in [false, true] {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            desk.plan(Op::Replace, Fate::GOOD.there(secs(2)));
            let (other, began) = (desk.other(), Instant::now());
            let (lost, theirs) = tokio::join!(loses(&lock), async {
                while desk.count(Op::Replace) == 0 {
                    sleep(secs(1)).await;
                }
                unlock(&other).await.unwrap();
                take(&other, &clock, "bob").await
            });
            assert_eq!(lost, Lost::Broken);
            assert!(began.elapsed() < secs(70));
            assert_eq!(story(&desk.table.borrow()), "AaBA", "left as it is");
            let third = desk.other();
            let refused = tries(&third, &clock, "carol", 0).await.unwrap_err();
            assert!(matches!(refused, LockError::Held(Occupant::Holder(_))));
            if dies {
                let carol = tries(&third, &clock, "carol", 900).await.unwrap();
                let over = LOCK_RENEW + LOCK_LIFE + LOCK_SKEW;
                assert!((over..over + secs(15)).contains(&began.elapsed()));
                keep(&carol, 3600).await;
            } else {
                keep(&theirs, 4 * 3600).await;
                theirs.release().await.unwrap();
                take(&third, &clock, "dave").await;
            }
        }
    });
}

/// The renewal arrives after the release, and perhaps after the next run.
#[test]
fn a_renewal_that_was_cut_off_hides_neither_a_free_lock_nor_breaks_a_taken_one() {
    run(async {
        for next in [false, true] {
            let (desk, clock) = (fresh(), clock());
            desk.plan(Op::Replace, Fate::GOOD.there(secs(3)));
            let (lock, other) = (take(&desk, &clock, "alice").await, desk.other());
            while timeout(secs(1), lock.keep()).await.is_err() && desk.count(Op::Replace) == 0 {}
            let (released, theirs) = tokio::join!(lock.release(), async {
                sleep(secs(1)).await;
                match next {
                    true => Some(take(&other, &clock, "bob").await),
                    false => None,
                }
            });
            released.unwrap();
            match theirs {
                None => assert_eq!(story(&desk.table.borrow()), "AaAa"),
                Some(theirs) => {
                    assert_eq!(story(&desk.table.borrow()), "AaBA");
                    keep(&theirs, 4 * 3600).await;
                }
            }
        }
    });
}

/// It was so long under way that another one may take the lock any moment.
#[test]
fn a_renewal_that_is_nearly_over_when_it_arrives_is_left_alone() {
    run(async {
        for (there, end) in [(200, "aAa"), (250, "aA")] {
            let (desk, clock) = (fresh(), clock());
            desk.plan(Op::Replace, Fate::GOOD.there(secs(there)));
            let (lock, other) = (take(&desk, &clock, "alice").await, desk.other());
            let (lost, ()) = tokio::join!(loses(&lock), async {
                sleep(secs(there + 55)).await;
                unlock(&other).await.unwrap();
            });
            assert_eq!(lost, Lost::Broken);
            let story = story(&desk.table.borrow());
            assert_eq!(story.trim_start_matches('A'), end);
        }
    });
}

#[test]
fn ninety_nine_losers_do_not_end_it_but_one_more_does() {
    run(async {
        for (losers, lost) in [(99, None), (100, Some(Lost::Broken))] {
            let (desk, clock) = (fresh(), clock());
            let lock = take(&desk, &clock, "alice").await;
            let early = || record("early", 0).text();
            desk.before(Op::Replace, move |table| {
                for _ in 0..losers {
                    table.write(&early());
                }
            });
            assert_eq!(timeout(secs(300), lock.keep()).await.ok(), lost);
        }
    });
}

#[test]
fn removed_it_leaves_no_entry() {
    run(async {
        for cut_off in [false, true] {
            let (desk, clock) = (fresh(), clock());
            desk.plan(Op::Replace, Fate::GOOD.there(secs(2)));
            let lock = take(&desk, &clock, "alice").await;
            keep(&lock, if cut_off { 61 } else { 600 }).await;
            assert_eq!(desk.count(Op::Replace) == 1, cut_off);
            lock.remove().await.unwrap();
            sleep(secs(10)).await;
            assert_eq!(desk.table.borrow().newest(), None);
        }
        let (desk, clock) = (fresh(), clock());
        desk.plan(Op::Delete, Fate::refused(Class::Denied));
        let lock = take(&desk, &clock, "alice").await;
        assert_eq!(lock.remove().await, Err(error(Class::Denied)));
        unlock(&desk).await.unwrap();

        let lock = take(&desk, &clock, "bob").await;
        unlock(&desk).await.unwrap();
        let other = desk.other();
        let theirs = take(&other, &clock, "carol").await;
        lock.remove().await.unwrap();
        keep(&theirs, 3600).await;
    });
}

#[test]
fn unlock_writes_only_over_what_is_there_and_not_free() {
    run(async {
        let desk = fresh();
        assert_eq!(unlock(&desk).await, Ok(None));
        assert_eq!(desk.table.borrow().version(), 0);
        desk.table.borrow_mut().write("locked");
        let text = "locked".to_owned();
        assert_eq!(unlock(&desk).await, Ok(Some(Occupant::Unreadable(text))));
        assert_eq!(unlock(&desk).await, Ok(None));
        let newest = desk.table.borrow().newest().unwrap();
        let nobody = Holder::read(&newest.text).unwrap();
        assert!(nobody.is_free() && nobody.who.is_empty() && newest.version == 2);
        let clock = clock();
        take(&desk, &clock, "alice").await.release().await.unwrap();
        assert_eq!(unlock(&desk).await, Ok(None));
        assert_eq!(desk.table.borrow().version(), 4);
    });
}
