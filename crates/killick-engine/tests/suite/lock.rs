//! Taking a lock: who gets it, who waits, and who is told what.

use std::cell::Cell;
use std::time::Duration;

use crate::support::desk::{BEGIN, Desk, Fate, Op, clock, taker};
use crate::support::{error, heard, paused, secs, settler, stop_after};
use futures_util::future::join_all;
use killick_engine::{
    CancellationToken, Class, Holder, LOCK_LIFE, LOCK_SKEW, Lock, LockError, Occupant, Settler,
    unlock,
};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

const SOON: Duration = Duration::from_secs(10);

fn run(test: impl Future<Output = ()>) {
    paused(LocalSet::new().run_until(test));
}

fn fresh() -> Desk {
    Desk::new(&std::rc::Rc::default())
}

/// A desk with the record of one who died that long before the test began.
fn left(age: u64) -> Desk {
    let desk = fresh();
    let holder = Holder {
        nonce: "dead".to_owned(),
        who: "bob".to_owned(),
        host: "laptop".to_owned(),
        process: 1,
        command: "destroy".to_owned(),
        taken: BEGIN - age,
        expires: BEGIN - age + LOCK_LIFE.as_secs(),
    };
    desk.table.borrow_mut().write(&holder.text());
    desk
}

fn newest(desk: &Desk) -> Option<Holder> {
    let entry = desk.table.borrow().newest()?;
    Holder::read(&entry.text)
}

type Taken<'a> = Result<Lock<'a, Desk>, LockError>;

async fn take<'a>(desk: &'a Desk, clock: &'a dyn Fn() -> u64, who: &str, wait: u64) -> Taken<'a> {
    Lock::take(desk, &settler(), clock, taker(who), who, secs(wait)).await
}

fn occupant(taken: Taken<'_>) -> Occupant {
    match taken {
        Err(LockError::Held(occupant)) => occupant,
        other => panic!("not held by another: {other:?}"),
    }
}

#[test]
fn of_two_at_once_one_gets_it() {
    run(async {
        for desk in [fresh(), left(1000)] {
            let (clock, other) = (clock(), desk.other());
            let both = [
                take(&desk, &clock, "alice", 0),
                take(&other, &clock, "carol", 0),
            ];
            let both = join_all(both).await;
            assert_eq!(both.iter().filter(|taken| taken.is_ok()).count(), 1);
            for lock in both.into_iter().flatten() {
                lock.release().await.unwrap();
            }
            assert!(desk.table.borrow().is_free());
        }
    });
}

#[test]
fn who_does_not_wait_is_told_who_holds_it() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let lock = take(&desk, &clock, "alice", 0).await.unwrap();
        let refused = take(&desk, &clock, "carol", 0).await.unwrap_err();
        assert_eq!(
            refused,
            LockError::Held(Occupant::Holder(lock.holder().clone()))
        );
        assert_eq!(
            refused.to_string(),
            "the stack is locked by alice on build-7 (process 4711, apply), \
             since 12:03:10 UTC, until 12:08:10 UTC"
        );
        assert_eq!(desk.table.borrow().writes.len(), 1);
    });
}

#[test]
fn who_waits_gets_it_when_it_is_released() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let lock = take(&desk, &clock, "alice", 0).await.unwrap();
        let (other, began) = (desk.other(), Instant::now());
        let (settler, notes) = heard(&settler());
        let waits = Lock::take(&other, &settler, &clock, taker("carol"), "carol", secs(600));
        let works = async {
            tokio::select! {
                lost = lock.keep() => panic!("{lost}"),
                () = sleep(secs(400)) => {}
            }
            lock.release().await.unwrap();
        };
        let (taken, ()) = tokio::join!(waits, works);
        assert_eq!(taken.unwrap().holder().who, "carol");
        assert!(began.elapsed() < secs(400) + SOON);
        let note = "waiting for the lock: held by alice on build-7 since 12:03:10 UTC";
        assert!(notes.borrow().iter().all(|it| it == note));
        assert!(notes.borrow().len() > 70);
    });
}

