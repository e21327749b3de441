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
mod faults;
mod fields;
mod findings;
mod holders;
mod identity;
mod pins;
mod provenance;
mod support;
mod worlds;
