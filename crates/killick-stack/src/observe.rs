//! How a resource type is seen.

use killick_core::Observed;

use crate::acl::Blocking;
use crate::snapshot::{Snapshot, Tagged};
use crate::view::StackView;

/// A resource type, as a snapshot shows it.
pub(crate) trait Observe: Sized {
    /// Every one of this type that the identity knows, each declared field read
    /// back; `blocking` are the network ACLs in the way.
    fn observe(seen: &StackView<'_>, blocking: &[Blocking]) -> Vec<Observed>;

    /// Every resource of this type that tags can mark as a stack's own.
    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged>;
}

/// Resources of one type, whatever else they have.
pub(crate) fn tagged<'a, T: Tagged + 'a>(
    all: impl IntoIterator<Item = &'a T>,
) -> Vec<&'a dyn Tagged> {
    all.into_iter().map(|one| one as &dyn Tagged).collect()
}
