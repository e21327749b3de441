//! A thing is created once, whatever happens to the answers.

use std::cell::RefCell;
use std::time::Duration;

use crate::support::{Times, error, heard, paused, secs, settler, stop_after};
use killick_core::PhysicalId;
use killick_engine::{CancellationToken, Class, CloudError, Settler, create_once};
use proptest::prelude::*;
use tokio::time::Instant;

/// What becomes of one create call.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Made,
    /// It happened, but nobody was told.
    MadeUnseen,
    /// It did not happen, and nobody was told.
    LostUnseen,
    Refused(Class),
}

use Answer::{LostUnseen, Made, MadeUnseen, Refused};

/// An account in which things show only some time after they were made.
struct Account {
    answers: Vec<Answer>,
    lag: Duration,
    things: RefCell<Vec<(PhysicalId, Instant)>>,
    creates: Times,
    looks: Times,
}

impl Account {
    fn new(answers: &[Answer], lag: u64) -> Self {
        Self {
            answers: answers.to_vec(),
            lag: secs(lag),
            things: RefCell::default(),
            creates: Times::new(),
            looks: Times::new(),
        }
    }

    /// The same with things that were there before.
    fn holding(self, ids: &[&str]) -> Self {
        let things = ids.iter().map(|&id| (PhysicalId::new(id), Instant::now()));
        self.things.borrow_mut().extend(things);
        self
    }

    fn find(&self) -> Vec<PhysicalId> {
        self.looks.mark();
        let things = self.things.borrow();
        let shown = things.iter().filter(|(_, shows)| *shows <= Instant::now());
        shown.map(|(id, _)| id.clone()).collect()
    }

    fn create(&self) -> Result<PhysicalId, CloudError> {
        let number = self.creates.mark();
        let id = PhysicalId::new(format!("made-{number}"));
        let answer = self.answers.get(number - 1).copied().unwrap_or(LostUnseen);
        if matches!(answer, Made | MadeUnseen) {
            let shows = Instant::now() + self.lag;
            self.things.borrow_mut().push((id.clone(), shows));
        }
        match answer {
            Made => Ok(id),
            MadeUnseen | LostUnseen => Err(error(Class::Unknown)),
            Refused(class) => Err(error(class)),
        }
    }

    async fn once(&self, settler: &Settler) -> Result<PhysicalId, CloudError> {
        create_once(settler, async || Ok(self.find()), async || self.create()).await
    }

    fn counts(&self) -> (usize, usize) {
        (self.things.borrow().len(), self.creates.count())
    }
}

fn id(id: &str) -> Result<PhysicalId, CloudError> {
    Ok(PhysicalId::new(id))
}

