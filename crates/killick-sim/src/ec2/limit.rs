//! Quotas that are the same in every world (fact sheet section 10). Those that
//! differ are in [`Settings`](crate::Settings).

/// Subnets of a VPC.
pub(crate) const SUBNETS: usize = 200;
/// Route tables of a VPC, the main one included.
pub(crate) const ROUTE_TABLES: usize = 200;
/// Routes of a table, without those that are propagated.
pub(crate) const ROUTES: usize = 500;
/// Security groups in a region.
pub(crate) const GROUPS: usize = 2500;
/// Security groups of an interface.
pub(crate) const GROUPS_OF_INTERFACE: usize = 5;
