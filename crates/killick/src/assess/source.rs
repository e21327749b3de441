//! A spec as it was written.

use std::io;
use std::path::Path;

use killick_spec::Spec;

use crate::error::Error;
use crate::files::{read_text, why};

/// A spec as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name of the file, as it was given.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Reads a file. `killick` is how a command line begins.
    ///
    /// # Errors
    /// What keeps it from being read, with its name.
    pub fn read(path: &Path, killick: &str) -> Result<Self, Error> {
        let name = path.display().to_string();
        let failed = |why: &str| Error::new(format!("cannot read the spec {name}: {why}"));
        let text = read_text(path).map_err(|error| {
            let hint = match error.kind() {
                io::ErrorKind::NotFound => format!(
                    "name the spec ({killick} plan path/to/spec.toml), or write a killick.toml; \
                     specs/ has some to start from"
                ),
                io::ErrorKind::InvalidData => "a spec is a small TOML file in UTF-8".to_owned(),
                _ => "check the path and its permissions".to_owned(),
            };
            failed(&why(&error)).hint(hint)
        })?;
        Ok(Self { name, text })
    }

    /// The spec that it holds.
    ///
    /// # Errors
    /// All errors of the file at once.
    pub fn spec(&self) -> Result<Spec, Error> {
        killick_spec::parse(&self.text)
            .map_err(|errors| Error::spec(&self.name, &self.text, errors))
    }
}
