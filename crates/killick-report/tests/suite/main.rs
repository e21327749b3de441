//! Reports and pictures, in every format.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod hostile;
mod marks;
mod pages;
mod snapshots;
mod worlds;
