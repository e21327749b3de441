//! Internet gateway, with its attachment.

use killick_core::{Health, Observed, PhysicalId};

use crate::acl::Blocking;
use crate::declare::{Link, declare};
use crate::observe::Observe;
use crate::tags::Tags;
use crate::view::Seen;

declare! {
    /// The VPC's door to the internet.
    InternetGateway = "internet_gateway", Owned {
        /// The VPC that it is attached to; one gateway a VPC.
        vpc: Link => Update.exclusive,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

impl Observe for InternetGateway {
    fn observe(seen: &Seen<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
        let ours = seen.ours(Self::KIND, &seen.snapshot.internet_gateways, |gateway| {
            &gateway.id
        });
        ours.into_iter()
            .map(|(key, gateway)| Observed {
                key,
                id: PhysicalId::new(&gateway.id),
                health: Health::Ready,
                attrs: Self {
                    vpc: gateway
                        .vpc
                        .as_deref()
                        .map_or(Link::Nothing, |vpc| seen.link(vpc)),
                    tags: gateway.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }
}
