//! What killick-core promises, tried on random worlds ([`properties`]) and on
//! the real topology, case by case.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod bring;
mod drift;
mod facts;
mod fresh;
mod kinds;
mod lent;
mod model;
mod outage;
mod properties;
mod replace;
mod reshape;
mod schedule;
mod tamper;
mod topology;
mod world;
