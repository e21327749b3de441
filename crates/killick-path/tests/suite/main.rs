//! What killick-path promises: the plain cases, one by one, and a naive walk of
//! single packets through random networks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod agreement;
mod cases;
mod choices;
mod packet;
mod rules;
mod topology;
mod unread;
mod wild;
