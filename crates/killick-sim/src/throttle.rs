//! Request limits (fact sheet section 10): a bucket of tokens per action.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::world::Millis;

/// The buckets of one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Buckets {
    levels: BTreeMap<String, Level>,
}

/// Tokens in thousandths, and when they were counted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Level {
    tokens: u64,
    at: Millis,
}

/// How many calls at once, and how many thousandths of one a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit {
    burst: u64,
    refill: u64,
}

impl Buckets {
    /// Takes a token of an action's bucket; false when there is none.
    pub(crate) fn take(&mut self, service: &str, action: &str, narrow: bool, now: Millis) -> bool {
        let (bucket, limit) = limit(service, action, narrow);
        let full = limit.burst * 1000;
        let level = self.levels.entry(bucket).or_insert(Level {
            tokens: full,
            at: now,
        });
        let grown = now.saturating_sub(level.at) * limit.refill / 1000;
        if grown > 0 {
            level.tokens = level.tokens.saturating_add(grown).min(full);
            level.at = now;
        }
        let enough = level.tokens >= 1000;
        if enough {
            level.tokens -= 1000;
        }
        enough
    }
}

/// The bucket of an action. `narrow` says that a describe call was filtered or
/// paged.
fn limit(service: &str, action: &str, narrow: bool) -> (String, Limit) {
    let of = |burst, refill| Limit { burst, refill };
    if service == "lambda" {
        return match action {
            "GetFunction" => ("lambda GetFunction".to_owned(), of(100, 100_000)),
            _ => ("lambda".to_owned(), of(15, 15_000)),
        };
    }
    if service == "cloudtrail" {
        return ("cloudtrail LookupEvents".to_owned(), of(2, 2_000));
    }
    let reads = ["Describe", "List", "Get"]
        .iter()
        .any(|verb| action.starts_with(verb));
    let limit = match action {
        "DescribeNetworkInterfaces" | "DescribeSecurityGroups" if !narrow => of(50, 10_000),
        _ if reads || service != "ec2" => of(100, 20_000),
        "CreateNatGateway"
        | "DeleteNatGateway"
        | "AssociateNatGatewayAddress"
        | "DisassociateNatGatewayAddress" => of(10, 1_000),
        "CreateVpcEndpoint" | "ModifyVpcEndpoint" | "DeleteVpcEndpoints" => of(4, 300),
        "CreateTags" | "DeleteTags" => of(100, 10_000),
        "DeleteNetworkInterface" => of(100, 5_000),
        _ => of(50, 5_000),
    };
    (format!("{service} {action}"), limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_one_a_second() {
        let mut buckets = Buckets::default();
        let mut create = |now| buckets.take("ec2", "CreateNatGateway", false, now);
        assert!((0..10).all(|_| create(0)));
        assert!(!create(0) && !create(999));
        assert!(create(1000) && !create(1000));
    }
}
