//! One file a resource type: how it is called. What it is, is in the file of the
//! same name in `killick-stack`.

mod elastic_ip;
mod function;
mod internet_gateway;
mod nat_gateway;
mod route_table;
mod security_group;
mod subnet;
mod vpc;

pub use elastic_ip::ADDRESS_LOST;
