//! Holding a lock, and letting it go.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::grip::Grip;
use super::limit::VERSIONS;
use super::{
    Entry, Holder, LOCK_LIFE, LOCK_POLL, LOCK_RENEW, LOCK_RETRY, LOCK_SKEW, LockError, LockStore,
    Taker, take,
};
use crate::{Class, CloudError, Settler};

/// A lock that was taken. It is held only while [`Lock::keep`] runs beside the
/// work, and is let go with [`Lock::release`]; dropped, it stays in force until
/// it expires.
pub struct Lock<'a, S> {
    store: &'a S,
    settler: Settler,
    clock: &'a dyn Fn() -> u64,
    holder: Holder,
    grip: RefCell<Grip>,
    /// Whether a write of ours may still be under way.
    writing: Cell<bool>,
}

/// How a lock was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It could not be renewed in time; what the last try failed with.
    Late(Option<CloudError>),
    /// Somebody broke it by hand: unlocked it, or deleted the entry.
    Broken,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late(None) => f.write_str("the lock could not be renewed in time"),
            Self::Late(Some(error)) => {
                write!(f, "the lock could not be renewed in time: {error}")
            }
            Self::Broken => f.write_str("the lock was broken by hand"),
        }
    }
}

impl<S> fmt::Debug for Lock<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock")
            .field("holder", &self.holder)
            .field("grip", &self.grip)
            .finish_non_exhaustive()
    }
}

impl<'a, S: LockStore> Lock<'a, S> {
    /// Takes the lock, or waits for it up to `timeout` of the cloud's time; the
    /// first look comes at once. `clock` tells seconds since 1970, the same for
    /// all who want the lock up to [`LOCK_SKEW`]; `nonce` is never used twice.
    ///
    /// # Errors
    /// [`LockError::Held`] when the time is up, [`LockError::Stopped`] when the
    /// user asked to stop, [`LockError::Cloud`] when a call failed; it may then
    /// stay locked until what was written expires.
    pub async fn take(
        store: &'a S,
        settler: &Settler,
        clock: &'a dyn Fn() -> u64,
        taker: Taker,
        nonce: &str,
        timeout: Duration,
    ) -> Result<Self, LockError> {
        let (holder, grip) = take::take(store, settler, clock, taker, nonce, timeout).await?;
        Ok(Self {
            store,
            settler: settler.unstoppable(),
            clock,
            holder,
            grip: RefCell::new(grip),
            writing: Cell::new(false),
        })
    }

    /// Who holds it: ourselves.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Renews the lock and returns when it is lost, never while it is held. A
    /// request to stop does not end it: what is in flight still needs the lock.
    pub async fn keep(&self) -> Lost {
        let mut failed = None;
        loop {
            let left = self.left();
            if left.is_zero() {
                return Lost::Late(failed);
            }
            let early = left.saturating_sub(LOCK_LIFE - LOCK_RENEW);
            if !early.is_zero() {
                self.settler.pause(early.min(LOCK_POLL)).await;
                continue;
            }
            let limit = left.min(LOCK_RENEW);
            match self.settler.within(limit, self.renew()).await {
                Some(Ok(true)) => failed = None,
                Some(Ok(false)) => {
                    let _ = self.settler.within(LOCK_POLL, self.sweep()).await;
                    return Lost::Broken;
                }
                Some(Err(error)) => {
                    failed = Some(error);
                    self.settler.pause(LOCK_RETRY.min(self.left())).await;
                }
                None => {}
            }
        }
    }

    /// Lets the lock go: the entry stays, and says that nobody holds it. (After
    /// a delete SSM asks for 30 seconds before that name is written again, and
    /// the next run may come at once.) A lock that is nearly over or was lost is
    /// left alone: it may be another one's by the time the call gets there.
    ///
    /// # Errors
    /// The failed call; the lock then stays in force until it expires.
    pub async fn release(self) -> Result<(), CloudError> {
        let free = self.holder.freed().text();
        let freed = async || self.store.replace(&free).await.map(drop);
        self.end(freed).await
    }

    /// Lets the lock go and deletes the entry, for when there is nothing left
    /// to lock; otherwise like [`Lock::release`].
    ///
    /// # Errors
    /// The failed call; the lock then stays in force until it expires.
    pub async fn remove(self) -> Result<(), CloudError> {
        self.end(async || self.store.delete().await).await
    }

    /// How long it is surely held if nothing happens.
    fn left(&self) -> Duration {
        let grip = self.grip.borrow();
        let (left, then) = grip.left;
        let by_clock = self.until(grip.expires);
        by_clock.min(left.saturating_sub(self.settler.since(then)))
    }

    /// How long it is until then, in seconds since 1970. The clock may be almost
    /// a second ahead of what it says.
    fn until(&self, then: u64) -> Duration {
        let now = (self.clock)().saturating_add(1);
        Duration::from_secs(then.saturating_sub(now))
    }

