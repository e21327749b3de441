//! Security groups, of the stack or of a function.

use super::each::{by_value, each, limit, named, unique};
use crate::error::SpecError;
use crate::raw::At;
use crate::rule;

/// `[B:lambda]` SecurityGroupIds.
pub(crate) const GROUPS: usize = 5;

pub(super) fn groups(raw: &[At<'_>], errors: &mut Vec<SpecError>) -> Vec<String> {
    let first = raw.get(GROUPS).map(|at| &at.span);
    let hint = "remove groups; AWS takes 5 a function";
    limit("security groups", (raw.len(), GROUPS), first, hint, errors);
    let twice = named("security group", "remove one of the two");
    unique(&twice, by_value(raw), errors);
    let each = |at| each(Some(at), |at| rule::id(at, &rule::GROUP), errors);
    raw.iter().filter_map(each).collect()
}
