//! One file a resource type: what it is, and how it is seen in a snapshot. How
//! it is called is in the file of the same name in `killick-aws`.

mod elastic_ip;
mod function;
mod internet_gateway;
mod nat_gateway;
mod route_table;
mod security_group;
mod subnet;
mod vpc;

pub use elastic_ip::ElasticIp;
pub use function::{Function, health, role_name};
pub use internet_gateway::InternetGateway;
pub use nat_gateway::{NatGateway, failure};
pub use route_table::RouteTable;
pub(crate) use route_table::{ASSOCIATION_EVENTS, DEFAULT_ROUTE, stack_route_tables};
pub use security_group::{SecurityGroup, group_name};
pub use subnet::Subnet;
pub(crate) use subnet::stack_subnets;
pub use vpc::Vpc;
