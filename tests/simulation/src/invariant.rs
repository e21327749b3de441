//! What must hold, judged on the world itself and not by killick's reading.

mod converged;
mod lock;
mod path;
mod record;

pub use converged::{identities, wrong};
pub use lock::locked;
pub use path::{Watch, acted, gateway, leaves_by};
pub use record::{parameters, recorded, records, unrecorded};
