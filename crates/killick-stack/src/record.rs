//! The record of the resources of a stack: evidence for those that lost their
//! tags.
//!
//! It is no state. What carries the tags is the stack's whether it is recorded
//! or not, and a recorded id that does not exist means nothing. But who may tag
//! in EC2 may not write to the stack's folder in SSM: so what the record names
//! is surely the stack's, also after all of its tags were taken off.

use std::collections::BTreeMap;

use killick_core::Key;
use serde::{Deserialize, Serialize};

use crate::identity::Identity;
use crate::previous::parameter;
use crate::resource::Function;
use crate::snapshot::{Recorded, Snapshot};

/// The version of the layout.
const FORMAT: u32 = 1;

/// What the parameter holds: ids by key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceRecord {
    format: u32,
    /// `nat-…` by `nat_gateway/…`.
    pub resources: BTreeMap<String, String>,
}

impl ResourceRecord {
    /// Everything that the stack has.
    pub fn of(identity: &Identity) -> Self {
        let made = |key: &Key| key.kind != Function::KIND && !identity.is_lent(key);
        let all = identity.iter().filter(|(key, _)| made(key));
        Self {
            format: FORMAT,
            resources: all
                .map(|(key, id)| (key.to_string(), id.to_owned()))
                .collect(),
        }
    }

    /// What a parameter holds, unless it is none of killick's.
    pub fn parse(text: &str) -> Option<Self> {
        let written: Self = serde_json::from_str(text).ok()?;
        (written.format == FORMAT).then_some(written)
    }

    /// As the parameter's value.
    pub fn text(&self) -> String {
        // Plain data: that cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether a snapshot shows this record under the stack's present name.
    pub fn is_written(&self, stack: &str, snapshot: &Snapshot) -> bool {
        let written = snapshot.recorded.iter().filter(|one| one.stack == stack);
        let pair = |one: &Recorded| (one.key.clone(), one.id.clone());
        written.map(pair).collect::<BTreeMap<_, _>>() == self.resources
    }
}

/// `/killick/<stack>/function/.resources`: in the folder of the functions, so
/// that one call and one permission read both. No function can be called that.
pub fn resources_parameter(stack: &str) -> String {
    parameter(stack, ".resources")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_being_written() {
        let resources = BTreeMap::from([("vpc/main".to_owned(), "vpc-1".to_owned())]);
        let record = ResourceRecord {
            format: FORMAT,
            resources,
        };
        let text = record.text();
        assert_eq!(text, r#"{"format":1,"resources":{"vpc/main":"vpc-1"}}"#);
        assert_eq!(ResourceRecord::parse(&text), Some(record));
        for other in ["", "{}", r#"{"format":2,"resources":{}}"#] {
            assert_eq!(ResourceRecord::parse(other), None);
        }
    }
}
