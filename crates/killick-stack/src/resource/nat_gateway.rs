//! NAT gateway: zonal and public.

use killick_core::{Health, Observed, PhysicalId};

use crate::acl::Blocking;
use crate::declare::{Link, declare};
use crate::observe::Observe;
use crate::snapshot;
use crate::tags::Tags;
use crate::view::Seen;

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
    fn observe(seen: &Seen<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
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
}

/// Why a gateway failed, in AWS's words.
pub fn failure(nat: &snapshot::NatGateway) -> String {
    nat.failure
        .clone()
        .unwrap_or_else(|| "no reason given".to_owned())
}
