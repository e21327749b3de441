//! The one trait between deciding and talking.

use killick_core::{PhysicalId, Step};

use crate::{CloudError, Settler};

/// What a step left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What AWS calls the resource, after a create.
    pub id: Option<PhysicalId>,
}

/// Whoever can carry out a step.
pub trait Cloud {
    /// Carries out one step and returns when it has taken effect. Waits only
    /// through `settler`.
    ///
    /// # Errors
    /// The failed call, after every retry that its class allows.
    #[expect(async_fn_in_trait, reason = "one thread runs everything")]
    async fn run(&self, step: &Step, settler: &Settler) -> Result<Done, CloudError>;
}
