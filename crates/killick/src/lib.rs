//! Shows: the command line of killick.
//!
//! Every command is a prefix of one pipeline. [`assess`] is the part that they
//! share: what is so. [`report`] puts it into words and is the only place that
//! prints, and [`commands`] is what each makes of both. The pure parts are
//! public so that tests can run them on saved snapshots.

#![recursion_limit = "256"]

pub mod app;
pub mod args;
pub mod assess;
pub mod cloud;
pub mod commands;
mod dispatch;
pub mod error;
pub mod exit;
pub mod files;
mod process;
pub mod reach;
pub mod report;
#[cfg(feature = "sandbox")]
pub mod sandbox;

pub use app::App;
pub use dispatch::run;
pub use error::Error;
pub use exit::Exit;
pub use process::{main, start};
pub use reach::Reach;
#[cfg(feature = "sandbox")]
pub use sandbox::Sandbox;
