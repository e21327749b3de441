//! What the tests of this crate share: a virtual clock's notes, errors of
//! every class, plans of any shape and a cloud that plays them.
#![allow(dead_code, reason = "no test file uses all of it")]

pub(crate) mod cloud;
pub(crate) mod desk;
pub(crate) mod plans;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use killick_engine::{CancellationToken, Class, CloudError, Settler};
use tokio::time::Instant;

pub(crate) const CLASSES: [Class; 9] = [
    Class::Throttled,
    Class::Unreached,
    Class::NotYetVisible,
    Class::StillInUse,
    Class::Busy,
    Class::Gone,
    Class::Denied,
    Class::Unknown,
    Class::Fatal,
];

/// The timer counts in milliseconds and rounds up.
pub(crate) const TICK: Duration = Duration::from_millis(2);

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn error(class: Class) -> CloudError {
    CloudError {
        service: "ec2",
        operation: "CreateThing",
        code: format!("{class:?}"),
        message: "as scripted".to_owned(),
        request_id: Some("req-1".to_owned()),
        class,
    }
}

pub(crate) fn settler() -> Settler {
    Settler::new(CancellationToken::new(), 7)
}

/// A settler, and what it says while it waits.
pub(crate) fn heard(settler: &Settler) -> (Settler, Rc<RefCell<Vec<String>>>) {
    let notes = Rc::new(RefCell::new(Vec::new()));
    let into = Rc::clone(&notes);
    let settler = settler.for_step("step", move |note| into.borrow_mut().push(note.to_owned()));
    (settler, notes)
}

/// When a call was made, every time it was.
pub(crate) struct Times {
    began: Instant,
    at: RefCell<Vec<Duration>>,
}

impl Times {
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            at: RefCell::default(),
        }
    }

    /// Notes a call and returns its number, 1 for the first.
    pub(crate) fn mark(&self) -> usize {
        self.at.borrow_mut().push(self.began.elapsed());
        self.count()
    }

    pub(crate) fn count(&self) -> usize {
        self.at.borrow().len()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    pub(crate) fn at(&self) -> Vec<Duration> {
        self.at.borrow().clone()
    }

    pub(crate) fn whole_seconds(&self) -> Vec<u64> {
        self.at().iter().map(rounded).collect()
    }

    pub(crate) fn gaps(&self) -> Vec<Duration> {
        self.at().windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

pub(crate) fn rounded(time: &Duration) -> u64 {
    time.as_secs_f64().round() as u64
}

/// Triggers `cancel` after some time.
pub(crate) async fn stop_after(cancel: &CancellationToken, time: Duration) {
    tokio::time::sleep(time).await;
    cancel.cancel();
}

/// Runs a future on a clock that only moves when everything waits.
pub(crate) fn paused<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}
