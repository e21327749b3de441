//! Which part of a resource a finding is about.

use std::fmt;

use killick_core::{FieldDiff, Value};
use serde::{Serialize, Serializer};

/// Which part of a resource a finding is about. It is written as text for
/// people and scripts (`routes.0.0.0.0/0`) and never read back from that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldPath {
    /// A declared field of its type, or one entry of it.
    Declared {
        /// The field: `routes`.
        name: &'static str,
        /// The entry, where entries are compared one by one.
        entry: Option<Value>,
    },
    /// Whether it is ready.
    State,
    /// What no declared field shows.
    Beyond(Aspect),
}

/// What decides about egress and is no declared field of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// A pinned address that the stack cannot use.
    Pinned(String),
    /// An address that is used and not pinned.
    NotPinned,
    /// A pinned address that no NAT gateway of the spec has.
    Unused(String),
    /// An alias that leads to a frozen version.
    Alias(String),
    /// Which table is the VPC's main one.
    MainTable,
    /// A route of the main table, by its destination.
    MainRoute(String),
    /// A table that what comes in by the internet gateway follows.
    EdgeTable,
    /// Routes of a virtual private gateway, by its id.
    Propagated(String),
    /// VPC Block Public Access.
    PublicAccess,
    /// The name servers of a VPC.
    DhcpOptions,
    /// A network ACL that killick does not manage, by its id.
    NetworkAcl(String),
    /// The offer of an external address to another account.
    Transfer,
    /// A gateway endpoint, by its id.
    Endpoint(String),
    /// A foreign function in the stack's subnets or groups.
    ForeignFunction,
    /// A foreign subnet that follows a table of the stack, by its id.
    ForeignSubnet(String),
    /// A foreign NAT gateway in a subnet of the stack, by its id.
    ForeignGateway(String),
    /// An egress path that ends elsewhere, by what decides that: an id of AWS or a
    /// word.
    EgressPath(String),
}

impl FieldPath {
    /// The field of a difference.
    pub fn of(diff: &FieldDiff) -> Self {
        match diff.is_state() {
            true => Self::State,
            false => Self::Declared {
                name: diff.name,
                entry: diff.entry.clone(),
            },
        }
    }

    /// The word before the first dot: `routes`.
    pub fn head(&self) -> &'static str {
        match self {
            Self::Declared { name, .. } => name,
            Self::State => "state",
            Self::Beyond(aspect) => aspect.words().0,
        }
    }

    /// The entry, in words; empty where it is about the field as a whole.
    pub fn entry(&self) -> String {
        match self {
            Self::Declared { entry, .. } => {
                entry.as_ref().map(ToString::to_string).unwrap_or_default()
            }
            Self::State => String::new(),
            Self::Beyond(aspect) => aspect.words().1.to_owned(),
        }
    }

    /// What no declared field shows, if it is that.
    pub fn aspect(&self) -> Option<&Aspect> {
        match self {
            Self::Beyond(aspect) => Some(aspect),
            Self::Declared { .. } | Self::State => None,
        }
    }
}

impl Aspect {
    /// The word of the contract, and the entry behind its dot.
    fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Pinned(ip) => ("promised", ip),
            Self::NotPinned => ("promised", ""),
            Self::Unused(ip) => ("unused", ip),
            Self::Alias(alias) => ("aliases", alias),
            Self::MainTable => ("main_table", ""),
            Self::MainRoute(destination) => ("main_table", destination),
            Self::EdgeTable => ("edge_table", ""),
            Self::Propagated(gateway) => ("propagated", gateway),
            Self::PublicAccess => ("block_public_access", ""),
            Self::DhcpOptions => ("dhcp_options", ""),
            Self::NetworkAcl(acl) => ("network_acl", acl),
            Self::Transfer => ("transfer", "to"),
            Self::Endpoint(endpoint) => ("endpoints", endpoint),
            Self::ForeignFunction => ("subnets", ""),
            Self::ForeignSubnet(subnet) => ("associations", subnet),
            Self::ForeignGateway(gateway) => ("nat_gateways", gateway),
            Self::EgressPath(cause) => ("way", cause),
        }
    }
}

/// `routes.0.0.0.0/0`
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.head())?;
        match self.entry() {
            entry if entry.is_empty() => Ok(()),
            entry => write!(f, ".{entry}"),
        }
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
