//! What the library of killick promises: its texts, its JSON, its errors, and whole
//! runs in one process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod drift;
mod errors;
mod hostile;
mod in_process;
mod plan;
#[cfg(feature = "sandbox")]
mod sandbox;
mod support;
