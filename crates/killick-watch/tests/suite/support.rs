//! A stack that is tampered with, people who are notified, and a clock that is
//! the paused one of tokio.

pub(crate) mod inbox;
pub(crate) mod model;
mod values;
pub(crate) mod world;

pub(crate) use values::{START, below, clock, finding, look, percent, unread};
