//! What each command makes of the world.

mod apply;
mod demo;
mod destroy;
mod drift;
mod guard;
mod ips;
mod lock;
mod plan;
mod sandbox;
mod unlock;
mod walk;

pub use apply::apply;
pub use demo::demo;
pub use destroy::destroy;
pub use drift::drift;
pub use ips::ips;
pub use plan::plan;
pub use sandbox::sandbox;
pub use unlock::unlock;
