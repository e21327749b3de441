//! What killick-core promises, tried on random worlds ([`properties`]) and on
//! the real topology, case by case.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod drift;
mod facts;
mod fresh;
mod kinds;
mod model;
mod properties;
mod replace;
mod reshape;
mod schedule;
mod tamper;
mod topology;
mod world;
