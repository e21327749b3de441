//! Decides what to do, and never does it.
//!
//! Two graphs go in: what should be ([`Graph<Desired>`]) and what is
//! ([`Graph<Observed>`]). [`diff()`] names every difference, [`Plan`] turns the
//! differences into steps and orders them, [`Schedule`] says which step may
//! run next. There is no IO, no clock and no AWS in this crate: an identifier
//! that AWS chose is an opaque label ([`PhysicalId`]).

mod change;
mod delta;
mod diff;
mod digest;
mod draft;
mod error;
mod fate;
mod graph;
mod key;
mod moves;
mod order;
mod plan;
mod policy;
mod release;
mod schedule;
mod schema;
mod steps;
mod value;
mod world;

pub use delta::{Change, Delta, FieldDiff, What};
pub use diff::diff;
pub use digest::Digest;
pub use error::PlanError;
pub use graph::{Desired, Graph, Health, Node, Observed};
pub use key::{Key, PhysicalId};
pub use plan::Plan;
pub use policy::Policy;
pub use schedule::{Next, Schedule};
pub use schema::{Catalogue, Field, Guard, Lifecycle, OnChange, Schema, Scope};
pub use steps::{Action, Step, StepIndex};
pub use value::{Attrs, Value};
