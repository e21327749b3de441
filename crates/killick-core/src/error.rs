//! What stands in the way of a plan.

use crate::{Delta, Key};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A change that only a rebuild of the resource could make.
    #[error("a change that only a rebuild could make is refused")]
    Refused(Vec<Delta>),
    /// Borrowed or lent resources that do not exist; only their owner can make
    /// them.
    #[error("something that others must create first does not exist")]
    Absent(Vec<Key>),
    /// Steps that each wait for another one of them.
    #[error("the steps wait for each other: {}", .0.join(", "))]
    Cycle(Vec<String>),
}
