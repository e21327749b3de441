//! What killick-sim promises: each service as its clients see it, and what
//! `sandbox tamper` does to a stack.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod account;
mod guards;
mod lambda;
mod network;
mod sns;
mod ssm;
mod sts;
mod support;
mod tamper;
mod trail;
