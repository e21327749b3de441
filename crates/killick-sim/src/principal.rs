//! Who calls: what an access key id says, and what a trail tells of it.

use serde_json::{Value, json};

use crate::sts::USER_ID;
use crate::world::{Millis, timestamp};

/// A caller. Every key that is not of [`Principal::key`] is the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// The IAM user `sandbox`: ordinary clients.
    User,
    /// A person at the console, by the role `Console`.
    Console,
    /// A deploy tool, by the role `Deploy`.
    Deploy,
}

impl Principal {
    /// The caller that an access key id stands for.
    pub fn of(key: &str) -> Self {
        let known = [Self::Console, Self::Deploy];
        let mut known = known.into_iter();
        let found = known.find(|one| key.starts_with(one.prefix()));
        found.unwrap_or(Self::User)
    }

    /// An access key id with which requests are this caller's.
    pub fn key(self, account: &str) -> String {
        format!("{}{account}", self.prefix())
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::User => "AKIASIMU",
            Self::Console => "ASIACONS",
            Self::Deploy => "ASIADEPL",
        }
    }

    /// As `GetCallerIdentity` and a trail write it.
    pub fn arn(self, account: &str) -> String {
        match self.session() {
            None => format!("arn:aws:iam::{account}:user/{}", self.user_name()),
            Some(role) => {
                let name = self.user_name();
                format!("arn:aws:sts::{account}:assumed-role/{role}/{name}")
            }
        }
    }

    /// The role that was assumed.
    fn session(self) -> Option<&'static str> {
        match self {
            Self::User => None,
            Self::Console => Some("Console"),
            Self::Deploy => Some("Deploy"),
        }
    }

    /// The user's name, or the session's: `Username` of an event.
    pub(crate) fn user_name(self) -> &'static str {
        match self {
            Self::User => "sandbox",
            Self::Console => "alex",
            Self::Deploy => "ci",
        }
    }

    /// `UserId` of `GetCallerIdentity`.
    pub(crate) fn id(self) -> String {
        match self.role_id() {
            None => USER_ID.to_owned(),
            Some(id) => format!("{id}:{}", self.user_name()),
        }
    }

    fn role_id(self) -> Option<&'static str> {
        match self {
            Self::User => None,
            Self::Console => Some("AROASANDBOXCONSOLESBX"),
            Self::Deploy => Some("AROASANDBOXDEPLOYSBXX"),
        }
    }

    /// What it calls itself in the user agent, where the client is not asked.
    pub(crate) fn agent(self) -> &'static str {
        match self {
            Self::User => "sandbox",
            Self::Console => "console.amazonaws.com",
            Self::Deploy => "aws-sdk-js/3.600.0",
        }
    }

    /// Where it calls from.
    pub(crate) fn address(self) -> &'static str {
        match self {
            Self::User => "192.0.2.201",
            Self::Console => "192.0.2.202",
            Self::Deploy => "192.0.2.203",
        }
    }

    /// `userIdentity` of an event (fact sheet section 15).
    pub(crate) fn identity(self, account: &str, key: &str, at: Millis) -> Value {
        let (Some(role), Some(role_id)) = (self.session(), self.role_id()) else {
            return json!({
                "type": "IAMUser",
                "principalId": self.id(),
                "arn": self.arn(account),
                "accountId": account,
                "accessKeyId": key,
                "userName": self.user_name(),
            });
        };
        json!({
            "type": "AssumedRole",
            "principalId": self.id(),
            "arn": self.arn(account),
            "accountId": account,
            "accessKeyId": key,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": role_id,
                    "arn": format!("arn:aws:iam::{account}:role/{role}"),
                    "accountId": account,
                    "userName": role,
                },
                "attributes": {"creationDate": second(at), "mfaAuthenticated": "false"},
            },
        })
    }
}

/// A time in whole seconds, such as `2026-01-31T10:00:00Z`.
pub(crate) fn second(at: Millis) -> String {
    timestamp(at).chars().take(19).chain(['Z']).collect()
}
