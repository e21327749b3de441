//! What AWS said of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::snapshot::Subnet;

/// What was asked, as far as it was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// State and type of each zone of the region, if any was asked about.
    pub zones: BTreeMap<String, (String, String)>,
    /// The quotas that were asked for, by code.
    pub quotas: BTreeMap<&'static str, usize>,
    /// All subnets of the region.
    pub subnets: Vec<Subnet>,
    /// `off`, `block-ingress`, `block-bidirectional`.
    pub block_mode: Option<String>,
    /// The VPCs and subnets that Block Public Access leaves out.
    pub excluded: BTreeSet<String>,
    /// The EC2 actions that each role may not call.
    pub denied: BTreeMap<String, Vec<String>>,
    /// What was not answered.
    pub unchecked: Vec<Unchecked>,
}

/// Something that could not be looked at beforehand: whether it stands in the
/// way is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unchecked {
    /// What was to be looked at.
    pub what: String,
    /// The IAM action that it takes.
    pub permission: String,
    /// What came instead of an answer.
    pub code: String,
}
