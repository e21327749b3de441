//! Internet gateway, with its attachment.

use killick_core::{Change, Health, Observed, PhysicalId};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::declare::{Link, declare};
use crate::facts::{Count, Effort, Events, Facts, Names, Quota, state, tag_events};
use crate::observe::{Observe, tagged};
use crate::snapshot::{Snapshot, Tagged};
use crate::tags::Tags;
use crate::view::StackView;

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
    fn observe(seen: &StackView<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
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

    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        tagged(&snapshot.internet_gateways)
    }
}

impl Facts for InternetGateway {
    const PREFIX: &'static str = "igw-";
    const NOUN: &'static str = "internet gateway";
    const NAMES: Names = Names::Fixed;
    const PART: Part = Part::InternetGateways;
    const QUOTA: Option<Quota> = Some(Quota {
        service: "vpc",
        code: "L-A4707A72",
        what: "internet gateways",
        kind: Self::KIND,
        counted: Count::Region(|snapshot| snapshot.internet_gateways.len()),
    });

    fn absent(_name: &str, what: Change) -> String {
        format!("the internet gateway {}", state(what))
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match field {
            Some("tags") => tag_events(what),
            None | Some(_) => &[
                "DetachInternetGateway",
                "AttachInternetGateway",
                "DeleteInternetGateway",
            ],
        }
    }

    fn effort(_field: Option<&str>, _what: Change) -> Effort {
        Effort::SECONDS
    }
}
