//! Shows: the command line of killick.
//!
//! Every command is a prefix of one pipeline. [`world`] is the part that they
//! share, [`commands`] is what each makes of it, and [`report`] is the only
//! place that prints. The pure parts are public so that tests can run them on
//! saved snapshots.

#![recursion_limit = "256"]

pub mod app;
pub mod args;
pub mod cloud;
pub mod commands;
pub mod error;
pub mod exit;
pub mod reach;
pub mod report;
pub mod sandbox;
pub mod saved;
pub mod world;

pub use app::{App, main, run, start};
pub use error::Error;
pub use exit::Exit;
pub use reach::Reach;
pub use sandbox::Sandbox;
