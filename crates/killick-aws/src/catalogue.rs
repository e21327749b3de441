//! The resource types. A new one is a file, a word here, and its place in the
//! topology.

use killick_core::{Attrs, Catalogue, FieldDiff, Key, Observed, PhysicalId, Schema};
use killick_engine::CloudError;

use crate::context::Context;
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::seen::Seen;

/// The calls of one resource type. Each waits until it has taken effect.
pub(crate) trait Calls: Sized {
    /// What is there: every one of this type that the identity knows.
    fn observe(seen: &Seen<'_>) -> Vec<Observed>;

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

macro_rules! catalogue {
    ($($Type:ident),* $(,)?) => {
        /// A resource of the topology, whatever its type.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Resource {
            $(
                #[doc = concat!("A ", stringify!($Type), ".")]
                $Type($Type),
            )*
        }

        /// All resource types.
        pub const CATALOGUE: Catalogue = Catalogue(&[$($Type::SCHEMA),*]);

        const SCHEMAS: &[Schema] = &[$($Type::SCHEMA),*];

        impl Resource {
            /// Every declared field.
            pub fn attrs(&self) -> Attrs {
                match self {
                    $(Self::$Type(resource) => resource.attrs(),)*
                }
            }

            pub(crate) async fn create(
                &self,
                cx: &Context<'_>,
                key: &Key,
            ) -> Result<PhysicalId, CloudError> {
                match self {
                    $(Self::$Type(resource) => resource.create(cx, key).await,)*
                }
            }
        }

        $(
            impl From<$Type> for Resource {
                fn from(resource: $Type) -> Self {
                    Self::$Type(resource)
                }
            }
        )*

        pub(crate) fn observe(seen: &Seen<'_>) -> Vec<Observed> {
            let mut all = Vec::new();
            $(all.extend($Type::observe(seen));)*
            all
        }

        pub(crate) async fn update(
            cx: &Context<'_>,
            key: &Key,
            id: &PhysicalId,
            changes: &[FieldDiff],
        ) -> Result<(), CloudError> {
            match key.kind {
                $($Type::KIND => $Type::update(cx, key, id, changes).await,)*
                _ => Ok(()),
            }
        }

        pub(crate) async fn ready(
            cx: &Context<'_>,
            key: &Key,
            id: &PhysicalId,
        ) -> Result<(), CloudError> {
            match key.kind {
                $($Type::KIND => $Type::ready(cx, key, id).await,)*
                _ => Ok(()),
            }
        }

        pub(crate) async fn delete(
            cx: &Context<'_>,
            key: &Key,
            id: &PhysicalId,
        ) -> Result<(), CloudError> {
            match key.kind {
                $($Type::KIND => $Type::delete(cx, key, id).await,)*
                _ => Ok(()),
            }
        }
    };
}

catalogue! {
    Vpc,
    InternetGateway,
    Subnet,
    ElasticIp,
    NatGateway,
    RouteTable,
    SecurityGroup,
    Function,
}

/// The kind of that name, as the catalogue spells it.
pub(crate) fn kind(name: &str) -> Option<&'static str> {
    let schema = SCHEMAS.iter().find(|schema| schema.kind == name)?;
    Some(schema.kind)
}
