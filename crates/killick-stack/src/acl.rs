//! Network ACLs that are in the way, and whom they stop.

use std::collections::BTreeMap;

use crate::snapshot::{AclEntry, NetworkAcl};

/// A network ACL that keeps functions from the internet, or from a part of it.
#[derive(Clone, Debug)]
pub(crate) struct Blocking {
    /// The ACL.
    pub(crate) acl: NetworkAcl,
    /// The zones whose functions it stops, each with what happens to them.
    pub(crate) zones: BTreeMap<String, Stop>,
    /// The rules without which they would get through; none where a rule is
    /// missing rather than one too many.
    pub(crate) guilty: Vec<Guilty>,
}

/// A rule that is in the way by itself.
#[derive(Clone, Debug)]
pub(crate) struct Guilty {
    /// The rule.
    pub(crate) entry: AclEntry,
    /// Whom it stops.
    pub(crate) zones: BTreeMap<String, Stop>,
}

/// What happens to a zone's functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Whether most of the internet is out of reach, and not some networks or
    /// some replies only.
    pub(crate) dead: bool,
    /// What happens, after `functions in …`.
    pub(crate) told: String,
}
