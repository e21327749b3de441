//! How a resource type is seen.

use killick_core::Observed;

use crate::acl::Blocking;
use crate::view::StackView;

/// A resource type, as a snapshot shows it.
pub(crate) trait Observe: Sized {
    /// Every one of this type that the identity knows, each declared field read
    /// back; `blocking` are the network ACLs in the way.
    fn observe(seen: &StackView<'_>, blocking: &[Blocking]) -> Vec<Observed>;
}
