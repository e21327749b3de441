//! Identity tags taken off: the resource must be known again by its place, and never made twice.

use super::{Case, case};

const KEYS: [&str; 9] = [
    "vpc/main",
    "internet_gateway/main",
    "subnet/public-ap-northeast-1a",
    "subnet/private-ap-northeast-1c",
    "elastic_ip/ap-northeast-1a",
    "nat_gateway/ap-northeast-1a",
    "route_table/public",
    "route_table/private-ap-northeast-1c",
    "security_group/functions",
];

/// What is stripped, and where the finding must point.
const STRIPPED: [(&[&str], &str); 3] = [
    (&["killick:key"], "tags.killick:key"),
    (&["killick:stack"], "tags.killick:stack"),
    (&["killick:key", "killick:stack", "Name"], "tags.killick:"),
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for key in KEYS {
        for (tags, field) in STRIPPED {
            cases.push(case(
                &format!("{key} loses {tags:?}"),
                key,
                field,
                move |aws, stack| {
                    aws.untag(stack.id(key), tags);
                },
            ));
        }
    }
    cases
}
