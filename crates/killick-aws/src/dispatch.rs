//! From a step to the calls of its type, made from the one list of types.

use killick_core::{FieldDiff, Key, PhysicalId};
use killick_engine::CloudError;
use killick_stack::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
use killick_stack::{Resource, for_each_resource};

use crate::calls::Calls;
use crate::context::Context;

macro_rules! dispatch {
    ($($Type:ident),* $(,)?) => {
        pub(crate) async fn create(
            cx: &Context<'_>,
            key: &Key,
            resource: &Resource,
        ) -> Result<PhysicalId, CloudError> {
            match resource {
                $(Resource::$Type(resource) => resource.create(cx, key).await,)*
            }
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

for_each_resource!(dispatch);
