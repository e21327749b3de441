//! The keys of the topology.

use killick_core::Key;

use crate::resource::{InternetGateway, RouteTable, SecurityGroup, Subnet, Vpc};

/// `vpc/main`.
pub(crate) fn vpc_key() -> Key {
    Vpc::key("main")
}

/// `internet_gateway/main`.
pub(crate) fn internet_gateway_key() -> Key {
    InternetGateway::key("main")
}

/// `subnet/public-<zone>`.
pub(crate) fn public_subnet(zone: &str) -> Key {
    Subnet::key(format!("public-{zone}"))
}

/// `subnet/private-<zone>`.
pub(crate) fn private_subnet(zone: &str) -> Key {
    Subnet::key(format!("private-{zone}"))
}

/// `route_table/public`.
pub(crate) fn public_table() -> Key {
    RouteTable::key("public")
}

/// `route_table/private-<zone>`.
pub(crate) fn private_table(zone: &str) -> Key {
    RouteTable::key(format!("private-{zone}"))
}

/// `security_group/functions`.
pub(crate) fn group_key() -> Key {
    SecurityGroup::key("functions")
}
