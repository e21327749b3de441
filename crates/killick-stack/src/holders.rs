//! What keeps AWS from deleting what a plan deletes, and does not go by
//! itself: everything that AWS would answer with `DependencyViolation`.

mod attached;
mod interface;
mod network;

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;
use serde::Serialize;

use crate::catalogue;
use crate::view::StackView;

/// Something that the stack does not manage and that keeps managed resources
/// from being deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Its type: `network_interface`, `vpc_endpoint`, `function_version`.
    pub kind: &'static str,
    /// Its id, or its name where it has none.
    pub id: String,
    /// Whose it is and what it is for, as far as AWS says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The keys of the managed resources that cannot be deleted beside it.
    pub holds: Vec<String>,
    /// What to do about it.
    pub remedy: String,
}

impl Holder {
    /// What a person calls its type: `network interface`.
    pub fn noun(&self) -> String {
        match self.kind {
            "vpc_endpoint" => "VPC endpoint".to_owned(),
            "vpc_peering_connection" => "VPC peering connection".to_owned(),
            "vpn_gateway" => "virtual private gateway".to_owned(),
            "security_group_vpc_association" => "VPC association of security group".to_owned(),
            "network_acl" => "network ACL".to_owned(),
            "efs_mount_target" => "EFS mount target".to_owned(),
            "egress_only_internet_gateway" => "egress-only internet gateway".to_owned(),
            "function_version" => "published version".to_owned(),
            kind => catalogue::noun(kind).replace('_', " "),
        }
    }
}

/// Everything that keeps AWS from deleting what `deletes` names, in the order
/// of types and ids. What was not read holds nothing: the snapshot says which
/// part that is.
pub fn holders(seen: &StackView<'_>, deletes: &dyn Fn(&Key) -> bool) -> Vec<Holder> {
    let mut collector = Collector {
        seen: *seen,
        deletes,
        found: BTreeMap::new(),
    };
    collector.functions();
    collector.inside();
    collector.gateways();
    collector.addresses();
    collector.attached();
    collector.interfaces();
    collector.found.into_values().map(Found::holder).collect()
}

struct Collector<'a> {
    seen: StackView<'a>,
    deletes: &'a dyn Fn(&Key) -> bool,
    found: BTreeMap<(&'static str, String), Found>,
}

struct Found {
    holder: Holder,
    holds: BTreeSet<Key>,
}

impl Found {
    fn holder(self) -> Holder {
        Holder {
            holds: self.holds.iter().map(ToString::to_string).collect(),
            ..self.holder
        }
    }
}

impl<'a> Collector<'a> {
    /// The key of an id that is managed and is to be deleted.
    fn deleted(&self, id: &str) -> Option<&'a Key> {
        let key = self.seen.identity.own(id);
        key.filter(|key| (self.deletes)(key))
    }

    fn held<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> BTreeSet<Key> {
        let keys = ids.into_iter().filter_map(|id| self.deleted(id));
        keys.cloned().collect()
    }

    fn foreign(&self, id: &str) -> bool {
        self.seen.identity.key(id).is_none()
    }

    /// Notes a holder, if it holds anything. One that is noted already holds
    /// this as well.
    fn add(
        &mut self,
        (kind, id): (&'static str, &str),
        about: Option<String>,
        holds: BTreeSet<Key>,
        remedy: String,
    ) {
        if holds.is_empty() {
            return;
        }
        let found = self.found.entry((kind, id.to_owned()));
        let found = found.or_insert_with(|| Found {
            holder: Holder {
                kind,
                id: id.to_owned(),
                about,
                holds: Vec::new(),
                remedy,
            },
            holds: BTreeSet::new(),
        });
        found.holds.extend(holds);
    }

    /// A command of the AWS CLI for the region of the stack.
    fn command(&self, command: &str) -> String {
        format!("aws ec2 {command} --region {}", self.seen.snapshot.region)
    }

    /// The account, where it is another one.
    fn elsewhere(&self, owner: Option<&str>) -> Option<String> {
        let owner = owner.filter(|owner| *owner != self.seen.snapshot.account)?;
        Some(format!("of account {owner}"))
    }
}

/// Parts of a sentence, in one.
fn joined(parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
