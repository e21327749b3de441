//! NAT gateway: zonal and public.

use killick_core::{Change, Health, Observed, PhysicalId};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::declare::{Link, declare};
use crate::facts::{Count, Effort, Events, Facts, Names, Quota, state, tag_events};
use crate::observe::{Observe, tagged};
use crate::snapshot::{self, Snapshot, Tagged};
use crate::tags::Tags;
use crate::view::StackView;

declare! {
    /// One zone's way out: a public NAT gateway that holds the zone's fixed
    /// address.
    NatGateway = "nat_gateway", Owned {
        /// The public subnet that it sits in.
        subnet: Link => Replace,
        /// Its primary address, by which everything behind it leaves.
        address: Link => Replace.exclusive,
        /// Its further addresses: a fixed set has none.
        secondary: Vec<Link> => Update.closed,
        /// `public`; a private one has no address at all.
        connectivity: String => Replace,
        /// `zonal`; a regional one chooses its addresses by itself.
        availability: String => Replace,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

impl Observe for NatGateway {
    fn observe(seen: &StackView<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
        let link = |id: Option<&str>| id.map_or(Link::Nothing, |id| seen.link(id));
        let ours = seen.ours(Self::KIND, &seen.snapshot.nat_gateways, |nat| &nat.id);
        ours.into_iter()
            .map(|(key, nat)| Observed {
                key,
                id: PhysicalId::new(&nat.id),
                health: match nat.state.as_str() {
                    "available" => Health::Ready,
                    "failed" => Health::Broken(failure(nat)),
                    state => Health::Settling(state.to_owned()),
                },
                attrs: Self {
                    subnet: link(nat.subnet.as_deref()),
                    address: link(nat.allocation()),
                    secondary: nat.further().map(|id| seen.link(id)).collect(),
                    connectivity: nat.connectivity.clone(),
                    availability: nat.availability.clone(),
                    tags: nat.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        let gateways = snapshot.nat_gateways.iter();
        tagged(gateways.filter(|nat| nat.live()))
    }
}

impl Facts for NatGateway {
    const PREFIX: &'static str = "nat-";
    const NOUN: &'static str = "NAT gateway";
    const NAMES: Names = Names::Zone;
    const PART: Part = Part::NatGateways;
    const QUOTA: Option<Quota> = Some(Quota {
        service: "vpc",
        code: "L-FE5A380F",
        what: "NAT gateways in a zone",
        kind: Self::KIND,
        counted: Count::Apart,
    });

    fn absent(name: &str, what: Change) -> String {
        format!("the NAT gateway of {name} {}", state(what))
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match field {
            None if what == Change::Missing => {
                &["DeleteNatGateway", "CreateNatGateway", "ReplaceRoute"]
            }
            Some("tags") => tag_events(what),
            Some("secondary") => &["AssociateNatGatewayAddress"],
            None | Some(_) => &["CreateNatGateway", "DeleteNatGateway"],
        }
    }

    fn effort(field: Option<&str>, what: Change) -> Effort {
        match (field, what) {
            (None, Change::Missing) => Effort::with_detour("takes about 2 minutes"),
            (None, Change::Extra) => Effort::new("takes about a minute"),
            (Some("tags"), _) => Effort::SECONDS,
            (Some("secondary"), _) => {
                Effort::new("takes about 6 minutes: open connections have 350 seconds to end")
            }
            (None | Some(_), _) => Effort::with_detour("takes about 4 minutes"),
        }
    }
}

/// Why a gateway failed, in AWS's words.
pub fn failure(nat: &snapshot::NatGateway) -> String {
    nat.failure
        .clone()
        .unwrap_or_else(|| "no reason given".to_owned())
}
