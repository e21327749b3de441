//! Security group: egress only.

use killick_core::{Health, Key, Observed, PhysicalId};

use crate::acl::Blocking;
use crate::declare::{Link, declare};
use crate::observe::Observe;
use crate::rule::Rule;
use crate::tags::Tags;
use crate::view::Seen;

declare! {
    /// The functions' firewall: everything out, nothing in.
    SecurityGroup = "security_group", Owned {
        /// The VPC.
        vpc: Link => Refuse,
        /// What may go out.
        egress: Vec<String> => Update.closed,
        /// What may come in.
        ingress: Vec<String> => Update.closed,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

impl Observe for SecurityGroup {
    fn observe(seen: &Seen<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
        let texts = |rules: &[Rule]| rules.iter().map(ToString::to_string).collect();
        let ours = seen.ours(Self::KIND, &seen.snapshot.security_groups, |group| {
            &group.id
        });
        ours.into_iter()
            .map(|(key, group)| Observed {
                key,
                id: PhysicalId::new(&group.id),
                health: Health::Ready,
                attrs: Self {
                    vpc: seen.link(&group.vpc),
                    egress: texts(&group.egress),
                    ingress: texts(&group.ingress),
                    tags: group.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }
}

/// The name of a stack's group, unique within its VPC.
pub fn group_name(stack: &str, key: &Key) -> String {
    format!("{stack}-{}", key.name)
}
