//! What people and scripts read. Nothing else prints.

mod diff;
mod ending;
pub mod json;
mod out;
mod paint;
mod progress;
mod spec_errors;
pub mod text;

pub use ending::{DriftReport, Ending};
pub use out::{Out, error_text};
pub use progress::{Progress, Waits};
