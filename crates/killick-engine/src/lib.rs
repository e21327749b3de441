//! Does what a plan says: walks its graph, retries and waits.
//!
//! What a call does is behind the trait [`Cloud`]; what an error means is its
//! [`Class`], decided by whoever implements that trait. [`Settler`] is the
//! only place of the program that sleeps. [`Lock`] lets one run at a time do so.

mod apply;
mod cloud;
mod error;
mod event;
mod lock;
mod once;
mod pace;
mod patience;
mod settle;

pub use apply::{Outcome, apply};
pub use cloud::{Cloud, Done};
pub use error::{Class, CloudError};
pub use event::{ErrorFacts, Event};
pub use lock::{
    Entry, Holder, LOCK_LIFE, LOCK_POLL, LOCK_RENEW, LOCK_RETRY, LOCK_SKEW, Lock, LockError,
    LockStore, Lost, Occupant, Taker, unlock,
};
pub use once::create_once;
pub use patience::Patience;
pub use settle::{Poll, Rules, Settler};
pub use tokio_util::sync::CancellationToken;
