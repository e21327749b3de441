//! Somebody who is told, and does not always listen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use killick_watch::{Boxed, Chance, Notification, SendError, Target};

use super::{below, percent};

/// Lives on from one watch to the next.
#[derive(Clone)]
pub(crate) struct Inbox(Rc<RefCell<Inner>>);

struct Inner {
    name: String,
    chance: Chance,
    /// In how many of a hundred cases a delivery fails.
    failing: u64,
    /// Everything that arrived, repetitions included.
    arrived: Vec<Notification>,
    tries: u64,
    /// What to answer next, before anything is left to chance.
    script: Vec<Result<(), SendError>>,
}

impl Inbox {
    pub(crate) fn new(name: &str, seed: u64, failing: u64) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            name: name.to_owned(),
            chance: Chance::new(seed),
            failing,
            arrived: Vec::new(),
            tries: 0,
            script: Vec::new(),
        })))
    }

    pub(crate) fn fails(&self, percent: u64) {
        self.0.borrow_mut().failing = percent;
    }

    /// Answers these first.
    pub(crate) fn answers(&self, script: impl IntoIterator<Item = Result<(), SendError>>) {
        self.0.borrow_mut().script = script.into_iter().collect();
    }

    pub(crate) fn tries(&self) -> u64 {
        self.0.borrow().tries
    }

    /// What arrived, in order.
    pub(crate) fn arrived(&self) -> Vec<Notification> {
        self.0.borrow().arrived.clone()
    }

    /// The same without repetitions: one id, one content.
    pub(crate) fn distinct(&self) -> Vec<Notification> {
        let mut seen: BTreeMap<String, Notification> = BTreeMap::new();
        let mut all = Vec::new();
        for one in self.arrived() {
            match seen.get(&one.id) {
                Some(known) => assert_eq!(*known, one, "one id, two contents"),
                None => {
                    seen.insert(one.id.clone(), one.clone());
                    all.push(one);
                }
            }
        }
        all
    }

    pub(crate) fn target(&self) -> Box<dyn Target> {
        Box::new(Door {
            name: self.0.borrow().name.clone(),
            inbox: self.clone(),
        })
    }
}

struct Door {
    name: String,
    inbox: Inbox,
}

impl Target for Door {
    fn name(&self) -> &str {
        &self.name
    }

    fn send<'a>(&'a self, notification: &'a Notification) -> Boxed<'a, Result<(), SendError>> {
        Box::pin(async move {
            let inner = &self.inbox.0;
            inner.borrow_mut().tries += 1;
            if !inner.borrow().script.is_empty() {
                let answer = inner.borrow_mut().script.remove(0);
                if answer.is_ok() {
                    inner.borrow_mut().arrived.push(notification.clone());
                }
                return answer;
            }
            let (before, after, fails, arrives) = {
                let Inner {
                    chance, failing, ..
                } = &mut *inner.borrow_mut();
                let fails = percent(chance, *failing);
                (
                    below(chance, 3),
                    below(chance, 3),
                    fails,
                    !fails || percent(chance, 30),
                )
            };
            tokio::time::sleep(Duration::from_secs(before)).await;
            if arrives {
                inner.borrow_mut().arrived.push(notification.clone());
            }
            // Here the answer may get lost, or the one who waits for it.
            tokio::time::sleep(Duration::from_secs(after)).await;
            match fails {
                true => Err(SendError::passing("no answer")),
                false => Ok(()),
            }
        })
    }
}
