//! What is so: read, matched with the spec, compared, judged. It knows neither
//! the terminal nor the commands.

mod drift;
mod proof;
mod saved;
mod source;
mod standing;
mod world;

pub use drift::{Accepted, DriftReport};
pub use proof::{hidden, missing};
pub use saved::Saved;
pub use source::Source;
pub use standing::Standing;
pub use world::{Sight, Wanted, World};
