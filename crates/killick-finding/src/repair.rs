//! What can be done about a finding.

use serde::{Serialize, Serializer};

use crate::Revert;
use killick_core::Guard;

/// A flag of `apply` that allows what a plain `apply` leaves alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Removes what nobody declared and somebody may rely on.
    Prune,
    /// Gives an execution role the rights that it lacks.
    Grant,
    /// Changes the set of outbound addresses.
    ChangeAddresses,
    /// Moves functions out of a VPC that is not the stack's.
    MoveFunctions,
    /// Makes a network beside one that is like it.
    SecondNetwork,
}

impl Flag {
    /// As it is typed: `--prune`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Prune => "--prune",
            Self::Grant => "--grant",
            Self::ChangeAddresses => "--change-addresses",
            Self::MoveFunctions => "--move-functions",
            Self::SecondNetwork => "--second-network",
        }
    }
}

impl From<Guard> for Flag {
    fn from(guard: Guard) -> Self {
        match guard {
            Guard::Prune => Self::Prune,
            Guard::Grant => Self::Grant,
        }
    }
}

/// What can be done about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Repair {
    /// `apply` repairs it.
    Automatic,
    /// `apply` repairs it under a flag.
    Guarded(Flag),
    /// `apply` never changes it.
    Report(Reason),
}

impl Repair {
    /// The word of the contract: `automatic`, `guarded`, `report`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Guarded(_) => "guarded",
            Self::Report(_) => "report",
        }
    }

    /// The flag that it takes, if any.
    pub const fn flag(&self) -> Option<Flag> {
        match self {
            Self::Guarded(flag) => Some(*flag),
            Self::Automatic | Self::Report(_) => None,
        }
    }
}

impl Serialize for Repair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Why `apply` never changes something: whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Only a rebuild would change it, and killick rebuilds nothing by itself.
    Rebuild,
    /// A function that the spec names is not deployed.
    NotDeployed,
    /// An external resource that the spec names does not exist.
    ExternalMissing,
    /// Something else holds an address of the stack.
    HeldBy {
        /// Its id.
        holder: String,
        /// `eipassoc-…`
        association: Option<String>,
    },
    /// It carries none of the stack's tags, and nothing else proves that it is
    /// the stack's.
    Unproven {
        /// What is at the place of it.
        id: String,
    },
    /// A pinned address belongs to another stack, or to none.
    NotOfThisStack,
    /// A pinned address is gone, and no zone of the spec could take it.
    NoZoneForIt,
    /// The spec pins an address and gives it no NAT gateway.
    UnusedBySpec,
    /// The spec uses an address that it does not pin.
    NotPinned,
    /// killick does not manage what was changed.
    Unmanaged(Revert),
}
