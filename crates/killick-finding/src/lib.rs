//! The vocabulary of reports: what differs, how bad that is, and what repairs
//! it. Reports, the watch and the command line all speak in these types, so a
//! kind of finding that one of them does not handle does not compile.

mod field;
mod finding;
mod part;
mod repair;
mod revert;
mod severity;

pub use field::{Aspect, FieldPath};
pub use finding::{Draft, Finding};
pub use killick_core::Change;
pub use part::Part;
pub use repair::{Flag, Reason, Repair};
pub use revert::Revert;
pub use severity::{NoSeverity, Severity};
