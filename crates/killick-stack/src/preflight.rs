//! What would stop a plan half-way, looked for before the first write: judged
//! from the plan, the snapshot and the [`Facts`] that were asked for it.

mod asked;
mod external;
mod facts;
mod network;
mod quota;

pub use asked::{Asked, Obstacle};
pub use facts::{Facts, Unchecked};
pub use quota::quotas;

/// Everything that stands in the way of a plan.
pub fn preflight(asked: &Asked<'_>, facts: &Facts) -> Vec<Obstacle> {
    let mut all = Vec::new();
    all.extend(external::obstacles(asked));
    all.extend(network::obstacles(asked, facts));
    all.extend(quota::obstacles(asked, facts));
    all.sort();
    all.dedup();
    all
}
