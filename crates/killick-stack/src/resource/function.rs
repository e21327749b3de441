//! Lambda function: deployed by somebody else, of which only the VPC config
//! is ours.

mod role;

use std::collections::BTreeMap;

use killick_core::{Change, Health, Key, Observed, PhysicalId};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::declare::{Link, declare};
use crate::facts::{Effort, Events, Facts, Names, Quota, tag_events};
use crate::observe::Observe;
use crate::snapshot::{self, Snapshot, Tagged};
use crate::view::StackView;

pub use role::role_name;

declare! {
    /// A function that must leave by the fixed addresses.
    Function = "function", Borrowed {
        /// The subnets of its VPC config.
        subnets: Vec<Link> => Update,
        /// The security groups of its VPC config.
        security_groups: Vec<Link> => Update,
        /// Whether it may leave by IPv6, where no address is fixed.
        ipv6: bool => Update,
        /// Its execution role, if that may not do what a function in a VPC
        /// needs.
        role: BTreeMap<String, String> => Update.closed.granted,
        /// What is written down of the VPC config that it had before.
        formerly: Option<String> => Update,
    }
}

impl Observe for Function {
    fn observe(seen: &StackView<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
        let links = |ids: &[String]| ids.iter().map(|id| seen.link(id)).collect();
        let ours = seen.ours(Self::KIND, &seen.snapshot.functions, |function| {
            &function.name
        });
        let there = ours.into_iter().map(|(key, function)| Observed {
            id: PhysicalId::new(&function.name),
            health: health(function),
            attrs: Self {
                subnets: links(&function.subnets),
                security_groups: links(&function.security_groups),
                ipv6: function.ipv6,
                role: match seen.identity.wants(&key) {
                    true => role::denied(seen, function),
                    false => BTreeMap::new(),
                },
                formerly: written(seen, &key),
            }
            .attrs(),
            key,
        });
        there.chain(gone(seen)).collect()
    }

    /// The tags of a function belong to the tool that deploys it.
    fn tagged(_snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        Vec::new()
    }
}

impl Facts for Function {
    const PREFIX: &'static str = "";
    const NOUN: &'static str = "function";
    const NAMES: Names = Names::Fixed;
    const PART: Part = Part::Functions;
    const QUOTA: Option<Quota> = None;

    fn absent(name: &str, what: Change) -> String {
        match what {
            Change::Broken => format!("{name} did not take its VPC config"),
            Change::Missing | Change::Extra | Change::Changed => {
                format!("{name} does not exist; deploy it first")
            }
        }
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match field {
            None => &[
                "DeleteFunction20150331",
                "UpdateFunctionConfiguration20150331v2",
            ],
            Some("tags") => tag_events(what),
            Some("role") => &["DetachRolePolicy", "DeleteRolePolicy", "PutRolePolicy"],
            Some(_) => &[
                "UpdateFunctionConfiguration20150331v2",
                "CreateFunction20150331",
            ],
        }
    }

    fn effort(field: Option<&str>, _what: Change) -> Effort {
        match field {
            Some("role" | "formerly") => Effort::SECONDS,
            None | Some(_) => Effort::FUNCTION,
        }
    }
}

/// What is written down of a function. While it is so under an old name of the
/// stack it must be written under the present one, or be taken away there.
fn written(seen: &StackView<'_>, key: &Key) -> Option<String> {
    let record = seen.record(&key.name)?;
    let stack = seen.identity.stack();
    let mut records = seen.snapshot.records.iter();
    let old = records.find(|one| one.function == key.name && one.stack != stack);
    Some(match old.filter(|_| seen.identity.wants(key)) {
        Some(old) => format!("{} (of {})", record.former, old.stack),
        None => record.former.to_string(),
    })
}

/// Functions of which only the record is left.
fn gone<'a>(seen: &'a StackView<'_>) -> impl Iterator<Item = Observed> + 'a {
    let functions = &seen.snapshot.functions;
    let exists = |name: &str| functions.iter().any(|found| found.name == name);
    let keys = seen.identity.iter().map(|(key, _)| key);
    let keys = keys.filter(move |key| key.kind == Function::KIND && !exists(&key.name));
    keys.map(|key| Observed {
        key: key.clone(),
        id: PhysicalId::new(&key.name),
        health: Health::Ready,
        attrs: Function {
            subnets: Vec::new(),
            security_groups: Vec::new(),
            ipv6: false,
            role: BTreeMap::new(),
            formerly: written(seen, key),
        }
        .attrs(),
    })
}

/// A function that was idle for two weeks is `Inactive`, which is no fault.
pub fn health(function: &snapshot::Function) -> Health {
    let reason = || {
        function
            .reason
            .clone()
            .unwrap_or_else(|| "no reason given".to_owned())
    };
    if function.state == "Failed" {
        return Health::Broken(reason());
    }
    if function.state == "Pending" {
        return Health::Settling("pending".to_owned());
    }
    match function.last_update.as_str() {
        "InProgress" => Health::Settling("being updated".to_owned()),
        "Failed" if network_failure(&reason()) => Health::Broken(reason()),
        _ => Health::Ready,
    }
}

/// Whether an update failed for its VPC config; others are not ours to mend
/// (fact sheet section 3).
fn network_failure(reason: &str) -> bool {
    [
        "EniLimitExceeded",
        "InsufficientRolePermissions",
        "SubnetOutOfIPAddresses",
        "InvalidSubnet",
        "InvalidSecurityGroup",
        "DisallowedByVpcEncryptionControl",
        "EC2RequestLimitExceeded",
        "InternalError",
    ]
    .iter()
    .any(|code| reason.starts_with(code))
}
