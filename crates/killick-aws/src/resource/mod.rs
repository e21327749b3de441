//! One file a resource type: its declaration and its calls.

mod elastic_ip;
mod function;
mod internet_gateway;
mod nat_gateway;
mod route_table;
mod security_group;
mod subnet;
mod vpc;

pub use elastic_ip::{ADDRESS_LOST, ElasticIp};
pub use function::Function;
pub(crate) use function::role_name;
pub use internet_gateway::InternetGateway;
pub use nat_gateway::NatGateway;
pub(crate) use route_table::DEFAULT_ROUTE;
pub use route_table::RouteTable;
pub use security_group::SecurityGroup;
pub(crate) use security_group::group_name;
pub use subnet::Subnet;
pub use vpc::Vpc;