#[test]
fn waiting_ends_when_it_has_lasted_long_enough_or_on_request() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        let lock = take(&desk, &clock, "alice", 0).await.unwrap();
        let began = Instant::now();
        let refused = occupant(take(&desk, &clock, "carol", 33).await);
        assert_eq!(refused, Occupant::Holder(lock.holder().clone()));
        assert!((secs(33)..secs(35)).contains(&began.elapsed()));

        let (cancel, began) = (CancellationToken::new(), Instant::now());
        let settler = Settler::new(cancel.clone(), 7);
        let waits = Lock::take(&desk, &settler, &clock, taker("carol"), "carol", secs(99));
        let (stopped, ()) = tokio::join!(waits, stop_after(&cancel, secs(17)));
        assert_eq!(stopped.unwrap_err(), LockError::Stopped);
        assert!(began.elapsed() < secs(18));
        let late = Lock::take(&desk, &settler, &clock, taker("carol"), "carol", secs(99)).await;
        assert_eq!(late.unwrap_err(), LockError::Stopped);
    });
}

#[test]
fn one_of_five_follows_one_who_was_killed_and_not_before_its_time() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        drop(take(&desk, &clock, "alice", 0).await.unwrap());
        let began = Instant::now();
        let (desks, taken_at) = ([0; 5].map(|_| desk.other()), Cell::new(None));
        let names = ["b", "c", "d", "e", "f"];
        let lives = desks.iter().zip(names).map(async |(desk, name)| {
            let Ok(lock) = take(desk, &clock, name, 900).await else {
                return false;
            };
            assert_eq!(taken_at.replace(Some(began.elapsed())), None, "two hold it");
            tokio::select! {
                lost = lock.keep() => panic!("{name}: {lost}"),
                () = sleep(secs(2000)) => true,
            }
        });
        let held = join_all(lives).await;
        assert_eq!(held.into_iter().filter(|held| *held).count(), 1);
        let over = LOCK_LIFE + LOCK_SKEW;
        assert!((over - secs(1)..over + SOON).contains(&taken_at.get().unwrap()));
    });
}

#[test]
fn a_lost_answer_is_not_a_lock_held_by_another() {
    run(async {
        for fate in [Fate::UNTOLD, Fate::NOTHING] {
            let (desk, clock) = (fresh().next(Op::Create, fate), clock());
            let lock = take(&desk, &clock, "alice", 0).await.unwrap();
            assert_eq!(newest(&desk).as_ref(), Some(lock.holder()));
            assert_eq!(desk.table.borrow().version(), 1);
        }
        // It arrives when the next one has been sent.
        let late = Fate::NOTHING.there(secs(1));
        let desk = fresh().next(Op::Create, late).next(Op::Create, late);
        let clock = clock();
        assert!(take(&desk, &clock, "alice", 0).await.is_ok());

        let desk = left(1000).next(Op::Replace, Fate::UNTOLD);
        let lock = take(&desk, &clock, "alice", 0).await.unwrap();
        assert_eq!(newest(&desk).as_ref(), Some(lock.holder()));
        let desk = left(1000).next(Op::Replace, Fate::NOTHING);
        assert_eq!(
            occupant(take(&desk, &clock, "alice", 0).await),
            Occupant::Rival
        );
        assert_eq!(
            take(&desk, &clock, "alice", 6).await.unwrap().holder().who,
            "alice"
        );
    });
}

