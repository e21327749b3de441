//! What killick-watch promises: what is reported when, to whom, and what
//! survives a restart.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod shown;
mod spec_file;
mod state;
mod support;
mod transitions;
mod watch;
mod webhook;
mod week;
