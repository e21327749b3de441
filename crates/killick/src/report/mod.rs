//! What people and scripts read. Nothing else prints.

mod diff;
mod ending;
mod found;
pub mod json;
mod out;
pub(crate) mod page;
mod paint;
pub(crate) mod picture;
mod progress;
mod spec_errors;
pub mod text;
mod undo;

pub use ending::Ending;
pub use found::{Accepted, DriftReport};
pub(crate) use out::{LogLines, clean};
pub use out::{Out, error_text};
pub(crate) use page::About;
pub use progress::{Progress, Waits};
pub(crate) use undo::undo;
