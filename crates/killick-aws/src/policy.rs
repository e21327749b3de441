//! The IAM policy of who only looks, made from the calls that the reading
//! client has.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::reader::{Purpose, READINGS};

/// A policy that allows reading for these purposes, and nothing else.
pub fn policy(purposes: &[Purpose]) -> Value {
    let statements = [
        (Purpose::Look, "SeeTheNetwork"),
        (Purpose::Functions, "SeeTheFunctions"),
        (Purpose::Drift, "SeeWhatElseMovesItsTraffic"),
        (Purpose::Preflight, "LookForWhatWouldStandInTheWay"),
        (Purpose::Who, "SeeWhoDidIt"),
        (Purpose::Write, "SeeWhatHoldsAWriterUp"),
    ];
    let wanted = statements
        .into_iter()
        .filter(|(purpose, _)| purposes.contains(purpose));
    let (mut all, mut told) = (Vec::new(), BTreeSet::new());
    for (purpose, name) in wanted {
        let readings = READINGS
            .iter()
            .filter(|one| one.purposes.contains(&purpose));
        let actions = readings
            .filter_map(|one| one.action)
            .filter(|action| told.insert(*action));
        // What functions had before is under one path; all else that is read
        // has no resource to be named (fact sheet section 16).
        let (parameters, mut actions): (Vec<_>, Vec<_>) =
            actions.partition(|action| action.starts_with("ssm:"));
        actions.sort_unstable();
        if !actions.is_empty() {
            all.push(json!({
                "Sid": name, "Effect": "Allow", "Action": actions, "Resource": "*",
            }));
        }
        if !parameters.is_empty() {
            all.push(json!({
                "Sid": format!("{name}Parameters"),
                "Effect": "Allow",
                "Action": parameters,
                "Resource": "arn:*:ssm:*:*:parameter/killick/*",
            }));
        }
    }
    json!({"Version": "2012-10-17", "Statement": all})
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may fail loudly"
    )]

    use super::*;

    const ALL: [Purpose; 6] = [
        Purpose::Look,
        Purpose::Functions,
        Purpose::Drift,
        Purpose::Who,
        Purpose::Preflight,
        Purpose::Write,
    ];

    fn actions(policy: &Value) -> Vec<String> {
        let statements = policy["Statement"].as_array().unwrap().iter();
        let actions = statements.flat_map(|one| one["Action"].as_array().unwrap());
        actions
            .map(|one| one.as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn no_policy_of_a_reader_holds_a_writing_action() {
        let actions = actions(&policy(&ALL));
        assert_eq!(
            actions.len(),
            READINGS.len() - 1,
            "GetCallerIdentity needs none"
        );
        for action in actions {
            let (_, verb) = action.split_once(':').unwrap();
            let reads = ["Describe", "Get", "List", "Lookup", "Simulate"];
            assert!(reads.iter().any(|read| verb.starts_with(read)), "{action}");
        }
    }

    #[test]
    fn each_purpose_adds_its_own() {
        let looking = actions(&policy(&[Purpose::Look]));
        assert!(looking.contains(&"ec2:DescribeVpcs".to_owned()));
        assert!(!looking.contains(&"ec2:DescribeNetworkAcls".to_owned()));
        let drift = actions(&policy(&[Purpose::Look, Purpose::Drift]));
        assert!(drift.contains(&"ec2:DescribeNetworkAcls".to_owned()));
        assert!(!drift.contains(&"cloudtrail:LookupEvents".to_owned()));
    }
}
