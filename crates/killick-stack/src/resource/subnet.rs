//! Subnet.

use killick_core::{Health, Key, Observed, PhysicalId};

use crate::acl::Blocking;
use crate::cidr::network;
use crate::declare::{Link, declare};
use crate::observe::Observe;
use crate::snapshot;
use crate::tags::Tags;
use crate::view::Seen;

declare! {
    /// One zone's share of the network: a public one holds the NAT gateway, a
    /// private one the functions.
    Subnet = "subnet", Owned {
        /// The VPC.
        vpc: Link => Refuse,
        /// The availability zone's name.
        zone: String => Refuse,
        /// The IPv4 CIDR; no two subnets of a VPC overlap.
        cidr: String => Refuse.exclusive,
        /// Whether what is launched here gets a public address.
        map_public_ip: bool => Update,
        /// The network ACL that it follows in place of the VPC's default one,
        /// if that keeps functions from the internet.
        network_acl: Vec<Link> => Update.closed,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

impl Observe for Subnet {
    fn observe(seen: &Seen<'_>, blocking: &[Blocking]) -> Vec<Observed> {
        let ours = stack_subnets(seen);
        ours.into_iter()
            .map(|(key, subnet)| Observed {
                key,
                id: PhysicalId::new(&subnet.id),
                health: match subnet.state.as_str() {
                    "available" => Health::Ready,
                    state if state.starts_with("failed") => Health::Broken(state.to_owned()),
                    state => Health::Settling(state.to_owned()),
                },
                attrs: Self {
                    vpc: seen.link(&subnet.vpc),
                    zone: subnet.zone.clone(),
                    cidr: network(&subnet.cidr),
                    map_public_ip: subnet.map_public_ip,
                    network_acl: in_the_way(seen, blocking, subnet),
                    tags: subnet.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }
}

/// The ACL, if it is in the way and not the one that the subnet began with.
fn in_the_way(seen: &Seen<'_>, blocking: &[Blocking], subnet: &snapshot::Subnet) -> Vec<Link> {
    let others = blocking
        .iter()
        .filter(|one| !one.acl.default && one.acl.has(&subnet.id));
    others.map(|one| seen.link(&one.acl.id)).collect()
}

/// The subnets of a stack, with their keys.
pub(crate) fn stack_subnets<'a>(seen: &Seen<'a>) -> Vec<(Key, &'a snapshot::Subnet)> {
    seen.ours(Subnet::KIND, &seen.snapshot.subnets, |subnet| &subnet.id)
}
