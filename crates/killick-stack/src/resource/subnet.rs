//! Subnet.

use killick_core::{Change, Health, Key, Observed, PhysicalId};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::cidr::network;
use crate::declare::{Link, declare};
use crate::facts::{Count, Effort, Events, Facts, Names, Quota, state, tag_events};
use crate::observe::{Observe, tagged};
use crate::snapshot::{self, Snapshot, Tagged};
use crate::tags::Tags;
use crate::view::StackView;

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
    fn observe(seen: &StackView<'_>, blocking: &[Blocking]) -> Vec<Observed> {
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

    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        tagged(&snapshot.subnets)
    }
}

impl Facts for Subnet {
    const PREFIX: &'static str = "subnet-";
    const NOUN: &'static str = "subnet";
    const NAMES: Names = Names::Side;
    const PART: Part = Part::Subnets;
    const QUOTA: Option<Quota> = Some(Quota {
        service: "vpc",
        code: "L-407747CB",
        what: "subnets in a VPC",
        kind: Self::KIND,
        counted: Count::Vpc(|snapshot, vpc| {
            let subnets = snapshot.subnets.iter();
            subnets.filter(|one| one.vpc == vpc).count()
        }),
    });

    fn absent(name: &str, what: Change) -> String {
        let (side, zone) = name.split_once('-').unwrap_or(("", name));
        let effect = match side {
            "private" => format!("functions cannot run in {zone}"),
            _ => format!("{zone} has no place for its NAT gateway"),
        };
        format!("the {side} subnet of {zone} {}: {effect}", state(what))
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match field {
            None => &["DeleteSubnet"],
            Some("tags") => tag_events(what),
            Some("network_acl") => &["ReplaceNetworkAclAssociation"],
            Some(_) => &["ModifySubnetAttribute"],
        }
    }

    fn effort(field: Option<&str>, what: Change) -> Effort {
        match field {
            None if what == Change::Extra => Effort::new(
                "takes seconds, or up to 45 minutes while AWS Lambda keeps network interfaces in it",
            ),
            None => Effort::new("takes about 3 minutes"),
            Some(_) => Effort::SECONDS,
        }
    }
}

/// The ACL, if it is in the way and not the one that the subnet began with.
fn in_the_way(seen: &StackView<'_>, blocking: &[Blocking], subnet: &snapshot::Subnet) -> Vec<Link> {
    let others = blocking
        .iter()
        .filter(|one| !one.acl.default && one.acl.has(&subnet.id));
    others.map(|one| seen.link(&one.acl.id)).collect()
}

/// The subnets of a stack, with their keys.
pub(crate) fn stack_subnets<'a>(seen: &StackView<'a>) -> Vec<(Key, &'a snapshot::Subnet)> {
    seen.ours(Subnet::KIND, &seen.snapshot.subnets, |subnet| &subnet.id)
}
