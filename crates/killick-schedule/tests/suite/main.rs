//! What killick-schedule promises: the files of every scheduler, and what runs in them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod clock;
mod errors;
mod run;
mod snapshots;
mod support;
mod yaml;
