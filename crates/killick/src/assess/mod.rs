//! What is so: read, matched with the spec, compared, judged. It knows neither
//! the terminal nor the commands.

mod assurance;
mod drift;
mod proof;
mod saved;
mod source;
mod world;

pub use assurance::Assurance;
pub use drift::{Accepted, DriftReport};
pub use proof::{hidden, missing};
pub use saved::Saved;
pub use source::Source;
pub use world::{Sight, Wanted, World};