    /// Holds it for a whole life more; false when it was broken by hand. Done
    /// too late it does not count.
    async fn renew(&self) -> Result<bool, CloudError> {
        let held = self.grip.borrow().entry.clone();
        if !self.ours(&held).await? {
            return Ok(false);
        }
        if self.left().is_zero() {
            return Ok(true);
        }
        let then = Instant::now();
        let holder = self.holder.renewed((self.clock)());
        let text = holder.text();
        self.writing.set(true);
        let written = self.store.replace(&text).await;
        let open = |error: &CloudError| error.class == Class::Unknown;
        self.writing.set(written.as_ref().is_err_and(open));
        let version = written?;
        // Broken since we looked: what we wrote is a new entry, or hides one.
        if !self.unbroken(&held, version).await? {
            return Ok(false);
        }
        if !self.left().is_zero() {
            self.grip.replace(Grip {
                entry: Entry { text, version },
                expires: holder.expires,
                left: (LOCK_LIFE, then),
            });
        }
        Ok(true)
    }

    /// Whether we still hold it. A newer text than ours is our own without an
    /// answer, or of one who lost a race against us: in either case ours is
    /// still below it. A free record, there or on the way, is neither.
    async fn ours(&self, held: &Entry) -> Result<bool, CloudError> {
        match self.store.read().await? {
            None => Ok(false),
            Some(newest) if newest == *held => Ok(true),
            Some(newest) if newest.is_free() => Ok(false),
            Some(newest) => self.unbroken(held, newest.version).await,
        }
    }

    /// Whether below that version there is the entry that we hold, not a later
    /// one of the same name, and no free record between the two.
    async fn unbroken(&self, held: &Entry, above: u64) -> Result<bool, CloudError> {
        if above <= held.version || above - held.version > VERSIONS {
            return Ok(false);
        }
        for version in held.version + 1..above {
            match self.store.read_version(version).await? {
                Some(entry) if !entry.is_free() => {}
                _ => return Ok(false),
            }
        }
        let entry = self.store.read_version(held.version).await?;
        Ok(entry.is_some_and(|entry| entry == *held))
    }

    /// Ends the hold that way while it is surely ours.
    async fn end(
        &self,
        way: impl AsyncFnOnce() -> Result<(), CloudError>,
    ) -> Result<(), CloudError> {
        let spare = self.left().saturating_sub(LOCK_SKEW);
        if spare.is_zero() {
            return Ok(());
        }
        let ended = self.settler.within(spare, async {
            let held = self.grip.borrow().entry.clone();
            if self.ours(&held).await? {
                way().await?;
            }
            // A write that was cut off may come after that.
            if self.writing.get() {
                self.settler.pause(LOCK_RETRY).await;
                self.sweep().await?;
            }
            Ok(())
        });
        ended.await.unwrap_or_else(|| Err(late()))
    }

    /// Undoes what a late write of ours has done: made the entry anew, or hidden
    /// that it is free, so that others wait for nobody. If it hides the lock of
    /// somebody else it stays: a free record would break that.
    async fn sweep(&self) -> Result<(), CloudError> {
        let Some(newest) = self.store.read().await? else {
            return Ok(());
        };
        let Some(own) = Holder::read(&newest.text).filter(|own| self.wrote(own)) else {
            return Ok(());
        };
        if newest.version == 1 {
            return self.store.delete().await;
        }
        if !self.hides_free(newest.version).await? {
            return Ok(());
        }
        // Once it is over somebody else may take the lock.
        let spare = self.until(own.expires).saturating_sub(LOCK_SKEW);
        let free = self.holder.freed().text();
        if spare.is_zero() {
            return Ok(());
        }
        let freed = self.settler.within(spare, self.store.replace(&free)).await;
        freed.unwrap_or_else(|| Err(late())).map(drop)
    }

    /// Whether that version and those below are all ours, down to a free one.
    async fn hides_free(&self, newest: u64) -> Result<bool, CloudError> {
        for version in (newest.saturating_sub(VERSIONS).max(1)..newest).rev() {
            let entry = self.store.read_version(version).await?;
            match entry.and_then(|entry| Holder::read(&entry.text)) {
                Some(holder) if holder.is_free() => return Ok(true),
                Some(holder) if self.wrote(&holder) => {}
                _ => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Whether we wrote that to hold the lock.
    fn wrote(&self, holder: &Holder) -> bool {
        holder.nonce == self.holder.nonce && !holder.is_free()
    }
}

fn late() -> CloudError {
    CloudError {
        service: "killick",
        operation: "Unlock",
        code: "Late".to_owned(),
        message: "the store did not answer in time".to_owned(),
        request_id: None,
        class: Class::Unknown,
    }
}
