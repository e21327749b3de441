//! Policies, and what they decide.

mod read;

use std::collections::BTreeSet;

use crate::failure::Failure;
use crate::wire::like;

/// What comes of all policies together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decision {
    Allowed,
    ImplicitDeny,
    ExplicitDeny,
}

impl Decision {
    /// As the API writes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ImplicitDeny => "implicitDeny",
            Self::ExplicitDeny => "explicitDeny",
        }
    }
}

/// A policy with where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) id: String,
    /// `role`, `aws-managed` or `none`.
    pub(super) kind: &'static str,
    document: Document,
}

impl Policy {
    /// Reads a policy that says what may be done.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`.
    pub(super) fn read(id: &str, kind: &'static str, text: &str) -> Result<Self, Failure> {
        Ok(Self {
            id: id.to_owned(),
            kind,
            document: Document::permissions(text)?,
        })
    }
}

/// What a policy says.
#[derive(Clone, Debug)]
pub(super) struct Document {
    statements: Vec<Statement>,
}

#[derive(Clone, Debug)]
struct Statement {
    denies: bool,
    actions: Names,
    resources: Names,
    /// The keys of its `Condition`. What they would say is not known here: a
    /// statement that has any never matches.
    keys: Vec<String>,
}

/// Patterns, or all that fits none of them.
#[derive(Clone, Debug)]
enum Names {
    Of(Vec<String>),
    But(Vec<String>),
}

impl Names {
    /// Case matters where `exact`.
    fn hold(&self, name: &str, exact: bool) -> bool {
        let fits = |pattern: &String| {
            // IAM knows no way to take a wildcard as it is.
            let pattern = pattern.replace('\\', "\\\\");
            match exact {
                true => like(&pattern, name),
                false => like(&pattern.to_ascii_lowercase(), &name.to_ascii_lowercase()),
            }
        };
        match self {
            Self::Of(patterns) => patterns.iter().any(fits),
            Self::But(patterns) => !patterns.iter().any(fits),
        }
    }

    fn patterns(&self) -> &[String] {
        match self {
            Self::Of(patterns) | Self::But(patterns) => patterns,
        }
    }
}

impl Statement {
    fn matches(&self, action: &str, resource: &str) -> bool {
        self.keys.is_empty() && self.is_about(action, resource)
    }

    fn is_about(&self, action: &str, resource: &str) -> bool {
        self.actions.hold(action, false) && self.resources.hold(resource, true)
    }
}

/// What policies say to an action on a resource, and the policies of the
/// statements that decide it.
pub(super) fn decide<'a>(
    policies: &'a [Policy],
    action: &str,
    resource: &str,
) -> (Decision, Vec<&'a Policy>) {
    let matching = |denies: bool| -> Vec<&Policy> {
        let fits = |statement: &Statement| {
            statement.denies == denies && statement.matches(action, resource)
        };
        let all = policies.iter().flat_map(|policy| {
            let statements = policy.document.statements.iter();
            statements.filter(|one| fits(one)).map(move |_| policy)
        });
        all.collect()
    };
    let denying = matching(true);
    if !denying.is_empty() {
        return (Decision::ExplicitDeny, denying);
    }
    match matching(false) {
        allowing if allowing.is_empty() => (Decision::ImplicitDeny, allowing),
        allowing => (Decision::Allowed, allowing),
    }
}

/// The keys that statements on an action and a resource ask for.
pub(super) fn asked(policies: &[Policy], action: &str, resource: &str) -> BTreeSet<String> {
    let statements = policies.iter().flat_map(|one| &one.document.statements);
    let about = statements.filter(|one| one.is_about(action, resource));
    about.flat_map(|one| one.keys.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn decision(statements: &Value, action: &str, resource: &str) -> &'static str {
        let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let policies: Vec<Policy> = Policy::read("own", "role", &text).into_iter().collect();
        assert_eq!(policies.len(), 1, "{text}");
        decide(&policies, action, resource).0.name()
    }

    #[test]
    fn decisions() {
        let allow = |action: Value| json!({"Effect": "Allow", "Action": action, "Resource": "*"});
        let subnets = "arn:aws:ec2:*:*:subnet/*";
        let subnet = "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-1";
        let but = json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"});
        let narrow = json!({"Effect": "Allow", "Action": "ec2:*", "Resource": [subnets]});
        let mut when = allow(json!("*"));
        if let Some(members) = when.as_object_mut() {
            let condition = json!({"Bool": {"aws:SecureTransport": "true"}});
            members.insert("Condition".to_owned(), condition);
        }
        let deny =
            json!({"Effect": "Deny", "Action": "EC2:createnetworkinterface", "Resource": "*"});
        let elsewhere = json!({"Effect": "Deny", "Action": "*", "NotResource": subnets});
        let create = "ec2:CreateNetworkInterface";
        for (statements, action, resource, wanted) in [
            (allow(json!("ec2:Create*")), create, "*", "allowed"),
            (
                allow(json!(["s3:*", "ec2:*Interface?"])),
                create,
                "*",
                "implicitDeny",
            ),
            (
                allow(json!(["s3:*", "ec2:*Interface"])),
                create,
                "*",
                "allowed",
            ),
            (but.clone(), create, "*", "allowed"),
            (but, "iam:PassRole", "*", "implicitDeny"),
            (narrow.clone(), create, "*", "implicitDeny"),
            (narrow, create, subnet, "allowed"),
            (when, create, "*", "implicitDeny"),
            (
                json!([allow(json!("*")), deny]),
                create,
                "*",
                "explicitDeny",
            ),
            (
                json!([allow(json!("*")), elsewhere]),
                create,
                subnet,
                "allowed",
            ),
            (
                json!([allow(json!("*")), elsewhere]),
                create,
                "*",
                "explicitDeny",
            ),
        ] {
            assert_eq!(
                decision(&statements, action, resource),
                wanted,
                "{statements}"
            );
        }
    }
}
