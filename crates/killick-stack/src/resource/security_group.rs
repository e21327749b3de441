//! Security group: egress only.

use killick_core::{Change, Health, Key, Observed, PhysicalId};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::declare::{Link, declare};
use crate::facts::{Effort, Events, Facts, Names, Quota, state, tag_events};
use crate::observe::{Observe, tagged};
use crate::rule::Rule;
use crate::snapshot::{Snapshot, Tagged};
use crate::tags::Tags;
use crate::view::StackView;

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
    fn observe(seen: &StackView<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
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

    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        tagged(&snapshot.security_groups)
    }
}

impl Facts for SecurityGroup {
    const PREFIX: &'static str = "sg-";
    const NOUN: &'static str = "security group";
    const NAMES: Names = Names::Fixed;
    const PART: Part = Part::SecurityGroups;
    const QUOTA: Option<Quota> = None;

    fn absent(_name: &str, what: Change) -> String {
        format!(
            "the functions' group {}: they cannot be attached",
            state(what)
        )
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match (field, what) {
            (None, _) => &["DeleteSecurityGroup"],
            (Some("tags"), what) => tag_events(what),
            (Some("egress"), Change::Missing) => {
                &["RevokeSecurityGroupEgress", "ModifySecurityGroupRules"]
            }
            (Some("egress"), _) => &["AuthorizeSecurityGroupEgress", "ModifySecurityGroupRules"],
            (Some(_), _) => &["AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules"],
        }
    }

    fn effort(_field: Option<&str>, _what: Change) -> Effort {
        Effort::SECONDS
    }
}

/// The name of a stack's group, unique within its VPC.
pub fn group_name(stack: &str, key: &Key) -> String {
    format!("{stack}-{}", key.name)
}
