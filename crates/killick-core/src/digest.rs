//! A fingerprint of the facts a plan was computed from.

use std::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// SHA-256 over the canonical JSON of some facts, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of anything whose serialised form is canonical: maps in it
    /// are ordered, as all of this crate's are. Facts that cannot be
    /// serialised have no digest.
    pub fn of(facts: &impl Serialize) -> Option<Self> {
        let text = serde_json::to_vec(facts).ok()?;
        let hex = Sha256::digest(&text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Some(Self(hex))
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first digits, enough for a person or an identifier.
    pub fn short(&self, digits: usize) -> &str {
        self.0.get(..digits).unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
