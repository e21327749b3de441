//! Taking a lock: from nobody, from one who let it go, or from one who is gone.

use std::time::Duration;

use tokio::time::Instant;

use super::grip::Grip;
use super::{Entry, Holder, LOCK_POLL, LOCK_RETRY, LockError, LockStore, Occupant, Taker};
use crate::{Class, CloudError, Settler};

/// How often in a row the entry may be there for one call and gone for the
/// next one before that is waited for.
const TURNS: u32 = 3;

/// One run on its way to the lock.
struct Attempt<'a, S> {
    store: &'a S,
    clock: &'a dyn Fn() -> u64,
    taker: Taker,
    base: &'a str,
    /// Nonces that stand in the store for nothing: each lost a race.
    lost: Vec<String>,
}

/// What a look at somebody's entry led to.
enum Look {
    Taken(Holder, Grip),
    Occupied(Occupant),
}

/// See [`super::Lock::take`].
pub(super) async fn take<S: LockStore>(
    store: &S,
    settler: &Settler,
    clock: &dyn Fn() -> u64,
    taker: Taker,
    nonce: &str,
    timeout: Duration,
) -> Result<(Holder, Grip), LockError> {
    let mut attempt = Attempt {
        store,
        clock,
        taker,
        base: nonce,
        lost: Vec::new(),
    };
    let started = Instant::now();
    let (mut turns, mut unanswered) = (0, None);
    let mut absent = true;
    if settler.cancelled() {
        return Err(LockError::Stopped);
    }
    loop {
        if absent {
            match attempt.create().await {
                Ok(Some(taken)) => return Ok(taken),
                Ok(None) => {}
                Err(error) if error.class == Class::Unknown => unanswered = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        let newest = store.read().await?;
        absent = newest.is_none();
        let occupant = match newest {
            Some(entry) => match attempt.look(entry).await? {
                Look::Taken(holder, grip) => return Ok((holder, grip)),
                Look::Occupied(occupant) => occupant,
            },
            None => {
                turns += 1;
                if turns < TURNS {
                    // What had no answer may still be under way.
                    if unanswered.is_some()
                        && !settler.wait("the lock had no answer", LOCK_RETRY).await
                    {
                        return Err(LockError::Stopped);
                    }
                    continue;
                }
                if let Some(error) = unanswered {
                    return Err(error.into());
                }
                Occupant::Rival
            }
        };
        (turns, unanswered) = (0, None);
        let waited = settler.since(started);
        if waited >= timeout {
            return Err(LockError::Held(occupant));
        }
        let reason = format!("waiting for the lock: held by {}", occupant.brief());
        if !settler.wait(&reason, LOCK_POLL.min(timeout - waited)).await {
            return Err(LockError::Stopped);
        }
    }
}

impl<S: LockStore> Attempt<'_, S> {
    /// Our record with a nonce that has not lost yet.
    fn holder(&self) -> Holder {
        let nonce = match self.lost.len() {
            0 => self.base.to_owned(),
            lost => format!("{}-{}", self.base, lost + 1),
        };
        Holder::new(self.taker.clone(), nonce, (self.clock)())
    }

    /// `None` when the entry is there already, or came too late to be held.
    async fn create(&self) -> Result<Option<(Holder, Grip)>, CloudError> {
        let holder = self.holder();
        let text = holder.text();
        let created = self.store.create(&text).await?;
        Ok(created.and_then(|version| self.grip(holder, Entry { text, version })))
    }

    /// What to make of an entry that is there.
    async fn look(&mut self, entry: Entry) -> Result<Look, CloudError> {
        let Some(holder) = Holder::read(&entry.text) else {
            return Ok(Look::Occupied(Occupant::Unreadable(entry.text)));
        };
        if holder.nonce == self.holder().nonce {
            // A create without an answer did happen.
            if let Some(grip) = self.grip(holder.clone(), entry.clone()) {
                return Ok(Look::Taken(grip.0, grip.1));
            }
            self.lost.push(holder.nonce.clone());
        }
        if let Some(occupant) = self.in_force(&entry, holder).await? {
            return Ok(Look::Occupied(occupant));
        }
        let holder = self.holder();
        let text = holder.text();
        let taken = match self.replace(&entry, &text).await? {
            Some(version) => self.grip(holder.clone(), Entry { text, version }),
            None => None,
        };
        Ok(match taken {
            Some((holder, grip)) => Look::Taken(holder, grip),
            None => {
                self.lost.push(holder.nonce);
                Look::Occupied(Occupant::Rival)
            }
        })
    }

    /// Whoever may still hold the lock. One who lost a race hides the text of
    /// the one who won, and his own may end sooner: so those below count too,
    /// down to a free one, or one that is too old to have anything in force
    /// below it.
    async fn in_force(&self, newest: &Entry, top: Holder) -> Result<Option<Occupant>, CloudError> {
        let now = (self.clock)();
        let (mut holder, mut version) = (top, newest.version);
        loop {
            if holder.is_free() {
                return Ok(None);
            }
            if !holder.expired(now) {
                let lost = self.lost.contains(&holder.nonce);
                return Ok(Some(match lost {
                    true => Occupant::Rival,
                    false => Occupant::Holder(holder),
                }));
            }
            if holder.long_expired(now) || version <= 1 {
                return Ok(None);
            }
            version -= 1;
            let Some(entry) = self.store.read_version(version).await? else {
                return Ok(None);
            };
            match Holder::read(&entry.text) {
                Some(below) => holder = below,
                None => return Ok(Some(Occupant::Unreadable(entry.text))),
            }
        }
    }

    /// Writes over an entry that is free or has expired; the version if that
    /// made it ours.
    async fn replace(&self, over: &Entry, text: &str) -> Result<Option<u64>, CloudError> {
        let next = over.version.saturating_add(1);
        let version = match self.store.replace(text).await {
            Ok(version) => Some(version),
            Err(error) if error.class == Class::Unknown => self.find(text, next).await?,
            Err(error) => return Err(error),
        };
        match version {
            // It had been deleted, and nobody was faster.
            Some(1) => Ok(Some(1)),
            Some(version) if version == next => {
                // It may have been deleted and made anew up to that version.
                let below = self.store.read_version(over.version).await?;
                Ok((below.as_ref() == Some(over)).then_some(version))
            }
            _ => Ok(None),
        }
    }

    /// Where a write without an answer has ended up, if that is a place that
    /// could make it ours.
    async fn find(&self, text: &str, next: u64) -> Result<Option<u64>, CloudError> {
        for version in [next, 1] {
            let entry = self.store.read_version(version).await?;
            if entry.is_some_and(|entry| entry.text == text) {
                return Ok(Some(version));
            }
        }
        Ok(None)
    }

    /// A hold on what was written, unless that is over by now.
    fn grip(&self, holder: Holder, entry: Entry) -> Option<(Holder, Grip)> {
        let (expires, now) = (holder.expires, (self.clock)());
        let left = Duration::from_secs(expires.checked_sub(now).filter(|left| *left > 1)?);
        let left = (left, Instant::now());
        let grip = Grip {
            entry,
            expires,
            left,
        };
        Some((holder, grip))
    }
}
