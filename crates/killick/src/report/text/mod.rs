//! What people read on standard output.

pub(crate) mod contract;
mod destroy;
mod drift;
mod ips;
mod plan;
mod prove;
mod remaining;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod steps;
mod walk;
mod words;

pub use contract::not_kept;
pub use destroy::{destroy, nothing_to_destroy};
pub use drift::{drift, idle_addresses};
pub(crate) use drift::{unattributed, what};
pub use ips::{about_ips, ips, marked};
pub use plan::plan;
pub use prove::prove;
pub(crate) use prove::{runner, verdict};
pub use remaining::Beside;
pub(crate) use remaining::stands;
pub use walk::{done, failures, lost, not_converged, not_proven, unfinished};
pub use words::count;
pub(crate) use words::leaving;
