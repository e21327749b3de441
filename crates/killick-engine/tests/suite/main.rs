//! What killick-engine promises: how a plan is walked, what is waited for, and
//! who holds the lock. Every clock is paused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod apply;
mod apply_properties;
mod cancel;
mod events;
mod lock;
mod lock_free;
mod lock_keep;
mod lock_model;
mod once;
mod patience;
mod retry;
mod support;
mod until;
