//! VPC.

use std::collections::BTreeMap;

use killick_core::{Change, Health, Observed, PhysicalId};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::cidr::network;
use crate::declare::declare;
use crate::facts::{Count, Effort, Events, Facts, Names, Quota, state, tag_events};
use crate::observe::{Observe, tagged};
use crate::snapshot::{self, Snapshot, Tagged};
use crate::tags::Tags;
use crate::view::StackView;

declare! {
    /// The network. Names resolve inside it, which functions need.
    Vpc = "vpc", Owned {
        /// The primary IPv4 CIDR.
        cidr: String => Refuse,
        /// Whether the Amazon resolver answers.
        dns_support: Option<bool> => Update,
        /// Whether instances get DNS names.
        dns_hostnames: Option<bool> => Update,
        /// Rules of its default network ACL that keep functions from the
        /// internet.
        network_acl: BTreeMap<String, String> => Update.closed,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

impl Observe for Vpc {
    fn observe(seen: &StackView<'_>, blocking: &[Blocking]) -> Vec<Observed> {
        let ours = seen.ours(Self::KIND, &seen.snapshot.vpcs, |vpc| &vpc.id);
        ours.into_iter()
            .map(|(key, vpc)| Observed {
                key,
                id: PhysicalId::new(&vpc.id),
                health: match vpc.state.as_str() {
                    "available" => Health::Ready,
                    state => Health::Settling(state.to_owned()),
                },
                attrs: Self {
                    cidr: network(&vpc.cidr),
                    dns_support: vpc.dns_support,
                    dns_hostnames: vpc.dns_hostnames,
                    network_acl: in_the_way(blocking, vpc),
                    tags: vpc.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        tagged(&snapshot.vpcs)
    }
}

impl Facts for Vpc {
    const PREFIX: &'static str = "vpc-";
    const NOUN: &'static str = "VPC";
    const NAMES: Names = Names::Fixed;
    const PART: Part = Part::Vpcs;
    const QUOTA: Option<Quota> = Some(Quota {
        service: "vpc",
        code: "L-F678F1CE",
        what: "VPCs",
        kind: Self::KIND,
        counted: Count::Region(|snapshot| snapshot.vpcs.len()),
    });

    fn absent(_name: &str, what: Change) -> String {
        format!("the network {}", state(what))
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match field {
            None => &["DeleteVpc"],
            Some("tags") => tag_events(what),
            Some("network_acl") => &[
                "CreateNetworkAclEntry",
                "ReplaceNetworkAclEntry",
                "DeleteNetworkAclEntry",
            ],
            Some(_) => &["ModifyVpcAttribute"],
        }
    }

    fn effort(field: Option<&str>, what: Change) -> Effort {
        match field {
            None if what == Change::Missing => Effort::new("takes about 5 minutes"),
            None | Some(_) => Effort::SECONDS,
        }
    }
}

/// `ingress 50`: `deny tcp 1024-65535 0.0.0.0/0`. Nothing unless it is in the
/// way.
fn in_the_way(blocking: &[Blocking], vpc: &snapshot::Vpc) -> BTreeMap<String, String> {
    let default = blocking
        .iter()
        .filter(|one| one.acl.default && one.acl.vpc == vpc.id);
    default
        .flat_map(|one| &one.guilty)
        .map(|guilty| &guilty.entry)
        .map(|entry| (entry.place(), entry.to_string()))
        .collect()
}
