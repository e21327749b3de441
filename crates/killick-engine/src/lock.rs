//! One writer at a time for each stack.
//!
//! The lock is one entry in a store that can create it if absent, overwrite it
//! and count its versions, but not compare before it writes. The comparison
//! comes after the write: who overwrites version v owns the entry only if the
//! new version is v + 1 and version v is still what was read. Everybody else
//! has overwritten an entry that belongs to another one, who goes on from
//! there. So the newest text does not say who holds the lock; what a holder
//! knows about its own last write does.
//!
//! Who lets the lock go writes that nobody holds it, and does not delete the
//! entry: after a delete SSM asks for 30 seconds before that name is written
//! again. Such a free record ends whatever is below it, and who finds one
//! above its own lock has lost that.

mod grip;
mod hold;
mod holder;
mod limit;
mod take;

use crate::CloudError;

pub use hold::{Lock, Lost};
pub use holder::{Holder, Occupant, Taker};
pub use limit::{LOCK_LIFE, LOCK_POLL, LOCK_RENEW, LOCK_RETRY, LOCK_SKEW};

/// A text in the store, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was written.
    pub text: String,
    /// Which write since the entry was created, 1 for the first.
    pub version: u64,
}

impl Entry {
    /// Whether it says that nobody holds the lock.
    fn is_free(&self) -> bool {
        Holder::read(&self.text).is_some_and(|holder| holder.is_free())
    }
}

/// One entry under one name that can be created if absent and whose versions
/// count up from 1. A deleted entry takes its versions with it.
///
/// All errors are those of the call, after the retries that its class allows.
/// A write or a delete without an answer (class
/// [`Class::Unknown`](crate::Class::Unknown)) is not repeated here: it may have
/// happened, and the second one would then hit what another run has made.
pub trait LockStore {
    /// The newest version.
    ///
    /// # Errors
    /// The failed call.
    #[expect(async_fn_in_trait, reason = "one thread runs everything")]
    async fn read(&self) -> Result<Option<Entry>, CloudError>;

    /// That version, if there is one and the store still has it.
    ///
    /// # Errors
    /// The failed call.
    #[expect(async_fn_in_trait, reason = "one thread runs everything")]
    async fn read_version(&self, version: u64) -> Result<Option<Entry>, CloudError>;

    /// Creates the entry and returns its version, 1; `None` when it is there
    /// already.
    ///
    /// # Errors
    /// The failed call.
    #[expect(async_fn_in_trait, reason = "one thread runs everything")]
    async fn create(&self, text: &str) -> Result<Option<u64>, CloudError>;

    /// Overwrites the entry, or creates it, and returns the new version.
    ///
    /// # Errors
    /// The failed call.
    #[expect(async_fn_in_trait, reason = "one thread runs everything")]
    async fn replace(&self, text: &str) -> Result<u64, CloudError>;

    /// Deletes the entry with all its versions; fine when there is none.
    ///
    /// # Errors
    /// The failed call.
    #[expect(async_fn_in_trait, reason = "one thread runs everything")]
    async fn delete(&self) -> Result<(), CloudError>;
}

/// Why the lock was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Somebody else holds it, and the time to wait for it is up.
    #[error("the stack is locked by {0}")]
    Held(Occupant),
    /// The user asked to stop.
    #[error("stopped on request before the lock was taken")]
    Stopped,
    /// A call to the store failed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

/// Breaks the lock by hand, whoever holds it, and returns who that was; `None`
/// when nobody does. The next one gets it at once: as with [`Lock::release`]
/// the entry stays, and says so. Who held it and still runs finds out with its
/// next renewal, up to [`LOCK_RENEW`] later.
///
/// # Errors
/// The failed call to the store.
pub async fn unlock(store: &impl LockStore) -> Result<Option<Occupant>, CloudError> {
    let Some(entry) = store.read().await? else {
        return Ok(None);
    };
    let occupant = Occupant::read(&entry.text);
    let free = match &occupant {
        Occupant::Holder(holder) if holder.is_free() => return Ok(None),
        Occupant::Holder(holder) => holder.freed(),
        Occupant::Unreadable(_) | Occupant::Rival => Holder::nobody(),
    };
    store.replace(&free.text()).await?;
    Ok(Some(occupant))
}
