//! What killick-spec promises: each rule with the line that it points at, the
//! specs that come with killick, and what holds for every text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accepts;
mod brought;
mod files;
mod generator;
mod names;
mod pin;
mod properties;
mod rules;
mod snapshots;
mod support;
