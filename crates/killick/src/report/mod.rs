//! What people and scripts read. Nothing else prints.

mod diff;
mod ending;
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
pub(crate) use out::LogLines;
pub use out::{Out, error_text};
pub(crate) use page::About;
pub use progress::{Progress, Waits};