#[test]
fn a_store_that_never_answers_is_an_error() {
    run(async {
        let (desk, clock) = (fresh(), clock());
        desk.down(secs(60), Class::Denied);
        let denied = take(&desk, &clock, "alice", 600).await.unwrap_err();
        assert_eq!(denied, LockError::Cloud(error(Class::Denied)));
        let silent = [Fate::NOTHING; 3].into_iter();
        let desk = silent.fold(fresh(), |desk, fate| desk.next(Op::Create, fate));
        let unknown = take(&desk, &clock, "alice", 600).await.unwrap_err();
        assert_eq!(unknown, LockError::Cloud(error(Class::Unknown)));
        assert_eq!(desk.count(Op::Create), 3);
    });
}

/// Between our read and our write the entry is taken, released, and taken
/// anew; the new one goes on.
#[test]
fn an_entry_that_was_made_anew_is_not_taken_over() {
    run(async {
        let (desk, clock) = (left(1000), clock());
        let anew = Desk::new(&desk.table);
        let holder = Holder {
            nonce: "true".to_owned(),
            expires: BEGIN + 300,
            ..newest(&desk).unwrap()
        };
        desk.before(Op::Replace, move |table| {
            table.write("taken");
            table.delete();
            table.write(&holder.text());
        });
        assert_eq!(
            occupant(take(&desk, &clock, "alice", 30).await),
            Occupant::Rival
        );
        let texts = anew.table.borrow().texts.clone();
        assert_eq!(texts.len(), 2, "as if it were the next version");
        assert!(texts[0].contains("\"true\"") && texts[1].contains("\"alice\""));
    });
}

#[test]
fn an_entry_that_went_away_before_the_write_is_made() {
    run(async {
        for fate in [Fate::GOOD, Fate::UNTOLD] {
            let (desk, clock) = (left(1000).next(Op::Replace, fate), clock());
            desk.before(Op::Replace, |table| table.delete());
            let lock = take(&desk, &clock, "alice", 0).await.unwrap();
            assert_eq!(newest(&desk).as_ref(), Some(lock.holder()));
            lock.release().await.unwrap();
            assert!(desk.table.borrow().is_free());
        }
    });
}

/// A slow loser's text is older than that of the winner whom it hides.
#[test]
fn the_winner_counts_although_a_loser_hides_it() {
    run(async {
        let (desk, clock) = (left(1000), clock());
        let slow = desk.other().next(Op::Replace, Fate::GOOD.there(secs(200)));
        let wins = async {
            sleep(secs(150)).await;
            take(&desk, &clock, "alice", 0).await.unwrap()
        };
        let (lost, won) = tokio::join!(take(&slow, &clock, "carol", 0), wins);
        assert_eq!(occupant(lost), Occupant::Rival);
        // 370 s: the loser's text is over, the winner's is not.
        sleep(secs(170)).await;
        let refused = occupant(take(&slow, &clock, "dave", 0).await);
        assert_eq!(refused, Occupant::Holder(won.holder().clone()));
        sleep(secs(145)).await;
        assert!(take(&slow, &clock, "dave", 0).await.is_ok());
    });
}

#[test]
fn what_cannot_be_read_is_never_taken_over_but_overwritten_by_hand() {
    run(async {
        let (desk, clock) = (left(1000), clock());
        let text = newest(&desk)
            .unwrap()
            .text()
            .replace("\"format\":1", "\"format\":2");
        desk.table.borrow_mut().write(&text);
        for wait in [0, 5000] {
            let refused = take(&desk, &clock, "alice", wait).await.unwrap_err();
            assert!(refused.to_string().contains("`unlock`"), "{refused}");
            assert_eq!(refused, LockError::Held(Occupant::Unreadable(text.clone())));
        }
        assert_eq!(desk.table.borrow().version(), 2);
        assert_eq!(unlock(&desk).await, Ok(Some(Occupant::Unreadable(text))));
        assert_eq!(unlock(&desk).await, Ok(None));
        let lock = take(&desk, &clock, "alice", 0).await.unwrap();
        let holder = Occupant::Holder(lock.holder().clone());
        assert_eq!(unlock(&desk).await, Ok(Some(holder)));
    });
}
