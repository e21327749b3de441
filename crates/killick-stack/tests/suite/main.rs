//! From a snapshot to keys, differences and findings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test may fail loudly"
)]

mod addresses;
mod agreement;
mod assessment;
mod consent;
mod contract;
mod fields;
mod findings;
mod identity;
mod support;
mod worlds;