/// A settler of a run that is old enough to make things at once.
async fn grown() -> Settler {
    let settler = settler();
    tokio::time::advance(secs(5)).await;
    settler
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_run_left_is_waited_for() {
    let account = Account::new(&[Made], 0);
    let left = (PhysicalId::new("left"), Instant::now() + secs(4));
    account.things.borrow_mut().push(left);
    assert_eq!(account.once(&settler()).await, id("left"));
    assert_eq!(account.creates.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_young_run_looks_twice_and_once_it_is_older_only_once() {
    let (account, settler) = (Account::new(&[Made, Made], 100), settler());
    assert_eq!(account.once(&settler).await, id("made-1"));
    assert_eq!(account.looks.at(), [secs(0), secs(5)]);
    assert_eq!(account.once(&settler).await, id("made-2"));
    assert_eq!(account.looks.at(), [secs(0), secs(5), secs(5)]);
}

#[tokio::test(start_paused = true)]
async fn a_request_to_stop_before_the_second_look_makes_nothing() {
    let cancel = CancellationToken::new();
    let (settler, account) = (Settler::new(cancel.clone(), 7), Account::new(&[Made], 0));
    let (made, ()) = tokio::join!(account.once(&settler), stop_after(&cancel, secs(2)));
    assert_eq!(made.unwrap_err().code, "Stopped");
    assert_eq!(account.counts(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_adopted() {
    let account = Account::new(&[Made], 0).holding(&["old"]);
    assert_eq!(account.once(&settler()).await, id("old"));
    assert_eq!(account.counts(), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn two_of_a_name_are_an_error_and_nothing_is_made() {
    let account = Account::new(&[Made], 0).holding(&["old-1", "old-2"]);
    let failure = account.once(&settler()).await.unwrap_err();
    assert_eq!(
        (failure.code.as_str(), failure.class),
        ("AmbiguousIdentity", Class::Fatal)
    );
    assert_eq!(
        failure.message,
        "more than one carries these tags: old-1, old-2"
    );
    assert_eq!(account.counts(), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_made() {
    let settler = grown().await;
    let account = Account::new(&[Made], 100);
    assert_eq!(account.once(&settler).await, id("made-1"));
    assert_eq!(account.counts(), (1, 1));
    assert_eq!(account.looks.elapsed(), secs(0), "the answer is enough");
}

#[tokio::test(start_paused = true)]
async fn what_was_made_unseen_is_found_and_not_made_again() {
    for lag in [0, 1, 7, 60, 200, 300] {
        let (settler, notes) = heard(&grown().await);
        let account = Account::new(&[MadeUnseen, Made], lag);
        assert_eq!(account.once(&settler).await, id("made-1"), "after {lag} s");
        assert_eq!(account.counts(), (1, 1), "after {lag} s");
        let says = "CreateThing had no answer, looking whether it happened";
        assert!(notes.borrow().iter().all(|note| note == says));
        assert_eq!(notes.borrow().is_empty(), lag == 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_never_happened_is_made_again_when_it_can_no_longer_appear() {
    let account = Account::new(&[LostUnseen, Made], 0);
    assert_eq!(account.once(&settler()).await, id("made-2"));
    assert_eq!(account.counts(), (1, 2));
    let (creates, looks) = (account.creates.at(), account.looks.at());
    assert!(
        creates[1] >= secs(300) && creates[1] < secs(330),
        "{creates:?}"
    );
    assert_eq!(looks.last(), Some(&creates[1]), "a look right before");
    assert!(looks.len() > 10, "{looks:?}");
}

#[tokio::test(start_paused = true)]
async fn after_three_calls_without_an_answer_it_gives_up() {
    let account = Account::new(&[LostUnseen; 3], 0);
    assert_eq!(account.once(&settler()).await, Err(error(Class::Unknown)));
    assert_eq!(account.counts(), (0, 3));
    let rest = account.looks.elapsed() - account.creates.at()[2];
    assert!(rest >= secs(300), "the last one may yet have happened");

    let account = Account::new(&[LostUnseen, LostUnseen, MadeUnseen], 250);
    assert_eq!(account.once(&settler()).await, id("made-3"));
    assert_eq!(account.counts(), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn any_other_failure_passes_through() {
    for class in crate::support::CLASSES
        .into_iter()
        .filter(|class| *class != Class::Unknown)
    {
        let settler = grown().await;
        let account = Account::new(&[Refused(class), Made], 0);
        assert_eq!(account.once(&settler).await, Err(error(class)));
        assert_eq!(
            (account.counts(), account.looks.elapsed()),
            ((0, 1), secs(0))
        );

        let account = Account::new(&[LostUnseen, Refused(class), Made], 0);
        assert_eq!(account.once(&settler).await, Err(error(class)));
        assert_eq!(account.counts(), (0, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_that_fails_passes_through() {
    // Even where it fails just like the call did: not seeing is not absence.
    for failing in [1, 2, 5] {
        let settler = grown().await;
        let account = Account::new(&[MadeUnseen, Made], 500);
        let find = async || match account.looks.count() + 1 == failing {
            true => Err(error(Class::Unknown)),
            false => Ok(account.find()),
        };
        let made = create_once(&settler, find, async || account.create()).await;
        assert_eq!(made, Err(error(Class::Unknown)));
        assert_eq!(account.creates.count(), usize::from(failing > 1));
        assert!(account.looks.elapsed() < secs(60));
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_one_that_shows_while_looking_is_an_error() {
    let settler = grown().await;
    let account = Account::new(&[MadeUnseen, Made], 20);
    account
        .things
        .borrow_mut()
        .push((PhysicalId::new("theirs"), Instant::now() + secs(20)));
    let failure = account.once(&settler).await.unwrap_err();
    assert_eq!(failure.code, "AmbiguousIdentity");
    assert_eq!(
        failure.message,
        "more than one carries these tags: theirs, made-1"
    );
    assert_eq!(account.creates.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_to_stop_ends_the_looking_and_nothing_is_made_again() {
    let cancel = CancellationToken::new();
    let settler = Settler::new(cancel.clone(), 7);
    let account = Account::new(&[LostUnseen, Made], 0);
    let (made, ()) = tokio::join!(account.once(&settler), stop_after(&cancel, secs(50)));
    assert_eq!(made, Err(error(Class::Unknown)));
    assert_eq!(account.counts(), (0, 1));
    assert_eq!(account.looks.elapsed(), secs(50));
}

#[tokio::test(start_paused = true)]
async fn a_request_to_stop_during_the_last_look_counts_too() {
    let cancel = CancellationToken::new();
    let settler = Settler::new(cancel.clone(), 7);
    let account = Account::new(&[LostUnseen, Made], 0);
    let find = async || {
        let found = account.find();
        if account.looks.elapsed() >= secs(300) {
            cancel.cancel();
        }
        Ok(found)
    };
    let made = create_once(&settler, find, async || account.create()).await;
    assert_eq!(made, Err(error(Class::Unknown)));
    assert_eq!(account.counts(), (0, 1));
}

proptest! {
    #[test]
    fn never_are_there_two(
        answers in prop::collection::vec(
            prop_oneof![
                Just(Made),
                Just(MadeUnseen),
                Just(LostUnseen),
                Just(Refused(Class::Denied)),
            ],
            0..5,
        ),
        lag in 0..=300_u64,
        seed: u64,
        stop in 0..2000_u64,
    ) {
        paused(async {
            let cancel = CancellationToken::new();
            let settler = Settler::new(cancel.clone(), seed);
            let account = Account::new(&answers, lag);
            let work = async {
                let made = account.once(&settler).await;
                (made, settler.cancelled())
            };
            let ((made, stopped), ()) = tokio::join!(work, stop_after(&cancel, secs(stop)));
            let things = account.things.borrow();
            prop_assert!(things.len() <= 1);
            if let Ok(id) = made {
                prop_assert_eq!(&things[0].0, &id);
            } else if !stopped {
                prop_assert!(things.is_empty());
            }
            Ok(())
        })?;
    }
}
