//! Decides what to do, and never does it.
//!
//! Two graphs go in: what should be ([`Graph<Desired>`]) and what is
//! ([`Graph<Observed>`]). [`diff()`] names every difference, [`Plan`] turns the
//! differences into steps and orders them, [`Schedule`] says which step may
//! run next. There is no IO, no clock and no AWS in this crate: an identifier
//! that AWS chose is an opaque label ([`PhysicalId`]).

mod change;
mod diff;
mod digest;
mod fate;
mod graph;
mod key;
mod moves;
mod order;
mod plan;
mod release;
mod schedule;
mod schema;
mod steps;
mod value;
mod world;

pub use diff::{Change, Delta, FieldDiff, What, diff};
pub use digest::Digest;
pub use graph::{Desired, Graph, Health, Node, Observed};
pub use key::{Key, PhysicalId};
pub use plan::{Action, Plan, PlanError, Policy, Step, StepIndex};
pub use schedule::{Next, Schedule};
pub use schema::{Catalogue, Field, Guard, Lifecycle, OnChange, Schema, Scope};
pub use value::{Attrs, Value};
