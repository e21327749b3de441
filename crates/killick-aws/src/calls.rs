//! What a resource type can be asked to do.

use killick_core::{FieldDiff, Key, PhysicalId};
use killick_engine::CloudError;

use crate::context::Context;

/// The calls of one resource type. Each waits until it has taken effect.
pub(crate) trait Calls: Sized {
    /// Makes it, once, tagged in the same call; or adopts the one that is
    /// there by now. Only what the create call itself takes is set.
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError>;

    /// Changes exactly these fields. Most types have some that only a create
    /// can set, and some have no others.
    async fn update(
        _cx: &Context<'_>,
        _key: &Key,
        _id: &PhysicalId,
        _changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        Ok(())
    }

    /// Waits until it works; what works from the start has nothing to wait for.
    async fn ready(_cx: &Context<'_>, _key: &Key, _id: &PhysicalId) -> Result<(), CloudError> {
        Ok(())
    }

    /// Ends it; that it has ended already is no error.
    async fn delete(cx: &Context<'_>, key: &Key, id: &PhysicalId) -> Result<(), CloudError>;
}
