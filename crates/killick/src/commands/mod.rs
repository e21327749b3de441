//! What each command makes of the world.

mod apply;
mod destroy;
mod drift;
mod ips;
mod plan;
mod walk;

pub use apply::apply;
pub use destroy::destroy;
pub use drift::drift;
pub use ips::ips;
pub use plan::plan;
