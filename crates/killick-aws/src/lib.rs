//! Talks to AWS: the only crate that links its SDK.
//!
//! On the way in, [`read()`] takes a [`Snapshot`](killick_stack::Snapshot). On
//! the way out, [`Executor`] carries out the steps of a plan. What a snapshot
//! means is `killick-stack`'s to say.

#![recursion_limit = "256"]

mod call;
mod calls;
mod clients;
mod context;
mod convert;
mod describe;
mod dispatch;
mod error;
mod executor;
mod facts;
mod limits;
mod lock;
mod policy;
mod read;
mod reader;
mod record;
mod resource;
mod session;
mod tags;
mod topic;
mod trail;
mod wire;

pub use describe::account;
pub use error::{NO_ANSWER, NO_CONNECTION, NO_CREDENTIALS, UNREADABLE_ANSWER};
pub use executor::Executor;
pub use facts::facts;
pub use lock::StackLock;
pub use policy::policy;
pub use read::{Request, read};
pub use reader::{Purpose, READINGS, Reader, Reading};
pub use record::write_down;
pub use resource::ADDRESS_LOST;
pub use session::{Access, Session};
pub use topic::Topic;
pub use trail::who;
pub use wire::{Cut, Sending, Wire, WireAnswer, WireRequest};
