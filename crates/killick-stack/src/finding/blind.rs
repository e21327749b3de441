//! What could not be read, and what must not be said for that reason.

use killick_core::{FieldDiff, Value};

use crate::resource::Subnet;
use crate::snapshot::Unreadable;

/// What could not be read.
pub(super) struct Blind<'a>(pub(super) &'a [Unreadable]);

impl Blind<'_> {
    pub(super) fn kind(&self, kind: &str) -> bool {
        self.0.iter().any(|one| one.is(kind, None))
    }

    pub(super) fn field(&self, kind: &str, field: &str) -> bool {
        // One read tells both what a subnet follows and what the default one has.
        let kind = match field {
            "network_acl" => Subnet::KIND,
            _ => kind,
        };
        self.0.iter().any(|one| one.is(kind, Some(field)))
    }

    /// Whether a part is not known.
    pub(super) fn hides(&self, kind: &str, field: Option<&str>) -> bool {
        match field {
            None => self.kind(kind),
            Some(field) => self.field(kind, field),
        }
    }

    /// Whether a difference may only look like one, because what it points at
    /// could not be read and has no key for that reason.
    pub(super) fn blurs(&self, diff: &FieldDiff) -> bool {
        let points_there = |value: &Value| {
            let mut refs = value.refs().into_iter();
            let prefix = |kind: &str| match kind {
                "internet_gateway" => "igw-",
                "elastic_ip" => "eipalloc-",
                "nat_gateway" => "nat-",
                "route_table" => "rtb-",
                "security_group" => "sg-",
                "subnet" => "subnet-",
                _ => "vpc-",
            };
            let foreign = |id: &str| {
                self.0
                    .iter()
                    .any(|one| one.field.is_none() && id.starts_with(prefix(&one.kind)))
            };
            refs.any(|key| self.kind(key.kind))
                || match value {
                    Value::Foreign(id) => foreign(id.as_str()),
                    Value::Set(items) => items
                        .iter()
                        .any(|item| matches!(item, Value::Foreign(id) if foreign(id.as_str()))),
                    _ => false,
                }
        };
        points_there(&diff.live)
            || points_there(&diff.desired)
            || diff.entry.as_ref().is_some_and(points_there)
    }
}
