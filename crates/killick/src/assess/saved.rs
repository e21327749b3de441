//! A plan in a file, for `apply --plan`.

use std::path::Path;

use killick_core::{Digest, Policy};
use killick_file::{Outlives, replace};
use serde::{Deserialize, Serialize};

use super::{Source, World};
use crate::error::Error;
use crate::exit::Exit;
use crate::files::{read_text, why};

/// The version of the layout.
const FORMAT: u32 = 1;

/// What a saved plan holds: enough to compute it again and to see whether it
/// still is the same one. Of how AWS was reached it only knows whether that was
/// a simulated one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    format: u32,
    spec_file: String,
    spec: String,
    /// Whether entries that nobody declared are removed.
    prune: bool,
    /// Whether missing rights are given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    grant: bool,
    account: String,
    region: String,
    digest: String,
    /// Whether it was made in a sandbox.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sandbox: bool,
    /// For people: `apply` computes its own.
    plan: serde_json::Value,
}

impl Saved {
    /// What to save of a plan. `document` is the plan as people read it.
    pub fn new(
        source: &Source,
        (world, policy): (&World, Policy),
        digest: &Digest,
        document: &impl Serialize,
    ) -> Self {
        Self {
            format: FORMAT,
            spec_file: source.name.clone(),
            spec: source.text.clone(),
            prune: policy.prune,
            grant: policy.grant,
            account: world.snapshot.account.clone(),
            region: world.spec.region.clone(),
            digest: digest.as_str().to_owned(),
            sandbox: false,
            plan: serde_json::to_value(document).unwrap_or_default(),
        }
    }

    /// What the user allowed.
    pub fn policy(&self) -> Policy {
        Policy {
            prune: self.prune,
            grant: self.grant,
            release_kept: false,
        }
    }

    /// The same, made in a sandbox or not.
    #[must_use]
    pub fn simulated(mut self, sandbox: bool) -> Self {
        self.sandbox = sandbox;
        self
    }

    /// Writes it, for this user only; a reader never sees half of it.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let write = || -> std::io::Result<()> {
            let mut bytes = serde_json::to_vec_pretty(self)?;
            bytes.push(b'\n');
            replace(path, &bytes, Outlives::Power)
        };
        write().map_err(|error| {
            let why = match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
                _ => why(&error),
            };
            let path = path.display();
            Error::new(format!("cannot save the plan to {path}: {why}"))
                .hint("check the folder and its permissions")
        })
    }

    /// Reads a saved plan. `killick` is how a command line begins.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn read(path: &Path, killick: &str) -> Result<Self, Error> {
        let again = || format!("write a new one with {killick} plan --out FILE");
        let name = path.display();
        let text = read_text(path).map_err(|error| {
            let why = why(&error);
            Error::new(format!("cannot read the plan {name}: {why}")).hint(again())
        })?;
        let damaged =
            |why: String| Error::new(format!("{name} is no saved plan: {why}")).hint(again());
        let saved: Self =
            serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        match saved.format {
            FORMAT => Ok(saved),
            other => Err(damaged(format!("its format is {other}"))),
        }
    }

    /// The account that the plan was made for.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The spec as it was when the plan was made.
    pub fn source(&self) -> Source {
        Source {
            name: self.spec_file.clone(),
            text: self.spec.clone(),
        }
    }

    /// Whether the plan was made for the AWS that it would be applied to: a
    /// real one or a simulated one, which `killick` reaches.
    ///
    /// # Errors
    /// It was not.
    pub fn belongs(&self, sandbox: bool, killick: &str) -> Result<(), Error> {
        let (what, hint) = match (self.sandbox, sandbox) {
            (true, false) => (
                "the plan was made in a sandbox, and is not for a real AWS",
                match cfg!(feature = "sandbox") {
                    true => "give --sandbox as well, or make a plan of the account",
                    false => "make a plan of the account",
                },
            ),
            (false, true) => (
                "the plan was made for a real AWS, and is not for a sandbox",
                "leave out --sandbox, or make a plan of the sandbox",
            ),
            _ => return Ok(()),
        };
        let error = Error::new(format!("{what}; nothing was written"));
        let hint = format!("{hint}: {killick} plan --out FILE");
        Err(error.exit(Exit::Refused).hint(hint))
    }

    /// Whether the plan may still be applied. `killick` is how a command line
    /// begins.
    ///
    /// # Errors
    /// It was made for another account, or the facts behind it have changed.
    pub fn check(&self, world: &World, killick: &str) -> Result<(), Error> {
        let account = &world.snapshot.account;
        if self.account != *account {
            return Err(Error::new(format!(
                "wrong account: the plan was made for {}, the credentials are of {account}; nothing was written",
                self.account
            ))
            .exit(Exit::Refused)
            .hint(format!("use credentials of {} (--profile, AWS_PROFILE)", self.account)));
        }
        if world.digest(self.policy())?.as_str() != self.digest {
            return Err(Error::new(
                "the plan is stale: what it was made from has changed since; nothing was written",
            )
            .exit(Exit::Refused)
            .hint(format!(
                "run {killick} plan again and look at what it shows"
            )));
        }
        Ok(())
    }
}
