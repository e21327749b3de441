//! What each command makes of the world.

mod apply;
mod claims;
mod confirm;
mod destroy;
mod drift;
mod graph;
mod guard;
mod ips;
mod lock;
mod plan;
mod policy;
mod prove;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod schedule;
mod unlock;
mod walk;
mod watch;

pub use apply::apply;
pub use destroy::destroy;
pub use drift::drift;
pub use graph::graph;
pub use ips::ips;
pub use plan::plan;
pub use policy::policy;
pub use prove::prove;
pub use schedule::schedule;
pub use unlock::unlock;
pub use watch::watch;
