//! The five promises under every fault.
//!
//! A [`Scenario`] is the life of a stack: a spec, the moods of an AWS, and a
//! sequence of applies, deaths, changes by others, edits and faults. [`play`]
//! lives it with the real killick on a simulated AWS under a paused clock, and
//! checks after every call and at the end that the [`invariant`]s held.

pub mod draft;
pub mod hand;
pub mod invariant;
pub mod line;
pub mod moves;
pub mod neighbour;
pub mod people;
pub mod play;
pub mod report;
pub mod run;
pub mod scenario;
pub mod shrink;
pub mod stage;

pub use draft::{Draft, Nat};
pub use moves::{Edit, Move};
pub use play::{Report, play};
pub use scenario::Scenario;
pub use stage::{Stage, every_kill, live};
