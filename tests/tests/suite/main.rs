//! killick as a process, against an AWS that others wrote, and killick's own over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accept;
mod addresses;
mod bad_input;
mod bad_spec;
mod brought;
mod cli;
mod contract;
mod denied;
mod differential;
mod emulator;
mod faults;
mod formats;
mod forty;
mod guards;
mod harness;
mod iam;
mod kill;
mod lifecycle;
mod lock;
mod policy;
mod prove;
mod schedule;
mod selectors;
mod served;
mod snapshots;
mod tamper;
mod walker;
mod watch;
mod zones;
