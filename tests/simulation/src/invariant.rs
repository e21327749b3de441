//! What must hold, judged on the world itself and not by killick's reading.

mod converged;
mod path;

pub use converged::{identities, wrong};
pub use path::Watch;
