//! Lambda through its API.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod life;
mod network;
mod sky;
